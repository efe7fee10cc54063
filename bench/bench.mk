# SPDX-License-Identifier: LGPL-2.1-or-later
# SPDX-FileCopyrightText: The Corm authors
# One program a figure, built by "make bench" only:  EXTRA_PROGRAMS += bench/insert
#   bench_insert_LDADD = $(corm_libs)
