/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* From the catalogue's words to neutral ones: types of columns, and SQL text in standard quoting. */
#include "catalogue.h"

#include <stdio.h>
#include <string.h>

typedef struct {
  const char *name;
  CormType type, type_unsigned;
} Plain;

/* Types without anything in parentheses that matters. What is missing here is RAW. */
static const Plain plain[] = {
  { "tinyint", CORM_TYPE_INT16, CORM_TYPE_INT16 },
  { "smallint", CORM_TYPE_INT16, CORM_TYPE_INT32 },
  { "mediumint", CORM_TYPE_INT32, CORM_TYPE_INT32 },
  { "int", CORM_TYPE_INT32, CORM_TYPE_INT64 },
  { "bigint", CORM_TYPE_INT64, CORM_TYPE_DECIMAL },
  { "year", CORM_TYPE_INT16, CORM_TYPE_INT16 },
  { "float", CORM_TYPE_FLOAT32, CORM_TYPE_FLOAT32 },
  { "double", CORM_TYPE_FLOAT64, CORM_TYPE_FLOAT64 },
  { "tinytext", CORM_TYPE_TEXT, CORM_TYPE_TEXT },
  { "text", CORM_TYPE_TEXT, CORM_TYPE_TEXT },
  { "mediumtext", CORM_TYPE_TEXT, CORM_TYPE_TEXT },
  { "longtext", CORM_TYPE_TEXT, CORM_TYPE_TEXT },
  { "set", CORM_TYPE_TEXT, CORM_TYPE_TEXT },
  { "tinyblob", CORM_TYPE_BYTES, CORM_TYPE_BYTES },
  { "blob", CORM_TYPE_BYTES, CORM_TYPE_BYTES },
  { "mediumblob", CORM_TYPE_BYTES, CORM_TYPE_BYTES },
  { "longblob", CORM_TYPE_BYTES, CORM_TYPE_BYTES },
  { "binary", CORM_TYPE_BYTES, CORM_TYPE_BYTES },
  { "varbinary", CORM_TYPE_BYTES, CORM_TYPE_BYTES },
  { "date", CORM_TYPE_DATE, CORM_TYPE_DATE },
  { "time", CORM_TYPE_TIME, CORM_TYPE_TIME },
  { "datetime", CORM_TYPE_LOCAL_TIMESTAMP, CORM_TYPE_LOCAL_TIMESTAMP },
  { "timestamp", CORM_TYPE_TIMESTAMP, CORM_TYPE_TIMESTAMP },
  { "json", CORM_TYPE_JSON, CORM_TYPE_JSON },
  { "uuid", CORM_TYPE_UUID, CORM_TYPE_UUID },
};

/* "enum('a','it''s')" */
static GStrv
read_labels (const char *column_type)
{
  g_autoptr (GStrvBuilder) labels = g_strv_builder_new ();
  for (const char *p = strchr (column_type, '\''); p != NULL; p = strchr (p, '\'')) {
    GString *label = g_string_new (NULL);
    for (p++; *p != '\0' && (*p != '\'' || p[1] == '\''); p++) {
      if (*p == '\'')
        p++;
      g_string_append_c (label, *p);
    }
    g_strv_builder_add (labels, label->str);
    g_string_free (label, TRUE);
    if (*p != '\0')
      p++;
  }
  return g_strv_builder_end (labels);
}

static CormSqlType
decimal_type (const char *parenthesis)
{
  CormSqlType type = { .type = CORM_TYPE_DECIMAL, .precision = 10 };
  g_autofree char *any = g_strdup (corm_mysql_dialect.decimal_any + strlen ("decimal"));
  if (parenthesis != NULL && g_str_has_prefix (parenthesis, any))
    type.precision = 0;
  else if (parenthesis != NULL)
    sscanf (parenthesis, "(%u,%u)", &type.precision, &type.scale);
  return type;
}

static CormSqlType
bit_type (const char *parenthesis)
{
  guint bits = 1;
  if (parenthesis != NULL)
    sscanf (parenthesis, "(%u)", &bits);
  if (bits == 64)
    return (CormSqlType){ .type = CORM_TYPE_DECIMAL, .precision = 20 };
  return (CormSqlType){ .type = bits == 1 ? CORM_TYPE_BOOLEAN : CORM_TYPE_INT64 };
}

static CormSqlType
plain_type (const char *data_type, const char *column_type)
{
  CormSqlType type = { .type = CORM_TYPE_RAW };
  for (gsize i = 0; i < G_N_ELEMENTS (plain); i++)
    if (strcmp (plain[i].name, data_type) == 0)
      type.type = strstr (column_type, " unsigned") != NULL ? plain[i].type_unsigned : plain[i].type;
  if (type.type == CORM_TYPE_DECIMAL)
    type.precision = 20;
  return type;
}

void
corm_mysql_set_type (CormTableColumn *column, const char *data_type, const char *column_type)
{
  g_autofree char *standard = corm_mysql_standard_sql (column_type, NULL);
  const char *parenthesis = strchr (standard, '(');
  CormSqlType *type = &column->type;
  const char *comment = strstr (standard, " /*M!100301 COMPRESSED*/");
  column->type_sql = comment != NULL
                         ? g_strdup_printf ("%.*s COMPRESSED", (int) (comment - standard), standard)
                         : g_strdup (standard);
  if (strcmp (data_type, "decimal") == 0)
    *type = decimal_type (parenthesis);
  else if (strcmp (data_type, "bit") == 0)
    *type = bit_type (parenthesis);
  else
    *type = plain_type (data_type, standard);
  if (g_str_has_prefix (standard, "tinyint(1)"))
    type->type = CORM_TYPE_BOOLEAN;
  if (strcmp (data_type, "char") == 0 || strcmp (data_type, "varchar") == 0) {
    type->type = CORM_TYPE_TEXT;
    if (parenthesis != NULL)
      sscanf (parenthesis, "(%u)", &type->length);
  }
  if (strcmp (data_type, "enum") == 0) {
    type->type = CORM_TYPE_ENUM;
    column->labels = read_labels (standard);
  }
}

/* --- SQL text --- */

/* What stands behind a backslash; MariaDB manual, "String literals". */
static char
unescaped (char c)
{
  switch (c) {
  case '0':
    return '\0';
  case 'b':
    return '\b';
  case 'n':
    return '\n';
  case 'r':
    return '\r';
  case 't':
    return '\t';
  case 'Z':
    return 26;
  default:
    return c;
  }
}

/* From the opening quote to the one that closes; returns where it closes. What has a zero byte in it is said in hex. */
static const char *
append_literal (GString *sql, const char *p)
{
  g_autoptr (GString) bytes = g_string_new (NULL);
  for (p++; *p != '\0' && (*p != '\'' || p[1] == '\''); p++) {
    char c = *p;
    if (*p == '\'')
      p++;
    else if (*p == '\\' && p[1] != '\0')
      c = unescaped (*++p);
    g_string_append_c (bytes, c);
  }
  gboolean is_text = strlen (bytes->str) == bytes->len;
  g_string_append (sql, is_text ? "'" : "x'");
  for (gsize i = 0; i < bytes->len; i++) {
    if (!is_text)
      g_string_append_printf (sql, "%02x", (guchar) bytes->str[i]);
    else
      g_string_append_len (sql, bytes->str[i] == '\'' ? "''" : &bytes->str[i], bytes->str[i] == '\'' ? 2 : 1);
  }
  g_string_append_c (sql, '\'');
  return p;
}

/* Length of the name in backticks that @p begins with. */
static gsize
name_length (const char *p)
{
  const char *q = p + 1;
  while (*q != '\0' && (*q != '`' || q[1] == '`'))
    q += *q == '`' ? 2 : 1;
  return (gsize) (q - p) + (*q == '`');
}

char *
corm_mysql_standard_sql (const char *text, const char *qualifier)
{
  GString *sql = g_string_new (NULL);
  for (const char *p = text; *p != '\0'; p++) {
    if (*p == '\'') {
      p = append_literal (sql, p);
      if (*p == '\0')
        break;
    } else if (qualifier != NULL && g_str_has_prefix (p, qualifier)) {
      p += strlen (qualifier) - 1;
    } else if (*p == '`') {
      gsize size = name_length (p);
      g_string_append_len (sql, p, size);
      p += size - 1;
    } else {
      g_string_append_c (sql, *p);
    }
  }
  return g_string_free (sql, FALSE);
}

/* Always quoted, as the server itself writes them. */
void
corm_mysql_append_name (GString *sql, const char *name)
{
  g_string_append_c (sql, '`');
  for (const char *p = name; *p != '\0'; p++)
    g_string_append_len (sql, *p == '`' ? "``" : p, *p == '`' ? 2 : 1);
  g_string_append_c (sql, '`');
}

void
corm_mysql_append_text (GString *sql, const char *text)
{
  g_string_append_c (sql, '\'');
  for (const char *p = text; *p != '\0'; p++)
    g_string_append_len (sql, *p == '\'' ? "''" : p, *p == '\'' ? 2 : 1);
  g_string_append_c (sql, '\'');
}

char *
corm_mysql_cell (CormCursor *cursor, guint column)
{
  const CormValue *value = corm_cursor_get_value (cursor, column);
  if (value->is_null)
    return NULL;
  if (value->type == CORM_TYPE_TEXT || value->type == CORM_TYPE_BYTES)
    return g_strndup (value->data, value->size);
  GString *text = g_string_new (NULL);
  corm_value_append_text (value, text);
  return g_string_free (text, FALSE);
}
