# SPDX-License-Identifier: LGPL-2.1-or-later
# SPDX-FileCopyrightText: The Corm authors
# Files of this folder, headers too:  corm_sources += lib/upkeep/NOUN.c lib/upkeep/NOUN.h
# and their unit tests:               unit_tests += tests/unit/test-NOUN
corm_sources += \
	lib/upkeep/backup.c \
	lib/upkeep/choose.c \
	lib/upkeep/choose.h \
	lib/upkeep/damage.c \
	lib/upkeep/doctor.c \
	lib/upkeep/duplicates.c \
	lib/upkeep/indexes.c \
	lib/upkeep/leaning.c \
	lib/upkeep/leaning.h \
	lib/upkeep/look.c \
	lib/upkeep/look.h \
	lib/upkeep/orphans.c \
	lib/upkeep/maintain.c \
	lib/upkeep/mend.c \
	lib/upkeep/mend.h \
	lib/upkeep/orphans.h \
	lib/upkeep/sequences.c \
	lib/upkeep/sequences.h \
	lib/upkeep/stats.c \
	lib/upkeep/tool.c \
	lib/upkeep/tool.h \
	lib/upkeep/values.c

unit_tests += tests/unit/test-tool
