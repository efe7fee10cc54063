# SPDX-License-Identifier: LGPL-2.1-or-later
# SPDX-FileCopyrightText: The Corm authors
# The program of version 2, and from the same files that of version 3.
crystal_sources = \
	examples/crystal-tui/clusters.c \
	examples/crystal-tui/crystal.h \
	examples/crystal-tui/database.c \
	examples/crystal-tui/doctor.c \
	examples/crystal-tui/jobs.c \
	examples/crystal-tui/main.c \
	examples/crystal-tui/models.c \
	examples/crystal-tui/models.h \
	examples/crystal-tui/workflow.c

noinst_PROGRAMS += examples/crystal-tui/crystal-tui examples/crystal-tui/crystal-tui-3
examples_crystal_tui_crystal_tui_SOURCES = $(crystal_sources)
examples_crystal_tui_crystal_tui_LDADD = $(corm_libs)
examples_crystal_tui_crystal_tui_3_SOURCES = $(crystal_sources)
examples_crystal_tui_crystal_tui_3_CPPFLAGS = $(AM_CPPFLAGS) -DCRYSTAL_VERSION=3
examples_crystal_tui_crystal_tui_3_LDADD = $(corm_libs)

# The upgrade, killed again and again; the story as a user types it.
suite_tests += tests/suite/test-crystal-tui
tests_suite_test_crystal_tui_SOURCES = tests/suite/test-crystal-tui.c \
	examples/crystal-tui/database.c examples/crystal-tui/models.c
tests_suite_test_crystal_tui_LDADD = $(suite_libs)
script_tests += tests/example-crystal-tui
