/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* See trigger-body.h. A value goes only into a column that holds it alike in both databases. */
#include "port/trigger-body.h"

#include "port/plain.h"
#include "schema/words.h"

#include <string.h>

/* --- which table ------------------------------------------------------------------------------------------------- */

/* A trigger of @table that comes back to where this one is would run again in one database, and not in the other. */
static gboolean
comes_back (const CormTriggerBody *body, const CormPair *table)
{
  for (guint i = 0; i < body->source->objects->len; i++) {
    const CormSchemaObject *object = g_ptr_array_index (body->source->objects, i);
    if (strcmp (object->kind, "trigger") == 0 && object->table != NULL && object->sql != NULL &&
        g_ascii_strcasecmp (object->table, table->source->name) == 0 &&
        corm_words_mention (object->sql, body->table->source->name))
      return TRUE;
  }
  return FALSE;
}

static const CormPair *
read_table (CormReading *reading, const CormTriggerBody *body)
{
  const char *name = corm_reading_name (reading);
  const CormPair *table = name != NULL ? corm_reading_find_relation (reading, name) : NULL;
  if (table == NULL)
    corm_reading_refuse (reading, "'%s' is no table that is moved", name != NULL ? name : "");
  else if (table == body->table)
    corm_reading_refuse (reading, "a change of %s by its own trigger", name);
  else if (comes_back (body, table))
    corm_reading_refuse (reading, "a change of %s, whose triggers come back", name);
  if (reading->why != NULL)
    return NULL;
  corm_sql_append_identifier (reading->out, reading->to, table->target->name);
  return table;
}

static guint
read_target_column (CormReading *reading, const CormPair *table)
{
  const char *name = corm_reading_name (reading);
  guint i = name != NULL ? corm_plain_find_column (table, name) : G_MAXUINT;
  if (i == G_MAXUINT)
    corm_reading_refuse (reading, "'%s' is no column of %s", name != NULL ? name : "", table->source->name);
  else if (table->source_columns[i]->generated_sql != NULL || table->target_columns[i]->generated_sql != NULL)
    corm_reading_refuse (reading, "a value for the generated column %s", name);
  return reading->why == NULL ? i : G_MAXUINT;
}

/* --- values ------------------------------------------------------------------------------------------------------ */

static gboolean
is_same_type (const CormSqlType *a, const CormSqlType *b)
{
  return a->type == b->type && a->precision == b->precision && a->scale == b->scale;
}

/* A column's value as it is, into one of the same type on both sides. */
static gboolean
is_copy (const CormPlain *value, const CormPair *table, guint column)
{
  if (value->pair == NULL || value->pair->conversions[value->column] != 0 || table->conversions[column] != 0)
    return FALSE;
  return is_same_type (&value->pair->source_columns[value->column]->type,
                       &table->source_columns[column]->type) &&
         is_same_type (&value->pair->target_columns[value->column]->type,
                       &table->target_columns[column]->type);
}

static gboolean
can_hold (const CormReading *reading, const CormPlain *value, const CormPair *table, guint column)
{
  CormPlainClass class = corm_plain_class_of (reading, table, column);
  if (value->class == CORM_PLAIN_NULL || is_copy (value, table, column))
    return TRUE;
  switch (class) {
  case CORM_PLAIN_INT:
  case CORM_PLAIN_NARROW:
    return value->class == CORM_PLAIN_NARROW || value->class == CORM_PLAIN_INT;
  case CORM_PLAIN_REAL:
    return value->class == CORM_PLAIN_REAL || (value->is_constant && corm_plain_is_number (value));
  case CORM_PLAIN_DECIMAL:
    return value->class == CORM_PLAIN_INT && value->is_constant;
  case CORM_PLAIN_BOOL:
  case CORM_PLAIN_TEXT:
    return value->class == class && (class == CORM_PLAIN_TEXT || value->is_constant || value->pair != NULL);
  default:
    return FALSE;
  }
}

static gboolean
read_value (CormReading *reading, const CormPair *table, guint column)
{
  CormPlain value, like = { .class = corm_plain_class_of (reading, table, column) };
  reading->no_aggregates = reading->is_stored = TRUE;
  gboolean done = corm_plain_read_beside (reading, &like, &value);
  reading->is_stored = FALSE;
  return done && (can_hold (reading, &value, table, column) ||
                  corm_reading_refuse (reading, "a value of another type for %s.%s", table->source->name,
                                       table->source_columns[column]->name));
}

/* --- INSERT ------------------------------------------------------------------------------------------------------ */

/* A column that is left out gets what its default says, on both sides the same. */
static gboolean
check_left_out (CormReading *reading, const CormPair *table, const GArray *columns)
{
  for (guint c = 0; c < table->n_columns; c++) {
    const CormTableColumn *source = table->source_columns[c], *target = table->target_columns[c];
    gboolean is_given = FALSE;
    for (guint i = 0; i < columns->len; i++)
      is_given |= g_array_index (columns, guint, i) == c;
    gboolean has_default =
        source->default_kind != CORM_DEFAULT_NONE && source->default_kind != CORM_DEFAULT_NULL;
    if (!is_given && has_default && target->default_kind == CORM_DEFAULT_NONE && !target->auto_increment)
      return corm_reading_refuse (reading, "the default of %s.%s, which is not moved", table->source->name,
                                  source->name);
  }
  return TRUE;
}

/* "INSERT INTO t VALUES (…)": into all of them, which are named then. */
static gboolean
add_all_columns (CormReading *reading, const CormPair *table, GArray *columns)
{
  for (guint c = 0; c < table->n_columns; c++) {
    if (table->source_columns[c]->generated_sql != NULL || table->target_columns[c]->generated_sql != NULL)
      return corm_reading_refuse (reading, "a generated column of %s", table->source->name);
    g_string_append (reading->out, c > 0 ? ", " : "");
    corm_sql_append_identifier (reading->out, reading->to, table->target_columns[c]->name);
    g_array_append_val (columns, c);
  }
  g_string_append (reading->out, ") VALUES (");
  return TRUE;
}

static gboolean
read_columns (CormReading *reading, const CormPair *table, GArray *columns)
{
  g_string_append (reading->out, " (");
  if (!corm_port_token_is (corm_reading_peek (reading), "("))
    return add_all_columns (reading, table, columns);
  reading->at++;
  do {
    guint column = read_target_column (reading, table);
    if (column == G_MAXUINT)
      return FALSE;
    g_string_append (reading->out, columns->len > 0 ? ", " : "");
    corm_sql_append_identifier (reading->out, reading->to, table->target_columns[column]->name);
    g_array_append_val (columns, column);
  } while (corm_reading_take (reading, ","));
  g_string_append (reading->out, ") VALUES (");
  return corm_reading_expect (reading, ")");
}

static gboolean
read_insert (CormReading *reading, const CormTriggerBody *body)
{
  g_autoptr (GArray) columns = g_array_new (FALSE, FALSE, sizeof (guint));
  g_string_append (reading->out, "INSERT INTO ");
  if (!corm_reading_expect (reading, "into"))
    return FALSE;
  const CormPair *table = read_table (reading, body);
  if (table == NULL || !read_columns (reading, table, columns) || !corm_reading_expect (reading, "values") ||
      !corm_reading_expect (reading, "("))
    return FALSE;
  for (guint i = 0; i < columns->len; i++) {
    g_string_append (reading->out, i > 0 ? ", " : "");
    if ((i > 0 && !corm_reading_expect (reading, ",")) ||
        !read_value (reading, table, g_array_index (columns, guint, i)))
      return FALSE;
  }
  g_string_append_c (reading->out, ')');
  return corm_reading_expect (reading, ")") && check_left_out (reading, table, columns);
}

/* --- UPDATE, DELETE ---------------------------------------------------------------------------------------------- */

static gboolean
read_where (CormReading *reading)
{
  if (!corm_reading_take (reading, "where"))
    return TRUE;
  g_string_append (reading->out, " WHERE ");
  reading->no_aggregates = TRUE;
  return corm_plain_read_condition (reading);
}

/* What is set is read from the row as it was, or from what was set before: it depends on the database. */
static gboolean
check_reads (CormReading *reading, const CormPair *table, const GArray *columns, guint n_refs)
{
  for (guint i = n_refs; i < reading->refs->len; i++) {
    const CormPlainRef *ref = &g_array_index (reading->refs, CormPlainRef, i);
    for (guint c = 0; c + 1 < columns->len; c++)
      if (ref->pair == table && ref->column == g_array_index (columns, guint, c))
        return corm_reading_refuse (reading, "%s is read behind where it is set",
                                    table->source_columns[ref->column]->name);
  }
  return TRUE;
}

static gboolean
read_assignments (CormReading *reading, const CormPair *table)
{
  g_autoptr (GArray) columns = g_array_new (FALSE, FALSE, sizeof (guint));
  do {
    guint n_refs = reading->refs->len;
    g_string_append (reading->out, columns->len > 0 ? ", " : "");
    guint column = read_target_column (reading, table);
    if (column == G_MAXUINT || !corm_reading_expect (reading, "="))
      return FALSE;
    corm_sql_append_identifier (reading->out, reading->to, table->target_columns[column]->name);
    g_string_append (reading->out, " = ");
    g_array_append_val (columns, column);
    if (!read_value (reading, table, column) || !check_reads (reading, table, columns, n_refs))
      return FALSE;
  } while (corm_reading_take (reading, ","));
  return TRUE;
}

static gboolean
read_change (CormReading *reading, const CormTriggerBody *body, gboolean is_update)
{
  g_string_append (reading->out, is_update ? "UPDATE " : "DELETE FROM ");
  if (!is_update && !corm_reading_expect (reading, "from"))
    return FALSE;
  const CormPair *table = read_table (reading, body);
  if (table == NULL || (is_update && !corm_reading_expect (reading, "set")))
    return FALSE;
  corm_reading_add_table (reading, table, table->source->name, table->target->name);
  g_string_append (reading->out, is_update ? " SET " : "");
  gboolean done = (!is_update || read_assignments (reading, table)) && read_where (reading);
  g_array_set_size (reading->scope, reading->scope->len - 1);
  return done;
}

/* --- NEW --------------------------------------------------------------------------------------------------------- */

/* "SET NEW.a = …" and "NEW.a := …". */
static gboolean
read_set_new (CormReading *reading, const CormTriggerBody *body)
{
  const char *form = reading->to->triggers->assign;
  gboolean has_set = corm_reading_take (reading, "set");
  if (!corm_reading_expect (reading, "new") || !corm_reading_expect (reading, "."))
    return FALSE;
  if (form == NULL || !body->sets_new)
    return corm_reading_refuse (reading, "a change of the row itself");
  guint column = read_target_column (reading, body->table);
  if (column == G_MAXUINT || !corm_reading_expect (reading, has_set ? "=" : ":="))
    return FALSE;
  g_string_append_printf (reading->out, "%sNEW.", g_str_has_prefix (form, "SET") ? "SET " : "");
  corm_sql_append_identifier (reading->out, reading->to, body->table->target_columns[column]->name);
  g_string_append (reading->out, g_str_has_suffix (form, ":=") ? " := " : " = ");
  return read_value (reading, body->table, column);
}

gboolean
corm_trigger_read_statement (CormReading *reading, const CormTriggerBody *body)
{
  const CormPortToken *next = corm_reading_peek (reading);
  if (corm_port_token_is (next, "set") ||
      (corm_port_token_is (next, "new") && corm_port_token_is (next + 1, ".")))
    return read_set_new (reading, body);
  if (corm_reading_take (reading, "insert"))
    return read_insert (reading, body);
  if (corm_port_token_is (next, "update") || corm_port_token_is (next, "delete")) {
    reading->at++;
    return read_change (reading, body, corm_port_token_is (next, "update"));
  }
  return corm_reading_refuse (reading, "'%s' is no plain INSERT, UPDATE or DELETE",
                              next->kind == CORM_PORT_TOKEN_END ? "the end" : next->text);
}

static gboolean
read_return (CormReading *reading, const CormTriggerBody *body)
{
  const char *what = corm_reading_name (reading);
  return what != NULL && (body->returns == NULL || g_ascii_strcasecmp (what, body->returns) == 0 ||
                          corm_reading_refuse (reading, "RETURN %s", what));
}

gboolean
corm_trigger_read_block (CormReading *reading, const CormTriggerBody *body)
{
  guint n = 0;
  while (!corm_reading_take (reading, "end")) {
    if (corm_reading_take (reading, "return"))
      return read_return (reading, body) && corm_reading_expect (reading, ";") &&
             corm_reading_expect (reading, "end");
    g_string_append (reading->out, n++ > 0 ? " " : "");
    if (!corm_trigger_read_statement (reading, body) || !corm_reading_expect (reading, ";"))
      return FALSE;
    g_string_append_c (reading->out, ';');
  }
  return TRUE;
}
