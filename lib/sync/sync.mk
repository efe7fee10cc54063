# SPDX-License-Identifier: LGPL-2.1-or-later
# SPDX-FileCopyrightText: The Corm authors
# Files of this folder, headers too:  corm_sources += lib/sync/NOUN.c lib/sync/NOUN.h
# and their unit tests:               unit_tests += tests/unit/test-NOUN
corm_sources += \
	lib/sync/apply.c \
	lib/sync/cells.c \
	lib/sync/collect.c \
	lib/sync/exchange.c \
	lib/sync/history.c \
	lib/sync/line.c \
	lib/sync/line.h \
	lib/sync/log.c \
	lib/sync/peers.c \
	lib/sync/receive.c \
	lib/sync/scan.c \
	lib/sync/send.c \
	lib/sync/setup.c \
	lib/sync/spool.c \
	lib/sync/sync.c \
	lib/sync/sync.h \
	lib/sync/tables.c \
	lib/sync/work.c

unit_tests += tests/unit/test-sync-line tests/unit/test-sync-log
