# SPDX-License-Identifier: LGPL-2.1-or-later
# SPDX-FileCopyrightText: The Corm authors
# Files of this folder, headers too:  corm_sources += lib/query/NOUN.c lib/query/NOUN.h
# and their unit tests:               unit_tests += tests/unit/test-NOUN
corm_sources += \
	lib/query/call.c \
	lib/query/call.h \
	lib/query/edge.h \
	lib/query/expr.c \
	lib/query/filter.c \
	lib/query/filter.h \
	lib/query/group.c \
	lib/query/group.h \
	lib/query/join.c \
	lib/query/outputs.c \
	lib/query/outputs.h \
	lib/query/page-key.c \
	lib/query/page.c \
	lib/query/parts.c \
	lib/query/resolve.c \
	lib/query/resolve.h \
	lib/query/source.c \
	lib/query/query.c \
	lib/query/query.h \
	lib/query/json-path.c \
	lib/query/predicate.c \
	lib/query/scope.c \
	lib/query/scope.h \
	lib/query/select.c \
	lib/query/select.h \
	lib/query/infer.c \
	lib/query/signature.c \
	lib/query/signature.h \
	lib/query/typing.h \
	lib/query/unify.c

unit_tests += \
	tests/unit/test-expr \
	tests/unit/test-filter \
	tests/unit/test-query \
	tests/unit/test-select \
	tests/unit/test-typing
