# SPDX-License-Identifier: LGPL-2.1-or-later
# SPDX-FileCopyrightText: The Corm authors
# Files of this folder, headers too, between "if" and "endif":  corm_sources += drivers/pgsql/dialect.c
if HAVE_PGSQL
endif
