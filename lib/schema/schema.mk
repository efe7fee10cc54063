# SPDX-License-Identifier: LGPL-2.1-or-later
# SPDX-FileCopyrightText: The Corm authors
# Files of this folder, headers too:  corm_sources += lib/schema/NOUN.c lib/schema/NOUN.h
# and their unit tests:               unit_tests += tests/unit/test-NOUN
corm_sources += \
	lib/schema/default.c \
	lib/schema/schema.c

unit_tests += \
	tests/unit/test-default \
	tests/unit/test-schema
