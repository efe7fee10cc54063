/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* The table of drivers. */
#pragma once

#include <corm/sys/driver.h>

/* Errors: UNSUPPORTED, with the form of the URI that goes through libdbi alone. */
const CormDriver *corm_driver_find (const CormUri *uri, GError **error);
/* By name ("sqlite3", "pgsql", "mysql", "generic"); NULL when it is not built in. */
const CormDriver *corm_driver_by_name (const char *name);
