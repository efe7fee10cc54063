/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* A statement under construction. Invariant: the n-th placeholder in the text belongs to the n-th entry of types, and
 * of params where values are known already. */
#include "render/sql.h"

CormSql *
corm_sql_new (const CormDialect *dialect)
{
  CormSql *sql = g_new0 (CormSql, 1);
  sql->dialect = dialect;
  sql->text = g_string_sized_new (256);
  sql->params = g_array_new (FALSE, FALSE, sizeof (CormValue));
  sql->types = g_array_new (FALSE, FALSE, sizeof (CormSqlType));
  sql->names = g_ptr_array_new ();
  sql->columns = g_array_new (FALSE, FALSE, sizeof (CormSqlType));
  return sql;
}

void
corm_sql_free (CormSql *sql)
{
  if (sql->text != NULL)
    g_string_free (sql->text, TRUE);
  g_array_unref (sql->params);
  g_array_unref (sql->types);
  g_ptr_array_unref (sql->names);
  g_array_unref (sql->columns);
  g_clear_pointer (&sql->kept, g_ptr_array_unref);
  g_free (sql);
}

void
corm_sql_keep (CormSql *sql, gpointer bytes)
{
  if (sql->kept == NULL)
    sql->kept = g_ptr_array_new_with_free_func (g_free);
  g_ptr_array_add (sql->kept, bytes);
}

void
corm_sql_clear (CormSql *sql)
{
  sql->filter = (CormFilter){ 0 };
  sql->shares = FALSE;
  sql->depth = 0;
  g_string_truncate (sql->text, 0);
  g_array_set_size (sql->params, 0);
  g_array_set_size (sql->types, 0);
  g_ptr_array_set_size (sql->names, 0);
  g_array_set_size (sql->columns, 0);
  g_clear_pointer (&sql->kept, g_ptr_array_unref);
}

CormStatementSpec
corm_sql_get_spec (const CormSql *sql)
{
  return (CormStatementSpec){
    .sql = sql->text->str,
    .n_params = sql->types->len,
    .params = (const CormSqlType *) (gpointer) sql->types->data,
    .n_columns = sql->columns->len,
    .columns = (const CormSqlType *) (gpointer) sql->columns->data,
  };
}

void
corm_sql_append_rows_of (GString *text, const CormDialect *dialect, const CormTable *table)
{
  g_string_append (text, table->has_heirs ? "ONLY " : "");
  corm_sql_append_identifier (text, dialect, table->name);
}

void
corm_sql_append_name (CormSql *sql, const char *name)
{
  corm_sql_append_identifier (sql->text, sql->dialect, name);
}

void
corm_sql_wrap (GString *text, gsize start, const char *template)
{
  if (template == NULL)
    return;
  const char *gap;
  g_autofree char *inner = g_strdup (text->str + start);
  g_string_truncate (text, start);
  for (; (gap = strstr (template, "{}")) != NULL; template = gap + 2) {
    g_string_append_len (text, template, gap - template);
    corm_append (text, inner);
  }
  corm_append (text, template);
}

/* Question marks stand for one value each: where @template says its inner part again, so are the values of that. */
static void
repeat_params (CormSql *sql, guint first, guint n)
{
  for (guint i = first; i < first + n; i++) {
    CormSqlType type = g_array_index (sql->types, CormSqlType, i);
    g_array_append_val (sql->types, type);
    g_ptr_array_add (sql->names, sql->names->pdata[i]);
    if (i < sql->params->len) {
      CormValue value = g_array_index (sql->params, CormValue, i);
      g_array_append_val (sql->params, value);
    }
  }
}

void
corm_sql_wrap_params (CormSql *sql, gsize start, guint first, const char *template)
{
  guint n = sql->types->len - first;
  corm_sql_wrap (sql->text, start, template);
  if (template == NULL || n == 0 || sql->dialect->placeholder == CORM_PLACEHOLDER_DOLLAR)
    return;
  const char *gap = strstr (template, "{}");
  while (gap != NULL && (gap = strstr (gap + 2, "{}")) != NULL)
    repeat_params (sql, first, n);
}

static void
append_number (GString *text, guint number)
{
  char digits[16], *p = digits + sizeof digits;
  for (; number > 0; number /= 10)
    *--p = (char) ('0' + number % 10);
  g_string_append_c (text, '$');
  g_string_append_len (text, p, digits + sizeof digits - p);
}

static gboolean
same_type (const CormSqlType *a, const CormSqlType *b)
{
  return a->type == b->type && a->length == b->length && a->precision == b->precision && a->scale == b->scale;
}

/* The number of a parameter with this value; 0: none yet. */
static guint
find_param (const CormSql *sql, const CormSqlType *type, const CormValue *value)
{
  for (guint i = 0; i < sql->params->len; i++)
    if (same_type (&g_array_index (sql->types, CormSqlType, i), type) &&
        corm_value_equal (&g_array_index (sql->params, CormValue, i), value))
      return i + 1;
  return 0;
}

void
corm_sql_append_param (CormSql *sql, const char *name, const CormSqlType *type, const CormValue *value)
{
  gsize start = sql->text->len;
  gboolean numbered = sql->dialect->placeholder == CORM_PLACEHOLDER_DOLLAR;
  guint number = sql->shares && numbered && value != NULL ? find_param (sql, type, value) : 0;
  if (number == 0) {
    g_array_append_vals (sql->types, type, 1);
    g_ptr_array_add (sql->names, (gpointer) name);
    if (value != NULL)
      g_array_append_vals (sql->params, value, 1);
    number = sql->types->len;
  }
  if (numbered)
    append_number (sql->text, number);
  else
    g_string_append_c (sql->text, '?');
  corm_sql_wrap (sql->text, start, sql->dialect->param_cast[type->type]);
}

/* Digits that a database without long decimals keeps as a number. */
enum { SHORT_DECIMAL = 15 };

gboolean
corm_sql_append_compare (CormSql *sql, const CormField *field, GError **error)
{
  const CormSqlType *type = &field->type;
  if (type->type == CORM_TYPE_JSON && sql->dialect->json_compare != NULL)
    corm_append (sql->text, sql->dialect->json_compare);
  if (type->type != CORM_TYPE_DECIMAL)
    return TRUE;
  if ((sql->dialect->caps & CORM_CAP_LONG_DECIMAL) == 0 &&
      (type->precision == 0 || type->precision > SHORT_DECIMAL)) {
    g_set_error (error, CORM_ERROR, CORM_ERROR_UNSUPPORTED,
                 "column %s: this driver compares decimals of up to %d digits only: give the column a "
                 ".precision, or use the database's native driver",
                 field->name, SHORT_DECIMAL);
    return FALSE;
  }
  if (sql->dialect->decimal_compare != NULL)
    corm_append (sql->text, sql->dialect->decimal_compare);
  return TRUE;
}

void
corm_sql_append_typed (CormSql *sql, const CormSqlType *type, const char *expression)
{
  gsize start = sql->text->len;
  corm_append (sql->text, expression);
  corm_sql_wrap (sql->text, start, sql->dialect->select_cast[type->type]);
  g_array_append_vals (sql->columns, type, 1);
}

void
corm_sql_append_column (CormSql *sql, const CormField *field)
{
  gsize start = sql->text->len;
  corm_sql_append_name (sql, field->name);
  corm_sql_wrap (sql->text, start, sql->dialect->select_cast[field->type.type]);
  g_array_append_vals (sql->columns, &field->type, 1);
}
