# SPDX-License-Identifier: LGPL-2.1-or-later
# SPDX-FileCopyrightText: The Corm authors
# Public headers, installed in $(includedir)/corm; sys/ is for authors of drivers.
cormincludedir = $(includedir)/corm
corminclude_HEADERS = \
	include/corm/macros.h \
	include/corm/version.h

cormsysincludedir = $(includedir)/corm/sys
cormsysinclude_HEADERS =
