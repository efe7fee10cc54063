/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Renames are SQLite's own: ALTER TABLE … RENAME resolves every name in views, triggers, indexes, checks and other tables'
 * foreign keys, aliases and subqueries included, which no reader of tokens can do. It writes a table's new name in
 * quotes, and it refuses to begin while any view or trigger of the database names something that is not there. So the
 * renames are tried on an empty copy of the schema in memory: that tells what the texts are afterwards, and which views
 * and triggers are broken and have to step aside meanwhile. legacy_alter_table would let broken ones pass, but leave the
 * old names in those that are whole. The same copy proves that a dropped column is missed by none of them. */
#include "rebuild.h"

#include <string.h>

typedef struct {
  CormConnection *conn;
  GPtrArray *objects; /* CormSchemaObject, borrowed: those in the copy */
  GPtrArray *broken;  /* those that had to go */
} Copy;

static void
copy_clear (Copy *copy)
{
  g_clear_pointer (&copy->conn, corm_connection_free);
  g_clear_pointer (&copy->objects, g_ptr_array_unref);
  g_clear_pointer (&copy->broken, g_ptr_array_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Copy, copy_clear)

static gboolean
run (Copy *copy, const char *sql, GError **error)
{
  return corm_execute (copy->conn, sql, NULL, NULL, error);
}

/* What cannot be made here (a module that is not loaded) was not usable there either. */
static void
run_if_possible (Copy *copy, const char *sql)
{
  g_autoptr (GError) error = NULL;
  if (!run (copy, sql, &error))
    g_debug ("copy of the schema: %s", error->message);
}

/* The schema without its rows, and without what the edits say has been dropped. */
static gboolean
copy_open (Copy *copy, const CormSchema *schema, const CormSqlite3Edits *edits, GError **error)
{
  copy->objects = g_ptr_array_new ();
  copy->broken = g_ptr_array_new ();
  copy->conn = corm_connection_open_uri ("sqlite::memory:", error);
  if (copy->conn == NULL || !run (copy, "PRAGMA foreign_keys = 0", error))
    return FALSE;
  for (guint i = 0; i < schema->tables->len; i++) {
    const CormTable *table = schema->tables->pdata[i];
    if (table->sql == NULL)
      continue;
    run_if_possible (copy, table->sql);
    for (guint k = 0; k < table->indexes->len; k++) {
      const CormTableIndex *index = table->indexes->pdata[k];
      if (index->sql != NULL && !corm_sqlite3_edits_drop_named (edits, CORM_OP_DROP_INDEX, index->name))
        run_if_possible (copy, index->sql);
    }
  }
  for (guint i = 0; i < schema->objects->len; i++) {
    CormSchemaObject *object = schema->objects->pdata[i];
    if (corm_sqlite3_edits_drop_named (edits, CORM_OP_DROP_OBJECT, object->name))
      continue;
    run_if_possible (copy, object->sql);
    g_ptr_array_add (copy->objects, object);
  }
  return TRUE;
}

static char *
statement (const char *verb, const char *name)
{
  GString *sql = g_string_new (verb);
  corm_sql_append_identifier (sql, &corm_sqlite3_dialect, name);
  return g_string_free (sql, FALSE);
}

static char *
drop_statement (const CormSchemaObject *object)
{
  return statement (g_str_equal (object->kind, "trigger") ? "DROP TRIGGER IF EXISTS main."
                                                          : "DROP VIEW IF EXISTS main.",
                    object->name);
}

/* --- broken views and triggers --------------------------------------------------------------------------------------------- */

/* Whom SQLite means by "error in view NAME: …", the longest name that fits. */
static CormSchemaObject *
find_blamed (const Copy *copy, const char *message)
{
  CormSchemaObject *found = NULL;
  for (guint i = 0; i < copy->objects->len; i++) {
    CormSchemaObject *object = copy->objects->pdata[i];
    g_autofree char *words = g_strdup_printf ("error in %s %s", object->kind, object->name);
    const char *place = strstr (message, words);
    if (place != NULL && strchr (": ", place[strlen (words)]) != NULL &&
        (found == NULL || strlen (found->name) < strlen (object->name)))
      found = object;
  }
  return found;
}

static void
step_aside (Copy *copy, CormSchemaObject *object)
{
  g_autofree char *drop = drop_statement (object);
  run_if_possible (copy, drop);
  g_ptr_array_add (copy->broken, object);
  g_ptr_array_remove (copy->objects, object);
  /* A view's own triggers go with it. */
  for (guint i = copy->objects->len; g_str_equal (object->kind, "view") && i-- > 0;) {
    CormSchemaObject *trigger = copy->objects->pdata[i];
    if (trigger->table != NULL && g_ascii_strcasecmp (trigger->table, object->name) == 0) {
      g_ptr_array_add (copy->broken, trigger);
      g_ptr_array_remove_index (copy->objects, i);
    }
  }
}

/* Runs a rename; what stands in its way steps aside. */
static gboolean
rename_once (Copy *copy, const char *sql, GError **error)
{
  for (;;) {
    g_autoptr (GError) local = NULL;
    if (run (copy, sql, &local))
      return TRUE;
    CormSchemaObject *blamed = find_blamed (copy, local->message);
    if (blamed == NULL) {
      g_propagate_error (error, g_steal_pointer (&local));
      return FALSE;
    }
    step_aside (copy, blamed);
  }
}

/* --- the renames -------------------------------------------------------------------------------------------------------------- */

typedef struct {
  int column;       /* -1: the table */
  char *was, *name; /* of the column */
} Step;

typedef struct {
  Copy *copy;
  char *table;      /* as it is called by now */
  GPtrArray *names; /* char *, of its columns by now */
  GPtrArray *sql;
  GArray *steps; /* Step */
} Renaming;

static char *
rename_sql (const char *table, const char *was, const char *name)
{
  GString *sql = g_string_new ("ALTER TABLE main.");
  corm_sql_append_identifier (sql, &corm_sqlite3_dialect, table);
  g_string_append (sql, " RENAME ");
  if (was != NULL) {
    g_string_append (sql, "COLUMN ");
    corm_sql_append_identifier (sql, &corm_sqlite3_dialect, was);
    g_string_append_c (sql, ' ');
  }
  g_string_append (sql, "TO ");
  corm_sql_append_identifier (sql, &corm_sqlite3_dialect, name);
  return g_string_free (sql, FALSE);
}

static gboolean
rename_table (Renaming *renaming, const char *name, GError **error)
{
  char *sql = rename_sql (renaming->table, NULL, name);
  g_ptr_array_add (renaming->sql, sql);
  g_free (renaming->table);
  renaming->table = g_strdup (name);
  return rename_once (renaming->copy, sql, error);
}

static gboolean
rename_column (Renaming *renaming, guint column, const char *name, GError **error)
{
  Step step = { (int) column, renaming->names->pdata[column], g_strdup (name) };
  char *sql = rename_sql (renaming->table, step.was, name);
  g_ptr_array_add (renaming->sql, sql);
  g_array_append_val (renaming->steps, step);
  renaming->names->pdata[column] = g_strdup (name);
  return rename_once (renaming->copy, sql, error);
}

static int
find_name (const Renaming *renaming, const char *name)
{
  for (guint i = 0; i < renaming->names->len; i++)
    if (g_ascii_strcasecmp (renaming->names->pdata[i], name) == 0)
      return (int) i;
  return -1;
}

/* Out of the way of another that takes its name. */
static gboolean
rename_aside (Renaming *renaming, guint column, GError **error)
{
  for (guint n = 0;; n++) {
    g_autofree char *name = g_strdup_printf ("corm_aside_%u", n);
    if (find_name (renaming, name) < 0)
      return rename_column (renaming, column, name, error);
  }
}

/* Columns may take each other's names: whoever holds one that is wanted steps aside until its own turn. */
static gboolean
rename_columns (Renaming *renaming, const CormSqlite3Edits *edits, GError **error)
{
  for (guint i = 0; i < edits->n_edits; i++) {
    const CormTableEdit *edit = &edits->edits[i];
    if (edit->kind != CORM_OP_RENAME_COLUMN)
      continue;
    int column = corm_sqlite3_edit_column (edits, edit);
    if (column < 0) {
      g_set_error (error, CORM_ERROR, CORM_ERROR_NOT_FOUND, "table %s has no column %s to rename",
                   edits->live->name, edit->was != NULL ? edit->was : edit->name);
      return FALSE;
    }
    int other = find_name (renaming, edit->name);
    if (other >= 0 && other != column && !rename_aside (renaming, (guint) other, error))
      return FALSE;
    if (!rename_column (renaming, (guint) column, edit->name, error))
      return FALSE;
  }
  return TRUE;
}

static gboolean
rename_all (Renaming *renaming, const CormSqlite3Edits *edits, GError **error)
{
  for (guint i = 0; i < edits->live->columns->len; i++)
    g_ptr_array_add (renaming->names,
                     g_strdup (((const CormTableColumn *) edits->live->columns->pdata[i])->name));
  for (guint i = 0; i < edits->n_edits; i++)
    if (edits->edits[i].kind == CORM_OP_RENAME_TABLE && !rename_table (renaming, edits->edits[i].name, error))
      return FALSE;
  return rename_columns (renaming, edits, error);
}

static gboolean
wants (const CormSqlite3Edits *edits, CormOpKind kind)
{
  for (guint i = 0; i < edits->n_edits; i++)
    if (edits->edits[i].kind == kind)
      return TRUE;
  return FALSE;
}

static const CormTable *
find_table (const CormSchema *schema, const char *name)
{
  for (guint i = 0; i < schema->tables->len; i++)
    if (g_ascii_strcasecmp (((const CormTable *) schema->tables->pdata[i])->name, name) == 0)
      return schema->tables->pdata[i];
  return NULL;
}

/* Around the renames: what is broken goes, and comes back as it was. */
static void
surround (const Copy *copy, const CormSchema *schema, GPtrArray *sql)
{
  guint at = 0;
  for (guint i = 0; i < schema->objects->len; i++) {
    const CormSchemaObject *object = schema->objects->pdata[i];
    if (!g_ptr_array_find (copy->broken, object, NULL))
      continue;
    g_ptr_array_insert (sql, (int) at++, drop_statement (object));
    g_ptr_array_add (sql, g_strdup (object->sql));
  }
}

static void
clear_step (gpointer data)
{
  Step *step = data;
  g_free (step->was);
  g_free (step->name);
}

char *
corm_sqlite3_edit_new_name (const CormTableEdit *edit)
{
  g_autoptr (GArray) tokens = corm_sqlite3_tokenize (edit->definition);
  return corm_sqlite3_token_name (edit->definition, &g_array_index (tokens, CormSqlite3Token, 0));
}

/* An added column that has a name which another gets back steps aside. */
static void
undo_additions (const Renaming *renaming, const CormSqlite3Edits *edits, CormSqlite3Renames *renames)
{
  for (guint i = 0; i < edits->n_edits; i++) {
    char *aside = NULL;
    if (edits->edits[i].kind != CORM_OP_ADD_COLUMN)
      continue;
    g_autofree char *name = corm_sqlite3_edit_new_name (&edits->edits[i]);
    for (guint s = 0; s < renaming->steps->len && aside == NULL; s++) {
      const Step *step = &g_array_index (renaming->steps, Step, s);
      if (g_ascii_strcasecmp (step->was, name) != 0)
        continue;
      aside = g_strdup_printf ("corm_added_%u", i);
      g_ptr_array_add (renames->reverse, rename_sql (renaming->table, name, aside));
    }
    g_ptr_array_add (renames->aside, aside);
  }
}

/* Backwards; those of columns that are not there any more need no undoing. */
static void
undo (const Renaming *renaming, const CormSqlite3Edits *edits, CormSqlite3Renames *renames)
{
  undo_additions (renaming, edits, renames);
  for (guint s = renaming->steps->len; s-- > 0;) {
    const Step *step = &g_array_index (renaming->steps, Step, s);
    if (!corm_sqlite3_edits_drop (edits, (guint) step->column))
      g_ptr_array_add (renames->reverse, rename_sql (renaming->table, step->name, step->was));
  }
  if (strcmp (renaming->table, edits->live->name) != 0)
    g_ptr_array_add (renames->reverse, rename_sql (renaming->table, NULL, edits->live->name));
}

gboolean
corm_sqlite3_renames_plan (CormSqlite3Rebuild *rebuild, CormSqlite3Renames *renames, GError **error)
{
  g_auto (Copy) copy = { 0 };
  const CormSqlite3Edits *edits = &rebuild->edits;
  renames->sql = g_ptr_array_new_with_free_func (g_free);
  renames->reverse = g_ptr_array_new_with_free_func (g_free);
  renames->aside = g_ptr_array_new_with_free_func (g_free);
  if (!wants (edits, CORM_OP_RENAME_TABLE) && !wants (edits, CORM_OP_RENAME_COLUMN))
    return TRUE;
  if (!copy_open (&copy, rebuild->schema, edits, error))
    return FALSE;
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GArray) steps = g_array_new (FALSE, FALSE, sizeof (Step));
  g_array_set_clear_func (steps, clear_step);
  Renaming renaming = { &copy, g_strdup (edits->live->name), names, renames->sql, steps };
  gboolean ok = rename_all (&renaming, edits, error);
  g_autofree char *name = renaming.table;
  undo (&renaming, edits, renames);
  for (guint i = 0; i < copy.broken->len && ok; i++)
    run_if_possible (&copy, ((const CormSchemaObject *) copy.broken->pdata[i])->sql);
  surround (&copy, rebuild->schema, renames->sql);
  surround (&copy, rebuild->schema, renames->reverse);
  renames->after = corm_schema_new (corm_sqlite3_dialect.name);
  if (!ok || !corm_sqlite3_inspect (copy.conn, FALSE, renames->after, error))
    return FALSE;
  rebuild->schema = renames->after;
  rebuild->table = find_table (renames->after, name);
  g_assert (rebuild->table != NULL);
  return TRUE;
}

void
corm_sqlite3_renames_clear (CormSqlite3Renames *renames)
{
  g_clear_pointer (&renames->sql, g_ptr_array_unref);
  g_clear_pointer (&renames->reverse, g_ptr_array_unref);
  g_clear_pointer (&renames->aside, g_ptr_array_unref);
  g_clear_pointer (&renames->after, corm_schema_free);
}

/* --- the proof ------------------------------------------------------------------------------------------------------------------ */

/* SQLite reads every view and trigger when a table is renamed; the rename itself is taken back. */
static gboolean
probe (Copy *copy, const char *table, GError **error)
{
  g_autofree char *sql = rename_sql (table, NULL, "corm_probe");
  if (!run (copy, "SAVEPOINT probe", error))
    return FALSE;
  gboolean ok = run (copy, sql, error);
  return run (copy, "ROLLBACK TO probe", ok ? error : NULL) &&
         run (copy, "RELEASE probe", ok ? error : NULL) && ok;
}

static gboolean
is_broken (const GPtrArray *broken, const CormSchemaObject *object)
{
  return g_ptr_array_find ((GPtrArray *) broken, object, NULL);
}

/* With @broken NULL all that are broken step aside; else one that is not among them is an error. */
static gboolean
look_through (Copy *copy, const char *table, const GPtrArray *broken, GError **error)
{
  for (;;) {
    g_autoptr (GError) local = NULL;
    if (probe (copy, table, &local))
      return TRUE;
    CormSchemaObject *blamed = find_blamed (copy, local->message);
    if (blamed != NULL && (broken == NULL || is_broken (broken, blamed))) {
      step_aside (copy, blamed);
      continue;
    }
    if (blamed == NULL) {
      g_propagate_error (error, g_steal_pointer (&local));
      return FALSE;
    }
    const char *words = strstr (local->message, "error in ");
    g_set_error (error, CORM_ERROR, CORM_ERROR_SCHEMA,
                 "%s %s would no longer work: %s; drop it first, or change it with the table", blamed->kind,
                 blamed->name, words);
    return FALSE;
  }
}

static const CormSchemaObject *
find_object (const CormSchema *schema, const char *kind, const char *name)
{
  for (guint i = 0; i < schema->objects->len; i++) {
    const CormSchemaObject *object = schema->objects->pdata[i];
    if (g_str_equal (object->kind, kind) && g_ascii_strcasecmp (object->name, name) == 0)
      return object;
  }
  return NULL;
}

/* Views and triggers that renames there and back have written otherwise come back as they were. */
static gboolean
restore_texts (Copy *copy, const CormSchema *live, GPtrArray *reverse, GError **error)
{
  g_autoptr (CormSchema) back = corm_schema_new (corm_sqlite3_dialect.name);
  g_autoptr (GHashTable) gone = g_hash_table_new (g_direct_hash, g_direct_equal);
  if (!corm_sqlite3_inspect (copy->conn, FALSE, back, error))
    return FALSE;
  for (guint i = 0; i < live->objects->len; i++) {
    CormSchemaObject *object = live->objects->pdata[i];
    const CormSchemaObject *other = find_object (back, object->kind, object->name);
    if (other == NULL || (!g_str_equal (object->kind, "view") && !g_str_equal (object->kind, "trigger")))
      continue;
    const CormSchemaObject *view = object->table != NULL ? find_object (live, "view", object->table) : NULL;
    gboolean with_view = view != NULL && g_hash_table_contains (gone, view);
    if (!with_view && g_str_equal (other->sql, object->sql))
      continue;
    g_hash_table_add (gone, object);
    g_ptr_array_add (reverse, drop_statement (object));
    g_ptr_array_add (reverse, g_strdup (object->sql));
  }
  return TRUE;
}

static gboolean
run_all (Copy *copy, const GPtrArray *sql, GError **error)
{
  for (guint i = 0; i < sql->len; i++)
    if (!run (copy, sql->pdata[i], error))
      return FALSE;
  return TRUE;
}

gboolean
corm_sqlite3_renames_prove (const CormSqlite3Rebuild *rebuild, const GPtrArray *sql, GPtrArray *reverse,
                            GError **error)
{
  const CormSchema *live = rebuild->live;
  g_auto (Copy) before = { 0 }, after = { 0 };
  const CormSqlite3Edits *edits = &rebuild->edits;
  gboolean drops = wants (edits, CORM_OP_DROP_COLUMN);
  gboolean renames = wants (edits, CORM_OP_RENAME_TABLE) || wants (edits, CORM_OP_RENAME_COLUMN);
  if (!drops && !renames)
    return TRUE;
  if (!copy_open (&before, live, edits, error) || !copy_open (&after, live, edits, error) ||
      !look_through (&before, edits->live->name, NULL, error) || !run_all (&after, sql, error) ||
      !look_through (&after, rebuild->table->name, before.broken, error))
    return FALSE;
  return !renames || (run_all (&after, reverse, error) && restore_texts (&after, live, reverse, error));
}
