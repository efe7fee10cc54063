/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* The structure of a SQLite database, with three queries whatever the number of tables: the stored SQL, the columns and
 * the foreign keys of all of them. Pragmas say how SQLite understood a declaration; the stored SQL says what they
 * leave out (checks, names of constraints, collations, expressions). Speaks through corm_query() alone. */
#include "../dialects.h"
#include "ddl.h"

#include <string.h>

typedef struct {
  CormTable *table;
  CormSqlite3Table *ddl;
  char *sql; /* goes to the table when its parts are there */
  guint n_foreign_keys;
} Entry;

typedef struct {
  CormSchema *schema;
  GHashTable *entries; /* name in small letters -> Entry */
} Reading;

static void
entry_free (gpointer data)
{
  Entry *entry = data;
  corm_sqlite3_table_free (entry->ddl);
  g_free (entry->sql);
  g_free (entry);
}

/* --- values: a driver that knows no types may give a number as text ------------------------------------------- */

static char *
get_text (CormCursor *cursor, guint column)
{
  const CormValue *value = corm_cursor_get_value (cursor, column);
  if (value->is_null)
    return NULL;
  GString *text = g_string_new (NULL);
  corm_value_append_text (value, text);
  return g_string_free (text, FALSE);
}

static gint64
get_int (CormCursor *cursor, guint column)
{
  g_autofree char *text = get_text (cursor, column);
  return text != NULL ? g_ascii_strtoll (text, NULL, 10) : 0;
}

/* --- names: SQLite folds their case; here they stand as declared ------------------------------------------------ */

static Entry *
find_entry (const Reading *reading, const char *name)
{
  g_autofree char *folded = g_ascii_strdown (name, -1);
  return g_hash_table_lookup (reading->entries, folded);
}

static CormTable *
find_table (const Reading *reading, const char *name)
{
  const Entry *entry = find_entry (reading, name);
  return entry != NULL ? entry->table : NULL;
}

static const char *
declared (const CormTable *table, const char *name)
{
  for (guint i = 0; table != NULL && i < table->columns->len; i++) {
    const CormTableColumn *column = table->columns->pdata[i];
    if (g_ascii_strcasecmp (column->name, name) == 0)
      return column->name;
  }
  return name;
}

static GStrv
declared_names (const CormTable *table, GPtrArray *names)
{
  GStrv columns = g_new0 (char *, names->len + 1);
  for (guint i = 0; i < names->len; i++)
    columns[i] = g_strdup (declared (table, names->pdata[i]));
  return columns;
}

static void
append_name (GStrv *names, const char *name)
{
  guint n = *names != NULL ? g_strv_length (*names) : 0;
  *names = g_renew (char *, *names, n + 2);
  (*names)[n] = g_strdup (name);
  (*names)[n + 1] = NULL;
}

/* --- the stored SQL ----------------------------------------------------------------------------------------------- */

/* Tables first, then what is made of them, a trigger behind the view that it belongs to. The list of tables is made once:
 * asked for one table, SQLite goes through all of them. */
static const char schema_sql[] =
    "WITH l AS MATERIALIZED (SELECT name, type FROM pragma_table_list WHERE schema = 'main') "
    "SELECT s.type, s.name, s.tbl_name, s.sql, l.type FROM main.sqlite_schema AS s "
    "LEFT JOIN l ON l.name = s.name AND s.type = 'table' "
    "WHERE s.name NOT LIKE 'sqlite\\_%' ESCAPE '\\' AND ifnull(l.type, '') <> 'shadow' "
    "ORDER BY s.type = 'trigger', s.type = 'view', s.rowid";

static gboolean
add_table (Reading *reading, const char *name, char *sql, GError **error)
{
  CormSqlite3Table *ddl = corm_sqlite3_table_parse (sql, error);
  if (ddl == NULL) {
    g_prefix_error (error, "reading the structure of table %s: ", name);
    g_free (sql);
    return FALSE;
  }
  Entry *entry = g_new0 (Entry, 1);
  entry->ddl = ddl;
  entry->table = corm_schema_add_table (reading->schema, name);
  entry->sql = sql;
  entry->table->strict = ddl->strict;
  entry->table->without_rowid = ddl->without_rowid;
  g_hash_table_insert (reading->entries, g_ascii_strdown (name, -1), entry);
  return TRUE;
}

/* One row of schema_sql. Indexes wait in @indexes: their tables' columns are not known yet. */
static gboolean
add_entry (Reading *reading, CormCursor *cursor, GPtrArray *indexes, GError **error)
{
  g_autofree char *type = get_text (cursor, 0), *name = get_text (cursor, 1), *table = get_text (cursor, 2);
  g_autofree char *sql = get_text (cursor, 3), *kind = get_text (cursor, 4);
  gboolean is_virtual = g_strcmp0 (kind, "virtual") == 0;
  if (g_str_equal (type, "table") && !is_virtual)
    return add_table (reading, name, g_steal_pointer (&sql), error);
  if (g_str_equal (type, "index")) {
    g_ptr_array_add (indexes, g_steal_pointer (&name));
    g_ptr_array_add (indexes, g_steal_pointer (&table));
    g_ptr_array_add (indexes, g_steal_pointer (&sql));
    return TRUE;
  }
  CormSchemaObject *object =
      corm_schema_add_object (reading->schema, is_virtual ? "virtual table" : type, name);
  object->sql = g_steal_pointer (&sql);
  if (g_str_equal (type, "trigger"))
    object->table = g_steal_pointer (&table);
  return TRUE;
}

static gboolean
read_schema (Reading *reading, CormConnection *conn, GPtrArray *indexes, GError **error)
{
  g_autoptr (GError) local = NULL;
  g_autoptr (CormCursor) cursor = corm_query (conn, schema_sql, NULL, error);
  if (cursor == NULL)
    return FALSE;
  while (corm_cursor_next (cursor, &local))
    if (!add_entry (reading, cursor, indexes, error))
      return FALSE;
  if (local == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&local));
  return FALSE;
}

/* --- columns ------------------------------------------------------------------------------------------------------ */

static const char columns_sql[] =
    "SELECT s.name, x.name, x.type, x.\"notnull\", x.dflt_value FROM main.sqlite_schema AS s "
    "CROSS JOIN pragma_table_xinfo(s.name, 'main') AS x "
    "WHERE s.type = 'table' AND s.sql NOT LIKE 'CREATE VIRTUAL%' ORDER BY s.rowid, x.cid";

/* SQLite keeps comments in a type: without them. */
static char *
plain_type (const char *type)
{
  if (type == NULL || (strstr (type, "--") == NULL && strstr (type, "/*") == NULL))
    return g_strdup (type != NULL ? type : "");
  g_autoptr (GArray) tokens = corm_sqlite3_tokenize (type);
  GString *text = g_string_new (NULL);
  for (guint i = 0; i + 1 < tokens->len; i++) {
    const CormSqlite3Token *token = &g_array_index (tokens, CormSqlite3Token, i);
    gboolean space =
        text->len > 0 && token->kind != CORM_SQLITE3_OPERATOR && token[-1].kind != CORM_SQLITE3_OPERATOR;
    g_string_append (text, space ? " " : "");
    g_string_append_len (text, type + token->start, (gssize) (token->end - token->start));
  }
  return g_string_free (text, FALSE);
}

/* BINARY is none; the others of SQLite's own in capitals. */
static char *
collation_of (const CormSqlite3Column *column)
{
  static const char *const own[] = { "NOCASE", "RTRIM" };
  if (column->collation == NULL || g_ascii_strcasecmp (column->collation, "BINARY") == 0)
    return NULL;
  for (guint i = 0; i < G_N_ELEMENTS (own); i++)
    if (g_ascii_strcasecmp (column->collation, own[i]) == 0)
      return g_strdup (own[i]);
  return g_strdup (column->collation);
}

/* "AUTOINCREMENT NOT NULL ON CONFLICT FAIL": as it stands behind the key, or behind the type. */
static char *
column_options (const CormSqlite3Table *ddl, guint i)
{
  const CormSqlite3Column *column = ddl->columns->pdata[i];
  const char *automatic =
      ddl->autoincrement && corm_sqlite3_table_rowid_column (ddl) == column ? "AUTOINCREMENT" : NULL;
  g_autofree char *not_null =
      column->conflict != NULL ? g_strconcat ("NOT NULL ", column->conflict, NULL) : NULL;
  if (automatic != NULL && not_null != NULL)
    return g_strjoin (" ", automatic, not_null, NULL);
  return automatic != NULL ? g_strdup (automatic) : g_steal_pointer (&not_null);
}

static void
add_column (Reading *reading, CormCursor *cursor)
{
  g_autofree char *table = get_text (cursor, 0), *name = get_text (cursor, 1), *type = get_text (cursor, 2);
  g_autofree char *default_sql = get_text (cursor, 4);
  Entry *entry = find_entry (reading, table);
  if (entry == NULL)
    return;
  CormTableColumn *column = corm_table_add_column (entry->table, name);
  column->type_sql = plain_type (type);
  column->type = corm_sql_type_parse (column->type_sql);
  column->not_null = get_int (cursor, 3) != 0;
  corm_column_set_default (column, default_sql);
  for (guint i = 0; i < entry->ddl->columns->len; i++) {
    const CormSqlite3Column *ddl = entry->ddl->columns->pdata[i];
    if (g_ascii_strcasecmp (ddl->name, name) != 0)
      continue;
    column->collation = collation_of (ddl);
    column->generated_sql = g_strdup (ddl->generated);
    column->generated_stored = ddl->stored;
    column->options = column_options (entry->ddl, i);
  }
}

/* --- foreign keys --------------------------------------------------------------------------------------------------- */

static const char foreign_keys_sql[] =
    "SELECT s.name, x.seq, x.\"table\", x.\"from\", x.\"to\", x.on_delete, x.on_update FROM "
    "main.sqlite_schema AS s "
    "CROSS JOIN pragma_foreign_key_list(s.name, 'main') AS x "
    "WHERE s.type = 'table' AND s.sql NOT LIKE 'CREATE VIRTUAL%' ORDER BY s.rowid, x.id DESC, x.seq";

static CormAction
parse_action (const char *name)
{
  static const char *const names[] = { "NO ACTION", "RESTRICT", "CASCADE", "SET NULL", "SET DEFAULT" };
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    if (g_ascii_strcasecmp (name, names[i]) == 0)
      return (CormAction) i;
  return CORM_NO_ACTION;
}

static const CormSqlite3Constraint *
nth_constraint (const CormSqlite3Table *ddl, CormSqlite3ConstraintKind kind, guint n)
{
  for (guint i = 0; i < ddl->constraints->len; i++) {
    const CormSqlite3Constraint *constraint = ddl->constraints->pdata[i];
    if (constraint->kind == kind && n-- == 0)
      return constraint;
  }
  return NULL;
}

/* The pragma counts keys from the last to the first; rows come in the order of the text. */
static CormForeignKey *
begin_foreign_key (Entry *entry, CormCursor *cursor)
{
  const CormSqlite3Constraint *ddl =
      nth_constraint (entry->ddl, CORM_SQLITE3_FOREIGN_KEY, entry->n_foreign_keys++);
  g_autofree char *on_delete = get_text (cursor, 5), *on_update = get_text (cursor, 6);
  CormForeignKey *key = corm_table_add_foreign_key (entry->table, ddl != NULL ? ddl->name : NULL);
  key->deferrable = ddl != NULL ? ddl->deferrable : CORM_NOT_DEFERRABLE;
  key->match_full = ddl != NULL && ddl->match_full;
  key->target_table = get_text (cursor, 2);
  key->on_delete = parse_action (on_delete);
  key->on_update = parse_action (on_update);
  return key;
}

static void
add_foreign_key (Reading *reading, CormCursor *cursor)
{
  g_autofree char *table = get_text (cursor, 0), *from = get_text (cursor, 3), *to = get_text (cursor, 4);
  Entry *entry = find_entry (reading, table);
  if (entry == NULL)
    return;
  GPtrArray *keys = entry->table->foreign_keys;
  CormForeignKey *key =
      get_int (cursor, 1) == 0 ? begin_foreign_key (entry, cursor) : keys->pdata[keys->len - 1];
  append_name (&key->columns, declared (entry->table, from));
  if (to != NULL)
    append_name (&key->target_columns, to);
}

static gboolean
for_each_row (Reading *reading, CormConnection *conn, const char *sql, void (*add) (Reading *, CormCursor *),
              GError **error)
{
  g_autoptr (GError) local = NULL;
  g_autoptr (CormCursor) cursor = corm_query (conn, sql, NULL, error);
  if (cursor == NULL)
    return FALSE;
  while (corm_cursor_next (cursor, &local))
    add (reading, cursor);
  if (local == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&local));
  return FALSE;
}

/* --- keys, checks, indexes: when all columns are known ------------------------------------------------------------ */

static gboolean
has_unique (const CormTable *table, GStrv columns, GStrv behind)
{
  for (guint i = 0; i < table->uniques->len; i++) {
    const CormKey *key = table->uniques->pdata[i];
    gboolean same = key->column_options == behind ||
                    (key->column_options != NULL && behind != NULL &&
                     g_strv_equal ((const char *const *) key->column_options, (const char *const *) behind));
    if (same && g_strv_equal ((const char *const *) key->columns, (const char *const *) columns))
      return TRUE;
  }
  return FALSE;
}

/* What @key says behind its columns that they don't say themselves; NULL: nothing. */
static GStrv
options_behind (const Entry *entry, const CormSqlite3Constraint *key)
{
  GStrv behind = g_new0 (char *, key->columns->len + 1);
  gboolean any = FALSE;
  for (guint i = 0; i < key->columns->len; i++) {
    const CormTableColumn *column =
        corm_table_find_column (entry->table, declared (entry->table, key->columns->pdata[i]));
    const char *own = column != NULL && column->collation != NULL ? column->collation : "BINARY";
    const char *collation = key->collations->pdata[i];
    gboolean descending = g_array_index (key->descending, gboolean, i);
    g_autoptr (GString) text = g_string_new (NULL);
    if (collation != NULL && strcmp (collation, own) != 0) {
      g_string_append (text, "COLLATE ");
      corm_sql_append_identifier (text, &corm_sqlite3_dialect, collation);
    }
    if (descending)
      g_string_append (text, text->len > 0 ? " DESC" : "DESC");
    any = any || text->len > 0;
    behind[i] = g_string_free (g_steal_pointer (&text), FALSE);
  }
  if (!any)
    g_clear_pointer (&behind, g_strfreev);
  return behind;
}

static void
add_constraint (Entry *entry, const CormSqlite3Constraint *constraint)
{
  CormTable *table = entry->table;
  if (constraint->kind == CORM_SQLITE3_FOREIGN_KEY)
    return;
  if (constraint->kind == CORM_SQLITE3_CHECK) {
    corm_table_add_check (table, constraint->name, constraint->check)->options =
        g_strdup (constraint->conflict);
    return;
  }
  g_auto (GStrv) columns = declared_names (table, constraint->columns);
  gboolean is_primary = constraint->kind == CORM_SQLITE3_PRIMARY_KEY;
  gboolean is_rowid = is_primary && corm_sqlite3_table_rowid_column (entry->ddl) != NULL;
  g_auto (GStrv) behind = is_rowid ? NULL : options_behind (entry, constraint);
  /* Said twice, SQLite keeps one. */
  if (!is_primary && has_unique (table, columns, behind))
    return;
  CormKey *key = is_primary ? corm_table_set_primary_key (table, constraint->name)
                            : corm_table_add_unique (table, constraint->name);
  key->columns = g_steal_pointer (&columns);
  key->column_options = g_steal_pointer (&behind);
  key->options = g_strdup (constraint->conflict);
}

/* INTEGER PRIMARY KEY stands for the rowid: SQLite fills it in, and it cannot be NULL. */
static void
mark_automatic (Entry *entry)
{
  const CormSqlite3Column *rowid = corm_sqlite3_table_rowid_column (entry->ddl);
  CormTableColumn *column = rowid != NULL ? corm_table_find_column (entry->table, rowid->name) : NULL;
  if (column != NULL)
    column->auto_increment = column->not_null = TRUE;
}

/* A key that names no columns means the primary key of its target. */
static void
finish_foreign_keys (const Reading *reading, CormTable *table)
{
  for (guint i = 0; i < table->foreign_keys->len; i++) {
    CormForeignKey *key = table->foreign_keys->pdata[i];
    const CormTable *target = find_table (reading, key->target_table);
    if (target == NULL)
      continue;
    g_free (key->target_table);
    key->target_table = g_strdup (target->name);
    if (key->target_columns == NULL && target->primary_key != NULL)
      key->target_columns = g_strdupv (target->primary_key->columns);
    for (guint c = 0; key->target_columns != NULL && key->target_columns[c] != NULL; c++) {
      char *name = g_strdup (declared (target, key->target_columns[c]));
      g_free (key->target_columns[c]);
      key->target_columns[c] = name;
    }
  }
}

static void
finish_tables (const Reading *reading)
{
  GPtrArray *tables = reading->schema->tables;
  for (guint i = 0; i < tables->len; i++) {
    CormTable *table = tables->pdata[i];
    Entry *entry = find_entry (reading, table->name);
    for (guint c = 0; c < entry->ddl->constraints->len; c++)
      add_constraint (entry, entry->ddl->constraints->pdata[c]);
    mark_automatic (entry);
    table->sql = g_steal_pointer (&entry->sql);
  }
  for (guint i = 0; i < tables->len; i++)
    finish_foreign_keys (reading, tables->pdata[i]);
}

static gboolean
add_index (const Reading *reading, const char *name, const char *table_name, const char *sql, GError **error)
{
  CormTable *table = find_table (reading, table_name);
  /* Those of a virtual table's own tables, and those that back a key, which have no SQL. */
  if (table == NULL || sql == NULL)
    return TRUE;
  g_autoptr (GPtrArray) columns = g_ptr_array_new ();
  for (guint i = 0; i < table->columns->len; i++)
    g_ptr_array_add (columns, ((CormTableColumn *) table->columns->pdata[i])->name);
  g_ptr_array_add (columns, NULL);
  CormTableIndex *index = corm_table_add_index (table, name);
  index->sql = g_strdup (sql);
  if (corm_sqlite3_index_parse (sql, (const char *const *) columns->pdata, index, error))
    return TRUE;
  g_prefix_error (error, "reading index %s of table %s: ", name, table_name);
  return FALSE;
}

gboolean
corm_sqlite3_inspect (CormConnection *conn, G_GNUC_UNUSED gboolean scratch, CormSchema *schema,
                      GError **error)
{
  g_autoptr (GHashTable) entries = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, entry_free);
  g_autoptr (GPtrArray) indexes = g_ptr_array_new_with_free_func (g_free); /* name, table, SQL, name, … */
  Reading reading = { schema, entries };
  if (!read_schema (&reading, conn, indexes, error) ||
      !for_each_row (&reading, conn, columns_sql, add_column, error) ||
      !for_each_row (&reading, conn, foreign_keys_sql, add_foreign_key, error))
    return FALSE;
  finish_tables (&reading);
  for (guint i = 0; i < indexes->len; i += 3)
    if (!add_index (&reading, indexes->pdata[i], indexes->pdata[i + 1], indexes->pdata[i + 2], error))
      return FALSE;
  return TRUE;
}

/* --- scratch place: a database in memory -------------------------------------------------------------------------- */

gboolean
corm_sqlite3_scratch_begin (G_GNUC_UNUSED CormConnection *conn, CormConnection **other, GError **error)
{
  *other = corm_connection_open_uri ("sqlite::memory:", error);
  return *other != NULL;
}

void
corm_sqlite3_scratch_end (G_GNUC_UNUSED CormConnection *conn, CormConnection *other)
{
  corm_connection_free (other);
}
