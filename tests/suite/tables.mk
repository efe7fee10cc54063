# SPDX-License-Identifier: LGPL-2.1-or-later
# SPDX-FileCopyrightText: The Corm authors
# The tables of the manual that tests write about queries.

# The conformance table of the expressions: a file a family. make expressions-table brings it into the manual.
suite_tests += tests/suite/test-expressions
tests_suite_test_expressions_SOURCES = tests/suite/test-expressions.c tests/suite/expressions.c tests/suite/markdown.c \
	tests/suite/sample.c \
	tests/suite/expressions-compare.c tests/suite/expressions-null.c tests/suite/expressions-like.c \
	tests/suite/expressions-number.c tests/suite/expressions-text.c tests/suite/expressions-choice.c \
	tests/suite/expressions-time.c tests/suite/expressions-order.c tests/suite/expressions-aggregate.c \
	tests/suite/expressions-query.c
tests_suite_test_expressions_LDADD = $(suite_libs)
.PHONY: expressions-table
expressions-table:
	-@CORM_TEST_TIMEOUT=300 $(MAKE) check TESTS_ONLY=tests/suite/test-expressions > /dev/null
	cp expressions-table.md $(top_srcdir)/doc/manual/expressions-table.md
CLEANFILES += expressions-table.md

suite_tests += tests/suite/test-differences
tests_suite_test_differences_SOURCES = tests/suite/test-differences.c tests/suite/markdown.c tests/suite/sample.c
tests_suite_test_differences_LDADD = $(suite_libs)
.PHONY: differences-table
differences-table:
	-@CORM_TEST_TIMEOUT=120 $(MAKE) check TESTS_ONLY=tests/suite/test-differences > /dev/null
	cp differences-table.md $(top_srcdir)/doc/manual/differences-table.md
CLEANFILES += differences-table.md
