/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Database URIs: sqlite:PATH, postgresql://user:password@host:port/name?param=value, mysql://…, mariadb://…,
 * dbi:DRIVER?option=value. The getters stand in <corm/sys/driver.h>. */
#pragma once

#include <corm/sys/driver.h>

/* Errors: INVALID, with the URI (password left out) and the forms that are known. */
CormUri *corm_uri_parse (const char *text, GError **error);
void corm_uri_free (CormUri *uri);
/* "sqlite3", "pgsql", "mysql", or "dbi" for the generic way, whose libdbi driver corm_uri_get_dbi_driver() says. */
const char *corm_uri_get_driver (const CormUri *uri);
const char *corm_uri_get_dbi_driver (const CormUri *uri);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CormUri, corm_uri_free)
