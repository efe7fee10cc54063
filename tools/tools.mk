# SPDX-License-Identifier: LGPL-2.1-or-later
# SPDX-FileCopyrightText: The Corm authors
# The command:
#   bin_PROGRAMS += tools/corm
#   tools_corm_SOURCES = tools/main.c tools/cmd-ping.c …
#   tools_corm_LDADD = $(corm_libs)
