/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Empty databases for the compliance suite, and the backends, a line each: nothing else of the suite knows them. */
#pragma once

#include <corm/corm.h>

typedef struct _Places Places;

/* Names of the backends; ended by NULL. */
const char *const *places_backends (void);
/* Of the backend with this index. NULL where it is not here; then @missing says why. */
Places *places_new (guint backend, const char **missing);
void places_free (Places *places);
/* Behind a restart of the server. */
void places_reconnect (Places *places);
/* The URI of an empty database; free with g_free(). */
char *places_take (Places *places);
/* The same database for a role of its own that may read and write rows of the tables that are there, and make none; @uri
 * as it is where there are no roles. Free with g_free(). */
char *places_lend (Places *places, const char *uri);
/* Removes the one that was taken last. */
void places_drop (Places *places);
/* A server's URI as options of libdbi, "dbi:pgsql?…"; free with g_free(). */
char *places_dbi_uri (const char *driver, const char *server, const char *database, const char *schema);
/* The URI of a server's database with other parts, each NULL: as it is. free with g_free(). */
char *places_change_uri (const char *uri, const char *user, const char *password, const char *database);
gboolean places_have_server (const Places *places);
/* Ends the server's side of a connection, as a restart or an administrator would. */
void places_cut (Places *places, CormConnection *conn);
/* The same of one that another thread uses meanwhile: its number is asked before. */
gint64 places_ask_number (Places *places, CormConnection *conn);
void places_cut_number (Places *places, gint64 number);
/* Leaves it where it is, until the servers go. */
void places_forget (Places *places);
