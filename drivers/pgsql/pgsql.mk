# SPDX-License-Identifier: LGPL-2.1-or-later
# SPDX-FileCopyrightText: The Corm authors
# What the generic driver borrows (drivers/dialects.h) is always built; the rest only with libpq.
corm_sources += \
	drivers/pgsql/alter.c \
	drivers/pgsql/alter.h \
	drivers/pgsql/dialect.c \
	drivers/pgsql/functions.c \
	drivers/pgsql/introspect.c \
	drivers/pgsql/introspect.h \
	drivers/pgsql/introspect-key.c \
	drivers/pgsql/introspect-object.c \
	drivers/pgsql/introspect-table.c \
	drivers/pgsql/unread.c \
	drivers/pgsql/position.c \
	drivers/pgsql/load.c \
	drivers/pgsql/scratch.c \
	drivers/pgsql/serial.c \
	drivers/pgsql/standard.c \
	drivers/pgsql/words.c \
	drivers/pgsql/words.h \
	drivers/pgsql/sync.c \
	drivers/pgsql/upkeep.c

unit_tests += tests/unit/test-pgsql-standard

if HAVE_PGSQL
corm_sources += \
	drivers/pgsql/bulk.c \
	drivers/pgsql/connection.c \
	drivers/pgsql/decode.c \
	drivers/pgsql/driver.c \
	drivers/pgsql/encode.c \
	drivers/pgsql/error.c \
	drivers/pgsql/explain.c \
	drivers/pgsql/limits.c \
	drivers/pgsql/numeric.c \
	drivers/pgsql/pgsql.h \
	drivers/pgsql/statement.c \
	drivers/pgsql/types.c
endif

pgsql_link = tests/lib/pgsql-link.c tests/lib/pgsql-link.h
tests_unit_test_pgsql_bulk_SOURCES = tests/unit/test-pgsql-bulk.c $(pgsql_link)
tests_unit_test_pgsql_connection_SOURCES = tests/unit/test-pgsql-connection.c $(pgsql_link)
tests_unit_test_pgsql_statement_SOURCES = tests/unit/test-pgsql-statement.c $(pgsql_link)
needs_pgsql += \
	tests/unit/test-pgsql-alter \
	tests/unit/test-pgsql-bulk \
	tests/unit/test-pgsql-connection \
	tests/unit/test-pgsql-introspect \
	tests/unit/test-pgsql-objects \
	tests/unit/test-pgsql-numeric \
	tests/unit/test-pgsql-statement
