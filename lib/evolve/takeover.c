/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* What the history table of another tool says is applied. */
#include "base/error.h"
#include "evolve/history.h"
#include "evolve/ledger.h"

/* Queries whose first column is a version that is applied. */
static const struct {
  const char *tool, *sql;
  gboolean up_to; /* one row, which stands for all up to it */
} tools[] = {
  { "golang-migrate", "SELECT version, dirty FROM schema_migrations", TRUE },
  { "dbmate", "SELECT version FROM schema_migrations", FALSE },
  { "goose",
    "SELECT g.version_id FROM goose_db_version g WHERE g.version_id > 0 AND g.is_applied AND g.id = "
    "(SELECT max(h.id) FROM goose_db_version h WHERE h.version_id = g.version_id)",
    FALSE },
  { "Flyway",
    "SELECT f.version, CASE WHEN f.success THEN 0 ELSE 1 END FROM flyway_schema_history f WHERE f.version IS "
    "NOT "
    "NULL AND f.type NOT LIKE 'UNDO%' AND f.type <> 'DELETE' AND f.installed_rank = (SELECT "
    "max(h.installed_rank) FROM flyway_schema_history h WHERE h.version = f.version)",
    FALSE },
  { "Alembic", "SELECT version_num FROM alembic_version", TRUE },
};

static char *
text_of (CormCursor *cursor, guint column)
{
  GString *text = g_string_new (NULL);
  corm_value_append_text (corm_cursor_get_value (cursor, column), text);
  return g_string_free (text, FALSE);
}

/* The versions; NULL without an error: the tool has no table here. */
static GPtrArray *
ask (CormConnection *conn, guint tool, GError **error)
{
  g_autoptr (GError) local = NULL;
  g_autoptr (GPtrArray) versions = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (CormCursor) cursor = corm_query (conn, tools[tool].sql, NULL, &local);
  while (cursor != NULL && local == NULL && corm_cursor_next (cursor, &local)) {
    g_autofree char *dirty = corm_cursor_get_n_columns (cursor) > 1 ? text_of (cursor, 1) : NULL;
    g_ptr_array_add (versions, text_of (cursor, 0));
    if (dirty != NULL && (g_str_equal (dirty, "true") || g_str_equal (dirty, "1")))
      g_set_error (&local, CORM_ERROR, CORM_ERROR_INVALID,
                   "%s stopped in the middle of %s (dirty): bring the database to a version first",
                   tools[tool].tool, (char *) versions->pdata[versions->len - 1]);
  }
  if (local == NULL)
    return g_steal_pointer (&versions);
  if (!g_error_matches (local, CORM_ERROR, CORM_ERROR_SCHEMA))
    g_propagate_error (error, g_steal_pointer (&local));
  return NULL;
}

static gboolean
check_known (const CormMigrations *set, const char *tool, const GPtrArray *versions, GError **error)
{
  for (guint i = 0; i < versions->len; i++) {
    const char *version = versions->pdata[i];
    if (corm_version_is_valid (version) && corm_migrations_find (set, version) != NULL)
      continue;
    g_set_error (error, CORM_ERROR, CORM_ERROR_SCHEMA,
                 "the history of %s has %s, which is none of the migrations here; stamp the version that the "
                 "database has, or begin with a baseline",
                 tool, version);
    return FALSE;
  }
  return TRUE;
}

static gboolean
is_in (const char *version, const GPtrArray *versions, gboolean up_to)
{
  for (guint i = 0; i < versions->len; i++) {
    int order = corm_version_compare (version, versions->pdata[i]);
    if (order == 0 || (up_to && order < 0))
      return TRUE;
  }
  return FALSE;
}

GPtrArray *
corm_takeover_read (const CormMigrations *set, CormConnection *conn, GError **error)
{
  GError *local = NULL;
  for (guint t = 0; t < G_N_ELEMENTS (tools); t++) {
    g_autoptr (GPtrArray) versions = ask (conn, t, &local);
    if (local != NULL || (versions != NULL && !check_known (set, tools[t].tool, versions, &local))) {
      g_propagate_error (error, local);
      return NULL;
    }
    GPtrArray *applied = versions != NULL ? g_ptr_array_new () : NULL;
    for (guint i = 0; applied != NULL && i < set->all->len; i++) {
      CormMigration *migration = set->all->pdata[i];
      if (is_in (migration->version, versions, tools[t].up_to))
        g_ptr_array_add (applied, migration);
    }
    if (applied != NULL)
      return applied;
  }
  g_set_error (error, CORM_ERROR, CORM_ERROR_NOT_FOUND,
               "there is no history of golang-migrate, goose, dbmate, Flyway or Alembic in the database");
  return NULL;
}
