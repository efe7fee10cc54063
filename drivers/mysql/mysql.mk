# SPDX-License-Identifier: LGPL-2.1-or-later
# SPDX-FileCopyrightText: The Corm authors
# What the generic driver borrows (drivers/dialects.h) is always built; the rest only with MariaDB Connector/C.
corm_sources += \
	drivers/mysql/alter.h \
	drivers/mysql/catalogue.h \
	drivers/mysql/dialect.c \
	drivers/mysql/functions.c \
	drivers/mysql/hidden.c \
	drivers/mysql/introspect.c \
	drivers/mysql/introspect-key.c \
	drivers/mysql/introspect-object.c \
	drivers/mysql/introspect-program.c \
	drivers/mysql/introspect-routine.c \
	drivers/mysql/introspect-table.c \
	drivers/mysql/introspect-text.c \
	drivers/mysql/loss.c \
	drivers/mysql/options.c \
	drivers/mysql/position.c \
	drivers/mysql/reserved.c \
	drivers/mysql/load.c \
	drivers/mysql/scratch.c \
	drivers/mysql/type.c \
	drivers/mysql/sync.c \
	drivers/mysql/upkeep.c

if HAVE_MYSQL
corm_sources += \
	drivers/mysql/bulk.c \
	drivers/mysql/connection.c \
	drivers/mysql/decode.c \
	drivers/mysql/driver.c \
	drivers/mysql/encode.c \
	drivers/mysql/error.c \
	drivers/mysql/guard.c \
	drivers/mysql/mysql.h \
	drivers/mysql/statement.c
endif

mysql_fixture = tests/lib/mysql-fixture.c tests/lib/mysql-fixture.h
tests_unit_test_mysql_alter_SOURCES = tests/unit/test-mysql-alter.c $(mysql_fixture)
tests_unit_test_mysql_bulk_SOURCES = tests/unit/test-mysql-bulk.c $(mysql_fixture)
tests_unit_test_mysql_introspect_SOURCES = tests/unit/test-mysql-introspect.c $(mysql_fixture)
tests_unit_test_mysql_objects_SOURCES = tests/unit/test-mysql-objects.c $(mysql_fixture)
tests_unit_test_mysql_open_SOURCES = tests/unit/test-mysql-open.c $(mysql_fixture)
tests_unit_test_mysql_statement_SOURCES = tests/unit/test-mysql-statement.c $(mysql_fixture)
tests_unit_test_mysql_types_SOURCES = tests/unit/test-mysql-types.c $(mysql_fixture)
needs_mysql += \
	tests/unit/test-mysql-alter \
	tests/unit/test-mysql-bulk \
	tests/unit/test-mysql-introspect \
	tests/unit/test-mysql-objects \
	tests/unit/test-mysql-open \
	tests/unit/test-mysql-statement \
	tests/unit/test-mysql-types
