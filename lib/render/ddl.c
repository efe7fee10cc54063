/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* CREATE TABLE, as text that a person likes to read: one column or constraint a line; and the constraints alone, as
 * CREATE TABLE and ALTER TABLE ADD take them. */
#include "model/name.h"
#include "render/ddl.h"
#include "schema/words.h"

#include <string.h>

static const char *const action_words[] = { "NO ACTION", "RESTRICT", "CASCADE", "SET NULL", "SET DEFAULT" };

void
corm_render_names (GString *text, const CormDialect *dialect, const char *const *names)
{
  g_string_append_c (text, '(');
  for (guint i = 0; names != NULL && names[i] != NULL; i++) {
    if (i > 0)
      g_string_append (text, ", ");
    corm_sql_append_identifier (text, dialect, names[i]);
  }
  g_string_append_c (text, ')');
}

static void
append_constraint_name (GString *text, const CormDialect *dialect, const char *name)
{
  if (name == NULL)
    return;
  g_string_append (text, "CONSTRAINT ");
  corm_sql_append_identifier (text, dialect, name);
  g_string_append_c (text, ' ');
}

static void
append_action (GString *text, const char *event, CormAction action)
{
  if (action != CORM_NO_ACTION)
    g_string_append_printf (text, " ON %s %s", event, action_words[action]);
}

static void
append_deferrable (GString *text, const CormDialect *dialect, CormDeferrable deferrable)
{
  if (deferrable == CORM_NOT_DEFERRABLE || !(dialect->caps & CORM_CAP_DEFERRABLE))
    return;
  g_string_append (text,
                   deferrable == CORM_INITIALLY_DEFERRED ? " DEFERRABLE INITIALLY DEFERRED" : " DEFERRABLE");
}

void
corm_render_references (GString *text, const CormDialect *dialect, const CormForeignKey *key)
{
  g_string_append (text, "REFERENCES ");
  corm_sql_append_identifier (text, dialect, key->target_table);
  if (key->target_columns != NULL && key->target_columns[0] != NULL) {
    g_string_append_c (text, ' ');
    corm_render_names (text, dialect, (const char *const *) key->target_columns);
  }
  if (key->match_full)
    g_string_append (text, " MATCH FULL");
  append_action (text, "DELETE", key->on_delete);
  if (key->set_columns != NULL) {
    g_string_append_c (text, ' ');
    corm_render_names (text, dialect, (const char *const *) key->set_columns);
  }
  append_action (text, "UPDATE", key->on_update);
  append_deferrable (text, dialect, key->deferrable);
  if (key->not_valid)
    g_string_append (text, " NOT VALID");
}

void
corm_render_foreign_key (GString *text, const CormDialect *dialect, const CormForeignKey *key)
{
  append_constraint_name (text, dialect, key->name);
  g_string_append (text, "FOREIGN KEY ");
  corm_render_names (text, dialect, (const char *const *) key->columns);
  g_string_append_c (text, ' ');
  corm_render_references (text, dialect, key);
}

static void
append_key_columns (GString *text, const CormDialect *dialect, const CormKey *key)
{
  g_string_append_c (text, '(');
  for (guint i = 0; key->columns != NULL && key->columns[i] != NULL; i++) {
    const char *behind = key->column_options != NULL ? key->column_options[i] : "";
    g_string_append (text, i > 0 ? ", " : "");
    corm_sql_append_identifier (text, dialect, key->columns[i]);
    g_string_append_printf (text, "%s%s", *behind != '\0' ? " " : "", behind);
  }
  g_string_append_c (text, ')');
}

/* "UNIQUE (a, b)" with what goes before and behind the columns. */
static void
append_key (GString *text, const CormDialect *dialect, const char *word, const CormKey *key)
{
  static const char in_front[] = "NULLS NOT DISTINCT";
  const char *options = key->options;
  append_constraint_name (text, dialect, key->name);
  g_string_append_printf (text, "%s ", word);
  if (options != NULL && g_str_has_prefix (options, in_front)) {
    g_string_append_printf (text, "%s ", in_front);
    options += strlen (in_front);
    options += *options == ' ';
  }
  append_key_columns (text, dialect, key);
  if (options != NULL && *options != '\0')
    g_string_append_printf (text, " %s", options);
  append_deferrable (text, dialect, key->deferrable);
}

void
corm_render_unique (GString *text, const CormDialect *dialect, const CormKey *key)
{
  append_key (text, dialect, "UNIQUE", key);
}

void
corm_render_inline_key (GString *text, const CormDialect *dialect, const CormKey *key)
{
  append_constraint_name (text, dialect, key->name);
  g_string_append (text, "PRIMARY KEY");
  if (key->column_options != NULL)
    g_string_append_printf (text, " %s", key->column_options[0]);
  if (key->options != NULL)
    g_string_append_printf (text, " %s", key->options);
}

void
corm_render_primary_key (GString *text, const CormDialect *dialect, const CormKey *key)
{
  append_key (text, dialect, "PRIMARY KEY", key);
}

void
corm_render_check (GString *text, const CormDialect *dialect, const CormCheck *check)
{
  append_constraint_name (text, dialect, check->name);
  g_string_append_printf (text, "CHECK (%s)", check->sql);
  if (check->options != NULL)
    g_string_append_printf (text, " %s", check->options);
  if (check->not_valid)
    g_string_append (text, " NOT VALID");
}

/* "status IN ('A', 'B')"; NULL where the column's type holds the labels. */
static char *
labels_sql (const CormDialect *dialect, const CormTableColumn *column)
{
  /* A server's own words for the type say it already, or the table's checks do. */
  gboolean native =
      column->type_sql != NULL || (column->enum_type != NULL && (dialect->caps & CORM_CAP_NATIVE_ENUM));
  if (column->labels == NULL || column->labels[0] == NULL || native)
    return NULL;
  GString *text = g_string_new (NULL);
  corm_sql_append_identifier (text, dialect, column->name);
  g_string_append (text, " IN (");
  for (char **label = column->labels; *label != NULL; label++) {
    CormValue value = corm_value_text (*label);
    if (label != column->labels)
      g_string_append (text, ", ");
    corm_sql_append_literal (text, dialect, &value, NULL);
  }
  g_string_append_c (text, ')');
  return g_string_free (text, FALSE);
}

static const CormCheck *
find_check (const CormTable *table, const char *name)
{
  for (guint i = 0; i < table->checks->len; i++) {
    const CormCheck *check = table->checks->pdata[i];
    if (g_strcmp0 (check->name, name) == 0)
      return check;
  }
  return NULL;
}

CormCheck *
corm_render_label_check (const CormDialect *dialect, const CormTable *table, const CormTableColumn *column)
{
  g_autofree char *labels = labels_sql (dialect, column);
  if (labels == NULL)
    return NULL;
  g_autofree char *name = column->labels_check != NULL ? g_strdup (column->labels_check)
                                                       : corm_name_make ("ck", table->name, column->name);
  const CormCheck *other = find_check (table, name);
  if (other != NULL && !corm_words_equal (other->sql, labels)) {
    g_autofree char *rest = g_strconcat (column->name, "_labels", NULL);
    g_free (name);
    name = corm_name_make ("ck", table->name, rest);
    other = find_check (table, name);
  }
  if (other != NULL)
    return NULL;
  CormCheck *check = g_new0 (CormCheck, 1);
  check->name = g_steal_pointer (&name);
  check->sql = g_steal_pointer (&labels);
  return check;
}

/* A new line of the table's body. */
static void
next_line (GString *text)
{
  g_string_append (text, text->str[text->len - 1] == '(' ? "\n  " : ",\n  ");
}

/* A server that cuts long names without a word would let two of them become one. */
static gboolean
check_name (const CormDialect *dialect, const char *what, const char *name, GError **error)
{
  gsize size = strlen (name);
  if (dialect->max_identifier == 0 || size <= dialect->max_identifier)
    return TRUE;
  g_set_error (error, CORM_ERROR, CORM_ERROR_SCHEMA,
               "the name of the %s %s has %" G_GSIZE_FORMAT " bytes, this database takes %u: shorten it",
               what, name, size, dialect->max_identifier);
  return FALSE;
}

static gboolean
append_columns (GString *text, const CormDialect *dialect, const CormTable *table, GError **error)
{
  for (guint i = 0; i < table->columns->len; i++) {
    next_line (text);
    if (!check_name (dialect, "column", ((const CormTableColumn *) table->columns->pdata[i])->name, error))
      return FALSE;
    if (!corm_render_table_column (text, dialect, table, table->columns->pdata[i], error))
      return FALSE;
  }
  return TRUE;
}

static void
append_primary_key (GString *text, const CormDialect *dialect, const CormTable *table)
{
  const CormKey *key = table->primary_key;
  const CormTableColumn *first =
      key != NULL && key->columns != NULL ? corm_table_find_column (table, key->columns[0]) : NULL;
  if (key == NULL || key->columns == NULL || key->columns[0] == NULL ||
      (first != NULL && corm_render_has_key_inline (table, first)))
    return;
  next_line (text);
  corm_render_primary_key (text, dialect, key);
}

static void
append_label_checks (GString *text, const CormDialect *dialect, const CormTable *table)
{
  for (guint i = 0; i < table->columns->len; i++) {
    CormCheck *check = corm_render_label_check (dialect, table, table->columns->pdata[i]);
    if (check == NULL)
      continue;
    next_line (text);
    corm_render_check (text, dialect, check);
    g_free (check->name);
    g_free (check->sql);
    g_free (check);
  }
}

static void
append_constraints (GString *text, const CormDialect *dialect, const CormTable *table, guint flags)
{
  append_primary_key (text, dialect, table);
  for (guint i = 0; i < table->uniques->len; i++) {
    next_line (text);
    corm_render_unique (text, dialect, table->uniques->pdata[i]);
  }
  for (guint i = 0; (flags & CORM_DDL_FOREIGN_KEYS) && i < table->foreign_keys->len; i++) {
    next_line (text);
    corm_render_foreign_key (text, dialect, table->foreign_keys->pdata[i]);
  }
  append_label_checks (text, dialect, table);
  for (guint i = 0; i < table->checks->len; i++) {
    next_line (text);
    corm_render_check (text, dialect, table->checks->pdata[i]);
  }
}

static void
append_suffix (GString *text, const CormDialect *dialect, const CormTable *table)
{
  g_string_append (text, "\n)");
  corm_render_comment (text, dialect, table->comment);
  g_autofree char *within = corm_render_options_within (dialect, table->options);
  g_autofree char *complete = within[0] != '\0' && dialect->change_options != NULL
                                  ? dialect->change_options ("", within)
                                  : g_strdup (within);
  if (within[0] != '\0')
    g_string_append_printf (text, " %s", complete);
  else if (dialect->table_suffix != NULL)
    g_string_append (text, dialect->table_suffix);
  if (table->strict)
    g_string_append (text, " STRICT");
  if (table->without_rowid)
    g_string_append (text, table->strict ? ", WITHOUT ROWID" : " WITHOUT ROWID");
}

void
corm_render_create_enum (GPtrArray *sql, const CormDialect *dialect, const CormTableColumn *column,
                         GHashTable *known)
{
  if (column->enum_type == NULL || column->labels == NULL || !(dialect->caps & CORM_CAP_NATIVE_ENUM))
    return;
  g_autoptr (GString) type = g_string_new (NULL);
  g_autoptr (GString) name = g_string_new (NULL);
  corm_render_type (type, dialect, column);
  corm_sql_append_identifier (name, dialect, column->enum_type);
  /* A type that spells the labels out, ENUM ('A', 'B'), is no type that has to be made. */
  if (strcmp (type->str, name->str) != 0 && strcmp (type->str, column->enum_type) != 0)
    return;
  if (known != NULL && !g_hash_table_add (known, g_strdup (column->enum_type)))
    return;
  g_string_prepend (name, "CREATE TYPE ");
  g_string_append (name, " AS ENUM (");
  for (char **label = column->labels; *label != NULL; label++) {
    CormValue value = corm_value_text (*label);
    if (label != column->labels)
      g_string_append (name, ", ");
    corm_sql_append_literal (name, dialect, &value, NULL);
  }
  g_string_append_c (name, ')');
  g_ptr_array_add (sql, g_strdup (name->str));
}

gboolean
corm_render_create_table (GPtrArray *sql, const CormDialect *dialect, const CormTable *table, guint flags,
                          GHashTable *known, GError **error)
{
  g_autoptr (GHashTable) own = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (GString) text = g_string_new ("CREATE TABLE ");
  corm_sql_append_identifier (text, dialect, table->name);
  g_string_append (text, " (");
  if (!check_name (dialect, "table", table->name, error))
    return FALSE;
  if (!append_columns (text, dialect, table, error))
    return FALSE;
  append_constraints (text, dialect, table, flags);
  append_suffix (text, dialect, table);
  for (guint i = 0; i < table->columns->len; i++)
    corm_render_create_enum (sql, dialect, table->columns->pdata[i], known != NULL ? known : own);
  g_ptr_array_add (sql, g_strdup (text->str));
  corm_render_options_behind (sql, dialect, table->name, NULL, table->options);
  for (guint i = 0; i < table->columns->len; i++) {
    const CormTableColumn *column = table->columns->pdata[i];
    corm_render_options_behind (sql, dialect, table->name, column->name, column->options);
  }
  for (guint i = 0; (flags & CORM_DDL_INDEXES) && i < table->indexes->len; i++)
    if (!corm_render_create_index (sql, dialect, table, table->indexes->pdata[i], error))
      return FALSE;
  return TRUE;
}
