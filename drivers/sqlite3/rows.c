/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* The way of the rows through a rebuild: every value and every rowid, but for those of columns that go. */
#include "rebuild.h"

#include <string.h>

static CormSqlite3Rows *
rows_new (void)
{
  CormSqlite3Rows *rows = g_new0 (CormSqlite3Rows, 1);
  rows->saved = g_ptr_array_new_with_free_func (g_free);
  rows->columns = g_ptr_array_new_with_free_func (g_free);
  rows->values = g_ptr_array_new_with_free_func (g_free);
  return rows;
}

void
corm_sqlite3_rows_free (CormSqlite3Rows *rows)
{
  g_ptr_array_unref (rows->saved);
  g_ptr_array_unref (rows->columns);
  g_ptr_array_unref (rows->values);
  g_free (rows);
}

static char *
quoted (const char *name)
{
  GString *text = g_string_new (NULL);
  corm_sql_append_identifier (text, &corm_sqlite3_dialect, name);
  return g_string_free (text, FALSE);
}

/* Both are taken. */
static void
carry (CormSqlite3Rows *rows, char *column, char *expression)
{
  g_ptr_array_add (rows->values, g_strdup_printf ("c%u", rows->saved->len));
  g_ptr_array_add (rows->saved, expression);
  g_ptr_array_add (rows->columns, column);
}

static const CormSqlite3Column *
column_at (const CormSqlite3Table *table, guint i)
{
  return table->columns->pdata[i];
}

/* A name for the rowid that is not one of the columns; NULL where there is none. @names: theirs, where they are called
 * otherwise. */
static const char *
find_rowid (const CormSqlite3Table *table, const char *const *names)
{
  static const char *const rowids[] = { "rowid", "_rowid_", "oid" };
  for (guint i = 0; i < G_N_ELEMENTS (rowids) && !table->without_rowid; i++) {
    gboolean taken = names == NULL && corm_sqlite3_table_find_column (table, rowids[i]) >= 0;
    for (guint c = 0; names != NULL && c < table->columns->len; c++)
      taken = taken || g_ascii_strcasecmp (names[c], rowids[i]) == 0;
    if (!taken)
      return rowids[i];
  }
  return NULL;
}

/* The rowid goes along where it is no column; into a column that becomes its name, where that is new. @names: of the
 * columns of @from, where they are called otherwise. */
static void
carry_rowid (CormSqlite3Rows *rows, const CormSqlite3Table *from, const char *const *names,
             const CormSqlite3Table *to, const int *sources)
{
  const CormSqlite3Column *key = corm_sqlite3_table_rowid_column (to);
  const CormSqlite3Column *old = corm_sqlite3_table_rowid_column (from);
  const char *source = find_rowid (from, names), *target = find_rowid (to, NULL);
  g_autofree char *old_key = NULL;
  if (old != NULL)
    source = old_key =
        quoted (names != NULL ? names[corm_sqlite3_table_find_column (from, old->name)] : old->name);
  if (source == NULL || to->without_rowid)
    return;
  if (key == NULL && target != NULL)
    carry (rows, g_strdup (target), g_strdup (source));
  else if (key != NULL && sources[corm_sqlite3_table_find_column (to, key->name)] < 0)
    carry (rows, quoted (key->name), g_strdup (source));
}

/* --- there ---------------------------------------------------------------------------------------------------------------- */

/* The value of a column as the edits want it, over the table as it was. */
static char *
converted (const CormSqlite3Rebuild *rebuild, guint column)
{
  char *value = quoted (column_at (rebuild->old, column)->name);
  for (guint filling = 0; filling < 2; filling++)
    for (guint i = 0; i < rebuild->edits.n_edits; i++) {
      const CormTableEdit *edit = &rebuild->edits.edits[i];
      gboolean fills = edit->kind == CORM_OP_SET_NOT_NULL || edit->kind == CORM_OP_BACKFILL;
      gboolean sets = edit->kind == CORM_OP_SET_TYPE || edit->kind == CORM_OP_SET_GENERATED ||
                      edit->kind == CORM_OP_DROP_GENERATED;
      if (edit->convert == NULL || !(filling == 1 ? fills : sets) ||
          corm_sqlite3_edit_column (&rebuild->edits, edit) != (int) column)
        continue;
      char *next = fills ? g_strdup_printf ("ifnull(%s, (%s))", value, edit->convert)
                         : g_strdup_printf ("(%s)", edit->convert);
      g_free (value);
      value = next;
    }
  return value;
}

/* The additions in their order. */
static const CormTableEdit *
nth_addition (const CormSqlite3Rebuild *rebuild, guint n)
{
  for (guint i = 0; i < rebuild->edits.n_edits; i++)
    if (rebuild->edits.edits[i].kind == CORM_OP_ADD_COLUMN && n-- == 0)
      return &rebuild->edits.edits[i];
  return NULL;
}

/* By column of the table after the edits: where it was; -1: nowhere. */
static int *
list_sources (const CormSqlite3Rebuild *rebuild, guint *n_kept)
{
  int *sources = g_new (int, rebuild->is->columns->len);
  *n_kept = 0;
  for (guint i = 0; i < rebuild->old->columns->len; i++)
    if (!corm_sqlite3_edits_drop (&rebuild->edits, i))
      sources[(*n_kept)++] = (int) i;
  for (guint i = *n_kept; i < rebuild->is->columns->len; i++)
    sources[i] = -1;
  return sources;
}

CormSqlite3Rows *
corm_sqlite3_rows_there (const CormSqlite3Rebuild *rebuild)
{
  guint n_kept;
  CormSqlite3Rows *rows = rows_new ();
  g_autofree int *sources = list_sources (rebuild, &n_kept);
  carry_rowid (rows, rebuild->old, NULL, rebuild->is, sources);
  for (guint i = 0; i < rebuild->is->columns->len; i++) {
    const CormSqlite3Column *column = column_at (rebuild->is, i);
    const CormTableEdit *added = i >= n_kept ? nth_addition (rebuild, i - n_kept) : NULL;
    if (column->generated != NULL)
      continue;
    if (added != NULL && added->convert != NULL)
      carry (rows, quoted (column->name), g_strdup_printf ("(%s)", added->convert));
    else if (sources[i] >= 0)
      carry (rows, quoted (column->name), converted (rebuild, (guint) sources[i]));
  }
  return rows;
}

/* --- and back --------------------------------------------------------------------------------------------------------------- */

static gboolean
has_clause (const CormSqlite3Column *column, CormSqlite3ClauseKind kind)
{
  for (guint i = 0; i < column->clauses->len; i++)
    if (g_array_index (column->clauses, CormSqlite3Clause, i).kind == kind)
      return TRUE;
  return FALSE;
}

static gboolean
is_in_key (const CormSqlite3Rebuild *rebuild, const char *name, gboolean primary)
{
  for (guint i = 0; i < rebuild->old->constraints->len; i++) {
    const CormSqlite3Constraint *key = rebuild->old->constraints->pdata[i];
    gboolean counts = key->kind == CORM_SQLITE3_PRIMARY_KEY || (!primary && key->kind == CORM_SQLITE3_UNIQUE);
    for (guint c = 0; counts && c < key->columns->len; c++)
      if (g_ascii_strcasecmp (key->columns->pdata[c], name) == 0)
        return TRUE;
  }
  for (guint i = 0; !primary && i < rebuild->edits.live->indexes->len; i++) {
    const CormTableIndex *index = rebuild->edits.live->indexes->pdata[i];
    for (guint p = 0; index->unique && p < index->parts->len; p++)
      if (g_ascii_strcasecmp (((CormIndexPart *) index->parts->pdata[p])->sql, name) == 0)
        return TRUE;
  }
  return FALSE;
}

/* The first of the values that CHECK (name IN (…)) allows; NULL: there is no such check. */
static char *
first_allowed (const CormSqlite3Rebuild *rebuild, const char *name)
{
  const char *sql = rebuild->edits.live->sql;
  for (guint i = 0; i < rebuild->old->constraints->len; i++) {
    const CormSqlite3Constraint *check = rebuild->old->constraints->pdata[i];
    CormDdlReader reader = { .sql = sql, .tokens = rebuild->old->tokens, .at = check->expression.first };
    if (check->kind != CORM_SQLITE3_CHECK)
      continue;
    g_autofree char *first = corm_ddl_name (&reader);
    if (first == NULL || g_ascii_strcasecmp (first, name) != 0 || !corm_ddl_accept (&reader, "IN") ||
        !corm_ddl_accept (&reader, "("))
      continue;
    const CormSqlite3Token *token = corm_ddl_peek (&reader, 0);
    if (token->kind == CORM_SQLITE3_STRING || token->kind == CORM_SQLITE3_NUMBER)
      return g_strndup (sql + token->start, token->end - token->start);
  }
  return NULL;
}

/* Where neither NULL nor the default will do: a value of its own for each row in a key, else one that means nothing. */
static char *
make_up (const CormSqlite3Rebuild *rebuild, guint i)
{
  const CormSqlite3Column *column = column_at (rebuild->old, i);
  const char *type = ((const CormTableColumn *) rebuild->edits.live->columns->pdata[i])->type_sql;
  g_autofree char *upper = g_ascii_strup (type != NULL ? type : "", -1);
  gboolean key = is_in_key (rebuild, column->name, FALSE),
           has_default = has_clause (column, CORM_SQLITE3_DEFAULT);
  gboolean not_null = has_clause (column, CORM_SQLITE3_NOT_NULL) ||
                      (rebuild->old->without_rowid && is_in_key (rebuild, column->name, TRUE));
  gboolean is_int = strstr (upper, "INT") != NULL;
  gboolean is_text = !is_int && (strstr (upper, "CHAR") != NULL || strstr (upper, "CLOB") != NULL ||
                                 strstr (upper, "TEXT") != NULL);
  if (key ? !not_null && !has_default : !not_null || has_default)
    return NULL;
  char *allowed = first_allowed (rebuild, column->name);
  if (allowed != NULL)
    return allowed;
  if (is_text)
    return g_strdup (key ? "CAST(rowid AS TEXT)" : "''");
  if (!is_int && strstr (upper, "BLOB") != NULL)
    return g_strdup (key ? "CAST(rowid AS BLOB)" : "x''");
  return g_strdup (key ? "rowid" : "0");
}

/* What the columns of the table are called when the renames have been undone. */
static const char **
list_names_back (const CormSqlite3Rebuild *rebuild)
{
  guint n = 0;
  const char **names = g_new0 (const char *, rebuild->is->columns->len + 1);
  for (guint i = 0; i < rebuild->old->columns->len; i++)
    if (!corm_sqlite3_edits_drop (&rebuild->edits, i))
      names[n++] = column_at (rebuild->old, i)->name;
  for (guint added = 0; n < rebuild->is->columns->len; added++, n++) {
    const char *aside =
        rebuild->aside != NULL && added < rebuild->aside->len ? rebuild->aside->pdata[added] : NULL;
    names[n] = aside != NULL ? aside : column_at (rebuild->is, n)->name;
  }
  return names;
}

CormSqlite3Rows *
corm_sqlite3_rows_back (const CormSqlite3Rebuild *rebuild)
{
  guint n = rebuild->old->columns->len, n_kept = 0;
  CormSqlite3Rows *rows = rows_new ();
  g_autofree int *sources = g_new (int, n);
  g_autofree const char **names = list_names_back (rebuild);
  for (guint i = 0; i < n; i++)
    sources[i] = corm_sqlite3_edits_drop (&rebuild->edits, i) ? -1 : (int) n_kept++;
  carry_rowid (rows, rebuild->is, names, rebuild->old, sources);
  const CormSqlite3Column *key = corm_sqlite3_table_rowid_column (rebuild->old);
  for (guint i = 0; i < n; i++) {
    const CormSqlite3Column *column = column_at (rebuild->old, i);
    if (column->generated != NULL)
      continue;
    if (sources[i] >= 0) {
      carry (rows, quoted (column->name), quoted (names[sources[i]]));
      continue;
    }
    char *value = column != key ? make_up (rebuild, i) : NULL;
    if (value == NULL)
      continue;
    g_ptr_array_add (rows->columns, quoted (column->name));
    g_ptr_array_add (rows->values, value);
  }
  return rows;
}
