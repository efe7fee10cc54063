# SPDX-License-Identifier: LGPL-2.1-or-later
# SPDX-FileCopyrightText: The Corm authors
# Always built: libdbi is all that it needs.
corm_sources += \
	drivers/dialects.h \
	drivers/file.c \
	drivers/number.c \
	drivers/socket.c \
	drivers/generic/ansi.c \
	drivers/generic/connection.c \
	drivers/generic/decode.c \
	drivers/generic/driver.c \
	drivers/generic/generic.h \
	drivers/generic/literal.c \
	drivers/generic/mysql.c \
	drivers/generic/pgsql.c \
	drivers/generic/send.c \
	drivers/generic/split.c \
	drivers/generic/split.h \
	drivers/generic/sqlite3.c \
	drivers/generic/statement.c

generic_fixture = tests/lib/generic-fixture.c tests/lib/generic-fixture.h
tests_unit_test_generic_values_SOURCES = tests/unit/test-generic-values.c $(generic_fixture)
tests_unit_test_generic_statement_SOURCES = tests/unit/test-generic-statement.c $(generic_fixture)
unit_tests += \
	tests/unit/test-generic-split \
	tests/unit/test-generic-statement \
	tests/unit/test-generic-values
