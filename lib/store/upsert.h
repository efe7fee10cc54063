/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Update where the row is there, insert where it is not, for databases and keys without an ON CONFLICT that fits. */
#pragma once

#include "engine/connection.h"

typedef struct {
  gboolean (*update) (gpointer data, guint64 *n_changed, GError **error);
  /* An error leaves the transaction usable: in a savepoint, where the database needs that. */
  gboolean (*insert) (gpointer data, GError **error);
  /* Within the transaction, when one of the two is done; NULL: nothing. */
  gboolean (*finish) (gpointer data, gboolean inserted, GError **error);
} CormUpsertSteps;

/* In one transaction. A row that somebody else inserts in between makes the insert fail on the key (UNIQUE), and the update is
 * tried once more. Errors: of the steps. */
gboolean corm_upsert_run (CormConnection *conn, const CormUpsertSteps *steps, gpointer data, GError **error);
