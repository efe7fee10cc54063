/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Takes out of a schema what a dialect cannot say. Only what changes no row's fate goes silently (the words for a type,
 * the name of a primary key); everything else is noted. */
#include "render/fit.h"

#include "model/name.h"
#include "render/ddl.h"
#include "schema/words.h"

#include <string.h>

typedef struct {
  const CormDialect *dialect;
  gboolean foreign; /* the texts are another dialect's */
  gboolean neutral; /* the texts are nobody's: a model's */
  GPtrArray *notes;
} Fit;

static void note (const Fit *fit, const char *format, ...) G_GNUC_PRINTF (2, 3);

static void
note (const Fit *fit, const char *format, ...)
{
  va_list args;
  if (fit->notes == NULL)
    return;
  va_start (args, format);
  g_ptr_array_add (fit->notes, g_strdup_vprintf (format, args));
  va_end (args);
}

static void
clear (char **text)
{
  g_clear_pointer (text, g_free);
}

/* What every database understands in the same way. */
static gboolean
is_common_word (const char *word)
{
  static const char *const common[] = { "and",     "or",   "not",      "in",     "is",    "null",
                                        "between", "like", "true",     "false",  "case",  "when",
                                        "then",    "else", "end",      "length", "lower", "upper",
                                        "abs",     "trim", "coalesce", "nullif", NULL };
  static const char *const signs[] = { "=", "<", ">", "!", "+", "-", "*", "/", "%", "(", ")", ",", NULL };
  return g_strv_contains (common, word) || g_strv_contains (signs, word) || word[0] == '\'' ||
         g_ascii_isdigit (word[0]);
}

/* The column whose name a word is. */
static const char *
column_of_word (const CormTable *table, const char *word)
{
  g_autofree char *bare = g_strdup (word);
  if (bare[0] == '"')
    memmove (bare, bare + 1, strlen (bare)), bare[strlen (bare) - 1] = '\0';
  for (guint i = 0; i < table->columns->len; i++) {
    const char *name = ((const CormTableColumn *) table->columns->pdata[i])->name;
    if (strcmp (name, bare) == 0 || (word[0] != '"' && g_ascii_strcasecmp (name, bare) == 0))
      return name;
  }
  return NULL;
}

/* @sql for the dialect; NULL when it is more than columns, constants, operators and common functions. */
static char *
translate (const Fit *fit, const CormTable *table, const char *sql)
{
  g_autoptr (GPtrArray) words = corm_words_split (sql);
  g_autoptr (GString) text = g_string_new (NULL);
  for (guint i = 0; i < words->len; i++) {
    const char *word = words->pdata[i];
    const char *column = column_of_word (table, word);
    /* The two signs of <=, >=, <> and != belong together. */
    gboolean joined =
        i > 0 && strchr ("=>", word[0]) != NULL && strchr ("<>!", *(char *) words->pdata[i - 1]) != NULL;
    if (i > 0 && !joined)
      g_string_append_c (text, ' ');
    if (column != NULL)
      corm_sql_append_identifier (text, fit->dialect, column);
    else if (is_common_word (word))
      g_string_append (text, word);
    else
      return NULL;
  }
  return g_string_free (g_steal_pointer (&text), FALSE);
}

/* Replaces *@sql by what the dialect understands; FALSE, and a note, when there is no such thing. */
static gboolean
fit_expression (const Fit *fit, const CormTable *table, const char *what, char **sql)
{
  if (!fit->foreign || *sql == NULL)
    return TRUE;
  char *text = translate (fit, table, *sql);
  if (text == NULL) {
    note (fit, "%s of table %s: left out: %s", what, table->name, *sql);
    return FALSE;
  }
  g_free (*sql);
  *sql = text;
  return TRUE;
}

static void
fit_generated (const Fit *fit, const CormTable *table, CormTableColumn *column)
{
  g_autofree char *what = g_strdup_printf ("expression of the generated column %s", column->name);
  if (!fit_expression (fit, table, what, &column->generated_sql))
    clear (&column->generated_sql);
  if (!(fit->dialect->caps & CORM_CAP_VIRTUAL_COLUMN))
    column->generated_stored = column->generated_sql != NULL;
}

static void
fit_column (const Fit *fit, const CormTable *table, CormTableColumn *column)
{
  if (!fit->foreign && !fit->neutral)
    return;
  clear (&column->type_sql);
  clear (&column->default_sql);
  if (column->collation != NULL)
    note (fit, "collation %s of column %s.%s: left out", column->collation, table->name, column->name);
  if (column->options != NULL && !column->auto_increment)
    note (fit, "%s of column %s.%s: left out", column->options, table->name, column->name);
  clear (&column->collation);
  clear (&column->options);
  if (column->default_kind == CORM_DEFAULT_SQL && fit->foreign) {
    g_autofree char *what = g_strdup_printf ("default of column %s", column->name);
    if (!fit_expression (fit, table, what, &column->default_text)) {
      column->default_kind = CORM_DEFAULT_NONE;
      clear (&column->default_text);
    }
  }
  fit_generated (fit, table, column);
}

static void
fit_checks (const Fit *fit, CormTable *table)
{
  for (guint i = 0; i < table->checks->len;) {
    CormCheck *check = table->checks->pdata[i];
    g_autofree char *what = g_strdup_printf ("check %s", check->name != NULL ? check->name : "");
    if (fit_expression (fit, table, what, &check->sql))
      i++;
    else
      g_ptr_array_remove_index (table->checks, i);
  }
  for (guint i = 0; i < table->columns->len; i++) {
    CormCheck *check = corm_render_label_check (fit->dialect, table, table->columns->pdata[i]);
    if (check == NULL)
      continue;
    corm_table_add_check (table, check->name, check->sql);
    g_free (check->name);
    g_free (check->sql);
    g_free (check);
  }
}

/* An index that only orders is another database's too; a unique one over the beginnings of columns is not, nor is one
 * with a method of its own. */
static gboolean
fit_foreign_index (const Fit *fit, const CormTable *table, CormTableIndex *index)
{
  gboolean other =
      index->method != NULL && strcmp (index->method, "hash") != 0 && strcmp (index->method, "brin") != 0;
  clear (&index->sql);
  clear (&index->options);
  clear (&index->method);
  for (guint i = 0; i < index->parts->len; i++) {
    CormIndexPart *part = index->parts->pdata[i];
    other = other || (index->unique && part->prefix > 0);
    part->prefix = 0;
    clear (&part->operator_class);
    clear (&part->collation);
    part->nulls_otherwise = FALSE;
  }
  g_clear_pointer (&index->include, g_strfreev);
  if (other)
    note (fit, "index %s of table %s: left out: this database has none of that kind", index->name,
          table->name);
  return !other;
}

/* FALSE: better none than this one. */
static gboolean
fit_index (const Fit *fit, const CormTable *table, CormTableIndex *index)
{
  guint caps = fit->dialect->caps;
  g_autofree char *what = g_strdup_printf ("index %s", index->name);
  if (fit->foreign && !fit_foreign_index (fit, table, index))
    return FALSE;
  if (!index->unique && !(caps & CORM_CAP_PARTIAL_INDEX))
    clear (&index->where);
  if (!fit_expression (fit, table, what, &index->where))
    return FALSE;
  for (guint i = 0; i < index->parts->len; i++) {
    CormIndexPart *part = index->parts->pdata[i];
    if (!(caps & CORM_CAP_DESCENDING_INDEX))
      part->descending = FALSE;
    if (part->is_expression && !fit_expression (fit, table, what, &part->sql))
      return FALSE;
    if (part->is_expression && !index->unique && !(caps & CORM_CAP_EXPRESSION_INDEX) &&
        (fit->foreign || fit->neutral)) {
      note (fit, "index %s of table %s: left out: this database has no index over an expression", index->name,
            table->name);
      return FALSE;
    }
  }
  return TRUE;
}

/* Where no key is ever checked later, RESTRICT and NO ACTION are one thing. */
/* The server makes names out of the table's, "jobs_ibfk_12": where that would be too long, the key has one of its own. */
static void
name_foreign_key (const Fit *fit, const CormTable *table, CormForeignKey *key)
{
  enum { MADE_UP = 9 };
  guint most = fit->dialect->max_identifier;
  if (key->name != NULL || most == 0 || strlen (table->name) + MADE_UP <= most)
    return;
  g_autofree char *columns = g_strjoinv ("_", key->columns);
  g_autofree char *all = g_strconcat (columns, "_", key->target_table, NULL);
  key->name = corm_name_make ("fk", table->name, all);
}

static void
fit_foreign_key (const Fit *fit, const CormTable *table, CormForeignKey *key)
{
  name_foreign_key (fit, table, key);
  if (fit->dialect->caps & CORM_CAP_DEFERRABLE)
    return;
  key->deferrable = CORM_NOT_DEFERRABLE;
  key->on_delete = key->on_delete == CORM_RESTRICT ? CORM_NO_ACTION : key->on_delete;
  key->on_update = key->on_update == CORM_RESTRICT ? CORM_NO_ACTION : key->on_update;
}

/* @base with a number behind it, or @base itself: a name that a server made up, which may be another's elsewhere. */
static void
forget_made_up (char **name, const char *base)
{
  gsize size = strlen (base);
  if (*name == NULL || strncmp (*name, base, size) != 0)
    return;
  const char *rest = *name + size;
  if (*rest == '\0' ||
      (rest[0] == '_' && rest[1] != '\0' && rest[1 + strspn (rest + 1, "0123456789")] == '\0'))
    clear (name);
}

static void
forget_made_up_names (CormTable *table)
{
  g_autofree char *foreign = g_strconcat (table->name, "_ibfk", NULL);
  for (guint i = 0; i < table->uniques->len; i++) {
    CormKey *key = table->uniques->pdata[i];
    forget_made_up (&key->name, key->columns[0]);
  }
  for (guint i = 0; i < table->foreign_keys->len; i++)
    forget_made_up (&((CormForeignKey *) table->foreign_keys->pdata[i])->name, foreign);
  for (guint i = 0; i < table->checks->len; i++)
    forget_made_up (&((CormCheck *) table->checks->pdata[i])->name, "CONSTRAINT");
}

/* What only the database says that it comes from. */
static void
forget_own_words (CormTable *table)
{
  for (guint i = 0; i < table->uniques->len; i++)
    clear (&((CormKey *) table->uniques->pdata[i])->options);
  if (table->primary_key != NULL)
    clear (&table->primary_key->options);
  for (guint i = 0; i < table->checks->len; i++)
    clear (&((CormCheck *) table->checks->pdata[i])->options);
  for (guint i = 0; i < table->foreign_keys->len; i++)
    g_clear_pointer (&((CormForeignKey *) table->foreign_keys->pdata[i])->set_columns, g_strfreev);
}

static void
fit_table (const Fit *fit, CormTable *table)
{
  if (fit->foreign) {
    forget_made_up_names (table);
    forget_own_words (table);
    clear (&table->sql);
    table->strict = table->without_rowid = FALSE;
    if (table->options != NULL)
      note (fit, "options of table %s: left out: %s", table->name, table->options);
    clear (&table->options);
    if (table->primary_key != NULL)
      clear (&table->primary_key->name);
  }
  for (guint i = 0; i < table->columns->len; i++)
    fit_column (fit, table, table->columns->pdata[i]);
  for (guint i = 0; i < table->foreign_keys->len; i++)
    fit_foreign_key (fit, table, table->foreign_keys->pdata[i]);
  fit_checks (fit, table);
  for (guint i = 0; i < table->indexes->len;) {
    if (fit_index (fit, table, table->indexes->pdata[i]))
      i++;
    else
      g_ptr_array_remove_index (table->indexes, i);
  }
}

/* Both ends of a foreign key have one type: SQLite, for one, lets them differ. And a text that is pointed to has the
 * type that keys need, as the text that points has. */
static void
fit_pair (const Fit *fit, CormTableColumn *from, CormTableColumn *target)
{
  if (fit->foreign && (from->type.type != target->type.type || from->type.length != target->type.length))
    from->type = target->type;
  if (fit->dialect->key_text != NULL && target->type_sql == NULL && target->type.type == CORM_TYPE_TEXT &&
      target->type.length == 0)
    target->type_sql = g_strdup (fit->dialect->key_text);
}

static void
fit_foreign_keys (const Fit *fit, const CormSchema *schema, const CormTable *table)
{
  for (guint i = 0; i < table->foreign_keys->len; i++) {
    const CormForeignKey *key = table->foreign_keys->pdata[i];
    const CormTable *target = corm_schema_find_table (schema, key->target_table);
    for (guint c = 0; target != NULL && key->target_columns != NULL && key->target_columns[c] != NULL; c++) {
      CormTableColumn *from =
          key->columns[c] != NULL ? corm_table_find_column (table, key->columns[c]) : NULL;
      CormTableColumn *to = corm_table_find_column (target, key->target_columns[c]);
      if (from == NULL || to == NULL)
        break;
      fit_pair (fit, from, to);
    }
  }
}

static CormSchema *
copy_schema (const CormSchema *schema, GError **error)
{
  g_autofree char *json = corm_schema_to_json (schema);
  return corm_schema_from_json (json, error);
}

CormSchema *
corm_schema_fit (const CormSchema *schema, const CormDialect *dialect, GPtrArray *notes, GError **error)
{
  CormSchema *copy = copy_schema (schema, error);
  if (copy == NULL)
    return NULL;
  Fit fit = { dialect, FALSE, schema->dialect == NULL, notes };
  fit.foreign = !fit.neutral && strcmp (schema->dialect, dialect->name) != 0;
  for (guint i = 0; i < copy->tables->len; i++)
    fit_table (&fit, copy->tables->pdata[i]);
  for (guint i = 0; i < copy->tables->len; i++)
    fit_foreign_keys (&fit, copy, copy->tables->pdata[i]);
  for (guint i = 0; fit.foreign && i < copy->objects->len; i++) {
    const CormSchemaObject *object = copy->objects->pdata[i];
    note (&fit, "%s %s: left out", object->kind, object->name);
  }
  if (fit.foreign)
    g_ptr_array_set_size (copy->objects, 0);
  g_free (copy->dialect);
  copy->dialect = g_strdup (dialect->name);
  return copy;
}
