/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* See plain.h. A text on its way through the grammar, and the tables and columns that its names mean. */
#include "port/plain.h"

#include <string.h>

/* --- a text that is read --------------------------------------------------------------------------------------- */

static void
table_clear (gpointer data)
{
  CormPlainTable *table = data;
  g_free (table->name);
  g_free (table->shown);
}

void
corm_reading_init (CormReading *reading, const char *sql, const CormDialect *from, const CormDialect *to,
                   GPtrArray *relations)
{
  *reading = (CormReading){ .from = from, .to = to, .relations = relations };
  reading->tokens = corm_port_tokens_split (sql, from);
  reading->out = g_string_new (NULL);
  reading->scope = g_array_new (FALSE, FALSE, sizeof (CormPlainTable));
  g_array_set_clear_func (reading->scope, table_clear);
  reading->refs = g_array_new (FALSE, FALSE, sizeof (CormPlainRef));
}

void
corm_reading_clear (CormReading *reading)
{
  g_clear_pointer (&reading->tokens, g_array_unref);
  g_clear_pointer (&reading->scope, g_array_unref);
  g_clear_pointer (&reading->refs, g_array_unref);
  g_clear_pointer (&reading->why, g_free);
  if (reading->out != NULL)
    g_string_free (g_steal_pointer (&reading->out), TRUE);
}

const CormPortToken *
corm_reading_peek (const CormReading *reading)
{
  return &g_array_index (reading->tokens, CormPortToken, reading->at);
}

gboolean
corm_reading_take (CormReading *reading, const char *word)
{
  if (!corm_port_token_is (corm_reading_peek (reading), word))
    return FALSE;
  reading->at++;
  return TRUE;
}

gboolean
corm_reading_refuse (CormReading *reading, const char *format, ...)
{
  va_list args;
  if (reading->why != NULL)
    return FALSE;
  va_start (args, format);
  reading->why = g_strdup_vprintf (format, args);
  va_end (args);
  return FALSE;
}

static gboolean
refuse_next (CormReading *reading)
{
  const CormPortToken *next = corm_reading_peek (reading);
  return corm_reading_refuse (reading, "'%s' is not known to mean the same",
                              next->kind == CORM_PORT_TOKEN_END ? "the end" : next->text);
}

gboolean
corm_reading_expect (CormReading *reading, const char *word)
{
  return corm_reading_take (reading, word) || refuse_next (reading);
}

const char *
corm_reading_name (CormReading *reading)
{
  const CormPortToken *next = corm_reading_peek (reading);
  if (!corm_port_token_is_name (next)) {
    refuse_next (reading);
    return NULL;
  }
  reading->at++;
  return next->text;
}

const CormPair *
corm_reading_find_relation (const CormReading *reading, const char *name)
{
  const CormPair *found = NULL;
  for (guint i = 0; i < reading->relations->len; i++) {
    const CormPair *pair = g_ptr_array_index (reading->relations, i);
    if (strcmp (pair->source->name, name) == 0)
      return pair;
    if (g_ascii_strcasecmp (pair->source->name, name) == 0)
      found = pair;
  }
  return found;
}

void
corm_reading_add_table (CormReading *reading, const CormPair *pair, const char *name, const char *shown)
{
  CormPlainTable table = { pair, g_strdup (name), g_strdup (shown) };
  g_array_append_val (reading->scope, table);
}

/* --- columns ------------------------------------------------------------------------------------------------- */

guint
corm_plain_find_column (const CormPair *pair, const char *name)
{
  guint found = G_MAXUINT;
  for (guint i = 0; i < pair->n_columns; i++) {
    if (strcmp (pair->source_columns[i]->name, name) == 0)
      return i;
    if (g_ascii_strcasecmp (pair->source_columns[i]->name, name) == 0)
      found = i;
  }
  return found;
}

static gboolean
is_small_integer (CormType type)
{
  return type == CORM_TYPE_INT16 || type == CORM_TYPE_INT32 || type == CORM_TYPE_INT64;
}

/* Texts are equal when their bytes are, on both sides. */
static gboolean
is_by_bytes (const CormReading *reading, const CormTableColumn *source, const CormTableColumn *target)
{
  static const char *const of_bytes[] = { "binary", "c", "posix", "ucs_basic", "utf8mb4_nopad_bin", NULL };
  const CormTableColumn *columns[] = { source, target };
  for (guint i = 0; i < 2; i++) {
    const char *collation = columns[i]->collation, *declared = columns[i]->type_sql;
    g_autofree char *small = collation != NULL ? g_ascii_strdown (collation, -1) : NULL;
    gboolean is_padded = declared != NULL && g_ascii_strncasecmp (declared, "char", 4) == 0 &&
                         g_ascii_strncasecmp (declared, "character varying", 17) != 0;
    gboolean is_loose = (i == 0 ? reading->from : reading->to)->loose_types;
    if ((small != NULL && !g_strv_contains (of_bytes, small)) || (is_padded && !is_loose))
      return FALSE;
  }
  return reading->from->affinity == NULL || source->type_sql == NULL ||
         reading->from->affinity (source->type_sql) == CORM_TYPE_TEXT;
}

/* A database without decimals keeps them as floats, exact up to 15 digits. */
static gboolean
is_exact_decimal (const CormReading *reading, const CormSqlType *type)
{
  gboolean any_loose = reading->from->loose_types || reading->to->loose_types;
  return !any_loose || (type->precision > 0 && type->precision <= 15);
}

CormPlainClass
corm_plain_class_of (const CormReading *reading, const CormPair *pair, guint column)
{
  const CormTableColumn *source = pair->source_columns[column], *target = pair->target_columns[column];
  CormType a = source->type.type, b = target->type.type;
  if (pair->conversions[column] != 0)
    return CORM_PLAIN_OPAQUE;
  if (is_small_integer (a) && is_small_integer (b))
    return a == CORM_TYPE_INT64 && b == CORM_TYPE_INT64 ? CORM_PLAIN_INT : CORM_PLAIN_NARROW;
  if (a != b)
    return CORM_PLAIN_OPAQUE;
  switch (a) {
  case CORM_TYPE_BOOLEAN:
    return CORM_PLAIN_BOOL;
  case CORM_TYPE_FLOAT64:
    return CORM_PLAIN_REAL;
  case CORM_TYPE_DECIMAL:
    return is_exact_decimal (reading, &source->type) && is_exact_decimal (reading, &target->type)
               ? CORM_PLAIN_DECIMAL
               : CORM_PLAIN_OPAQUE;
  case CORM_TYPE_TEXT:
    return is_by_bytes (reading, source, target) ? CORM_PLAIN_TEXT : CORM_PLAIN_OPAQUE;
  default:
    return CORM_PLAIN_OPAQUE;
  }
}

static const CormPlainTable *
find_table (const CormReading *reading, const char *name)
{
  for (guint i = 0; i < reading->scope->len; i++) {
    const CormPlainTable *table = &g_array_index (reading->scope, CormPlainTable, i);
    if (g_ascii_strcasecmp (table->name, name) == 0)
      return table;
  }
  return NULL;
}

/* The one table that has the column; in the scope of a trigger's statement, NEW and OLD have to be said. */
static const CormPlainTable *
find_owner (CormReading *reading, const char *column)
{
  const CormPlainTable *found = NULL;
  for (guint i = 0; i < reading->scope->len; i++) {
    const CormPlainTable *table = &g_array_index (reading->scope, CormPlainTable, i);
    if (strcmp (table->shown, "NEW") == 0 || strcmp (table->shown, "OLD") == 0 ||
        corm_plain_find_column (table->pair, column) == G_MAXUINT)
      continue;
    if (found != NULL) {
      corm_reading_refuse (reading, "column %s is of two tables", column);
      return NULL;
    }
    found = table;
  }
  return found;
}

gboolean
corm_plain_read_column (CormReading *reading, CormPlain *result)
{
  const char *name = corm_reading_name (reading);
  if (name == NULL)
    return FALSE;
  gboolean has_table = corm_reading_take (reading, ".");
  const CormPlainTable *table = has_table ? find_table (reading, name) : find_owner (reading, name);
  const char *column = has_table ? corm_reading_name (reading) : name;
  guint i = table != NULL && column != NULL ? corm_plain_find_column (table->pair, column) : G_MAXUINT;
  if (i == G_MAXUINT)
    return corm_reading_refuse (reading, "'%s%s%s' is no column that is moved", name, has_table ? "." : "",
                                has_table && column != NULL ? column : "");
  gboolean is_row = strcmp (table->shown, "NEW") == 0 || strcmp (table->shown, "OLD") == 0;
  if (is_row)
    g_string_append (reading->out, table->shown);
  else
    corm_sql_append_identifier (reading->out, reading->to, table->shown);
  g_string_append_c (reading->out, '.');
  corm_sql_append_identifier (reading->out, reading->to, table->pair->target_columns[i]->name);
  CormPlainRef ref = { table->pair, i };
  g_array_append_val (reading->refs, ref);
  *result =
      (CormPlain){ .class = corm_plain_class_of (reading, table->pair, i), .pair = table->pair, .column = i };
  return TRUE;
}
