# SPDX-License-Identifier: LGPL-2.1-or-later
# SPDX-FileCopyrightText: The Corm authors
corm_sources += \
	lib/base/arena.c \
	lib/base/arena.h \
	lib/base/error.c \
	lib/base/error.h \
	lib/base/redact.c \
	lib/base/sqlstate.c \
	lib/base/uri.c \
	lib/base/uri.h \
	lib/base/version.c

unit_tests += \
	tests/unit/test-arena \
	tests/unit/test-error \
	tests/unit/test-redact \
	tests/unit/test-sqlstate \
	tests/unit/test-uri \
	tests/unit/test-version
