/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Building a query of three joins and making its SQL, in nanoseconds a query: what a program pays before the database hears of
 * it. No statement is sent. The SQL is copied once for the eye, which is in the figure. */
#include "bench.h"

#include <time.h>

CORM_ALIAS (Reading, Parent)
CORM_ALIAS (Reading, Grandparent)
CORM_ALIAS (Reading, Root)

static CormQuery *
build (gint64 kind)
{
  CormQuery *query = corm_query_new (&Reading_model);
  corm_query_join (query, CORM_INNER_JOIN, &Parent_model,
                   CORM_EQUAL (CORM_COL (Parent, id), CORM_COL (Reading, parent_id)));
  corm_query_join (query, CORM_LEFT_JOIN, &Grandparent_model,
                   CORM_EQUAL (CORM_COL (Grandparent, id), CORM_COL (Parent, parent_id)));
  corm_query_join (query, CORM_LEFT_JOIN, &Root_model,
                   CORM_EQUAL (CORM_COL (Root, id), CORM_COL (Grandparent, parent_id)));
  corm_query_select (query, CORM_OUTPUTS (CORM_AS ("id", CORM_COL (Reading, id)),
                                          CORM_AS ("name", CORM_COL (Parent, name)),
                                          CORM_AS ("root", CORM_COL (Root, name))));
  corm_query_where (query, CORM_EQ (Reading, kind, (gint32) kind));
  corm_query_order (query, (CormOrder) CORM_ASC (Reading, id));
  return corm_query_limit (query, 20);
}

int
main (void)
{
  enum { ROUNDS = 100, N = 1000 }; /* short ones: the best of them had the processor for itself */
  g_autoptr (GError) error = NULL;
  g_autoptr (CormRegistry) registry = corm_registry_new (&error, &Reading_model, NULL);
  g_autoptr (CormDb) db = registry != NULL ? corm_db_open ("sqlite::memory:", registry, &error) : NULL;
  g_autoptr (CormConnection) conn = db != NULL ? corm_db_connect (db, &error) : NULL;
  if (conn == NULL)
    g_error ("%s", error->message);
  double best = G_MAXDOUBLE;
  for (int round = 0; round < ROUNDS; round++) {
    clock_t start = clock (); /* of this process alone, whatever else runs */
    for (int i = 0; i < N; i++) {
      g_autoptr (CormQuery) query = build (i);
      g_autofree char *sql = corm_query_sql (query, conn, &error);
      if (sql == NULL)
        g_error ("%s", error->message);
    }
    best = MIN (best, (double) (clock () - start) / CLOCKS_PER_SEC * 1e9 / N);
  }
  g_print ("render: building and rendering a query of three joins: %.0f ns (at most 3000)\n", best);
  return 0;
}
