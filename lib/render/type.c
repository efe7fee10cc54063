/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Names of column types: the server's own words where a column has them, else the dialect's word for the neutral type. */
#include "render/ddl.h"

#include <string.h>

/* The length that {n} stands for: of a text, or of the longest label. */
static guint
type_length (const CormTableColumn *column)
{
  glong longest = column->type.length;
  for (char **label = column->labels; label != NULL && *label != NULL; label++)
    longest = MAX (longest, g_utf8_strlen (*label, -1));
  return (guint) longest;
}

static void
append_template (GString *text, const char *format, const CormTableColumn *column)
{
  for (const char *p = format; *p != '\0'; p++) {
    if (p[0] != '{' || p[1] == '\0' || p[2] != '}') {
      g_string_append_c (text, *p);
      continue;
    }
    guint number = p[1] == 'n'   ? type_length (column)
                   : p[1] == 'p' ? column->type.precision
                                 : column->type.scale;
    g_string_append_printf (text, "%u", number);
    p += 2;
  }
}

static const char *
raw_type (const CormDialect *dialect, const CormTableColumn *column)
{
  for (char **pair = column->raw; pair != NULL && pair[0] != NULL; pair += 2)
    if (strcmp (pair[0], dialect->name) == 0)
      return pair[1];
  return NULL;
}

void
corm_render_type (GString *text, const CormDialect *dialect, const CormTableColumn *column)
{
  const char *raw = raw_type (dialect, column);
  if (column->type_sql != NULL || raw != NULL) {
    g_string_append (text, column->type_sql != NULL ? column->type_sql : raw);
    return;
  }
  /* Labels in text of a length that the model names. */
  gboolean is_bound = column->type.type == CORM_TYPE_ENUM && column->type.length > 0;
  CormTableColumn as_text = *column;
  as_text.type.type = CORM_TYPE_TEXT;
  if (is_bound)
    column = &as_text;
  if (dialect->append_type != NULL) {
    dialect->append_type (text, column);
    return;
  }
  const CormSqlType *type = &column->type;
  if (type->type == CORM_TYPE_ENUM && column->enum_type != NULL && (dialect->caps & CORM_CAP_NATIVE_ENUM)) {
    corm_sql_append_identifier (text, dialect, column->enum_type);
    return;
  }
  const char *format = dialect->types[type->type];
  if (type->type == CORM_TYPE_TEXT && type->length > 0 && dialect->varchar != NULL)
    format = dialect->varchar;
  if (type->type == CORM_TYPE_DECIMAL && type->precision == 0 && dialect->decimal_any != NULL)
    format = dialect->decimal_any;
  append_template (text, format != NULL ? format : dialect->types[CORM_TYPE_TEXT], column);
}
