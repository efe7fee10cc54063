# SPDX-License-Identifier: LGPL-2.1-or-later
# SPDX-FileCopyrightText: The Corm authors
# Files of this folder, headers too:  corm_sources += lib/evolve/NOUN.c lib/evolve/NOUN.h
# and their unit tests:               unit_tests += tests/unit/test-NOUN
corm_sources += \
	lib/evolve/alter.c \
	lib/evolve/apply.c \
	lib/evolve/approve.c \
	lib/evolve/beside.c \
	lib/evolve/body.c \
	lib/evolve/body.h \
	lib/evolve/canonical.c \
	lib/evolve/data.c \
	lib/evolve/data.h \
	lib/evolve/doubt.c \
	lib/evolve/enum.c \
	lib/evolve/event.c \
	lib/evolve/filled.c \
	lib/evolve/folder.c \
	lib/evolve/gather.c \
	lib/evolve/gather.h \
	lib/evolve/gentle.c \
	lib/evolve/gentle.h \
	lib/evolve/hazard.c \
	lib/evolve/history.c \
	lib/evolve/history.h \
	lib/evolve/inspect.c \
	lib/evolve/invert.c \
	lib/evolve/known.c \
	lib/evolve/ledger.c \
	lib/evolve/ledger.h \
	lib/evolve/marks.c \
	lib/evolve/marks.h \
	lib/evolve/measure.c \
	lib/evolve/migration.c \
	lib/evolve/migration.h \
	lib/evolve/migrator.c \
	lib/evolve/offline.c \
	lib/evolve/plan-apply.c \
	lib/evolve/plan-run.c \
	lib/evolve/plan-run.h \
	lib/evolve/planner.c \
	lib/evolve/modify.c \
	lib/evolve/modify.h \
	lib/evolve/naming.c \
	lib/evolve/numbering.c \
	lib/evolve/planner.h \
	lib/evolve/rebuild.c \
	lib/evolve/rivals.c \
	lib/evolve/runner.c \
	lib/evolve/runner.h \
	lib/evolve/scratch.h \
	lib/evolve/script.c \
	lib/evolve/script.h \
	lib/evolve/sections.c \
	lib/evolve/standing.c \
	lib/evolve/served.c \
	lib/evolve/stepwise.c \
	lib/evolve/structure.c \
	lib/evolve/takeover.c \
	lib/evolve/version.c

unit_tests += \
	tests/unit/test-folder \
	tests/unit/test-event \
	tests/unit/test-marks \
	tests/unit/test-planner \
	tests/unit/test-script \
	tests/unit/test-script-clients
