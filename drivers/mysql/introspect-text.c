/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Texts in which information_schema shows "?" where a character of four bytes stands: one in a default value, four in an
 * expression. They are read once more where they are whole: SHOW CREATE for expressions, DEFAULT () for values.
 * Comments and labels are not whole anywhere. */
#include "catalogue.h"

#include <string.h>

#define SHOWN "????"

typedef struct {
  const char *kind;  /* "TABLE", "VIEW"; NULL: a column's default value */
  char *name, *mark; /* the relation; the words that stand before the text, the column of a value */
  char **text;
  CormTableColumn *column;
} Text;

void
corm_mysql_text_free (gpointer data)
{
  Text *text = data;
  g_free (text->name);
  g_free (text->mark);
  g_free (text);
}

static Text *
add_text (CormMysqlReader *reader, const char *kind, const char *name)
{
  Text *text = g_new0 (Text, 1);
  text->kind = kind;
  text->name = g_strdup (name);
  g_ptr_array_add (reader->texts, text);
  return text;
}

void
corm_mysql_complete_text (CormMysqlReader *reader, const char *kind, const char *name, const char *mark,
                          char **sql)
{
  if (*sql == NULL || strstr (*sql, SHOWN) == NULL)
    return;
  Text *text = add_text (reader, kind, name);
  text->mark = g_strdup (mark);
  text->text = sql;
}

/* information_schema leaves out what stands before a literal, _latin1'a', too. */
void
corm_mysql_complete_view (CormMysqlReader *reader, const char *name, char **sql)
{
  if (*sql == NULL || strchr (*sql, '\'') == NULL)
    return;
  Text *text = add_text (reader, "VIEW", name);
  g_autoptr (GString) mark = g_string_new (" VIEW ");
  corm_mysql_append_name (mark, name);
  g_string_append (mark, " AS ");
  text->mark = g_string_free (g_steal_pointer (&mark), FALSE);
  text->text = sql;
}

void
corm_mysql_complete_default (CormMysqlReader *reader, const char *table, CormTableColumn *column)
{
  if (column->default_kind == CORM_DEFAULT_SQL && strstr (column->default_sql, SHOWN) != NULL)
    add_text (reader, "TABLE", table)->column = column;
  else if (column->default_kind == CORM_DEFAULT_LITERAL && strchr (column->default_text, '?') != NULL)
    add_text (reader, NULL, table)->column = column;
}

/* The length of what @whole begins with, if that is shown as @shown; 0: it is not. */
static gsize
match (const char *whole, const char *shown)
{
  const char *p = whole;
  while (*shown != '\0') {
    gboolean hidden = (guchar) *p >= 0xf0 && g_str_has_prefix (shown, SHOWN);
    if (!hidden && *p != *shown)
      return 0;
    shown += hidden ? strlen (SHOWN) : 1;
    p += hidden ? 4 : 1;
  }
  return (gsize) (p - whole);
}

static char *
find_whole (const char *statement, const char *mark, const char *shown)
{
  const char *start = mark != NULL ? strstr (statement, mark) : statement;
  for (const char *p = start; p != NULL && *p != '\0'; p++) {
    gsize length = match (p, shown);
    if (length > 0)
      return g_strndup (p, length);
  }
  return NULL;
}

/* All behind the mark, but a check option. */
static char *
find_rest (const char *statement, const char *mark)
{
  const char *start = strstr (statement, mark);
  if (start == NULL)
    return NULL;
  start += strlen (mark);
  gsize size = strlen (start);
  static const char *const options[] = { " WITH CASCADED CHECK OPTION", " WITH LOCAL CHECK OPTION" };
  for (guint i = 0; i < G_N_ELEMENTS (options); i++)
    if (g_str_has_suffix (start, options[i]))
      size -= strlen (options[i]);
  return g_strndup (start, size);
}

static void
read_statement (CormMysqlReader *reader, char **cells)
{
  Text *text = reader->text;
  g_autofree char *statement = corm_mysql_standard_sql (cells[1] != NULL ? cells[1] : "", reader->qualifier);
  const char *shown = text->text != NULL ? *text->text : text->column->default_sql;
  gboolean is_view = strcmp (text->kind, "VIEW") == 0;
  char *whole = is_view ? find_rest (statement, text->mark) : find_whole (statement, text->mark, shown);
  if (whole != NULL && text->text != NULL) {
    g_free (*text->text);
    *text->text = whole;
  } else if (whole != NULL) {
    corm_column_set_default (text->column, whole);
    g_free (whole);
  }
}

static void
read_value (CormMysqlReader *reader, char **cells)
{
  Text *text = reader->text;
  g_autoptr (GString) sql = g_string_new (NULL);
  if (cells[0] == NULL)
    return;
  corm_mysql_append_text (sql, cells[0]);
  corm_column_set_default (text->column, sql->str);
}

static gboolean
complete (CormMysqlReader *reader, Text *text, GError **error)
{
  g_autoptr (GString) sql = g_string_new (NULL);
  reader->text = text;
  if (text->kind != NULL) {
    g_string_append_printf (sql, "SHOW CREATE %s ", text->kind);
    corm_mysql_append_name (sql, text->name);
    return corm_mysql_read_rows (reader, sql->str, read_statement, error);
  }
  g_autoptr (GError) denied = NULL;
  g_string_append (sql, "SELECT DEFAULT(t.");
  corm_mysql_append_name (sql, text->column->name);
  g_string_append (sql, ") FROM (SELECT 1) AS one LEFT JOIN ");
  corm_mysql_append_name (sql, text->name);
  g_string_append (sql, " AS t ON FALSE");
  if (corm_mysql_read_rows (reader, sql->str, read_value, &denied))
    return TRUE;
  if (g_error_matches (denied, CORM_ERROR, CORM_ERROR_DENIED))
    return TRUE; /* who may not read the column is not to be stopped by a question mark */
  g_propagate_error (error, g_steal_pointer (&denied));
  return FALSE;
}

gboolean
corm_mysql_complete_texts (CormMysqlReader *reader, GError **error)
{
  for (guint i = 0; i < reader->texts->len; i++)
    if (!complete (reader, reader->texts->pdata[i], error))
      return FALSE;
  g_ptr_array_set_size (reader->texts, 0);
  return TRUE;
}
