/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Reads the name of a column type as people write it in files for SQLite, PostgreSQL and MariaDB. Where the same
 * word means different widths (INTEGER has 64 bits in SQLite, 32 elsewhere; REAL the other way round), the wider one
 * holds both. */
#include <corm/sys/driver.h>
#include <string.h>

typedef struct {
  const char *name;
  CormType type;
  CormType unsigned_type; /* NONE: the same */
} Name;

static const Name known_names[] = {
  { "bool", CORM_TYPE_BOOLEAN, 0 },
  { "boolean", CORM_TYPE_BOOLEAN, 0 },
  { "tinyint", CORM_TYPE_INT16, 0 },
  { "smallint", CORM_TYPE_INT16, CORM_TYPE_INT32 },
  { "int2", CORM_TYPE_INT16, CORM_TYPE_INT32 },
  { "smallserial", CORM_TYPE_INT16, 0 },
  { "year", CORM_TYPE_INT16, 0 },
  { "mediumint", CORM_TYPE_INT32, 0 },
  { "int3", CORM_TYPE_INT32, 0 },
  { "int", CORM_TYPE_INT32, CORM_TYPE_INT64 },
  { "int4", CORM_TYPE_INT32, CORM_TYPE_INT64 },
  { "integer", CORM_TYPE_INT64, CORM_TYPE_INT64 },
  { "bigint", CORM_TYPE_INT64, CORM_TYPE_DECIMAL },
  { "big int", CORM_TYPE_INT64, CORM_TYPE_DECIMAL },
  { "int8", CORM_TYPE_INT64, CORM_TYPE_DECIMAL },
  { "serial", CORM_TYPE_INT64, 0 },
  { "bigserial", CORM_TYPE_INT64, 0 },
  { "float4", CORM_TYPE_FLOAT32, 0 },
  { "float8", CORM_TYPE_FLOAT64, 0 },
  { "real", CORM_TYPE_FLOAT64, 0 },
  { "float", CORM_TYPE_FLOAT64, 0 },
  { "double", CORM_TYPE_FLOAT64, 0 },
  { "double precision", CORM_TYPE_FLOAT64, 0 },
  { "numeric", CORM_TYPE_DECIMAL, 0 },
  { "decimal", CORM_TYPE_DECIMAL, 0 },
  { "dec", CORM_TYPE_DECIMAL, 0 },
  { "fixed", CORM_TYPE_DECIMAL, 0 },
  { "number", CORM_TYPE_DECIMAL, 0 },
  { "text", CORM_TYPE_TEXT, 0 },
  { "tinytext", CORM_TYPE_TEXT, 0 },
  { "mediumtext", CORM_TYPE_TEXT, 0 },
  { "longtext", CORM_TYPE_TEXT, 0 },
  { "clob", CORM_TYPE_TEXT, 0 },
  { "string", CORM_TYPE_TEXT, 0 },
  { "varchar", CORM_TYPE_TEXT, 0 },
  { "varchar2", CORM_TYPE_TEXT, 0 },
  { "nvarchar", CORM_TYPE_TEXT, 0 },
  { "nvarchar2", CORM_TYPE_TEXT, 0 },
  { "national varchar", CORM_TYPE_TEXT, 0 },
  { "character varying", CORM_TYPE_TEXT, 0 },
  { "varying character", CORM_TYPE_TEXT, 0 },
  { "char", CORM_TYPE_TEXT, 0 },
  { "nchar", CORM_TYPE_TEXT, 0 },
  { "bpchar", CORM_TYPE_TEXT, 0 },
  { "character", CORM_TYPE_TEXT, 0 },
  { "native character", CORM_TYPE_TEXT, 0 },
  { "national character", CORM_TYPE_TEXT, 0 },
  { "national character varying", CORM_TYPE_TEXT, 0 },
  { "blob", CORM_TYPE_BYTES, 0 },
  { "tinyblob", CORM_TYPE_BYTES, 0 },
  { "mediumblob", CORM_TYPE_BYTES, 0 },
  { "longblob", CORM_TYPE_BYTES, 0 },
  { "bytea", CORM_TYPE_BYTES, 0 },
  { "bytes", CORM_TYPE_BYTES, 0 },
  { "binary", CORM_TYPE_BYTES, 0 },
  { "varbinary", CORM_TYPE_BYTES, 0 },
  { "date", CORM_TYPE_DATE, 0 },
  { "time", CORM_TYPE_TIME, 0 },
  { "time without time zone", CORM_TYPE_TIME, 0 },
  { "datetime", CORM_TYPE_LOCAL_TIMESTAMP, 0 },
  { "datetime2", CORM_TYPE_LOCAL_TIMESTAMP, 0 },
  { "timestamp without time zone", CORM_TYPE_LOCAL_TIMESTAMP, 0 },
  { "timestamp", CORM_TYPE_TIMESTAMP, 0 },
  { "timestamptz", CORM_TYPE_TIMESTAMP, 0 },
  { "timestamp with time zone", CORM_TYPE_TIMESTAMP, 0 },
  { "datetimeoffset", CORM_TYPE_TIMESTAMP, 0 },
  { "uuid", CORM_TYPE_UUID, 0 },
  { "guid", CORM_TYPE_UUID, 0 },
  { "uniqueidentifier", CORM_TYPE_UUID, 0 },
  { "json", CORM_TYPE_JSON, 0 },
  { "jsonb", CORM_TYPE_JSON, 0 },
  { "enum", CORM_TYPE_ENUM, 0 },
};

typedef struct {
  GString *words; /* lower case, one space between, without what follows */
  guint n_args;
  guint args[2];
  gboolean is_unsigned;
  gboolean has_odd_args; /* that are no numbers: labels, "max" */
  gboolean is_array;
} Parts;

static void
add_word (Parts *parts, const char *word, gsize size)
{
  g_autofree char *lower = g_ascii_strdown (word, (gssize) size);
  if (strcmp (lower, "unsigned") == 0 || strcmp (lower, "zerofill") == 0)
    parts->is_unsigned = TRUE;
  else if (strcmp (lower, "signed") != 0)
    g_string_append_printf (parts->words, "%s%s", parts->words->len > 0 ? " " : "", lower);
}

/* Behind '('; returns the place behind ')'. The labels of an enum are none of our business. */
static const char *
read_args (Parts *parts, const char *at)
{
  const char *end = strrchr (at, ')');
  if (end == NULL)
    end = at + strlen (at);
  while (at < end) {
    char *stop;
    guint64 n = g_ascii_strtoull (at, &stop, 10);
    if (stop == at || n > G_MAXINT32 || parts->n_args == 2) {
      parts->has_odd_args = TRUE;
      break;
    }
    parts->args[parts->n_args++] = (guint) n;
    at = stop + strspn (stop, " \t\n,");
  }
  return *end == ')' ? end + 1 : end;
}

static void
read_parts (Parts *parts, const char *at)
{
  gboolean is_bracket = *at == '['; /* "[int]", a name in SQLite's quotes; "int[]" is an array */
  while (*at != '\0') {
    gsize size = strcspn (at, " \t\r\n()[]\"`'");
    if (size > 0)
      add_word (parts, at, size);
    at += size;
    if (*at == '(')
      at = read_args (parts, at + 1);
    else if (*at != '\0') {
      parts->is_array |= *at == '[' && !is_bracket;
      at++;
    }
  }
}

/* Corm names a type that SQLite does not have after what it is and how it is kept: DECIMAL_TEXT, JSON_TEXT. */
static const Name *
find_name (GString *words)
{
  if (g_str_has_prefix (words->str, "pg_catalog."))
    g_string_erase (words, 0, (gssize) strlen ("pg_catalog."));
  if (g_str_has_suffix (words->str, "_text"))
    g_string_truncate (words, words->len - strlen ("_text"));
  for (gsize i = 0; i < G_N_ELEMENTS (known_names); i++)
    if (strcmp (known_names[i].name, words->str) == 0)
      return &known_names[i];
  return NULL;
}

static CormSqlType
with_args (CormType type, const Parts *parts)
{
  CormSqlType result = { .type = type };
  if (type == CORM_TYPE_TEXT)
    result.length = parts->args[0];
  if (type == CORM_TYPE_DECIMAL) {
    result.precision = parts->args[0];
    result.scale = parts->args[1];
  }
  return result;
}

static CormSqlType
resolve (const Parts *parts)
{
  const Name *name = find_name (parts->words);
  if (name == NULL || parts->is_array || (parts->has_odd_args && name->type == CORM_TYPE_DECIMAL))
    return (CormSqlType){ .type = CORM_TYPE_RAW };
  if (strcmp (name->name, "tinyint") == 0 && parts->n_args == 1 && parts->args[0] == 1)
    return (CormSqlType){ .type = CORM_TYPE_BOOLEAN };
  if (!parts->is_unsigned || name->unsigned_type == CORM_TYPE_NONE)
    return with_args (name->type, parts);
  if (name->unsigned_type == CORM_TYPE_DECIMAL)
    return (CormSqlType){ .type = CORM_TYPE_DECIMAL, .precision = 20 };
  return (CormSqlType){ .type = name->unsigned_type };
}

CormSqlType
corm_sql_type_parse (const char *name)
{
  g_autoptr (GString) words = g_string_new (NULL);
  Parts parts = { .words = words };
  if (name == NULL ||
      strcmp (name, "\"char\"") == 0) /* PostgreSQL's one byte, which its quotes tell from char */
    return (CormSqlType){ .type = CORM_TYPE_RAW };
  read_parts (&parts, name);
  return resolve (&parts);
}
