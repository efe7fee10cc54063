/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* A schema as C models: what a program with an existing database starts from. The text compiles as it stands. */
#include "app.h"

#include <string.h>

typedef struct {
  const char *plain;
  const char *optional;
} MemberType;

static const MemberType member_types[CORM_N_TYPES] = {
  [CORM_TYPE_BOOLEAN] = { "bool", "CormOptBool" },
  [CORM_TYPE_INT16] = { "gint16", "CormOptInt16" },
  [CORM_TYPE_INT32] = { "gint32", "CormOptInt32" },
  [CORM_TYPE_INT64] = { "gint64", "CormOptInt64" },
  [CORM_TYPE_FLOAT32] = { "float", "CormOptFloat" },
  [CORM_TYPE_FLOAT64] = { "double", "CormOptDouble" },
  [CORM_TYPE_DECIMAL] = { "CormDecimal", "CormDecimal" },
  [CORM_TYPE_BYTES] = { "CormBytes", "CormBytes" },
  [CORM_TYPE_DATE] = { "CormDate", "CormOptDate" },
  [CORM_TYPE_TIME] = { "CormTime", "CormOptTime" },
  [CORM_TYPE_TIMESTAMP] = { "CormTimestamp", "CormOptTimestamp" },
  [CORM_TYPE_LOCAL_TIMESTAMP] = { "CormLocalTimestamp", "CormOptLocalTimestamp" },
  [CORM_TYPE_UUID] = { "CormUuid", "CormOptUuid" },
  [CORM_TYPE_JSON] = { "CormJson", "CormJson" },
};

static const char *const keywords[] = {
  "auto", "bool",     "break",  "case",     "char",     "const",  "continue", "default", "do",     "double",
  "else", "enum",     "extern", "false",    "float",    "for",    "goto",     "if",      "inline", "int",
  "long", "register", "return", "restrict", "short",    "signed", "sizeof",   "static",  "struct", "switch",
  "true", "typedef",  "typeof", "union",    "unsigned", "void",   "volatile", "while",   NULL,
};

/* --- names --------------------------------------------------------------------------------------------------- */

static char *
member_name (const char *name)
{
  GString *text = g_string_new (NULL);
  for (const char *p = name; *p != '\0'; p++)
    g_string_append_c (text, g_ascii_isalnum (*p) ? *p : '_');
  if (text->len == 0 || g_ascii_isdigit (text->str[0]))
    g_string_prepend_c (text, '_');
  if (g_strv_contains (keywords, text->str))
    g_string_append_c (text, '_');
  return g_string_free (text, FALSE);
}

/* "job_dependencies" -> "JobDependencies" */
static char *
type_name (const char *table)
{
  GString *text = g_string_new (NULL);
  gboolean up = TRUE;
  for (const char *p = table; *p != '\0'; p++) {
    if (g_ascii_isalnum (*p))
      g_string_append_c (text, up ? g_ascii_toupper (*p) : *p);
    up = !g_ascii_isalnum (*p);
  }
  if (text->len == 0 || g_ascii_isdigit (text->str[0]))
    g_string_prepend (text, "Table");
  return g_string_free (text, FALSE);
}

static char *
prefix_name (const char *table)
{
  g_autofree char *member = member_name (table);
  return g_ascii_strdown (member, -1);
}

/* Quotes, backslashes and control characters; UTF-8 stays as it is. */
static char *
escape (const char *words)
{
  GString *text = g_string_new (NULL);
  for (const char *p = words; *p != '\0'; p++) {
    if (*p == '"' || *p == '\\')
      g_string_append_printf (text, "\\%c", *p);
    else if ((guchar) *p < 0x20 || *p == 0x7f)
      g_string_append_printf (text, "\\%03o", (guint) (guchar) *p);
    else
      g_string_append_c (text, *p);
  }
  return g_string_free (text, FALSE);
}

/* As a C string literal. */
static char *
literal (const char *words)
{
  g_autofree char *escaped = escape (words);
  return g_strdup_printf ("\"%s\"", escaped);
}

/* --- one table ----------------------------------------------------------------------------------------------- */

static gboolean
is_single (GStrv columns, const char *name)
{
  return columns != NULL && columns[0] != NULL && columns[1] == NULL && strcmp (columns[0], name) == 0;
}

static gboolean
is_key (const CormTable *table, const CormTableColumn *column)
{
  return table->primary_key != NULL &&
         g_strv_contains ((const char *const *) table->primary_key->columns, column->name);
}

static const char *
c_type (const CormTable *table, const CormTableColumn *column)
{
  const MemberType *type = &member_types[column->type.type];
  if (type->plain == NULL)
    return "const char *";
  return column->not_null || is_key (table, column) ? type->plain : type->optional;
}

static void
append_struct (GString *text, const CormTable *table, const char *type)
{
  g_string_append (text, "typedef struct {\n");
  for (guint i = 0; i < table->columns->len; i++) {
    const CormTableColumn *column = g_ptr_array_index (table->columns, i);
    g_autofree char *member = member_name (column->name);
    const char *ctype = c_type (table, column);
    g_string_append_printf (text, "  %s%s%s;\n", ctype, g_str_has_suffix (ctype, "*") ? "" : " ", member);
  }
  g_string_append_printf (text, "} %s;\n\n", type);
}

static void
append_option (GString *text, const char *name, const char *words)
{
  g_autofree char *quoted = literal (words);
  g_string_append_printf (text, ", .%s = %s", name, quoted);
}

static void
append_default (GString *text, const CormTableColumn *column)
{
  if (column->default_kind == CORM_DEFAULT_LITERAL)
    append_option (text, "default_value", column->default_text);
  else if (column->default_kind == CORM_DEFAULT_NOW)
    g_string_append (text, ", .default_sql = CORM_NOW");
  else if (column->default_kind == CORM_DEFAULT_SQL)
    append_option (text, "default_sql", column->default_text);
}

static const char *const actions[] = { NULL, "CORM_RESTRICT", "CORM_CASCADE", "CORM_SET_NULL",
                                       "CORM_SET_DEFAULT" };

static void
append_reference (GString *text, const CormSchema *schema, const CormTable *table, const char *column)
{
  for (guint i = 0; i < table->foreign_keys->len; i++) {
    const CormForeignKey *key = g_ptr_array_index (table->foreign_keys, i);
    const CormTable *target = corm_schema_find_table (schema, key->target_table);
    GStrv to = key->target_columns;
    if ((to == NULL || to[0] == NULL) && target != NULL && target->primary_key != NULL)
      to = target->primary_key->columns;
    if (!is_single (key->columns, column) || to == NULL || to[0] == NULL)
      continue;
    g_autofree char *reference = g_strdup_printf ("%s.%s", key->target_table, to[0]);
    append_option (text, "references", reference);
    if (actions[key->on_delete] != NULL)
      g_string_append_printf (text, ", .on_delete = %s", actions[key->on_delete]);
    if (actions[key->on_update] != NULL)
      g_string_append_printf (text, ", .on_update = %s", actions[key->on_update]);
    return;
  }
}

static void
append_type_options (GString *text, const CormTableColumn *column)
{
  if (column->type.type == CORM_TYPE_TEXT && column->type.length > 0)
    g_string_append_printf (text, ", .max_length = %u", column->type.length);
  if (column->type.type == CORM_TYPE_DECIMAL && column->type.precision > 0)
    g_string_append_printf (text, ", .precision = %u, .scale = %u", column->type.precision,
                            column->type.scale);
}

static void
append_column (GString *text, const CormSchema *schema, const CormTable *table, const CormTableColumn *column,
               const char *type)
{
  g_autofree char *member = member_name (column->name);
  g_autofree char *quoted = literal (column->name);
  if (strcmp (member, column->name) == 0)
    g_string_append_printf (text, "  CORM_COLUMN (%s, %s", type, member);
  else
    g_string_append_printf (text, "  CORM_COLUMN_NAMED (%s, %s, %s", type, member, quoted);
  if (is_key (table, column))
    g_string_append (text, ", .primary_key = true");
  else if (column->not_null)
    g_string_append (text, ", .not_null = true");
  for (guint i = 0; i < table->uniques->len; i++)
    if (is_single (((const CormKey *) g_ptr_array_index (table->uniques, i))->columns, column->name))
      g_string_append (text, ", .unique = true");
  append_type_options (text, column);
  append_default (text, column);
  append_reference (text, schema, table, column->name);
  g_string_append (text, "),\n");
}

static void
append_indexes (GString *text, const CormTable *table, const char *prefix)
{
  g_string_append_printf (text, "static const CormIndex %s_indexes[] = {\n", prefix);
  for (guint i = 0; i < table->indexes->len; i++) {
    const CormTableIndex *index = g_ptr_array_index (table->indexes, i);
    g_autoptr (GString) columns = g_string_new (NULL);
    for (guint p = 0; p < index->parts->len; p++) {
      const CormIndexPart *part = g_ptr_array_index (index->parts, p);
      g_string_append_printf (columns, part->is_expression ? "%s(%s)%s" : "%s%s%s", p > 0 ? ", " : "",
                              part->sql, part->descending ? " desc" : "");
    }
    g_autofree char *name = literal (index->name);
    g_string_append_printf (text, "  { .name = %s", name);
    append_option (text, "columns", columns->str);
    if (index->where != NULL)
      append_option (text, "where", index->where);
    g_string_append (text, index->unique ? ", .unique = true },\n" : " },\n");
  }
  g_string_append (text, "};\n");
}

/* Unique constraints and foreign keys of several columns. */
static gboolean
append_constraints (GString *text, const CormTable *table, const char *prefix)
{
  gsize before = text->len;
  g_string_append_printf (text, "static const CormConstraint %s_constraints[] = {\n", prefix);
  gsize empty = text->len;
  for (guint i = 0; i < table->uniques->len; i++) {
    const CormKey *key = g_ptr_array_index (table->uniques, i);
    g_autofree char *columns = g_strjoinv (", ", key->columns);
    g_autofree char *name = g_strdup_printf ("uq_%s_%u", table->name, i + 1);
    if (g_strv_length (key->columns) < 2)
      continue;
    g_string_append (text, "  { .name = ");
    g_autofree char *quoted = literal (key->name != NULL ? key->name : name);
    g_string_append (text, quoted);
    append_option (text, "columns", columns);
    g_string_append (text, " },\n");
  }
  for (guint i = 0; i < table->foreign_keys->len; i++) {
    const CormForeignKey *key = g_ptr_array_index (table->foreign_keys, i);
    g_autofree char *columns = g_strjoinv (", ", key->columns);
    g_autofree char *targets =
        key->target_columns != NULL ? g_strjoinv (", ", key->target_columns) : g_strdup ("");
    g_autofree char *references = g_strdup_printf ("%s (%s)", key->target_table, targets);
    g_autofree char *name = g_strdup_printf ("fk_%s_%u", table->name, i + 1);
    if (g_strv_length (key->columns) < 2)
      continue;
    g_autofree char *quoted = literal (key->name != NULL ? key->name : name);
    g_string_append_printf (text, "  { .name = %s", quoted);
    append_option (text, "columns", columns);
    append_option (text, "references", references);
    if (actions[key->on_delete] != NULL)
      g_string_append_printf (text, ", .on_delete = %s", actions[key->on_delete]);
    if (actions[key->on_update] != NULL)
      g_string_append_printf (text, ", .on_update = %s", actions[key->on_update]);
    g_string_append (text, " },\n");
  }
  if (text->len == empty) {
    g_string_truncate (text, before);
    return FALSE;
  }
  g_string_append (text, "};\n");
  return TRUE;
}

static void
append_checks (GString *text, const CormTable *table, const char *prefix)
{
  g_string_append_printf (text, "static const CormModelCheck %s_checks[] = {\n", prefix);
  for (guint i = 0; i < table->checks->len; i++) {
    const CormCheck *check = g_ptr_array_index (table->checks, i);
    g_autofree char *made = g_strdup_printf ("ck_%s_%u", table->name, i + 1);
    g_autofree char *name = literal (check->name != NULL ? check->name : made);
    g_string_append_printf (text, "  { .name = %s", name);
    append_option (text, "sql", check->sql);
    g_string_append (text, " },\n");
  }
  g_string_append (text, "};\n");
}

static void
append_table (GString *text, const CormSchema *schema, const CormTable *table)
{
  g_autofree char *type = type_name (table->name);
  g_autofree char *prefix = prefix_name (table->name);
  g_autofree char *quoted = literal (table->name);
  if (table->primary_key == NULL) {
    g_string_append_printf (text, "// %s has no primary key: give it one, and run inspect again.\n\n",
                            quoted);
    return;
  }
  append_struct (text, table, type);
  g_string_append_printf (text, "CORM_DECLARE_MODEL (%s, %s)\n\nstatic const CormColumn %s_columns[] = {\n",
                          type, prefix, prefix);
  for (guint i = 0; i < table->columns->len; i++)
    append_column (text, schema, table, g_ptr_array_index (table->columns, i), type);
  g_string_append (text, "};\n");
  if (table->indexes->len > 0)
    append_indexes (text, table, prefix);
  if (table->checks->len > 0)
    append_checks (text, table, prefix);
  gboolean has_constraints = append_constraints (text, table, prefix);
  g_string_append_printf (text, "const CormModel %s_model = CORM_MODEL (%s, %s, CORM_COLUMNS (%s_columns)",
                          type, type, quoted, prefix);
  if (table->indexes->len > 0)
    g_string_append_printf (text, ", CORM_INDEXES (%s_indexes)", prefix);
  if (has_constraints)
    g_string_append_printf (text, ", CORM_CONSTRAINTS (%s_constraints)", prefix);
  if (table->checks->len > 0)
    g_string_append_printf (text, ", CORM_CHECKS (%s_checks)", prefix);
  g_string_append (text, ");\n\n");
}

char *
app_emit_c (const CormSchema *schema)
{
  GString *text = g_string_new ("#include <corm/corm.h>\n\n");
  for (guint i = 0; i < schema->tables->len; i++)
    append_table (text, schema, g_ptr_array_index (schema->tables, i));
  g_autoptr (GString) names = g_string_new (NULL);
  for (guint i = 0; i < schema->tables->len; i++) {
    const CormTable *table = g_ptr_array_index (schema->tables, i);
    g_autofree char *type = type_name (table->name);
    if (table->primary_key != NULL)
      g_string_append_printf (names, "%s&%s_model", names->len > 0 ? ", " : "", type);
  }
  if (names->len > 0)
    g_string_append_printf (text, "CORM_EXPORT_MODELS (%s);\n", names->str);
  return g_string_free (text, FALSE);
}
