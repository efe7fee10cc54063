# SPDX-License-Identifier: LGPL-2.1-or-later
# SPDX-FileCopyrightText: The Corm authors
# Files of this folder, headers too:  corm_sources += lib/evolve/NOUN.c lib/evolve/NOUN.h
# and their unit tests:               unit_tests += tests/unit/test-NOUN
corm_sources += \
	lib/evolve/alter.c \
	lib/evolve/beside.c \
	lib/evolve/body.c \
	lib/evolve/body.h \
	lib/evolve/canonical.c \
	lib/evolve/data.c \
	lib/evolve/data.h \
	lib/evolve/inspect.c \
	lib/evolve/lock.c \
	lib/evolve/lock.h \
	lib/evolve/migrator.c \
	lib/evolve/planner.c \
	lib/evolve/planner.h \
	lib/evolve/rebuild.c \
	lib/evolve/scratch.h \
	lib/evolve/script.c \
	lib/evolve/script.h

unit_tests += \
	tests/unit/test-planner \
	tests/unit/test-script
