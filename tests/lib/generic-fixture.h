/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Connections through the generic driver to each database that is there, for tests that run over all of them. */
#pragma once

#include <corm/sys/driver.h>

/* "dbi:pgsql?…" for the test server of libdbi's driver @name, ":memory:" for sqlite3; NULL, with the reason printed, when
 * there is no server. g_free(). */
char *generic_uri (const char *name);
/* Calls @test with a connection to each, and its name; fails the test when none can be opened. */
void generic_for_each (void (*test) (CormConnection *conn, const char *name));
/* One statement that must work. */
void generic_run (CormConnection *conn, const char *sql);
/* All rows as text: values parted by '|', a line each. g_free(). */
char *generic_read (CormConnection *conn, const char *sql);
