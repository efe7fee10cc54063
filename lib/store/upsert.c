/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Two steps that somebody else's insert may come between. */
#include "store/upsert.h"

#include <corm/db.h>
#include <corm/error.h>

/* Inserts; where that fails on the key, the row is there by now. */
static gboolean
insert_or_update (const CormUpsertSteps *steps, gpointer data, gboolean *inserted, GError **error)
{
  g_autoptr (GError) clash = NULL;
  guint64 n_changed = 0;
  *inserted = steps->insert (data, &clash);
  if (*inserted)
    return TRUE;
  if (g_error_matches (clash, CORM_ERROR, CORM_ERROR_UNIQUE) && !steps->update (data, &n_changed, error))
    return FALSE;
  if (n_changed > 0)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&clash)); /* it collides on another key */
  return FALSE;
}

gboolean
corm_upsert_run (CormConnection *conn, const CormUpsertSteps *steps, gpointer data, GError **error)
{
  guint64 n_changed = 0;
  gboolean inserted = FALSE;
  g_autoptr (CormTransaction) guard = corm_transaction_begin (conn, CORM_TRANSACTION_WRITE, error);
  return guard != NULL && steps->update (data, &n_changed, error) &&
         (n_changed > 0 || insert_or_update (steps, data, &inserted, error)) &&
         (steps->finish == NULL || steps->finish (data, inserted, error)) &&
         corm_transaction_commit (guard, error);
}
