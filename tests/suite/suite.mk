# SPDX-License-Identifier: LGPL-2.1-or-later
# SPDX-FileCopyrightText: The Corm authors
# One line a program, and its libraries:
#   suite_tests += tests/suite/test-NOUN
#   tests_suite_test_NOUN_LDADD = $(suite_libs)
suite_tests += tests/suite/test-migrate
tests_suite_test_migrate_LDADD = $(suite_libs)
