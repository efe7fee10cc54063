# SPDX-License-Identifier: LGPL-2.1-or-later
# SPDX-FileCopyrightText: The Corm authors
# One program an example:  noinst_PROGRAMS += examples/quickstart
#   examples_quickstart_LDADD = $(corm_libs)
noinst_PROGRAMS += examples/quickstart
examples_quickstart_LDADD = $(corm_libs)

# The same file as a library of models, for the command: corm diff sqlite:jobs.db models:examples/quickstart.so
noinst_PROGRAMS += examples/quickstart.so
examples_quickstart_so_SOURCES = examples/quickstart.c
examples_quickstart_so_CFLAGS = $(AM_CFLAGS) -fPIC
examples_quickstart_so_LDFLAGS = $(AM_LDFLAGS) -shared -no-install
examples_quickstart_so_LDADD = $(corm_libs)
