/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* The one place where identifiers and literals become SQL text. Invariant: whatever the name or the value holds, what
 * is appended is one identifier or one literal. */
#include <corm/sys/driver.h>

#include <math.h>
#include <string.h>

/* How many words the list has: counted once as long as a thread stays with one dialect. */
static guint
count_reserved (const CormDialect *dialect)
{
  static _Thread_local const char *const *counted;
  static _Thread_local guint n;
  if (counted != dialect->reserved) {
    counted = dialect->reserved;
    for (n = 0; counted != NULL && counted[n] != NULL; n++)
      ;
  }
  return n;
}

/* The list is sorted. */
static gboolean
is_reserved (const CormDialect *dialect, const char *name)
{
  guint low = 0, high = count_reserved (dialect);
  while (low < high) {
    guint middle = (low + high) / 2;
    int order = strcmp (name, dialect->reserved[middle]);
    if (order == 0)
      return TRUE;
    if (order < 0)
      high = middle;
    else
      low = middle + 1;
  }
  return FALSE;
}

/* Lower case, digits and underscore: what every database takes bare and gives back unchanged. */
static gboolean
is_plain (const char *name)
{
  if (!g_ascii_islower (name[0]) && name[0] != '_')
    return FALSE;
  for (const char *p = name; *p != '\0'; p++)
    if (!g_ascii_islower (*p) && !g_ascii_isdigit (*p) && *p != '_')
      return FALSE;
  return TRUE;
}

void
corm_sql_append_identifier (GString *sql, const CormDialect *dialect, const char *name)
{
  if (is_plain (name) && !is_reserved (dialect, name)) {
    g_string_append (sql, name);
    return;
  }
  g_string_append_c (sql, dialect->quote);
  for (const char *p = name; *p != '\0'; p++) {
    if (*p == dialect->quote)
      g_string_append_c (sql, *p);
    g_string_append_c (sql, *p);
  }
  g_string_append_c (sql, dialect->quote);
}

static void
append_quoted (GString *sql, const char *data, gsize size)
{
  g_string_append_c (sql, '\'');
  for (gsize i = 0; i < size; i++) {
    if (data[i] == '\'')
      g_string_append_c (sql, '\'');
    g_string_append_c (sql, data[i]);
  }
  g_string_append_c (sql, '\'');
}

static void
append_hex (GString *sql, const char *data, gsize size)
{
  g_string_append (sql, "x'");
  for (gsize i = 0; i < size; i++)
    g_string_append_printf (sql, "%02x", (guint8) data[i]);
  g_string_append_c (sql, '\'');
}

static gboolean
append_textual (GString *sql, const CormValue *value, GError **error)
{
  if (memchr (value->data, '\0', value->size) != NULL && value->type == CORM_TYPE_TEXT) {
    g_set_error (error, CORM_ERROR, CORM_ERROR_CONVERSION,
                 "text with a NUL byte can't be written as an SQL literal");
    return FALSE;
  }
  append_quoted (sql, value->data, value->size);
  return TRUE;
}

gboolean
corm_sql_append_literal (GString *sql, const CormDialect *dialect, const CormValue *value, GError **error)
{
  if (dialect->append_literal != NULL)
    return dialect->append_literal (sql, value, error);
  if (value->is_null) {
    g_string_append (sql, "NULL");
    return TRUE;
  }
  switch (value->type) {
  case CORM_TYPE_BOOLEAN:
    g_string_append (sql, value->i ? dialect->true_text : dialect->false_text);
    return TRUE;
  case CORM_TYPE_INT16:
  case CORM_TYPE_INT32:
  case CORM_TYPE_INT64:
  case CORM_TYPE_DECIMAL:
    corm_value_append_text (value, sql);
    return TRUE;
  case CORM_TYPE_FLOAT32:
  case CORM_TYPE_FLOAT64:
    if (!isfinite (value->d)) {
      g_set_error (error, CORM_ERROR, CORM_ERROR_CONVERSION, "NaN and infinity have no SQL literal");
      return FALSE;
    }
    corm_value_append_text (value, sql);
    return TRUE;
  case CORM_TYPE_BYTES:
    append_hex (sql, value->data, value->size);
    return TRUE;
  case CORM_TYPE_TEXT:
  case CORM_TYPE_JSON:
  case CORM_TYPE_ENUM:
  case CORM_TYPE_RAW:
    return append_textual (sql, value, error);
  default: {
    g_autoptr (GString) text = g_string_new (NULL);
    corm_value_append_text (value, text);
    append_quoted (sql, text->str, text->len);
    return TRUE;
  }
  }
}
