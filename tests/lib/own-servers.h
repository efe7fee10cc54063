/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Servers that belong to one test program, which may halt them and give them replicas: tests/lib/servers in a temporary
 * folder. They are stopped when the program ends, however it does. */
#pragma once

#include <glib.h>

/* FALSE: they can't be had (then no other call is made). @replicate: "servers replicate" too. */
gboolean own_servers_start (gboolean replicate);
void own_servers_stop (void);
/* "halt", "kill", "resume"; @name: of one server, or NULL: all that the verb can do at once. */
gboolean own_servers (const char *verb, const char *name);
/* What DIR/env exports under @name, such as CORM_TEST_PGSQL; NULL: no such server. Free with g_free(). */
char *own_servers_get (const char *name);
