# SPDX-License-Identifier: LGPL-2.1-or-later
# SPDX-FileCopyrightText: The Corm authors
# Public headers, installed in $(includedir)/corm; sys/ is for authors of drivers.
cormincludedir = $(includedir)/corm
corminclude_HEADERS = \
	include/corm/aggregate.h \
	include/corm/corm.h \
	include/corm/db.h \
	include/corm/detect.h \
	include/corm/error.h \
	include/corm/exchange.h \
	include/corm/expr.h \
	include/corm/family.h \
	include/corm/function.h \
	include/corm/lint.h \
	include/corm/load.h \
	include/corm/main.h \
	include/corm/macros.h \
	include/corm/migrate.h \
	include/corm/migrations.h \
	include/corm/model.h \
	include/corm/port.h \
	include/corm/query.h \
	include/corm/registry.h \
	include/corm/relation.h \
	include/corm/schema.h \
	include/corm/session.h \
	include/corm/store.h \
	include/corm/sync.h \
	include/corm/transact.h \
	include/corm/types.h \
	include/corm/upkeep.h \
	include/corm/value.h \
	include/corm/version.h

cormsysincludedir = $(includedir)/corm/sys
cormsysinclude_HEADERS = \
	include/corm/sys/driver.h \
	include/corm/sys/function.h \
	include/corm/sys/sync.h \
	include/corm/sys/text.h \
	include/corm/sys/upkeep.h
