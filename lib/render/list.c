/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* IN with a long list: the list is one text, bound as one parameter (several, where the database takes no text of that length),
 * which the database takes apart. So a million keys are one statement, and lists of any length share its text. */
#include "render/list.h"

#include "render/template.h"
#include "value/text.h"

#include <math.h>
#include <string.h>

/* Characters of a text that a list's column has room for (MariaDB). */
enum { MAX_LENGTH = 16000 };

/* "…" with what JSON, or an array's text, has to have escaped. */
static void
append_quoted (GString *text, const char *data, gsize size, gboolean json)
{
  g_string_append_c (text, '"');
  for (gsize i = 0; i < size; i++) {
    guchar c = (guchar) data[i];
    if (c == '"' || c == '\\') {
      g_string_append_c (text, '\\');
      g_string_append_c (text, data[i]);
    } else if (json && c < 0x20)
      g_string_append_printf (text, "\\u%04x", c);
    else
      g_string_append_c (text, data[i]);
  }
  g_string_append_c (text, '"');
}

static void
append_bytes (GString *text, const CormValue *value, gboolean json)
{
  static const char digits[] = "0123456789ABCDEF";
  corm_append (text, json ? "\"" : "\"\\\\x");
  for (gsize i = 0; i < value->size; i++) {
    g_string_append_c (text, digits[(guint8) value->data[i] >> 4]);
    g_string_append_c (text, digits[(guint8) value->data[i] & 15]);
  }
  g_string_append_c (text, '"');
}

static void
append_float (GString *text, double d, gboolean json)
{
  char buffer[CORM_TEXT_MAX];
  if (json && !isfinite (d))
    corm_append (text, isnan (d) ? "null" : d > 0 ? "9e999" : "-9e999");
  else
    g_string_append_len (text, buffer, (gssize) corm_text_from_double (d, buffer));
}

static void
append_element (GString *text, const CormValue *value, gboolean json)
{
  char buffer[CORM_TEXT_MAX];
  gsize size;
  if (value->is_null) {
    corm_append (text, json ? "null" : "NULL");
    return;
  }
  switch (value->type) {
  case CORM_TYPE_BOOLEAN:
  case CORM_TYPE_INT16:
  case CORM_TYPE_INT32:
  case CORM_TYPE_INT64:
    g_string_append_len (text, buffer, (gssize) corm_text_from_int (value->i, buffer));
    return;
  case CORM_TYPE_FLOAT32:
  case CORM_TYPE_FLOAT64:
    append_float (text, value->d, json);
    return;
  case CORM_TYPE_BYTES:
    append_bytes (text, value, json);
    return;
  case CORM_TYPE_DATE:
    size = corm_text_from_date ((CormDate){ (gint32) value->i }, buffer);
    break;
  case CORM_TYPE_TIME:
    size = corm_text_from_time ((CormTime){ value->i }, buffer);
    break;
  case CORM_TYPE_TIMESTAMP:
  case CORM_TYPE_LOCAL_TIMESTAMP:
    size = corm_text_from_timestamp (value->i, ' ',
                                     json || value->type == CORM_TYPE_LOCAL_TIMESTAMP ? NULL : "Z", buffer);
    break;
  case CORM_TYPE_UUID:
    size = corm_text_from_uuid (&value->uuid, buffer);
    break;
  default:
    append_quoted (text, value->data, value->size, json);
    return;
  }
  append_quoted (text, buffer, size, json);
}

gboolean
corm_list_is_unbounded (const CormDialect *dialect, CormType type)
{
  const char *template = corm_function_find_sql (dialect, CORM_TEMPLATE_IN_LIST, corm_class_of (type));
  return dialect->list_form != CORM_LIST_NONE && template != NULL && *template != '\0';
}

/* The elements from *@i on as one text, to its end or the list's. */
static GString *
make_text (const CormList *list, gsize most, gsize *i, gsize *longest, GError **error)
{
  gboolean json = list->form == CORM_LIST_JSON;
  g_autoptr (GString) text = g_string_new (json ? "[" : "{");
  for (gsize start = *i; *i < list->n && text->len < most; (*i)++) {
    CormValue value;
    if (*i > start)
      g_string_append_c (text, ',');
    if (!list->get (list, *i, &value, error))
      return NULL;
    gsize before = text->len;
    append_element (text, &value, json);
    *longest = MAX (*longest, text->len - before);
  }
  g_string_append_c (text, json ? ']' : '}');
  return g_steal_pointer (&text);
}

static gboolean
append_part (CormSql *sql, const CormList *list, const char *template, GString *text, gsize longest,
             GError **error)
{
  /* What the server has to find the type of itself is sent as what stands beside it. */
  CormType type = list->field->type.type;
  const CormSqlType sent = { .type =
                                 type == CORM_TYPE_ENUM || type == CORM_TYPE_RAW ? type : CORM_TYPE_TEXT };
  CormValue value = { .type = sent.type, .data = text->str, .size = text->len };
  const CormTyping typing = { list->field->type, list->field, list->mapping };
  const CormFilling filling = { .scope = list->scope,
                                .operands = list->column,
                                .typings = &typing,
                                .use = CORM_OPERAND_COMPARED,
                                .number = (gint64) MAX (longest, 1),
                                .text = &value,
                                .type = sent };
  corm_sql_keep (sql, g_string_free (text, FALSE));
  return corm_template_append (sql, template, &filling, error);
}

gboolean
corm_render_list (CormSql *sql, const CormList *list, GError **error)
{
  const char *template =
      corm_function_find_sql (sql->dialect, CORM_TEMPLATE_IN_LIST, corm_class_of (list->field->type.type));
  gsize start = sql->text->len, longest = 0;
  gsize most = sql->dialect->list_bytes > 0 ? sql->dialect->list_bytes : G_MAXSIZE;
  guint n_parts = 0;
  for (gsize i = 0; i < list->n; n_parts++) {
    GString *text = make_text (list, most, &i, &longest, error);
    if (text == NULL)
      return FALSE;
    corm_append (sql->text, n_parts > 0 ? " OR " : "");
    if (!append_part (sql, list, template, text, MIN (longest, MAX_LENGTH), error))
      return FALSE;
  }
  if (n_parts > 1) {
    g_string_insert_c (sql->text, (gssize) start, '(');
    g_string_append_c (sql->text, ')');
  }
  return TRUE;
}
