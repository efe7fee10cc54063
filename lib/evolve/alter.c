/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* What fills the templates of ALTER TABLE. The words are those that the schema was asked for with: the same words then
 * lead to the same words of the server as they did in the scratch place. */
#include "evolve/planner.h"
#include "render/ddl.h"
#include "schema/words.h"

#include <string.h>

const CormTable *
corm_planner_wanted_table (const CormPlanner *planner, const CormTable *table)
{
  const CormTable *wanted = corm_schema_find_table (planner->wanted, table->name);
  for (guint i = 0; wanted == NULL && planner->dialect->names_fold && i < planner->wanted->tables->len; i++) {
    const CormTable *other = planner->wanted->tables->pdata[i];
    if (g_ascii_strcasecmp (other->name, table->name) == 0)
      wanted = other;
  }
  return wanted != NULL ? wanted : table;
}

static const CormTable *
table_of (const CormPlanner *planner, const CormChange *change)
{
  return change->table != NULL ? corm_planner_wanted_table (planner, change->table) : change->live;
}

const CormTableColumn *
corm_planner_wanted_column (const CormPlanner *planner, const CormChange *change)
{
  const CormTableColumn *column = change->part;
  const CormTable *wanted = table_of (planner, change);
  const CormTableColumn *found = column != NULL ? corm_table_find_column (wanted, column->name) : NULL;
  return found != NULL ? found : column;
}

static gboolean
same_names (GStrv a, GStrv b)
{
  return a != NULL && b != NULL && g_strv_equal ((const char *const *) a, (const char *const *) b);
}

/* A table that is made anew keeps its constraints as they were said. */
static gboolean
is_unnamed (const CormPlanner *planner, const CormChange *change)
{
  return change->name == NULL && planner->dialect->rebuild == NULL;
}

/* Of several over the same columns the one with the same name. */
static const CormKey *
find_unique (const CormTable *wanted, const CormKey *like)
{
  const CormKey *found = like;
  for (guint i = 0; i < wanted->uniques->len; i++) {
    const CormKey *key = wanted->uniques->pdata[i];
    if (!same_names (key->columns, like->columns))
      continue;
    found = key;
    if (g_strcmp0 (key->name, like->name) == 0)
      break;
  }
  return found;
}

/* A unique constraint of the server's may have been asked for as a unique index. */
static void
define_key (const CormPlanner *planner, const CormTable *wanted, const CormChange *change, GString *text)
{
  const CormKey *key = change->part;
  if (change->kind == CORM_OP_ADD_PRIMARY_KEY) {
    corm_render_primary_key (text, planner->dialect, wanted->primary_key != NULL ? wanted->primary_key : key);
    return;
  }
  g_autofree char *name = corm_planner_name (change);
  CormKey named = *find_unique (wanted, key);
  if (is_unnamed (planner, change))
    named.name = name;
  corm_render_unique (text, planner->dialect, &named);
}

static const CormForeignKey *
find_foreign_key (const CormTable *wanted, const CormForeignKey *like)
{
  const CormForeignKey *found = like;
  for (guint i = 0; i < wanted->foreign_keys->len; i++) {
    const CormForeignKey *key = wanted->foreign_keys->pdata[i];
    if (!same_names (key->columns, like->columns) || strcmp (key->target_table, like->target_table) != 0)
      continue;
    found = key;
    if (g_strcmp0 (key->name, like->name) == 0)
      break;
  }
  return found;
}

static void
define_foreign_key (const CormPlanner *planner, const CormTable *wanted, const CormChange *change,
                    GString *text)
{
  g_autofree char *name = corm_planner_name (change);
  CormForeignKey named = *find_foreign_key (wanted, change->part);
  if (is_unnamed (planner, change))
    named.name = name;
  corm_render_foreign_key (text, planner->dialect, &named);
}

static void
define_check (const CormPlanner *planner, const CormTable *wanted, const CormChange *change, GString *text)
{
  const CormCheck *check = change->part, *found = NULL;
  g_autofree char *name = corm_planner_name (change);
  for (guint i = 0; i < wanted->checks->len; i++) {
    const CormCheck *other = wanted->checks->pdata[i];
    if (check->name != NULL && g_strcmp0 (other->name, check->name) == 0)
      found = other;
    else if (found == NULL && corm_words_equal (other->sql, check->sql))
      found = other;
  }
  CormCheck named = found != NULL ? *found : *check;
  if (is_unnamed (planner, change))
    named.name = name;
  corm_render_check (text, planner->dialect, &named);
}

gboolean
corm_planner_define_column (const CormPlanner *planner, const CormTable *wanted,
                            const CormTableColumn *column, GString *text, GError **error)
{
  CormTableColumn copy = *column;
  const char *type = corm_render_key_type (planner->dialect, wanted, &copy);
  if (type != NULL)
    copy.type_sql = (char *) type;
  if (corm_render_column (text, planner->dialect, &copy, FALSE, error))
    return TRUE;
  g_prefix_error (error, "column %s.%s: ", wanted->name, column->name);
  return FALSE;
}

char *
corm_planner_definition (const CormPlanner *planner, const CormChange *change, GError **error)
{
  const CormTable *wanted = table_of (planner, change);
  g_autoptr (GString) text = g_string_new (NULL);
  if (corm_planner_modifies (planner, change))
    return corm_planner_modified (planner, change, error);
  switch (change->kind) {
  case CORM_OP_ADD_PRIMARY_KEY:
  case CORM_OP_ADD_UNIQUE:
    define_key (planner, wanted, change, text);
    break;
  case CORM_OP_ADD_FOREIGN_KEY:
    define_foreign_key (planner, wanted, change, text);
    break;
  case CORM_OP_ADD_CHECK:
    define_check (planner, wanted, change, text);
    break;
  case CORM_OP_DROP_PRIMARY_KEY:
  case CORM_OP_DROP_UNIQUE:
  case CORM_OP_DROP_FOREIGN_KEY:
  case CORM_OP_DROP_CHECK:
  case CORM_OP_DROP_COLUMN:
  case CORM_OP_VALIDATE:
    return NULL;
  default:
    if (change->part == NULL || wanted == NULL ||
        !corm_planner_define_column (planner, wanted, corm_planner_wanted_column (planner, change), text,
                                     error))
      return NULL;
  }
  return g_string_free (g_steal_pointer (&text), FALSE);
}

char *
corm_planner_type (const CormPlanner *planner, const CormChange *change)
{
  const CormTableColumn *column = corm_planner_wanted_column (planner, change);
  GString *text = g_string_new (NULL);
  CormTableColumn copy = *column;
  const char *key_type = corm_render_key_type (planner->dialect, table_of (planner, change), &copy);
  if (key_type != NULL)
    copy.type_sql = (char *) key_type;
  corm_render_type (text, planner->dialect, &copy);
  if (column->collation != NULL) {
    g_string_append (text, " COLLATE ");
    corm_sql_append_identifier (text, planner->dialect, column->collation);
  }
  return g_string_free (text, FALSE);
}

static gboolean
is_number (CormType type)
{
  return type >= CORM_TYPE_INT16 && type <= CORM_TYPE_DECIMAL;
}

static gboolean
is_time (CormType type)
{
  return type >= CORM_TYPE_DATE && type <= CORM_TYPE_LOCAL_TIMESTAMP;
}

/* A value of the one type becomes one of the other without being told to. */
static gboolean
is_assignable (const CormTableColumn *is, const CormTableColumn *should)
{
  CormType from = is->type.type, to = should->type.type;
  return from == to || to == CORM_TYPE_TEXT || (is_number (from) && is_number (to)) ||
         (is_time (from) && is_time (to));
}

char *
corm_planner_convert (const CormPlanner *planner, const CormChange *change)
{
  const CormTableColumn *should = change->part;
  const char *given =
      should->convert != NULL ? should->convert : corm_planner_wanted_column (planner, change)->convert;
  char *convert = g_strdup (given);
  for (guint i = 0; convert != NULL && change->live != NULL && i < change->table->columns->len; i++) {
    const CormTableColumn *column = change->table->columns->pdata[i];
    if (column->was == NULL || corm_table_find_column (change->live, column->was) != NULL)
      continue;
    char *renamed = corm_words_rename (convert, planner->dialect, column->was, column->name);
    g_free (convert);
    convert = renamed;
  }
  return convert;
}

char *
corm_planner_conversion (const CormPlanner *planner, const CormChange *change)
{
  const CormTableColumn *column = corm_planner_wanted_column (planner, change);
  const CormTableColumn *should = change->part;
  g_autoptr (GString) text = g_string_new (NULL);
  char *convert = corm_planner_convert (planner, change);
  if (convert != NULL)
    return convert;
  if (change->is != NULL && is_assignable (change->is, should)) {
    corm_sql_append_identifier (text, planner->dialect, should->name);
    return g_string_free (g_steal_pointer (&text), FALSE);
  }
  /* An enum's label is reached through its text. */
  gboolean twice = change->is != NULL && should->enum_type != NULL;
  CormTableColumn bare = *column;
  g_string_append (text, twice ? "CAST(CAST(" : "CAST(");
  corm_sql_append_identifier (text, planner->dialect, should->name);
  g_string_append (text, twice ? " AS text) AS " : " AS ");
  corm_render_type (text, planner->dialect, &bare);
  g_string_append_c (text, ')');
  return g_string_free (g_steal_pointer (&text), FALSE);
}

/* --- values */

static char *
table_options (const CormPlanner *planner, const CormChange *change)
{
  const char *from = change->live != NULL ? change->live->options : NULL;
  const char *to = change->table->options;
  if (change->name == NULL && planner->dialect->change_options != NULL)
    return planner->dialect->change_options (from, to);
  return g_strdup (change->name == NULL && to != NULL ? to : "");
}

/* What {v} stands for. */
static gboolean
value_of (const CormPlanner *planner, const CormChange *change, char **value, GError **error)
{
  const CormTableColumn *column = corm_planner_wanted_column (planner, change);
  g_autoptr (GString) text = g_string_new (NULL);
  switch (change->kind) {
  case CORM_OP_SET_DEFAULT:
    if (!corm_render_default (text, planner->dialect, column, error))
      return FALSE;
    break;
  case CORM_OP_BACKFILL:
    *value = corm_planner_convert (planner, change);
    return TRUE;
  case CORM_OP_SET_IDENTITY:
    *value = corm_planner_identity (planner, change);
    return TRUE;
  case CORM_OP_SET_GENERATED:
    g_string_append_printf (text, "(%s) %s", column->generated_sql,
                            column->generated_stored ? "STORED" : "VIRTUAL");
    break;
  case CORM_OP_SET_OPTIONS:
    *value = table_options (planner, change);
    return TRUE;
  default:
    return TRUE;
  }
  *value = g_string_free (g_steal_pointer (&text), FALSE);
  return TRUE;
}

/* --- labels: each by itself, where it goes */

static void
add_labels (const CormPlanner *planner, const CormChange *change, const char *template, GPtrArray *sql)
{
  const CormTableColumn *is = change->is, *should = change->part;
  for (char **label = should->labels; *label != NULL; label++) {
    if (g_strv_contains ((const char *const *) is->labels, *label))
      continue;
    gboolean first = label == should->labels;
    CormValue value = corm_value_text (*label);
    CormValue next = corm_value_text (first ? is->labels[0] : label[-1]);
    g_autoptr (GString) text = g_string_new (NULL);
    g_autoptr (GString) place = g_string_new (first ? "BEFORE " : "AFTER ");
    corm_sql_append_literal (text, planner->dialect, &value, NULL);
    corm_sql_append_literal (place, planner->dialect, &next, NULL);
    const CormAlterParts parts = { .name = change->name, .value = text->str, .place = place->str };
    corm_render_alter (sql, planner->dialect, template, &parts);
  }
}

static char *
key_columns (const CormPlanner *planner, const CormChange *change)
{
  const CormKey *key = change->part;
  GString *text = g_string_new (NULL);
  corm_render_names (text, planner->dialect, (const char *const *) key->columns);
  return g_string_free (text, FALSE);
}

static gboolean
has_gap (const char *template, const char *gap)
{
  return strstr (template, gap) != NULL;
}

static gboolean
fill (const CormPlanner *planner, const CormChange *change, const char *template, GPtrArray *sql,
      GError **error)
{
  const CormTable *table = change->table != NULL ? change->table : change->live;
  g_autofree char *name = corm_planner_live_name (planner, change);
  g_autofree char *definition = NULL, *type = NULL, *convert = NULL, *value = NULL, *columns = NULL;
  if (has_gap (template, "{d}") && (definition = corm_planner_definition (planner, change, error)) == NULL)
    return FALSE;
  if (has_gap (template, "{y}"))
    type = corm_planner_type (planner, change);
  if (has_gap (template, "{u}"))
    convert = corm_planner_conversion (planner, change);
  if (has_gap (template, "{v}") && !value_of (planner, change, &value, error))
    return FALSE;
  if (has_gap (template, "{k}"))
    columns = key_columns (planner, change);
  if (has_gap (template, "{n}") && name == NULL && change->kind != CORM_OP_RENAME_TABLE)
    return TRUE; /* what has no name cannot be taken back */
  const CormAlterParts parts = { .table = table->name,
                                 .name = name != NULL ? name : table->name,
                                 .was = change->was,
                                 .definition = definition,
                                 .type = type,
                                 .convert = convert,
                                 .value = value,
                                 .comment = change->comment,
                                 .columns = columns };
  corm_render_alter (sql, planner->dialect, template, &parts);
  return TRUE;
}

/* Options of a table, or of a column, which a database without a way of its own defines anew. */
static gboolean
set_options (const CormPlanner *planner, const CormChange *change, GPtrArray *sql, GError **error)
{
  const CormDialect *dialect = planner->dialect;
  const CormTable *is = change->is, *should = change->part;
  char mark;
  if (dialect->alter_options != NULL && change->name != NULL)
    return corm_planner_column_options (planner, change, sql);
  if (dialect->alter_options != NULL)
    return dialect->alter_options (change->table->name, NULL, is != NULL ? is->options : NULL,
                                   should != NULL ? should->options : NULL, sql);
  CormOpKind kind = change->name != NULL ? CORM_OP_SET_TYPE : CORM_OP_SET_OPTIONS;
  const char *template = corm_render_alter_template (dialect, kind, FALSE, &mark);
  return template != NULL && fill (planner, change, template, sql, error);
}

/* Added without a look at the rows, for good. */
static gboolean
is_unchecked (const CormChange *change)
{
  const CormForeignKey *key = change->part;
  const CormCheck *check = change->part;
  return (change->kind == CORM_OP_ADD_FOREIGN_KEY && key->not_valid) ||
         (change->kind == CORM_OP_ADD_CHECK && check->not_valid);
}

/* A name is needed to build a key beside the table first, and options that stand in its definition would be lost. */
static gboolean
can_be_online (const CormChange *change)
{
  const CormKey *key = change->part;
  gboolean is_key = change->kind == CORM_OP_ADD_PRIMARY_KEY || change->kind == CORM_OP_ADD_UNIQUE;
  gboolean named = change->name != NULL ||
                   (change->kind != CORM_OP_ADD_FOREIGN_KEY && change->kind != CORM_OP_ADD_CHECK && !is_key);
  return change->live != NULL && named && !is_unchecked (change) &&
         !(is_key && (key->options != NULL || key->deferrable != CORM_NOT_DEFERRABLE));
}

void
corm_planner_say_behind (const CormPlanner *planner, const CormChange *change, GPtrArray *sql)
{
  const CormDialect *dialect = planner->dialect;
  const CormTableColumn *column = change->part;
  const CormAlterParts parts = { .table = change->table->name,
                                 .name = change->name,
                                 .comment = column->comment };
  corm_render_options_behind (sql, dialect, change->table->name, change->name, column->options);
  if (column->comment != NULL && !dialect->comment_inline && dialect->comment[CORM_COMMENT_ON_COLUMN] != NULL)
    corm_render_alter (sql, dialect, dialect->comment[CORM_COMMENT_ON_COLUMN], &parts);
}

gboolean
corm_planner_alter (const CormPlanner *planner, const CormChange *change, GPtrArray *sql, char *mark,
                    GError **error)
{
  const CormDialect *dialect = planner->dialect;
  gboolean online = planner->online && can_be_online (change);
  *mark = 0;
  if (change->kind == CORM_OP_SET_OPTIONS)
    return set_options (planner, change, sql, error);
  if (change->kind == CORM_OP_SET_IDENTITY && corm_planner_set_identity (planner, change, sql))
    return TRUE;
  if (corm_planner_is_filled (planner, change))
    return corm_planner_add_filled (planner, change, sql, error);
  const char *template = change->kind == CORM_OP_SET_COMMENT
                             ? dialect->comment[change->on]
                             : corm_render_alter_template (dialect, change->kind, online, mark);
  if (template == NULL)
    return FALSE;
  if (change->kind == CORM_OP_ADD_LABEL) {
    add_labels (planner, change, template, sql);
    return TRUE;
  }
  if (!fill (planner, change, template, sql, error))
    return FALSE;
  if (change->kind == CORM_OP_ADD_COLUMN && change->table != NULL)
    corm_planner_say_behind (planner, change, sql);
  return TRUE;
}
