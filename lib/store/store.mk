# SPDX-License-Identifier: LGPL-2.1-or-later
# SPDX-FileCopyrightText: The Corm authors
# Files of this folder, headers too:  corm_sources += lib/store/NOUN.c lib/store/NOUN.h
# and their unit tests:               unit_tests += tests/unit/test-NOUN
corm_sources += \
	lib/store/batch-insert.c \
	lib/store/batch.c \
	lib/store/batch.h \
	lib/store/block.c \
	lib/store/block.h \
	lib/store/check.c \
	lib/store/check.h \
	lib/store/chunk.c \
	lib/store/chunk.h \
	lib/store/bulk.c \
	lib/store/draft.c \
	lib/store/draft.h \
	lib/store/changed.c \
	lib/store/changed.h \
	lib/store/find.c \
	lib/store/keys.c \
	lib/store/keys.h \
	lib/store/links.c \
	lib/store/links.h \
	lib/store/load-sql.c \
	lib/store/plan.c \
	lib/store/plan.h \
	lib/store/query-show.c \
	lib/store/query-write.c \
	lib/store/query.c \
	lib/store/query.h \
	lib/store/related.c \
	lib/store/relation.c \
	lib/store/relation.h \
	lib/store/result.c \
	lib/store/result.h \
	lib/store/row-cursor.c \
	lib/store/row-cursor.h \
	lib/store/rows.c \
	lib/store/rows.h \
	lib/store/select.c \
	lib/store/select.h \
	lib/store/stamp.c \
	lib/store/stamp.h \
	lib/store/upsert-on.c \
	lib/store/upsert.c \
	lib/store/upsert.h \
	lib/store/write.c
