# SPDX-License-Identifier: LGPL-2.1-or-later
# SPDX-FileCopyrightText: The Corm authors
# Files of this folder, headers too; between "if" and "endif" those that need SQLite's library.
corm_sources += \
	drivers/sqlite3/dialect.c
if HAVE_SQLITE3
corm_sources += \
	drivers/sqlite3/connection.c \
	drivers/sqlite3/decode.c \
	drivers/sqlite3/driver.c \
	drivers/sqlite3/error.c \
	drivers/sqlite3/function.c \
	drivers/sqlite3/sqlite3.h \
	drivers/sqlite3/statement.c
endif
