/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* A link of the PostgreSQL driver to the test server, for tests of the driver's own calls. */
#pragma once

#include <corm/sys/driver.h>

extern const CormDriver corm_pgsql_driver;

/* To $CORM_TEST_PGSQL, or NULL when there is no server; @parameters ("&application_name=x") behind it, or NULL. */
CormLink *pgsql_link_open (const char *parameters, const CormDbOptions *options);
/* The same for any URI; NULL and @error, as explain() says it, when it cannot be opened. */
CormLink *pgsql_link_open_uri (const char *uri, const CormDbOptions *options, GError **error);
void pgsql_link_close (CormLink *link);
/* The first value of the first row as text, or NULL. */
char *pgsql_link_get_text (CormLink *link, const char *sql);
