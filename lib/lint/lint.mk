# SPDX-License-Identifier: LGPL-2.1-or-later
# SPDX-FileCopyrightText: The Corm authors
# Files of this folder, headers too:  corm_sources += lib/lint/NOUN.c lib/lint/NOUN.h
# and their unit tests:               unit_tests += tests/unit/test-NOUN
corm_sources += \
	lib/lint/action.h \
	lib/lint/change.c \
	lib/lint/comments.c \
	lib/lint/context.c \
	lib/lint/findings.c \
	lib/lint/findings.h \
	lib/lint/keys.c \
	lib/lint/lint.c \
	lib/lint/mysql-copies.c \
	lib/lint/mysql.c \
	lib/lint/naming.c \
	lib/lint/objects.c \
	lib/lint/pgsql-locks.c \
	lib/lint/pgsql-rewrites.c \
	lib/lint/pgsql-types.c \
	lib/lint/portable.c \
	lib/lint/read-alter.c \
	lib/lint/read-column.c \
	lib/lint/read-command.c \
	lib/lint/read-create.c \
	lib/lint/reader.c \
	lib/lint/reader.h \
	lib/lint/rows.c \
	lib/lint/rows.h \
	lib/lint/rule.h \
	lib/lint/source.c \
	lib/lint/source.h \
	lib/lint/sqlite3-types.c \
	lib/lint/sqlite3.c \
	lib/lint/tokens.c \
	lib/lint/tokens.h

unit_tests += \
	tests/unit/test-findings \
	tests/unit/test-reader \
	tests/unit/test-tokens
