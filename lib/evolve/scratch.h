/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Reading structures back from a database, and from a scratch place in it. */
#pragma once

#include <corm/schema.h>

/* @scratch: of the scratch place that is open on @conn. Sets the dialect. Passes over tables that somebody has made
 * beside the others just now; the second does not. */
CormSchema *corm_evolve_inspect (CormConnection *conn, gboolean scratch, GError **error);
CormSchema *corm_evolve_inspect_all (CormConnection *conn, gboolean scratch, GError **error);
/* Runs @statements in a scratch place of @conn's database and reads it. */
CormSchema *corm_evolve_make (CormConnection *conn, const GPtrArray *statements, GError **error);
/* The statements that made @schema, as the database keeps them, appended to @sql. */
void corm_evolve_restate (const CormSchema *schema, GPtrArray *sql);
/* beside.c: @wanted made under other names in the database itself, read back and dropped. */
CormSchema *corm_evolve_make_beside (CormConnection *conn, const CormSchema *wanted, GError **error);
gboolean corm_evolve_is_beside (const char *table);
/* As corm_schema_canonical(), and in @wanted the schema in the words that made it there. A line in @notes (nullable)
 * for each thing that this database cannot have. */
CormSchema *corm_evolve_canonical (CormConnection *conn, const CormSchema *schema, CormSchema **wanted,
                                   GPtrArray *notes, GError **error);

/* event.c: a statement that makes an event which would run, with the word that keeps it still; NULL: it is none. Free with
 * g_free(). And the events of @schema that the statements @still made, as if they had not been changed. */
char *corm_scratch_keep_still (const char *sql);
void corm_scratch_wake (CormSchema *schema, const GPtrArray *still);
/* known.c: the same; what stands in @live, which was read just now, word for word is not made. */
CormSchema *corm_evolve_canonical_like (CormConnection *conn, const CormSchema *schema,
                                        const CormSchema *live, CormSchema **wanted, GPtrArray *notes,
                                        GError **error);
