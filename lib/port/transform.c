/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* From the source's words to neutral terms. A type that only the source knows becomes text, which holds whatever its
 * text form is; expressions of the source's dialect are tried by the porter, or left out by name. */
#include "port/transform.h"

#include "model/name.h"
#include "port/choose.h"
#include "port/details.h"
#include "port/expression.h"
#include "port/tables.h"
#include "schema/diff.h"
#include "schema/words.h"

#include <string.h>

typedef struct {
  const CormSchema *source;
  const CormDialect *from, *target;
  gboolean same; /* one dialect on both sides */
  const CormNames *names;
  GHashTable *used; /* names of indexes and constraints, in small letters */
  CormDetails details;
  GPtrArray *not_moved;
  GPtrArray *notes;
} Transform;

static void note (GPtrArray *not_moved, const char *format, ...) G_GNUC_PRINTF (2, 3);

static void
note (GPtrArray *not_moved, const char *format, ...)
{
  va_list args;
  va_start (args, format);
  g_ptr_array_add (not_moved, g_strdup_vprintf (format, args));
  va_end (args);
}

static void
transform_type (const Transform *transform, const CormTable *table, const CormTableColumn *from,
                CormTableColumn *to)
{
  to->type = from->type;
  if (transform->same) {
    to->type_sql = g_strdup (from->type_sql);
    return;
  }
  gboolean has_labels = from->labels != NULL || from->enum_type != NULL;
  if (from->type.type == CORM_TYPE_NONE || from->type.type == CORM_TYPE_RAW ||
      (from->type.type == CORM_TYPE_ENUM && !has_labels)) {
    to->type = (CormSqlType){ .type = CORM_TYPE_TEXT };
    if (!transform->from->loose_types && from->type_sql != NULL && *from->type_sql != '\0')
      note (transform->not_moved, "type %s of %s.%s: it becomes text", from->type_sql, table->name,
            from->name);
  }
}

/* What stands in the double quotes that are all of @sql, a doubled one for one; NULL: that is not all. */
static char *
unquote (const char *sql)
{
  g_autoptr (GString) text = g_string_new (NULL);
  if (sql == NULL || *sql != '"')
    return NULL;
  for (const char *p = sql + 1; *p != '\0'; p++) {
    if (*p == '"' && p[1] == '\0')
      return g_string_free (g_steal_pointer (&text), FALSE);
    if (*p == '"' && *++p != '"')
      return NULL;
    g_string_append_c (text, *p);
  }
  return NULL;
}

static void
keep_default (const CormTableColumn *from, CormTableColumn *to)
{
  to->default_kind = from->default_kind;
  to->default_text = g_strdup (from->default_text);
  to->default_sql = g_strdup (from->default_sql);
  char *word = from->default_kind == CORM_DEFAULT_SQL ? unquote (from->default_text) : NULL;
  if (word == NULL)
    return;
  to->default_kind =
      CORM_DEFAULT_LITERAL; /* "word": SQLite takes it for a string, but not within parentheses */
  g_free (to->default_text);
  to->default_text = word;
}

/* The mapping gives a column of it another name. */
static gboolean
is_renamed (const Transform *transform, const CormTable *table)
{
  for (guint i = 0; i < table->columns->len; i++) {
    const char *name = ((const CormTableColumn *) g_ptr_array_index (table->columns, i))->name;
    if (strcmp (corm_names_column (transform->names, table->name, name), name) != 0)
      return TRUE;
  }
  return FALSE;
}

/* Another database computes it only where it surely gives the same; else the values come as they are. */
static void
transform_generated (const Transform *transform, const CormTable *table, const CormTableColumn *from,
                     CormTableColumn *to)
{
  if (from->generated_sql == NULL)
    return;
  to->generated_sql =
      transform->same && !is_renamed (transform, table)
          ? g_strdup (from->generated_sql)
          : corm_expression_translate_named (from->generated_sql, transform->from, transform->target, table,
                                             transform->names, TRUE);
  gboolean can_wait = (transform->target->caps & CORM_CAP_VIRTUAL_COLUMN) != 0;
  to->generated_stored = from->generated_stored || !can_wait;
  if (to->generated_sql == NULL)
    note (transform->not_moved, "expression of the generated column %s.%s, moved as a plain column: %s",
          table->name, from->name, from->generated_sql);
}

static void
transform_column (const Transform *transform, const CormTable *table, const CormTableColumn *from,
                  CormTable *into)
{
  const char *name = corm_names_column (transform->names, table->name, from->name);
  CormTableColumn *to = corm_table_add_column (into, name);
  to->was = name != from->name ? g_strdup (from->name) : NULL;
  transform_type (transform, table, from, to);
  if (transform->same)
    keep_default (from, to);
  to->not_null = from->not_null;
  to->auto_increment = corm_details_can_number (&transform->details, table, from);
  corm_details_column (&transform->details, table, from, to);
  to->labels = g_strdupv (from->labels);
  to->enum_type = transform->same ? g_strdup (from->enum_type) : NULL;
  if (from->collation != NULL && transform->same)
    to->collation = g_strdup (from->collation);
  else if (from->collation != NULL && g_ascii_strcasecmp (from->collation, "binary") != 0)
    note (transform->not_moved, "collation %s of %s.%s", from->collation, table->name, from->name);
  transform_generated (transform, table, from, to);
}

/* --- keys, checks, indexes ------------------------------------------------------------------------------------- */

static gboolean
is_too_long (const Transform *transform, const char *name)
{
  guint most = transform->target->max_identifier;
  return name != NULL && most != 0 && strlen (name) > most;
}

/* NULL: it would mean something else. */
static char *
translate (const Transform *transform, const CormTable *table, const char *sql)
{
  return transform->same && !is_renamed (transform, table)
             ? g_strdup (sql)
             : corm_expression_translate_named (sql, transform->from, transform->target, table,
                                                transform->names, FALSE);
}

/* FALSE: something else in the target is called so already. Between equal dialects all names fit. */
static gboolean
take_name (const Transform *transform, const char *name)
{
  g_autofree char *small = g_utf8_casefold (name, -1);
  return transform->same || g_hash_table_add (transform->used, g_steal_pointer (&small));
}

/* The name of a constraint; NULL, and the target makes one up, where it would be cut, or is taken. */
static const char *
constraint_name (const Transform *transform, const char *name)
{
  return name == NULL || is_too_long (transform, name) || !take_name (transform, name) ? NULL : name;
}

static GStrv
rename_columns (const Transform *transform, const CormTable *table, GStrv columns)
{
  return corm_names_columns (transform->names, table->name, (const char *const *) columns);
}

/* --- texts that are one whatever the case of their letters -------------------------------------------------------- */

static gboolean
is_nocase (const CormTable *table, const char *name, const char *collation)
{
  const CormTableColumn *column = corm_pair_find_column (table, name);
  const char *use = collation != NULL ? collation : column != NULL ? column->collation : NULL;
  return use != NULL && g_ascii_strcasecmp (use, "nocase") == 0;
}

/* The text that is alike for all of them; NULL: the target has none. */
static char *
folded (const Transform *transform, const char *name)
{
  if (transform->target->fold_case == NULL)
    return NULL;
  g_autoptr (GString) column = g_string_new (NULL);
  corm_sql_append_identifier (column, transform->target, name);
  g_auto (GStrv) parts = g_strsplit (transform->target->fold_case, "{}", -1);
  return g_strjoinv (column->str, parts);
}

static void
add_folded_part (const Transform *transform, const CormTable *table, CormTableIndex *index, const char *name,
                 const char *collation)
{
  const char *other = corm_names_column (transform->names, table->name, name);
  g_autofree char *expression = is_nocase (table, name, collation) ? folded (transform, other) : NULL;
  corm_index_add_part (index, expression != NULL ? expression : other)->is_expression = expression != NULL;
}

/* That of the column number @i in @key, where it has one of its own. */
static const char *
collation_in (const CormKey *key, guint i)
{
  static const char *const known[] = { "NOCASE", "BINARY" };
  const char *options = key->column_options != NULL ? key->column_options[i] : "";
  for (guint k = 0; k < G_N_ELEMENTS (known); k++)
    if (corm_words_mention (options, known[k]))
      return known[k];
  return NULL;
}

/* Beside a unique constraint that takes no notice of case, which the target's does: an index that does not. */
static void
add_nocase_index (const Transform *transform, const CormTable *from, CormTable *into, const CormKey *key)
{
  GStrv columns = key->columns;
  gboolean any = FALSE;
  for (guint i = 0; columns[i] != NULL; i++)
    any |= is_nocase (from, columns[i], collation_in (key, i));
  if (!any || transform->same)
    return;
  g_autofree char *joined = g_strjoinv ("_", columns);
  if (transform->target->fold_case == NULL) {
    note (transform->not_moved, "that %s.%s is unique whatever the case of its letters", from->name, joined);
    return;
  }
  g_autofree char *name = corm_name_make ("ux_nocase", from->name, joined);
  CormTableIndex *index = corm_table_add_index (into, name);
  index->unique = TRUE;
  for (guint i = 0; columns[i] != NULL; i++)
    add_folded_part (transform, from, index, columns[i], collation_in (key, i));
}

static void
transform_key (const Transform *transform, const CormTable *from, const CormKey *key, CormTable *into)
{
  gboolean is_primary = key == from->primary_key;
  const char *name = constraint_name (transform, key->name);
  CormKey *to = is_primary ? corm_table_set_primary_key (into, name) : corm_table_add_unique (into, name);
  to->columns = rename_columns (transform, from, key->columns);
  corm_details_key (&transform->details, from, is_primary ? "primary key" : "unique key", key, to);
  add_nocase_index (transform, from, into, key);
}

static void
transform_keys (const Transform *transform, const CormTable *from, CormTable *into)
{
  if (from->primary_key != NULL)
    transform_key (transform, from, from->primary_key, into);
  for (guint i = 0; i < from->uniques->len; i++)
    transform_key (transform, from, g_ptr_array_index (from->uniques, i), into);
  for (guint i = 0; i < from->checks->len; i++) {
    const CormCheck *check = g_ptr_array_index (from->checks, i);
    g_autofree char *sql = translate (transform, from, check->sql);
    if (sql != NULL)
      corm_details_check (&transform->details, from, check,
                          corm_table_add_check (into, constraint_name (transform, check->name), sql));
    else
      note (transform->not_moved, "check of %s: %s", from->name, check->sql);
  }
}

/* SQLite lets a foreign key name no columns: it means the primary key of its target. */
static GStrv
referenced_columns (const Transform *transform, const CormForeignKey *key)
{
  const CormTable *target = corm_find_table_any_case (transform->source, key->target_table);
  if (target != NULL && key->target_columns != NULL && key->target_columns[0] != NULL)
    return rename_columns (transform, target, key->target_columns);
  return target != NULL && target->primary_key != NULL
             ? rename_columns (transform, target, target->primary_key->columns)
             : g_new0 (char *, 1);
}

/* SQLite takes a key to columns that are not unique, and then no change of a row. */
static gboolean
points_nowhere (const Transform *transform, const CormTable *target, const CormForeignKey *key)
{
  GStrv columns = key->target_columns;
  if (columns == NULL || columns[0] == NULL)
    columns = target->primary_key != NULL ? target->primary_key->columns : NULL;
  return transform->from->in_process &&
         (columns == NULL || !corm_table_has_unique (target, (const char *const *) columns));
}

static void
transform_foreign_keys (const Transform *transform, const CormTable *from, CormTable *into, const char *globs)
{
  for (guint i = 0; i < from->foreign_keys->len; i++) {
    const CormForeignKey *key = g_ptr_array_index (from->foreign_keys, i);
    const CormTable *target = corm_find_table_any_case (transform->source, key->target_table);
    g_autofree char *columns = g_strjoinv (", ", key->columns);
    if (target == NULL || !corm_globs_match (globs, target->name)) {
      note (transform->not_moved, "foreign key of %s (%s): its table %s is not moved", from->name, columns,
            key->target_table);
      continue;
    }
    if (points_nowhere (transform, target, key)) {
      note (transform->not_moved, "foreign key of %s (%s): its columns in %s are not unique", from->name,
            columns, target->name);
      continue;
    }
    CormForeignKey *to = corm_table_add_foreign_key (into, constraint_name (transform, key->name));
    to->columns = rename_columns (transform, from, key->columns);
    to->target_table = g_strdup (corm_names_table (transform->names, target->name));
    to->target_columns = referenced_columns (transform, key);
    to->on_delete = key->on_delete;
    to->on_update = key->on_update;
    corm_details_foreign_key (&transform->details, from, key, to);
    if (key->set_columns != NULL && transform->same)
      to->set_columns = rename_columns (transform, from, key->set_columns);
  }
}

/* Where an index's name is the table's own affair, two tables may have one of the same name. */
static char *
index_name (const Transform *transform, const CormTable *table, const char *name)
{
  gboolean of_table = transform->target->drop_index != NULL;
  if (!is_too_long (transform, name) && (of_table || take_name (transform, name)))
    return g_strdup (name);
  char *other = corm_name_make ("ix", table->name, name);
  for (guint salt = 1; !of_table && !take_name (transform, other) && salt < 1000; salt++) {
    g_autofree char *taken = other;
    other = corm_names_shorten (taken, CORM_NAME_MAX, salt);
  }
  note (transform->notes, "index %s of %s: it is %s in the target", name, table->name, other);
  return other;
}

/* FALSE: one of its expressions can't be taken over. */
static gboolean
translate_index (const Transform *transform, const CormTable *table, const CormTableIndex *from,
                 GPtrArray *words)
{
  for (guint p = 0; p <= from->parts->len; p++) {
    const CormIndexPart *part = p < from->parts->len ? g_ptr_array_index (from->parts, p) : NULL;
    const char *sql = part == NULL ? from->where : part->sql;
    gboolean is_expression = part == NULL || part->is_expression;
    char *text = sql == NULL      ? NULL
                 : !is_expression ? g_strdup (corm_names_column (transform->names, table->name, sql))
                                  : translate (transform, table, sql);
    g_ptr_array_add (words, text);
    if (text == NULL && sql != NULL)
      return FALSE;
  }
  return TRUE;
}

static void
note_nocase (const Transform *transform, const CormTable *from, const CormTableIndex *index)
{
  for (guint p = 0; !transform->same && p < index->parts->len; p++) {
    const CormIndexPart *part = g_ptr_array_index (index->parts, p);
    if (is_nocase (from, part->sql, part->collation))
      note (transform->not_moved, "that the index %s is unique whatever the case of its letters",
            index->name);
  }
}

static void
transform_indexes (const Transform *transform, const CormTable *from, CormTable *into)
{
  for (guint i = 0; i < from->indexes->len; i++) {
    const CormTableIndex *index = g_ptr_array_index (from->indexes, i);
    g_autoptr (GPtrArray) words = g_ptr_array_new_with_free_func (g_free);
    if (!translate_index (transform, from, index, words)) {
      note (transform->not_moved, "index %s of %s: %s", index->name, from->name,
            index->sql != NULL ? index->sql : "its expression");
      continue;
    }
    if (!corm_details_can_index (&transform->details, from, index))
      continue;
    g_autofree char *name = index_name (transform, from, index->name);
    CormTableIndex *to = corm_table_add_index (into, name);
    to->unique = index->unique;
    to->where = g_strdup (g_ptr_array_index (words, index->parts->len));
    for (guint p = 0; p < index->parts->len; p++) {
      const CormIndexPart *part = g_ptr_array_index (index->parts, p);
      gboolean folds = index->unique && !transform->same && !part->is_expression;
      if (folds) {
        add_folded_part (transform, from, to, part->sql, part->collation);
      } else {
        CormIndexPart *copy = corm_index_add_part (to, g_ptr_array_index (words, p));
        copy->is_expression = part->is_expression;
        copy->collation = transform->same ? g_strdup (part->collation) : NULL;
      }
      ((CormIndexPart *) g_ptr_array_index (to->parts, p))->descending = part->descending;
    }
    corm_details_index (&transform->details, from, index, to);
    if (index->include != NULL && transform->same)
      to->include = rename_columns (transform, from, index->include);
    if (index->unique && transform->target->fold_case == NULL)
      note_nocase (transform, from, index);
  }
}

CormSchema *
corm_transform_schema (const CormSchema *source, const CormDialect *from, const CormDialect *target,
                       const CormNames *names, const char *globs, GPtrArray *not_moved, GPtrArray *notes)
{
  g_autoptr (GHashTable) used = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  CormSchema *schema = corm_schema_new (target->name);
  Transform transform = {
    .source = source,
    .from = from,
    .target = target,
    .same = g_strcmp0 (source->dialect, target->name) == 0,
    .names = names,
    .used = used,
    .details = { g_strcmp0 (source->dialect, target->name) == 0, target, not_moved },
    .not_moved = not_moved,
    .notes = notes,
  };
  for (guint i = 0; i < source->tables->len; i++)
    take_name (&transform,
               corm_names_table (names, ((const CormTable *) g_ptr_array_index (source->tables, i))->name));
  for (guint i = 0; i < source->tables->len; i++) {
    const CormTable *table = g_ptr_array_index (source->tables, i);
    if (!corm_globs_match (globs, table->name))
      continue;
    if (table->columns->len == 0 && !transform.same) {
      note (not_moved, "table %s, which has no columns", table->name);
      continue;
    }
    const char *name = corm_names_table (names, table->name);
    CormTable *into = corm_schema_add_table (schema, name);
    into->was = name != table->name ? g_strdup (table->name) : NULL;
    into->strict = transform.same && table->strict;
    into->without_rowid = transform.same && table->without_rowid;
    for (guint c = 0; c < table->columns->len; c++)
      transform_column (&transform, table, g_ptr_array_index (table->columns, c), into);
    transform_keys (&transform, table, into);
    transform_foreign_keys (&transform, table, into, globs);
    transform_indexes (&transform, table, into);
    corm_details_table (&transform.details, table, into);
    if (table->has_heirs)
      note (notes, "%s moves with its own rows; those of the tables that inherit from it move with these",
            table->name);
  }
  if (!transform.same)
    corm_choose_numbers (schema);
  return schema;
}
