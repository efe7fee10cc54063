# SPDX-License-Identifier: LGPL-2.1-or-later
# SPDX-FileCopyrightText: The Corm authors
# Files of this folder, headers too:  corm_sources += lib/engine/NOUN.c lib/engine/NOUN.h
# and their unit tests:               unit_tests += tests/unit/test-NOUN
corm_sources += \
	lib/engine/bulk.c \
	lib/engine/bulk.h \
	lib/engine/connection.c \
	lib/engine/connection.h \
	lib/engine/control.c \
	lib/engine/control.h \
	lib/engine/cursor.c \
	lib/engine/cursor.h \
	lib/engine/db.c \
	lib/engine/dbi.c \
	lib/engine/detector.c \
	lib/engine/detector.h \
	lib/engine/dbi.h \
	lib/engine/drivers.c \
	lib/engine/drivers.h \
	lib/engine/fork.c \
	lib/engine/fork.h \
	lib/engine/lexer.c \
	lib/engine/line.c \
	lib/engine/line.h \
	lib/engine/lock.c \
	lib/engine/lock.h \
	lib/engine/parameters.c \
	lib/engine/parameters.h \
	lib/engine/pool.c \
	lib/engine/pool.h \
	lib/engine/position.c \
	lib/engine/position.h \
	lib/engine/private.h \
	lib/engine/query.c \
	lib/engine/retry.c \
	lib/engine/retry.h \
	lib/engine/samples.c \
	lib/engine/samples.h \
	lib/engine/statement.c \
	lib/engine/statement.h \
	lib/engine/tenant.c \
	lib/engine/token.c \
	lib/engine/token.h \
	lib/engine/topology.c \
	lib/engine/topology.h \
	lib/engine/transact.c \
	lib/engine/transaction.c \
	lib/engine/transaction.h \
	lib/engine/unfinished.c \
	lib/engine/unfinished.h \
	lib/engine/watch.c \
	lib/engine/watch.h

unit_tests += \
	tests/unit/test-control \
	tests/unit/test-drivers \
	tests/unit/test-fork \
	tests/unit/test-lexer \
	tests/unit/test-line \
	tests/unit/test-lock \
	tests/unit/test-parameters \
	tests/unit/test-position \
	tests/unit/test-samples \
	tests/unit/test-retry

needs_sqlite3 += \
	tests/unit/test-bulk \
	tests/unit/test-connection \
	tests/unit/test-cursor \
	tests/unit/test-db \
	tests/unit/test-dbi \
	tests/unit/test-pool \
	tests/unit/test-statement \
	tests/unit/test-topology \
	tests/unit/test-transaction
