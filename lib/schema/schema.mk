# SPDX-License-Identifier: LGPL-2.1-or-later
# SPDX-FileCopyrightText: The Corm authors
# Files of this folder, headers too:  corm_sources += lib/schema/NOUN.c lib/schema/NOUN.h
# and their unit tests:               unit_tests += tests/unit/test-NOUN
corm_sources += \
	lib/schema/default.c \
	lib/schema/diff-check.c \
	lib/schema/diff-column.c \
	lib/schema/diff-enum.c \
	lib/schema/diff-follow.c \
	lib/schema/diff-foreign-key.c \
	lib/schema/diff-index.c \
	lib/schema/diff-key.c \
	lib/schema/diff-object.c \
	lib/schema/diff-rename.c \
	lib/schema/diff-generated.c lib/schema/diff-tie.c \
	lib/schema/diff-type.c \
	lib/schema/diff.c \
	lib/schema/diff.h \
	lib/schema/filter.c \
	lib/schema/fingerprint.c \
	lib/schema/from-model.c \
	lib/schema/order.c \
	lib/schema/plan-json.c \
	lib/schema/plan.c \
	lib/schema/plan.h \
	lib/schema/schema.c \
	lib/schema/shape.c \
	lib/schema/shape.h \
	lib/schema/snapshot.c \
	lib/schema/words.c \
	lib/schema/words.h

unit_tests += \
	tests/unit/test-default \
	tests/unit/test-diff \
	tests/unit/test-diff-column \
	tests/unit/test-diff-follow \
	tests/unit/test-diff-foreign-key \
	tests/unit/test-diff-index \
	tests/unit/test-diff-key \
	tests/unit/test-diff-object \
	tests/unit/test-diff-rename \
	tests/unit/test-diff-table \
	tests/unit/test-diff-tie \
	tests/unit/test-diff-type \
	tests/unit/test-fingerprint \
	tests/unit/test-from-model \
	tests/unit/test-plan \
	tests/unit/test-schema \
	tests/unit/test-schema-filter \
	tests/unit/test-snapshot \
	tests/unit/test-words
