/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Mends in three steps: what changes tables (indexes, side tables), the rows, the sequences. One transaction holds them
 * all where the database can change tables in one; else it holds the rows, and a side table that stays empty goes again. */
#include "upkeep/mend.h"
#include "upkeep/choose.h"

#include "base/error.h"
#include "engine/connection.h"
#include "engine/transaction.h"
#include "render/ddl.h"
#include "upkeep/leaning.h"
#include "upkeep/orphans.h"
#include "upkeep/sequences.h"

#include <string.h>

#define SIDE "_orphans"

typedef struct {
  CormLook *look;
  const GPtrArray *tables;
  GHashTable *known; /* side tables that are there or planned */
  GPtrArray *made;   /* those that were made by us */
} Mending;

static gboolean
is_dry (const Mending *mending)
{
  return mending->look->options->dry_run;
}

static gboolean
execute (Mending *mending, const char *text, const char *sql, guint64 *rows, GError **error)
{
  return corm_execute (mending->look->conn, sql, NULL, rows, error) || corm_error_prefix (error, "%s", text);
}

/* Takes @text and @sql. @rows: of which it tells how many. */
static gboolean
run (Mending *mending, char *text, char *sql, gboolean has_rows, GError **error)
{
  guint64 rows = 0;
  CormMend *mend = corm_diagnosis_add_mend (mending->look->diagnosis, text, sql, -1);
  if (is_dry (mending))
    return TRUE;
  if (!execute (mending, text, sql, &rows, error))
    return FALSE;
  mend->rows = has_rows ? (gint64) rows : -1;
  return TRUE;
}

/* What is copied is what is deleted. */
static gboolean
run_move (Mending *mending, char *text, const char *copy, const char *delete, GError **error)
{
  guint64 copied = 0, deleted = 0;
  CormMend *mend =
      corm_diagnosis_add_mend (mending->look->diagnosis, text, g_strconcat (copy, ";\n", delete, NULL), -1);
  if (is_dry (mending))
    return TRUE;
  if (!execute (mending, text, copy, &copied, error) || !execute (mending, text, delete, &deleted, error))
    return FALSE;
  mend->rows = (gint64) deleted;
  if (copied == deleted)
    return TRUE;
  g_set_error (error, CORM_ERROR, CORM_ERROR_BUSY,
               "%s: %" G_GUINT64_FORMAT " rows were copied and %" G_GUINT64_FORMAT
               " deleted: somebody writes to the table; nothing was mended, try again",
               text, copied, deleted);
  return FALSE;
}

/* --- what changes tables ------------------------------------------------------------------------------------------------ */

static gboolean
make_indexes (Mending *mending, GError **error)
{
  for (guint i = 0; i < mending->tables->len; i++) {
    const CormTable *table = mending->tables->pdata[i];
    for (guint k = 0; k < table->foreign_keys->len; k++) {
      const CormForeignKey *key = table->foreign_keys->pdata[k];
      if (corm_foreign_key_has_index (mending->look, table, key))
        continue;
      g_autofree char *columns = corm_look_join ((const char *const *) key->columns);
      char *sql = corm_foreign_key_index_sql (mending->look, table, key, error);
      if (sql == NULL ||
          !run (mending, g_strdup_printf ("missing index of %s (%s): make it", table->name, columns), sql,
                FALSE, error))
        return FALSE;
    }
  }
  return TRUE;
}

static char *
side_name (const CormTable *table)
{
  return g_strconcat (table->name, SIDE, NULL);
}

/* The columns of @table, their types and nothing that would refuse a row. */
static char *
side_sql (const Mending *mending, const CormTable *table, const char *name, GError **error)
{
  g_autoptr (CormSchema) schema = corm_schema_new (mending->look->dialect->name);
  CormTable *side = corm_schema_add_table (schema, name);
  g_autoptr (GPtrArray) sql = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GHashTable) enums = g_hash_table_new (g_str_hash, g_str_equal);
  for (guint i = 0; i < table->columns->len; i++) {
    const CormTableColumn *column = table->columns->pdata[i];
    CormTableColumn *copy = corm_table_add_column (side, column->name);
    copy->type = column->type;
    copy->type_sql = g_strdup (column->type_sql);
    copy->collation = g_strdup (column->collation);
    copy->enum_type = g_strdup (column->enum_type);
    copy->labels = g_strdupv (column->labels);
    if (column->enum_type != NULL)
      g_hash_table_add (enums, column->enum_type);
  }
  if (!corm_render_create_table (sql, mending->look->dialect, side, 0, enums, error))
    return NULL;
  return g_strdup (sql->pdata[0]);
}

/* A side table that is there has to take all columns. */
static gboolean
check_side (const Mending *mending, const CormTable *table, const CormTable *side, GError **error)
{
  for (guint i = 0; i < table->columns->len; i++) {
    const CormTableColumn *column = table->columns->pdata[i];
    const CormTableColumn *there = corm_look_find_column (mending->look, side, column->name);
    if (there != NULL && g_strcmp0 (there->type_sql, column->type_sql) == 0)
      continue;
    g_set_error (
        error, CORM_ERROR, CORM_ERROR_SCHEMA,
        "orphans of %s: the table %s is there and has no column %s of the type %s; rename it, and a new "
        "one is made",
        table->name, side->name, column->name, column->type_sql);
    return FALSE;
  }
  return TRUE;
}

static gboolean
make_side_table (Mending *mending, const CormTable *table, GError **error)
{
  const CormDialect *dialect = mending->look->dialect;
  g_autofree char *name = side_name (table);
  const CormTable *there = corm_look_find_table (mending->look, mending->look->live, name);
  if (there != NULL)
    return check_side (mending, table, there, error);
  if (!g_hash_table_add (mending->known, g_strdup (name)))
    return TRUE;
  if (dialect->max_identifier > 0 && strlen (name) > dialect->max_identifier) {
    g_set_error (
        error, CORM_ERROR, CORM_ERROR_SCHEMA,
        "orphans of %s: the name %s is longer than this database takes; use orphans=set-null, or rename "
        "the table",
        table->name, name);
    return FALSE;
  }
  char *sql = side_sql (mending, table, name, error);
  if (sql == NULL || !run (mending, g_strdup_printf ("orphans of %s: make the table %s", table->name, name),
                           sql, FALSE, error))
    return FALSE;
  g_ptr_array_add (mending->made, g_steal_pointer (&name));
  return TRUE;
}

/* --- orphans ------------------------------------------------------------------------------------------------------------ */

typedef struct {
  const CormTable *table;
  const CormForeignKey *key;
  char *condition;
} Orphans;

static void
orphans_free (gpointer data)
{
  Orphans *orphans = data;
  g_free (orphans->condition);
  g_free (orphans);
}

/* The foreign keys that have orphans now. */
static GPtrArray *
find_orphans (Mending *mending, GError **error)
{
  g_autoptr (GPtrArray) found = g_ptr_array_new_with_free_func (orphans_free);
  for (guint i = 0; i < mending->tables->len; i++) {
    const CormTable *table = mending->tables->pdata[i];
    g_autoptr (GPtrArray) keys = corm_orphans_keys (mending->look, table);
    for (guint k = 0; k < keys->len; k++) {
      gint64 count = 0;
      g_autoptr (GString) condition = g_string_new (NULL);
      if (!corm_orphans_condition (mending->look, table, keys->pdata[k], condition))
        continue;
      if (!corm_look_count (mending->look, table, condition->str, table->name, &count, error))
        return NULL;
      if (count <= 0)
        continue;
      Orphans *orphans = g_new0 (Orphans, 1);
      *orphans = (Orphans){ table, keys->pdata[k], g_strdup (condition->str) };
      g_ptr_array_add (found, orphans);
    }
  }
  return g_steal_pointer (&found);
}

static gboolean
is_nullable (const CormTable *table, const char *name)
{
  const CormTableColumn *column = corm_table_find_column (table, name);
  const CormKey *key = table->primary_key;
  return !column->not_null && column->generated_sql == NULL &&
         (key == NULL || !g_strv_contains ((const char *const *) key->columns, name));
}

static char *
set_null_sql (const Mending *mending, const Orphans *orphans, GError **error)
{
  const char *const *columns = (const char *const *) orphans->key->columns;
  guint n = 0;
  g_autoptr (GString) sql = g_string_new ("UPDATE ");
  corm_sql_append_rows_of (sql, mending->look->dialect, orphans->table);
  g_string_append (sql, " SET ");
  for (guint i = 0; columns[i] != NULL; i++) {
    if (!is_nullable (orphans->table, columns[i]))
      continue;
    g_string_append (sql, n++ > 0 ? ", " : "");
    corm_look_append_name (mending->look, sql, NULL, columns[i]);
    g_string_append (sql, " = NULL");
  }
  g_string_append_printf (sql, " WHERE %s", orphans->condition);
  if (n > 0 && (!orphans->key->match_full || columns[n] == NULL))
    return g_string_free (g_steal_pointer (&sql), FALSE);
  g_autofree char *list = corm_look_join (columns);
  g_set_error (error, CORM_ERROR, CORM_ERROR_NOT_NULL,
               "orphans of %s: %s cannot be NULL; use orphans=move, or orphans=delete", orphans->table->name,
               list);
  return NULL;
}

static char *
delete_sql (const Mending *mending, const Orphans *orphans)
{
  GString *sql = g_string_new ("DELETE FROM ");
  corm_sql_append_rows_of (sql, mending->look->dialect, orphans->table);
  g_string_append_printf (sql, " WHERE %s", orphans->condition);
  return g_string_free (sql, FALSE);
}

static char *
copy_sql (const Mending *mending, const Orphans *orphans)
{
  const CormTable *table = orphans->table;
  g_autofree char *name = side_name (table);
  g_autoptr (GString) columns = g_string_new (NULL);
  GString *sql = g_string_new ("INSERT INTO ");
  for (guint i = 0; i < table->columns->len; i++) {
    g_string_append (columns, i > 0 ? ", " : "");
    corm_look_append_name (mending->look, columns, NULL,
                           ((CormTableColumn *) table->columns->pdata[i])->name);
  }
  corm_sql_append_identifier (sql, mending->look->dialect, name);
  g_string_append_printf (sql, " (%s) SELECT %s FROM ", columns->str, columns->str);
  corm_sql_append_rows_of (sql, mending->look->dialect, table);
  g_string_append_printf (sql, " WHERE %s", orphans->condition);
  return g_string_free (sql, FALSE);
}

static gboolean
mend_orphans (Mending *mending, const Orphans *orphans, GError **error)
{
  CormOrphans way = mending->look->options->orphans;
  static const char *const ways[] = { "", "delete", "set NULL", "move" };
  g_autofree char *columns = corm_look_join ((const char *const *) orphans->key->columns);
  if (way != CORM_ORPHANS_SET_NULL &&
      !corm_check_nothing_leans (mending->look, orphans->table, orphans->condition, error))
    return FALSE;
  char *text = g_strdup_printf ("orphans of %s (%s): %s", orphans->table->name, columns, ways[way]);
  g_autofree char *copy = way == CORM_ORPHANS_MOVE ? copy_sql (mending, orphans) : NULL;
  char *sql =
      way == CORM_ORPHANS_SET_NULL ? set_null_sql (mending, orphans, error) : delete_sql (mending, orphans);
  if (copy == NULL && sql != NULL)
    return run (mending, text, sql, TRUE, error);
  gboolean ok = copy != NULL && run_move (mending, text, copy, sql, error);
  if (copy == NULL)
    g_free (text);
  g_free (sql);
  return ok;
}

static gboolean
make_side_tables (Mending *mending, const GPtrArray *found, GError **error)
{
  for (guint i = 0; mending->look->options->orphans == CORM_ORPHANS_MOVE && i < found->len; i++)
    if (!make_side_table (mending, ((Orphans *) found->pdata[i])->table, error))
      return FALSE;
  return TRUE;
}

static gboolean
mend_these_orphans (Mending *mending, const GPtrArray *found, gint64 *rows, GError **error)
{
  const GPtrArray *mends = mending->look->diagnosis->mends;
  guint before = mends->len;
  for (guint i = 0; i < found->len; i++)
    if (!mend_orphans (mending, found->pdata[i], error))
      return FALSE;
  *rows = 0;
  for (guint i = before; i < mends->len; i++)
    *rows += MAX (0, ((const CormMend *) mends->pdata[i])->rows);
  return TRUE;
}

/* What pointed to rows that went, by a key that is wanted and not there, is an orphan now: so on until none is left. Where no
 * side table can be made in between, the last look tells of it. */
static gboolean
mend_all_orphans (Mending *mending, const GPtrArray *found, gboolean may_make, GError **error)
{
  gint64 rows = 0;
  gboolean is_last = is_dry (mending) || mending->look->options->orphans == CORM_ORPHANS_SET_NULL ||
                     (mending->look->options->orphans == CORM_ORPHANS_MOVE && !may_make);
  if (!mend_these_orphans (mending, found, &rows, error))
    return FALSE;
  while (!is_last && rows > 0) {
    g_autoptr (GPtrArray) more = find_orphans (mending, error);
    if (more == NULL || !make_side_tables (mending, more, error) ||
        !mend_these_orphans (mending, more, &rows, error))
      return FALSE;
  }
  return TRUE;
}

/* --- all of it ---------------------------------------------------------------------------------------------------------- */

static gboolean
set_sequence (G_GNUC_UNUSED CormLook *look, const CormLate *late, gpointer data, GError **error)
{
  return run (data,
              g_strdup_printf ("sequence of %s (%s): behind %" G_GINT64_FORMAT, late->table->name,
                               late->column->name, late->last),
              g_strdup (late->sql), FALSE, error);
}

static gboolean
set_sequences (Mending *mending, GError **error)
{
  return !mending->look->options->sequences ||
         corm_sequences_each_late (mending->look, mending->tables, set_sequence, mending, error);
}

static gboolean
change_tables (Mending *mending, const GPtrArray *found, GError **error)
{
  return (!mending->look->options->indexes || make_indexes (mending, error)) &&
         make_side_tables (mending, found, error);
}

/* One snapshot, so that what is copied is what is deleted; whole tables, so that no row seems to be an orphan whose parent
 * is merely hidden. */
static CormTransaction *
begin (Mending *mending, GError **error)
{
  CormConnection *conn = mending->look->conn;
  CormTransaction *write =
      corm_transaction_begin_at (conn, CORM_TRANSACTION_WRITE, CORM_ISOLATION_REPEATABLE_READ, error);
  if (write != NULL && !corm_transaction_see_all (conn, error))
    g_clear_pointer (&write, corm_transaction_free);
  return write;
}

static gboolean
mend_in_one (Mending *mending, const GPtrArray *found, GError **error)
{
  g_autoptr (CormTransaction) transaction = is_dry (mending) ? NULL : begin (mending, error);
  if (!is_dry (mending) && transaction == NULL)
    return FALSE;
  return change_tables (mending, found, error) && mend_all_orphans (mending, found, TRUE, error) &&
         set_sequences (mending, error) &&
         (transaction == NULL || corm_transaction_commit (transaction, error));
}

static void
drop_made (Mending *mending)
{
  for (guint i = 0; i < mending->made->len; i++) {
    g_autoptr (GString) sql = g_string_new ("DROP TABLE ");
    corm_sql_append_identifier (sql, mending->look->dialect, mending->made->pdata[i]);
    corm_execute (mending->look->conn, sql->str, NULL, NULL, NULL);
  }
}

static gboolean
mend_rows_in_one (Mending *mending, const GPtrArray *found, GError **error)
{
  g_autoptr (CormTransaction) transaction = begin (mending, error);
  return transaction != NULL && mend_all_orphans (mending, found, FALSE, error) &&
         corm_transaction_commit (transaction, error);
}

static gboolean
mend_in_steps (Mending *mending, const GPtrArray *found, GError **error)
{
  if (!change_tables (mending, found, error))
    return FALSE;
  if (!mend_rows_in_one (mending, found, error)) {
    drop_made (mending);
    return FALSE;
  }
  return set_sequences (mending, error);
}

gboolean
corm_mend (CormLook *look, const GPtrArray *tables, GError **error)
{
  g_autoptr (GHashTable) known = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (GPtrArray) made = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GPtrArray) found = NULL;
  Mending mending = { look, tables, known, made };
  gboolean in_one = look->options->dry_run || (look->dialect->caps & CORM_CAP_TRANSACTIONAL_DDL) != 0;
  found = look->options->orphans != CORM_ORPHANS_LEAVE ? find_orphans (&mending, error)
                                                       : g_ptr_array_new_with_free_func (orphans_free);
  if (found == NULL)
    return FALSE;
  return in_one ? mend_in_one (&mending, found, error) : mend_in_steps (&mending, found, error);
}
