# SPDX-License-Identifier: LGPL-2.1-or-later
# SPDX-FileCopyrightText: The Corm authors
suite_tests += tests/property/test-property
tests_property_test_property_SOURCES = tests/property/test-property.c tests/property/pair.c tests/property/generate.c \
	tests/property/column.c tests/property/constraint.c tests/property/object.c tests/property/rows.c \
	tests/property/edit.c tests/property/mutate.c tests/property/mutate-table.c \
	tests/property/mutate-column.c tests/property/shrink.c tests/property/print.c tests/property/faithful.c tests/property/read.c tests/property/texts.c tests/property/property.h tests/property/random.h
tests_property_test_property_LDADD = $(suite_libs)
