/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* One connection to the test server per program, for tests of the MariaDB driver's own calls. */
#pragma once

#include <corm/sys/driver.h>

/* Opened at the first use; NULL, with the reason printed, when there is no server: then skip(). */
CormConnection *mysql_fixture (void);
CormLink *mysql_fixture_link (void);
int mysql_fixture_close (void **state);
/* One statement that must work. */
void mysql_run (const char *sql);
/* One statement that must fail: its code, and its message in *message when not NULL. */
int mysql_error_of (const char *sql, char **message);
/* The first value of the first row as text; NULL for NULL or no row. */
char *mysql_text_of (const char *sql);

#define NEEDS_MYSQL() \
  if (mysql_fixture () == NULL) \
  skip ()
