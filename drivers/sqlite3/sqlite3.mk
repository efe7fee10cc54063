# SPDX-License-Identifier: LGPL-2.1-or-later
# SPDX-FileCopyrightText: The Corm authors
# Files of this folder, headers too; between "if" and "endif" those that need SQLite's library.
corm_sources += \
	drivers/dialects.h \
	drivers/functions.h \
	drivers/sqlite3/cell.c \
	drivers/sqlite3/cost.h \
	drivers/sqlite3/ddl-column.c \
	drivers/sqlite3/ddl.c \
	drivers/sqlite3/ddl.h \
	drivers/sqlite3/dialect.c \
	drivers/sqlite3/edit-drop.c \
	drivers/sqlite3/edit.c \
	drivers/sqlite3/edit.h \
	drivers/sqlite3/functions.c \
	drivers/sqlite3/expression.c \
	drivers/sqlite3/index.c \
	drivers/sqlite3/introspect.c \
	drivers/sqlite3/load.c \
	drivers/sqlite3/lock.c \
	drivers/sqlite3/number.c \
	drivers/sqlite3/number.h \
	drivers/sqlite3/patch.c \
	drivers/sqlite3/reader.c \
	drivers/sqlite3/reader.h \
	drivers/sqlite3/rebuild.c \
	drivers/sqlite3/rebuild.h \
	drivers/sqlite3/rename.c \
	drivers/sqlite3/rows.c \
	drivers/sqlite3/tokenizer.c \
	drivers/sqlite3/tokenizer.h \
	drivers/sqlite3/sync.c \
	drivers/sqlite3/upkeep.c

unit_tests += \
	tests/unit/test-number \
	tests/unit/test-sqlite3-clause \
	tests/unit/test-sqlite3-ddl \
	tests/unit/test-sqlite3-tokenizer

if HAVE_SQLITE3
corm_sources += \
	drivers/sqlite3/arithmetic.c \
	drivers/sqlite3/backup.c \
	drivers/sqlite3/connection.c \
	drivers/sqlite3/decode.c \
	drivers/sqlite3/driver.c \
	drivers/sqlite3/error.c \
	drivers/sqlite3/function.c \
	drivers/sqlite3/sqlite3.h \
	drivers/sqlite3/statement.c \
	drivers/sqlite3/total.c
endif

needs_sqlite3 += \
	tests/unit/test-sqlite3-edit \
	tests/unit/test-sqlite3-inspect \
	tests/unit/test-sqlite3-lossless \
	tests/unit/test-sqlite3-plan \
	tests/unit/test-sqlite3-rebuild \
	tests/unit/test-sqlite3-rename \
	tests/unit/test-sqlite3-values
