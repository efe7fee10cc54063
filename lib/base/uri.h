/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Database URIs. Parts are percent-decoded; a '+' stands for itself.
 *
 *   sqlite:PATH                             from where the program is, absolute, sqlite:///absolute, sqlite::memory:
 *   postgresql://user:password@host:port/name?sslmode=require   postgres:// too
 *   mysql://user:password@host:port/name                        mariadb:// too
 *   dbi:DRIVER?option=value&option=value    any driver of libdbi, the generic way
 *
 * Of a server's URI the parameters host, port, user, password, dbname are parts like those before the '?' (and win
 * over them); they are not among the parameters. Several hosts, "a:1,b:2", give the host "a,b" and the parameter port
 * "1,2". Of a dbi: URI every option stays a parameter; host, port, username, password and dbname are parts too.
 * The getters stand in <corm/sys/driver.h>. */
#pragma once

#include <corm/sys/driver.h>

/* Errors: INVALID, with the URI (password left out), the reason and the forms that are known. */
CormUri *corm_uri_parse (const char *text, GError **error);
void corm_uri_free (CormUri *uri);
/* "sqlite3", "pgsql", "mysql", or "dbi" for the generic way, whose libdbi driver corm_uri_get_dbi_driver() says. */
const char *corm_uri_get_driver (const CormUri *uri);
const char *corm_uri_get_dbi_driver (const CormUri *uri);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CormUri, corm_uri_free)
