/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* One column as it stands in CREATE TABLE and ADD COLUMN: name, type, NOT NULL, default, key. */
#include "base/error.h"
#include "render/ddl.h"
#include "schema/words.h"

#include <string.h>

/* An expression needs parentheses in most databases; a bare word such as CURRENT_TIMESTAMP stands without. */
static void
append_expression (GString *text, const char *sql)
{
  gboolean bare = sql[0] != '\0';
  for (const char *p = sql; *p != '\0'; p++)
    bare = bare && (g_ascii_isalnum (*p) || *p == '_');
  g_string_append_printf (text, bare || corm_words_is_wrapped (sql, strlen (sql)) ? "%s" : "(%s)", sql);
}

static gboolean
append_literal (GString *text, const CormDialect *dialect, const CormTableColumn *column, GError **error)
{
  CormValue value = corm_value_text (column->default_text);
  if (column->default_sql != NULL) {
    g_string_append (text, column->default_sql);
    return TRUE;
  }
  gboolean textual = column->type.type == CORM_TYPE_ENUM || column->type.type == CORM_TYPE_RAW ||
                     column->type.type == CORM_TYPE_NONE;
  if (!textual && !corm_value_parse (&column->type, column->default_text, -1, &value, error))
    return FALSE;
  return corm_sql_append_literal (text, dialect, &value, error);
}

static const char *
now_text (const CormDialect *dialect, CormType type)
{
  const char *text = type == CORM_TYPE_DATE              ? dialect->now_date
                     : type == CORM_TYPE_TIME            ? dialect->now_time
                     : type == CORM_TYPE_LOCAL_TIMESTAMP ? dialect->now_local
                                                         : NULL;
  return text != NULL ? text : dialect->now;
}

gboolean
corm_render_default (GString *text, const CormDialect *dialect, const CormTableColumn *column, GError **error)
{
  const char *sql = column->default_sql;
  if (column->default_kind == CORM_DEFAULT_LITERAL)
    return append_literal (text, dialect, column, error) ||
           corm_error_prefix (error, "default of column %s", column->name);
  if (sql == NULL)
    sql = column->default_kind == CORM_DEFAULT_NOW            ? now_text (dialect, column->type.type)
          : strcmp (column->default_text, CORM_NEW_UUID) == 0 ? dialect->new_uuid
                                                              : column->default_text;
  if (sql == NULL) {
    g_set_error (
        error, CORM_ERROR, CORM_ERROR_UNSUPPORTED,
        "default of column %s: this database makes no UUIDs; drop CORM_NEW_UUID, and set the member to "
        "corm_uuid_random ()",
        column->name);
    return FALSE;
  }
  append_expression (text, sql);
  return TRUE;
}

static gboolean
append_default (GString *text, const CormDialect *dialect, const CormTableColumn *column, GError **error)
{
  if (column->default_kind == CORM_DEFAULT_NONE || column->default_kind == CORM_DEFAULT_NULL)
    return TRUE;
  g_string_append (text, " DEFAULT ");
  return corm_render_default (text, dialect, column, error);
}

void
corm_render_comment (GString *text, const CormDialect *dialect, const char *comment)
{
  CormValue value = corm_value_text (comment);
  if (!dialect->comment_inline || comment == NULL)
    return;
  g_string_append (text, " COMMENT ");
  corm_sql_append_literal (text, dialect, &value, NULL);
}

static void
append_identity (GString *text, const CormDialect *dialect, const CormTableColumn *column)
{
  const char *by_default = column->identity_always ? strstr (dialect->identity, "BY DEFAULT") : NULL;
  if (by_default == NULL) {
    g_string_append (text, dialect->identity);
    return;
  }
  g_string_append_len (text, dialect->identity, by_default - dialect->identity);
  g_string_append_printf (text, "ALWAYS%s", by_default + strlen ("BY DEFAULT"));
}

char *
corm_render_options_within (const CormDialect *dialect, const char *options)
{
  const char *end = options != NULL && dialect->alter_options != NULL ? strstr (options, ";\n") : NULL;
  return end != NULL ? g_strndup (options, (gsize) (end - options))
                     : g_strdup (options != NULL ? options : "");
}

void
corm_render_options_behind (GPtrArray *sql, const CormDialect *dialect, const char *table, const char *column,
                            const char *options)
{
  g_autofree char *within = corm_render_options_within (dialect, options);
  if (dialect->alter_options != NULL && options != NULL && strcmp (within, options) != 0)
    dialect->alter_options (table, column, within, options, sql);
}

/* A type that numbers itself, as options say it: "bigserial". */
static gboolean
append_serial (GString *text, const CormDialect *dialect, const CormTableColumn *column)
{
  g_autofree char *within = corm_render_options_within (dialect, column->options);
  if (dialect->alter_options == NULL || !column->auto_increment || within[0] == '\0' || within[0] == '(')
    return FALSE;
  g_string_append (text, within);
  return TRUE;
}

gboolean
corm_render_column (GString *text, const CormDialect *dialect, const CormTableColumn *column,
                    gboolean is_only_key, GError **error)
{
  gboolean identity =
      column->auto_increment && dialect->identity != NULL && (is_only_key || !dialect->identity_is_key);
  corm_sql_append_identifier (text, dialect, column->name);
  g_string_append_c (text, ' ');
  if (append_serial (text, dialect, column)) {
    g_string_append (text, is_only_key ? " PRIMARY KEY" : "");
    return TRUE;
  }
  corm_render_type (text, dialect, column);
  if (column->collation != NULL) {
    g_string_append (text, " COLLATE ");
    corm_sql_append_identifier (text, dialect, column->collation);
  }
  g_autofree char *within = corm_render_options_within (dialect, column->options);
  if (identity)
    append_identity (text, dialect, column);
  if (within[0] == '(')
    g_string_append_printf (text, " %s", within);
  if (column->generated_sql != NULL)
    g_string_append_printf (text, " GENERATED ALWAYS AS (%s) %s", column->generated_sql,
                            column->generated_stored ? "STORED" : "VIRTUAL");
  if (column->not_null && !identity)
    g_string_append (text, " NOT NULL");
  if (!identity && column->generated_sql == NULL && !append_default (text, dialect, column, error))
    return FALSE;
  if (is_only_key && !(identity && dialect->identity_is_key))
    g_string_append (text, " PRIMARY KEY");
  if (within[0] != '\0' && within[0] != '(')
    g_string_append_printf (text, " %s", within);
  corm_render_comment (text, dialect, column->comment);
  return TRUE;
}

static gboolean
is_in_key (const CormTable *table, const char *column)
{
  if (table->primary_key != NULL && table->primary_key->columns != NULL &&
      g_strv_contains ((const char *const *) table->primary_key->columns, column))
    return TRUE;
  for (guint i = 0; i < table->foreign_keys->len; i++) {
    const CormForeignKey *key = table->foreign_keys->pdata[i];
    if (g_strv_contains ((const char *const *) key->columns, column))
      return TRUE;
  }
  return FALSE;
}

const char *
corm_render_key_type (const CormDialect *dialect, const CormTable *table, const CormTableColumn *column)
{
  const char *type = column->type.type == CORM_TYPE_TEXT && column->type.length == 0 ? dialect->key_text
                     : column->type.type == CORM_TYPE_BYTES                          ? dialect->key_bytes
                                                                                     : NULL;
  return type != NULL && column->type_sql == NULL && is_in_key (table, column->name) ? type : NULL;
}

/* INTEGER PRIMARY KEY DESC of SQLite, which is no other name of the rowid; said of the table it would be one. */
static gboolean
is_descending_rowid (const CormKey *key, const CormTableColumn *column)
{
  return !column->auto_increment && key->column_options != NULL &&
         strcmp (key->column_options[0], "DESC") == 0;
}

gboolean
corm_render_has_key_inline (const CormTable *table, const CormTableColumn *column)
{
  const CormKey *key = table->primary_key;
  if (key == NULL || key->deferrable != CORM_NOT_DEFERRABLE || key->columns == NULL ||
      g_strv_length (key->columns) != 1 || strcmp (key->columns[0], column->name) != 0)
    return FALSE;
  return is_descending_rowid (key, column) ||
         (key->name == NULL && key->options == NULL && key->column_options == NULL);
}

gboolean
corm_render_table_column (GString *text, const CormDialect *dialect, const CormTable *table,
                          const CormTableColumn *column, GError **error)
{
  const CormKey *key = table->primary_key;
  gboolean is_inline = corm_render_has_key_inline (table, column);
  gboolean says_more = is_inline && is_descending_rowid (key, column);
  CormTableColumn copy = *column;
  const char *type = corm_render_key_type (dialect, table, column);
  if (type != NULL)
    copy.type_sql = (char *) type;
  if (!corm_render_column (text, dialect, &copy, is_inline && !says_more, error))
    return corm_error_prefix (error, "table %s", table->name);
  if (says_more) {
    g_string_append_c (text, ' ');
    corm_render_inline_key (text, dialect, key);
  }
  return TRUE;
}
