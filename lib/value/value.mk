# SPDX-License-Identifier: LGPL-2.1-or-later
# SPDX-FileCopyrightText: The Corm authors
# Files of this folder, headers too:  corm_sources += lib/value/NOUN.c lib/value/NOUN.h
# and their unit tests:               unit_tests += tests/unit/test-NOUN
corm_sources += \
	lib/value/check.c \
	lib/value/check.h \
	lib/value/convert.c \
	lib/value/decimal.c \
	lib/value/json.c \
	lib/value/json.h \
	lib/value/parse.c \
	lib/value/text.c \
	lib/value/text.h \
	lib/value/time.c \
	lib/value/type.c \
	lib/value/uuid.c \
	lib/value/value.c

unit_tests += \
	tests/unit/test-check \
	tests/unit/test-convert \
	tests/unit/test-decimal \
	tests/unit/test-json \
	tests/unit/test-parse \
	tests/unit/test-text \
	tests/unit/test-time \
	tests/unit/test-type \
	tests/unit/test-uuid \
	tests/unit/test-value
