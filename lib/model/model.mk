# SPDX-License-Identifier: LGPL-2.1-or-later
# SPDX-FileCopyrightText: The Corm authors
# Files of this folder, headers too:  corm_sources += lib/model/NOUN.c lib/model/NOUN.h
# and their unit tests:               unit_tests += tests/unit/test-NOUN
corm_sources += \
	lib/model/association.c \
	lib/model/association.h \
	lib/model/check.h \
	lib/model/field-convert.c \
	lib/model/ctype.h \
	lib/model/faults.c \
	lib/model/faults.h \
	lib/model/field-set.c \
	lib/model/field.c \
	lib/model/field.h \
	lib/model/layout.c \
	lib/model/list.c \
	lib/model/list.h \
	lib/model/mapping.c \
	lib/model/mapping.h \
	lib/model/model.c \
	lib/model/name.c \
	lib/model/name.h \
	lib/model/order.c \
	lib/model/parts.c \
	lib/model/path.h \
	lib/model/reference.c \
	lib/model/registry.c \
	lib/model/relation.c \
	lib/model/role.c \
	lib/model/unique-names.c

unit_tests += \
	tests/unit/test-field \
	tests/unit/test-field-convert \
	tests/unit/test-field-set \
	tests/unit/test-layout \
	tests/unit/test-list \
	tests/unit/test-mapping \
	tests/unit/test-model \
	tests/unit/test-name \
	tests/unit/test-order \
	tests/unit/test-parts \
	tests/unit/test-reference \
	tests/unit/test-registry \
	tests/unit/test-relation \
	tests/unit/test-role \
	tests/unit/test-unique-names
