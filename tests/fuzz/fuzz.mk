# SPDX-License-Identifier: LGPL-2.1-or-later
# SPDX-FileCopyrightText: The Corm authors
# Fuzzers that run without libFuzzer too, in make check with a few thousand cases:
#   CORM_FUZZ_CASES=1000000 CORM_FUZZ_SEED=7 make check TESTS_ONLY=tests/fuzz/fuzz-strings
unit_tests += tests/fuzz/fuzz-strings
tests_fuzz_fuzz_strings_SOURCES = tests/fuzz/fuzz-strings.c tests/fuzz/hostile.c tests/fuzz/hostile.h \
	tests/fuzz/harmless.h tests/fuzz/places.c \
	tests/fuzz/places-query.c tests/fuzz/places.h tests/fuzz/shape.c tests/fuzz/shape.h
unit_tests += tests/fuzz/fuzz-script
tests_fuzz_fuzz_script_SOURCES = tests/fuzz/fuzz-script.c tests/fuzz/hostile.c tests/fuzz/hostile.h
suite_tests += tests/fuzz/fuzz-sent
tests_fuzz_fuzz_sent_SOURCES = tests/fuzz/fuzz-sent.c tests/fuzz/hostile.c tests/fuzz/hostile.h tests/fuzz/shape.c tests/fuzz/shape.h
tests_fuzz_fuzz_sent_LDADD = $(suite_libs)
