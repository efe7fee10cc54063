/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Random schemas. Whatever a database has no capability for is not generated for it; the rest may come together in any
 * way. Names are unlike each other, so that a text that speaks of one can be found. */
#include "property.h"

#include <string.h>

/* Words that have to be quoted, and quotes that have to be doubled. */
static const char *const hostile[] = { "order",  "Group By", "qu\"ote", "ba`ck",  "it's", "semi;colon",
                                       "a.b",    "UPPER",    "ünïcode", "日本",   "100%", "tab\tbed",
                                       "--dash", "{n}",      "[x]",     "$1 ?:p", "a\\b", NULL };
static const char *const usual[] = {
  "jobs", "name", "status", "value", "created_at", "cluster", "total", NULL
};

/* As many bytes as all databases take. */
static char *
long_name (const char *prefix, guint n)
{
  GString *name = g_string_new (NULL);
  g_string_printf (name, "%s%u_", prefix, n);
  while (name->len < 63)
    g_string_append_c (name, "abcdefghij"[name->len % 10]);
  return g_string_free (name, FALSE);
}

char *
generate_name (Gen *gen, const char *prefix)
{
  guint n = ++gen->n_names;
  if (random_chance (&gen->random, 12))
    return g_strdup_printf ("%s %u", random_word (&gen->random, hostile), n);
  if (random_chance (&gen->random, 3))
    return long_name (prefix, n);
  return g_strdup_printf ("%s%u_%s", prefix, n, random_word (&gen->random, usual));
}

gboolean
generate_wants (Gen *gen, const char *feature, guint percent)
{
  const char *given = g_getenv ("CORM_TEST_WITHOUT");
  const char *without = given != NULL ? given : gen->texts->left_out != NULL ? gen->texts->left_out : "";
  g_auto (GStrv) words = g_strsplit (without, ",", -1);
  gboolean wants = random_chance (&gen->random, percent);
  return wants && !g_strv_contains ((const char *const *) words, feature);
}

/* --- tables */

static void
set_kind (Gen *gen, CormTable *table)
{
  table->strict = gen->texts->strict != NULL && generate_wants (gen, "strict", 15);
  if (gen->texts->table_options[0] != NULL && generate_wants (gen, "options", 10))
    table->options = g_strdup (random_word (&gen->random, gen->texts->table_options));
  if (gen->texts->comments && generate_wants (gen, "comment", 15))
    table->comment = g_strdup ("it's a table; -- \"really\" \\ ünï");
}

static gboolean
has_own_number (const CormTable *table)
{
  for (guint i = 0; i < table->columns->len; i++)
    if (((const CormTableColumn *) table->columns->pdata[i])->auto_increment)
      return TRUE;
  return FALSE;
}

static void
repeat (Gen *gen, CormTable *table, guint percent, void (*add) (Gen *, CormTable *))
{
  for (guint i = 0; i < 3 && random_chance (&gen->random, percent); i++)
    add (gen, table);
}

void
generate_table (Gen *gen)
{
  g_autofree char *name = generate_name (gen, "t");
  CormTable *table = corm_schema_add_table (gen->schema, name);
  guint n_columns = 1 + random_below (&gen->random, 8);
  set_kind (gen, table);
  for (guint i = 0; i < n_columns; i++)
    generate_column (gen, table);
  if (random_chance (&gen->random, 85))
    generate_primary_key (gen, table);
  repeat (gen, table, 30, generate_unique);
  table->without_rowid = gen->texts->strict != NULL && table->primary_key != NULL &&
                         !has_own_number (table) && generate_wants (gen, "without_rowid", 15);
}

/* Mostly few, for the sake of time; now and then all twenty. */
static guint
count_tables (Gen *gen)
{
  guint kind = random_below (&gen->random, 100);
  return kind < 60   ? 1 + random_below (&gen->random, 4)
         : kind < 92 ? 4 + random_below (&gen->random, 6)
                     : 10 + random_below (&gen->random, 11);
}

static void
add_constraints (Gen *gen, CormTable *table)
{
  repeat (gen, table, 35, generate_generated);
  repeat (gen, table, 35, generate_check);
  repeat (gen, table, 45, generate_index);
}

/* What triggers write to. */
static void
add_audit (Gen *gen)
{
  CormTable *table = corm_schema_add_table (gen->schema, AUDIT);
  corm_table_add_column (table, "what")->type = (CormSqlType){ .type = CORM_TYPE_TEXT };
}

CormSchema *
generate_schema (const CormDialect *dialect, guint64 seed, guint n_names)
{
  Gen gen = { .dialect = dialect, .texts = texts_of (dialect), .random = { seed }, .n_names = n_names };
  gen.schema = corm_schema_new (dialect->name);
  guint n_tables = count_tables (&gen);
  add_audit (&gen);
  for (guint i = 1; i < n_tables; i++)
    generate_table (&gen);
  for (guint i = 1; i < gen.schema->tables->len; i++)
    repeat (&gen, gen.schema->tables->pdata[i], 40, generate_foreign_key);
  for (guint i = 1; i < gen.schema->tables->len; i++)
    add_constraints (&gen, gen.schema->tables->pdata[i]);
  generate_objects (&gen);
  return gen.schema;
}
