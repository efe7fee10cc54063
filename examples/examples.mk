# SPDX-License-Identifier: LGPL-2.1-or-later
# SPDX-FileCopyrightText: The Corm authors
# One program an example:  noinst_PROGRAMS += examples/quickstart
#   examples_quickstart_LDADD = $(corm_libs)
noinst_PROGRAMS += examples/quickstart
examples_quickstart_LDADD = $(corm_libs)
