# SPDX-License-Identifier: LGPL-2.1-or-later
# SPDX-FileCopyrightText: The Corm authors
# Files of this folder, headers too:  corm_sources += lib/render/NOUN.c lib/render/NOUN.h
# and their unit tests:               unit_tests += tests/unit/test-NOUN
corm_sources += \
	lib/render/edge.c \
	lib/render/expr.c \
	lib/render/column.c \
	lib/render/ddl.c \
	lib/render/ddl.h \
	lib/render/fit.c \
	lib/render/fit.h \
	lib/render/index.c \
	lib/render/order.c \
	lib/render/quote.c \
	lib/render/select.c \
	lib/render/sql.c \
	lib/render/sql.h \
	lib/render/type.c \
	lib/render/write.c

unit_tests += \
	tests/unit/test-ddl \
	tests/unit/test-fit
