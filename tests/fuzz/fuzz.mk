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
# Readers of text that others wrote: a table of targets.
unit_tests += tests/fuzz/fuzz-readers
tests_fuzz_fuzz_readers_SOURCES = tests/fuzz/fuzz-readers.c tests/fuzz/hostile.c tests/fuzz/hostile.h tests/fuzz/mutate.c \
	tests/fuzz/mutate.h tests/fuzz/target.h tests/fuzz/target-cell.c tests/fuzz/target-file.c \
	tests/fuzz/target-schema.c tests/fuzz/target-text.c tests/fuzz/target-value.c

# The same three under clang's libFuzzer, in a build with --enable-sanitize=fuzzer-no-link,…: scripts/fuzz makes and runs them.
.PHONY: fuzz
if LIBFUZZER
fuzz_programs = tests/fuzz/libfuzzer-readers tests/fuzz/libfuzzer-script tests/fuzz/libfuzzer-strings
EXTRA_PROGRAMS += $(fuzz_programs)
CLEANFILES += $(fuzz_programs)
tests_fuzz_libfuzzer_readers_SOURCES = $(tests_fuzz_fuzz_readers_SOURCES)
tests_fuzz_libfuzzer_readers_CPPFLAGS = $(AM_CPPFLAGS) -DCORM_LIBFUZZER
tests_fuzz_libfuzzer_readers_LDFLAGS = $(AM_LDFLAGS) -fsanitize=fuzzer
tests_fuzz_libfuzzer_script_SOURCES = $(tests_fuzz_fuzz_script_SOURCES)
tests_fuzz_libfuzzer_script_CPPFLAGS = $(AM_CPPFLAGS) -DCORM_LIBFUZZER
tests_fuzz_libfuzzer_script_LDFLAGS = $(AM_LDFLAGS) -fsanitize=fuzzer
tests_fuzz_libfuzzer_strings_SOURCES = $(tests_fuzz_fuzz_strings_SOURCES)
tests_fuzz_libfuzzer_strings_CPPFLAGS = $(AM_CPPFLAGS) -DCORM_LIBFUZZER
tests_fuzz_libfuzzer_strings_LDFLAGS = $(AM_LDFLAGS) -fsanitize=fuzzer
fuzz: $(fuzz_programs)
else
fuzz:
	@echo 'make fuzz: needs a build with clang and --enable-sanitize=fuzzer-no-link,address,undefined; scripts/fuzz makes it'; exit 1
endif
