# SPDX-License-Identifier: LGPL-2.1-or-later
# SPDX-FileCopyrightText: The Corm authors
noinst_PROGRAMS += examples/morag/morag
examples_morag_morag_SOURCES = \
	examples/morag/database.c \
	examples/morag/jobs.c \
	examples/morag/main.c \
	examples/morag/models.c \
	examples/morag/models.h \
	examples/morag/morag.h
examples_morag_morag_LDADD = $(corm_libs)
script_tests += tests/example-morag
