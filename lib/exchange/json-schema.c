/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Tables as a JSON Schema (record 2020-12) of the JSON files that their export writes: a definition for each table, and the
 * frame around them. Invariant: what it takes, an import takes too, as far as one row alone can be judged. */
#include "exchange/form.h"
#include "exchange/tables.h"

#include <json-glib/json-glib.h>

#define EXACT_MAX G_GINT64_CONSTANT (9007199254740991) /* see form.c */
#define DAY "[0-9]{4}-[0-9]{2}-[0-9]{2}"
#define CLOCK "([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\\.[0-9]{1,6})?"
#define HEX4 "[0-9a-fA-F]{4}"
#define BASE64 "^([A-Za-z0-9+/]{4})*([A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$"

static void
member (JsonBuilder *builder, const char *name, const char *value)
{
  json_builder_set_member_name (builder, name);
  json_builder_add_string_value (builder, value);
}

static void
number (JsonBuilder *builder, const char *name, gint64 value)
{
  json_builder_set_member_name (builder, name);
  json_builder_add_int_value (builder, value);
}

static void
flag (JsonBuilder *builder, const char *name, gboolean value)
{
  json_builder_set_member_name (builder, name);
  json_builder_add_boolean_value (builder, value);
}

static void
begin (JsonBuilder *builder, const char *name)
{
  json_builder_set_member_name (builder, name);
  json_builder_begin_object (builder);
}

static void
words (JsonBuilder *builder, const char *name, const char *const *list)
{
  json_builder_set_member_name (builder, name);
  json_builder_begin_array (builder);
  for (; *list != NULL; list++)
    json_builder_add_string_value (builder, *list);
  json_builder_end_array (builder);
}

/* --- types ----------------------------------------------------------------------------------------------------- */

static void
text (JsonBuilder *builder, const char *format, const char *pattern)
{
  member (builder, "type", "string");
  if (format != NULL)
    member (builder, "format", format);
  if (pattern != NULL)
    member (builder, "pattern", pattern);
}

static void
whole (JsonBuilder *builder, gint64 least, gint64 greatest)
{
  member (builder, "type", "integer");
  number (builder, "minimum", least);
  number (builder, "maximum", greatest);
}

static void
int64 (JsonBuilder *builder)
{
  json_builder_set_member_name (builder, "anyOf");
  json_builder_begin_array (builder);
  json_builder_begin_object (builder);
  whole (builder, -EXACT_MAX, EXACT_MAX);
  json_builder_end_object (builder);
  json_builder_begin_object (builder);
  text (builder, NULL, "^-?[0-9]{16,19}$");
  json_builder_end_object (builder);
  json_builder_end_array (builder);
}

static void
real (JsonBuilder *builder)
{
  static const char *const odd[] = { "NaN", "Infinity", "-Infinity", NULL };
  json_builder_set_member_name (builder, "anyOf");
  json_builder_begin_array (builder);
  json_builder_begin_object (builder);
  member (builder, "type", "number");
  json_builder_end_object (builder);
  json_builder_begin_object (builder);
  words (builder, "enum", odd);
  json_builder_end_object (builder);
  json_builder_end_array (builder);
}

static void
decimal (JsonBuilder *builder, const CormSqlType *type)
{
  guint whole_digits = type->precision > type->scale ? type->precision - type->scale : 0;
  g_autoptr (GString) pattern = g_string_new ("^-?");
  if (type->precision == 0)
    g_string_append (pattern, "(0|[1-9][0-9]*)(\\.[0-9]+)?$|^(NaN|-?Infinity)$");
  else {
    if (whole_digits > 0)
      g_string_append_printf (pattern, "(0|[1-9][0-9]{0,%u})", whole_digits - 1);
    else
      g_string_append_c (pattern, '0');
    if (type->scale > 0)
      g_string_append_printf (pattern, "(\\.[0-9]{1,%u})?", type->scale);
    g_string_append_c (pattern, '$');
  }
  text (builder, NULL, pattern->str);
}

static void
untyped (JsonBuilder *builder)
{
  json_builder_set_member_name (builder, "anyOf");
  json_builder_begin_array (builder);
  for (guint i = 0; i < 2; i++) {
    json_builder_begin_object (builder);
    member (builder, "type", i == 0 ? "string" : "number");
    json_builder_end_object (builder);
  }
  json_builder_begin_object (builder);
  member (builder, "type", "object");
  begin (builder, "properties");
  begin (builder, "base64");
  text (builder, NULL, BASE64);
  json_builder_end_object (builder);
  json_builder_end_object (builder);
  flag (builder, "additionalProperties", FALSE);
  json_builder_end_object (builder);
  json_builder_end_array (builder);
}

static void
any_text (JsonBuilder *builder, const CormTableColumn *column)
{
  if (column->labels != NULL) {
    words (builder, "enum", (const char *const *) column->labels);
    return;
  }
  text (builder, NULL, "^[^\\u0000]*$");
  if (column->type.type == CORM_TYPE_TEXT && column->type.length > 0)
    number (builder, "maxLength", column->type.length);
}

static void
add_type (JsonBuilder *builder, const CormTableColumn *column)
{
  if (corm_form_is_untyped (column)) {
    untyped (builder);
    return;
  }
  switch (column->type.type) {
  case CORM_TYPE_BOOLEAN:
    member (builder, "type", "boolean");
    break;
  case CORM_TYPE_INT16:
    whole (builder, G_MININT16, G_MAXINT16);
    break;
  case CORM_TYPE_INT32:
    whole (builder, G_MININT32, G_MAXINT32);
    break;
  case CORM_TYPE_INT64:
    int64 (builder);
    break;
  case CORM_TYPE_FLOAT32:
  case CORM_TYPE_FLOAT64:
    real (builder);
    break;
  case CORM_TYPE_DECIMAL:
    decimal (builder, &column->type);
    break;
  case CORM_TYPE_BYTES:
    text (builder, NULL, BASE64);
    member (builder, "contentEncoding", "base64");
    break;
  case CORM_TYPE_DATE:
    text (builder, "date", "^" DAY "$");
    break;
  case CORM_TYPE_TIME:
    text (builder, NULL, "^" CLOCK "$");
    break;
  case CORM_TYPE_TIMESTAMP:
    text (builder, "date-time", "^" DAY "T" CLOCK "Z$");
    break;
  case CORM_TYPE_LOCAL_TIMESTAMP:
    text (builder, NULL, "^" DAY "T" CLOCK "$");
    break;
  case CORM_TYPE_UUID:
    text (builder, "uuid", "^" HEX4 HEX4 "-" HEX4 "-" HEX4 "-" HEX4 "-" HEX4 HEX4 HEX4 "$");
    break;
  case CORM_TYPE_JSON:
    text (builder, NULL, NULL);
    member (builder, "contentMediaType", "application/json");
    break;
  default:
    any_text (builder, column);
  }
}

/* --- tables ---------------------------------------------------------------------------------------------------- */

static void
add_column (JsonBuilder *builder, const CormTableColumn *column)
{
  begin (builder, column->name);
  if (column->comment != NULL)
    member (builder, "description", column->comment);
  if (column->generated_sql != NULL)
    flag (builder, "readOnly", TRUE);
  if (column->not_null)
    add_type (builder, column);
  else {
    json_builder_set_member_name (builder, "anyOf");
    json_builder_begin_array (builder);
    json_builder_begin_object (builder);
    add_type (builder, column);
    json_builder_end_object (builder);
    json_builder_begin_object (builder);
    member (builder, "type", "null");
    json_builder_end_object (builder);
    json_builder_end_array (builder);
  }
  json_builder_end_object (builder);
}

static gboolean
is_required (const CormTableColumn *column)
{
  return column->not_null && column->default_kind == CORM_DEFAULT_NONE && !column->auto_increment &&
         column->generated_sql == NULL;
}

static void
add_table (JsonBuilder *builder, const CormTable *table)
{
  begin (builder, table->name);
  member (builder, "type", "object");
  if (table->comment != NULL)
    member (builder, "description", table->comment);
  begin (builder, "properties");
  for (guint i = 0; i < table->columns->len; i++)
    add_column (builder, table->columns->pdata[i]);
  json_builder_end_object (builder);
  json_builder_set_member_name (builder, "required");
  json_builder_begin_array (builder);
  for (guint i = 0; i < table->columns->len; i++)
    if (is_required (table->columns->pdata[i]))
      json_builder_add_string_value (builder, ((const CormTableColumn *) table->columns->pdata[i])->name);
  json_builder_end_array (builder);
  flag (builder, "additionalProperties", FALSE);
  json_builder_end_object (builder);
}

/* A name as a part of a JSON pointer in a URI fragment (RFC 6901, 6). */
static char *
reference (const char *table)
{
  g_autoptr (GString) name = g_string_new (table);
  g_string_replace (name, "~", "~0", 0);
  g_string_replace (name, "/", "~1", 0);
  g_autofree char *escaped = g_uri_escape_string (name->str, "~", FALSE);
  return g_strconcat ("#/$defs/", escaped, NULL);
}

static void
add_list (JsonBuilder *builder, const CormTable *table)
{
  g_autofree char *target = reference (table->name);
  begin (builder, table->name);
  member (builder, "type", "array");
  begin (builder, "items");
  member (builder, "$ref", target);
  json_builder_end_object (builder);
  json_builder_end_object (builder);
}

/* What stands around the tables. */
static void
add_frame (JsonBuilder *builder, const GPtrArray *tables)
{
  static const char *const needed[] = { "tables", NULL };
  member (builder, "type", "object");
  begin (builder, "properties");
  begin (builder, "corm_export");
  number (builder, "const", 1);
  json_builder_end_object (builder);
  begin (builder, "schema");
  member (builder, "type", "object");
  json_builder_end_object (builder);
  begin (builder, "tables");
  member (builder, "type", "object");
  begin (builder, "properties");
  for (guint i = 0; i < tables->len; i++)
    add_list (builder, tables->pdata[i]);
  json_builder_end_object (builder);
  flag (builder, "additionalProperties", FALSE);
  json_builder_end_object (builder);
  begin (builder, "rows");
  member (builder, "type", "integer");
  number (builder, "minimum", 0);
  json_builder_end_object (builder);
  json_builder_end_object (builder);
  words (builder, "required", needed);
  flag (builder, "additionalProperties", FALSE);
}

char *
corm_schema_to_json_schema (const CormSchema *schema)
{
  g_return_val_if_fail (schema != NULL, NULL);
  g_autoptr (GPtrArray) tables = corm_exchange_by_name (schema);
  g_autoptr (JsonBuilder) builder = json_builder_new_immutable ();
  json_builder_begin_object (builder);
  member (builder, "$schema", "https://json-schema.org/draft/2020-12/schema");
  add_frame (builder, tables);
  begin (builder, "$defs");
  for (guint i = 0; i < tables->len; i++)
    add_table (builder, tables->pdata[i]);
  json_builder_end_object (builder);
  json_builder_end_object (builder);
  g_autoptr (JsonNode) root = json_builder_get_root (builder);
  g_autofree char *json = json_to_string (root, TRUE);
  return g_strconcat (json, "\n", NULL);
}
