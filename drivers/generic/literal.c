/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Parameters as literals. Invariant: what is appended is one literal, whatever the value holds, and reads back as the
 * same value. */
#include "generic.h"

#include <string.h>

void
corm_generic_append_quoted (GString *sql, const char *text, gsize size)
{
  g_string_append_c (sql, '\'');
  for (gsize i = 0; i < size; i++) {
    if (text[i] == '\'')
      g_string_append_c (sql, '\'');
    g_string_append_c (sql, text[i]);
  }
  g_string_append_c (sql, '\'');
}

static gboolean
is_number (CormType type)
{
  return type == CORM_TYPE_INT16 || type == CORM_TYPE_INT32 || type == CORM_TYPE_INT64 ||
         type == CORM_TYPE_FLOAT32 || type == CORM_TYPE_FLOAT64 || type == CORM_TYPE_DECIMAL;
}

gboolean
corm_generic_append_param (GString *sql, const CormLink *link, const CormValue *value,
                           const CormSqlType *type, GError **error)
{
  const CormGenericFlavor *flavor = corm_generic_flavor (link);
  const CormDialect *dialect = link->driver->dialect;
  g_autoptr (GString) scratch = g_string_new (NULL);
  CormValue sent = *value;
  if (value->is_null || value->type == CORM_TYPE_NONE) {
    g_string_append (sql, "NULL");
    return TRUE;
  }
  if (type->type != CORM_TYPE_NONE && type->type != value->type &&
      !corm_value_convert (value, type, scratch, &sent, error))
    return FALSE;
  gsize start = sql->len;
  if (!(flavor->append_literal != NULL ? flavor->append_literal (sql, dialect, &sent, type, error)
                                       : corm_sql_append_literal (sql, dialect, &sent, error)))
    return FALSE;
  /* A minus behind a minus would begin a comment. */
  if (is_number (sent.type) && sql->str[start] == '-') {
    g_string_insert_c (sql, (gssize) start, '(');
    g_string_append_c (sql, ')');
  }
  return TRUE;
}
