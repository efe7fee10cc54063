# SPDX-License-Identifier: LGPL-2.1-or-later
# SPDX-FileCopyrightText: The Corm authors
# Files of this folder, headers too:  corm_sources += lib/render/NOUN.c lib/render/NOUN.h
# and their unit tests:               unit_tests += tests/unit/test-NOUN
corm_sources += \
	lib/render/alter.c lib/render/alter.h \
	lib/render/edge.c \
	lib/render/batch.c \
	lib/render/append.h lib/render/batch.h \
	lib/render/expr.c \
	lib/render/call.c \
	lib/render/column.c \
	lib/render/comment.c \
	lib/render/compare.c \
	lib/render/ddl.c \
	lib/render/ddl.h \
	lib/render/fit.c \
	lib/render/fit.h \
	lib/render/function.c \
	lib/render/function.h \
	lib/render/from.c \
	lib/render/index.c \
	lib/render/list.c \
	lib/render/list.h \
	lib/render/operand.c \
	lib/render/order.c \
	lib/render/orphan.c \
	lib/render/predicate.c \
	lib/render/query.c \
	lib/render/query.h \
	lib/render/query-write.c \
	lib/render/quote.c \
	lib/render/select.c \
	lib/render/sql.c \
	lib/render/sql.h \
	lib/render/template.c \
	lib/render/template.h \
	lib/render/type.c \
	lib/render/write.c

unit_tests += \
	tests/unit/test-ddl \
	tests/unit/test-fit
