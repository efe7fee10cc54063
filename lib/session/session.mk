# SPDX-License-Identifier: LGPL-2.1-or-later
# SPDX-FileCopyrightText: The Corm authors
# Files of this folder, headers too:  corm_sources += lib/session/NOUN.c lib/session/NOUN.h
# and their unit tests:               unit_tests += tests/unit/test-NOUN
corm_sources += \
	lib/session/cascade.c \
	lib/session/check.c \
	lib/session/flush.c \
	lib/session/flush.h \
	lib/session/hook.c \
	lib/session/identity.c \
	lib/session/identity.h \
	lib/session/image.c \
	lib/session/load.c \
	lib/session/merge.c \
	lib/session/private.h \
	lib/session/send.c \
	lib/session/session.c \
	lib/session/transaction.c
