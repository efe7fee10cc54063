# SPDX-License-Identifier: LGPL-2.1-or-later
# SPDX-FileCopyrightText: The Corm authors
noinst_PROGRAMS += examples/todowrite/todowrite
examples_todowrite_todowrite_SOURCES = \
	examples/todowrite/care.c \
	examples/todowrite/care.h \
	examples/todowrite/main.c \
	examples/todowrite/models.c \
	examples/todowrite/models.h \
	examples/todowrite/nodes.c \
	examples/todowrite/nodes.h
examples_todowrite_todowrite_LDADD = $(corm_libs)

script_tests += tests/example-todowrite
