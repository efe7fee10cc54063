/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Foreign keys in a circle, and those of a table to itself: no order of the rows would satisfy them. The database looks at
 * them when all rows are there, in its own way (CormDialect.hold_key); a row that refers to nothing is then named. */
#include "exchange/target.h"
#include "render/sql.h"

#include <string.h>

static guint
position (const GPtrArray *ordered, const char *name)
{
  for (guint i = 0; i < ordered->len; i++)
    if (strcmp (((const CormTable *) ordered->pdata[i])->name, name) == 0)
      return i;
  return G_MAXUINT;
}

static gboolean
is_target (const CormImport *import, const char *name)
{
  for (guint i = 0; i < import->targets->len; i++)
    if (strcmp (((const CormTarget *) import->targets->pdata[i])->table->name, name) == 0)
      return TRUE;
  return FALSE;
}

/* The rows of @key's target come with its own, or behind them. */
static gboolean
goes_back (const CormImport *import, const GPtrArray *ordered, const CormTable *table,
           const CormForeignKey *key)
{
  guint to = position (ordered, key->target_table);
  return to != G_MAXUINT && is_target (import, table->name) && is_target (import, key->target_table) &&
         to >= position (ordered, table->name);
}

static const char *
deferrable_words (const CormForeignKey *key)
{
  return key->deferrable == CORM_NOT_DEFERRABLE ? "NOT DEFERRABLE" : "DEFERRABLE INITIALLY IMMEDIATE";
}

/* @template with {t}, {n} and {d} filled in, statement by statement. */
static gboolean
run_template (CormImport *import, const char *template, const CormTable *table, const CormForeignKey *key,
              GError **error)
{
  const CormDialect *dialect = corm_connection_get_dialect (import->conn);
  g_auto (GStrv) statements = g_strsplit (template, ";\n", -1);
  for (guint i = 0; statements[i] != NULL; i++) {
    g_autoptr (GString) sql = g_string_new (NULL);
    for (const char *p = statements[i]; *p != '\0'; p++)
      if (g_str_has_prefix (p, "{t}") || g_str_has_prefix (p, "{n}")) {
        corm_sql_append_identifier (sql, dialect, p[1] == 't' ? table->name : key->name);
        p += 2;
      } else if (g_str_has_prefix (p, "{d}")) {
        g_string_append (sql, deferrable_words (key));
        p += 2;
      } else
        g_string_append_c (sql, *p);
    if (!corm_connection_run (import->conn, sql->str, error))
      return FALSE;
  }
  return TRUE;
}

static gboolean
run_for_all (CormImport *import, GPtrArray *ordered, const char *template, gboolean *any, GError **error)
{
  for (guint i = 0; i < ordered->len; i++) {
    const CormTable *table = ordered->pdata[i];
    for (guint k = 0; k < table->foreign_keys->len; k++) {
      const CormForeignKey *key = table->foreign_keys->pdata[k];
      if (key->deferrable == CORM_INITIALLY_DEFERRED || !goes_back (import, ordered, table, key))
        continue;
      *any = TRUE;
      if (template != NULL && !run_template (import, template, table, key, error))
        return FALSE;
    }
  }
  return TRUE;
}

gboolean
corm_import_hold_keys (CormImport *import, GPtrArray *ordered, gboolean *held, GError **error)
{
  *held = FALSE;
  return run_for_all (import, ordered, corm_connection_get_dialect (import->conn)->hold_key, held, error);
}

/* --- what refers to nothing ------------------------------------------------------------------------------------ */

static void
append_column (GString *sql, const CormDialect *dialect, const char *alias, const char *name)
{
  g_string_append_printf (sql, "%s.", alias);
  corm_sql_append_identifier (sql, dialect, name);
}

/* The primary key where a foreign key names no columns. */
static GStrv
target_columns (const CormImport *import, const CormForeignKey *key)
{
  const CormTable *target = corm_schema_find_table (import->live, key->target_table);
  if (key->target_columns != NULL && key->target_columns[0] != NULL)
    return key->target_columns;
  return target != NULL && target->primary_key != NULL ? target->primary_key->columns : NULL;
}

static char *
orphan_query (const CormImport *import, const CormTable *table, const CormForeignKey *key, GStrv there)
{
  const CormDialect *dialect = corm_connection_get_dialect (import->conn);
  const GStrv shown = table->primary_key != NULL ? table->primary_key->columns : key->columns;
  GString *sql = g_string_new ("SELECT ");
  for (guint i = 0; shown[i] != NULL; i++) {
    g_string_append (sql, i > 0 ? ", " : "");
    append_column (sql, dialect, "c", shown[i]);
  }
  for (guint i = 0; key->columns[i] != NULL; i++) {
    g_string_append (sql, ", ");
    append_column (sql, dialect, "c", key->columns[i]);
  }
  g_string_append (sql, " FROM ");
  corm_sql_append_identifier (sql, dialect, table->name);
  g_string_append (sql, " c WHERE ");
  for (guint i = 0; key->columns[i] != NULL; i++) {
    append_column (sql, dialect, "c", key->columns[i]);
    g_string_append (sql, " IS NOT NULL AND ");
  }
  g_string_append (sql, "NOT EXISTS (SELECT 1 FROM ");
  corm_sql_append_identifier (sql, dialect, key->target_table);
  g_string_append (sql, " p");
  for (guint i = 0; key->columns[i] != NULL; i++) {
    g_string_append (sql, i > 0 ? " AND " : " WHERE ");
    append_column (sql, dialect, "p", there[i]);
    g_string_append (sql, " = ");
    append_column (sql, dialect, "c", key->columns[i]);
  }
  g_string_append (sql, ")");
  return g_string_free (sql, FALSE);
}

/* FALSE, and the fault, where a row of @table refers to nothing. */
static gboolean
check_key (CormImport *import, const CormTable *table, const CormForeignKey *key, GError **error)
{
  g_autoptr (GError) failed = NULL;
  GStrv there = target_columns (import, key);
  const GStrv shown = table->primary_key != NULL ? table->primary_key->columns : key->columns;
  guint n_shown = g_strv_length (shown), n = g_strv_length (key->columns);
  if (there == NULL || g_strv_length (there) != n)
    return TRUE;
  g_autofree char *sql = orphan_query (import, table, key, there);
  g_autoptr (CormCursor) cursor = corm_query (import->conn, sql, NULL, error);
  if (cursor == NULL)
    return FALSE;
  if (!corm_cursor_next (cursor, &failed)) {
    gboolean none = failed == NULL;
    if (!none)
      g_propagate_error (error, g_steal_pointer (&failed));
    return none;
  }
  g_autofree CormKeyPart *parts = g_new0 (CormKeyPart, n_shown + n + 1);
  g_autoptr (GPtrArray) texts = g_ptr_array_new_with_free_func (g_free);
  for (guint i = 0; i < n_shown + n; i++) {
    g_autoptr (GString) text = g_string_new (NULL);
    corm_value_append_text (corm_cursor_get_value (cursor, i), text);
    parts[i].name = i < n_shown ? shown[i] : key->columns[i - n_shown];
    parts[i].value = text->str;
    g_ptr_array_add (texts, g_string_free (g_steal_pointer (&text), FALSE));
  }
  g_autofree char *refers = corm_key_text (parts + n_shown, n);
  g_autofree char *reason = g_strdup_printf ("%s refers to no row of %s: bring that along, or leave it NULL",
                                             refers, key->target_table);
  CormFault fault = { .table = table->name, .reason = reason };
  import->misfits = TRUE; /* it cannot be taken out any more */
  (void) !corm_import_fault (import, CORM_ERROR_FOREIGN_KEY, &fault, parts, n_shown, error);
  return FALSE;
}

gboolean
corm_import_release_keys (CormImport *import, GPtrArray *ordered, GError **error)
{
  gboolean any = FALSE;
  for (guint i = 0; i < ordered->len; i++) {
    const CormTable *table = ordered->pdata[i];
    for (guint k = 0; k < table->foreign_keys->len; k++) {
      const CormForeignKey *key = table->foreign_keys->pdata[k];
      if ((is_target (import, table->name) || is_target (import, key->target_table)) &&
          !check_key (import, table, key, error))
        return FALSE;
    }
  }
  return run_for_all (import, ordered, corm_connection_get_dialect (import->conn)->release_key, &any, error);
}
