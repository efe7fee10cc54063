# SPDX-License-Identifier: LGPL-2.1-or-later
# SPDX-FileCopyrightText: The Corm authors
# One program an example:  noinst_PROGRAMS += examples/quickstart
#   examples_quickstart_LDADD = $(corm_libs)
noinst_PROGRAMS += examples/quickstart
examples_quickstart_LDADD = $(corm_libs)

# The same file as a library of models, for the command: corm diff sqlite:jobs.db models:examples/quickstart.so
# It takes corm_* from the command that loads it.
noinst_DATA = examples/quickstart.so
CLEANFILES += examples/quickstart.so
examples/quickstart.so: examples/quickstart.c $(corminclude_HEADERS)
	$(AM_V_CCLD)$(CC) $(DEFS) $(AM_CPPFLAGS) $(AM_CFLAGS) $(CFLAGS) -shared -fPIC -o $@ $(top_srcdir)/examples/quickstart.c
include $(top_srcdir)/examples/pixcrawler/pixcrawler.mk
include $(top_srcdir)/examples/crystal-tui/crystal-tui.mk
include $(top_srcdir)/examples/todowrite/todowrite.mk
include $(top_srcdir)/examples/nexus-core/nexus-core.mk
include $(top_srcdir)/examples/morag/morag.mk
