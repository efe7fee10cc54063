/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* libdbi opens and closes connections; nothing else of it is used outside the drivers. */
#pragma once

#include <corm/sys/driver.h>

/* Opens link->dbi through libdbi's driver @name, with the options that the link's driver sets.
 * Errors: UNSUPPORTED (libdbi lacks that driver), and what the driver makes of libdbi's words. */
gboolean corm_dbi_open (CormLink *link, const char *name, GError **error);
void corm_dbi_close (CormLink *link);
