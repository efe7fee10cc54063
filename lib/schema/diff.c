/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Two schemas, table by table. What the comparison may not do is to see a difference where there is none: it would be
 * reported for ever. Changes stand in the order in which they can run: what is in the way goes first, names change before
 * anything is said with them, and nothing is dropped that another change still reads. */
#include "schema/diff.h"
#include "schema/words.h"

#include <string.h>

static void
change_free (gpointer data)
{
  CormChange *change = data;
  g_free (change->text);
  g_free (change->difference);
  g_free (change->hazard);
  g_free (change);
}

static const struct {
  guint phase;
  CormApproval approval;
} kinds[CORM_N_OP_KINDS] = {
  [CORM_OP_DROP_OBJECT] = { 0, CORM_APPROVAL_DESTRUCTIVE },
  [CORM_OP_RENAME_TABLE] = { 1, CORM_APPROVAL_NONE }, /* somebody has said .was */
  [CORM_OP_RENAME_COLUMN] = { 2, CORM_APPROVAL_NONE },
  [CORM_OP_DROP_FOREIGN_KEY] = { 3, CORM_APPROVAL_CHANGE },
  [CORM_OP_DROP_INDEX] = { 4, CORM_APPROVAL_CHANGE },
  [CORM_OP_DROP_CHECK] = { 4, CORM_APPROVAL_CHANGE },
  [CORM_OP_DROP_UNIQUE] = { 4, CORM_APPROVAL_CHANGE },
  [CORM_OP_DROP_PRIMARY_KEY] = { 4, CORM_APPROVAL_CHANGE },
  [CORM_OP_CREATE_ENUM] = { 5, CORM_APPROVAL_NONE },
  [CORM_OP_ADD_LABEL] = { 5, CORM_APPROVAL_NONE },
  [CORM_OP_CREATE_TABLE] = { 7, CORM_APPROVAL_NONE },
  [CORM_OP_ADD_COLUMN] = { 8, CORM_APPROVAL_NONE },
  [CORM_OP_CHANGE_ENUM] = { 9, CORM_APPROVAL_CHANGE },
  [CORM_OP_DROP_DEFAULT] = { 9, CORM_APPROVAL_CHANGE },
  [CORM_OP_SET_IDENTITY] = { 11, CORM_APPROVAL_CHANGE },
  [CORM_OP_SET_TYPE] = { 10, CORM_APPROVAL_CHANGE },
  [CORM_OP_SET_GENERATED] = { 11, CORM_APPROVAL_CHANGE },
  [CORM_OP_DROP_GENERATED] = { 9, CORM_APPROVAL_CHANGE },
  [CORM_OP_SET_DEFAULT] = { 11, CORM_APPROVAL_CHANGE },
  [CORM_OP_BACKFILL] = { 12, CORM_APPROVAL_CHANGE },
  [CORM_OP_SET_NOT_NULL] = { 13, CORM_APPROVAL_CHANGE },
  [CORM_OP_DROP_NOT_NULL] = { 13, CORM_APPROVAL_CHANGE },
  [CORM_OP_ADD_PRIMARY_KEY] = { 14, CORM_APPROVAL_CHANGE },
  [CORM_OP_ADD_UNIQUE] = { 15, CORM_APPROVAL_NONE },
  [CORM_OP_ADD_FOREIGN_KEY] = { 17, CORM_APPROVAL_NONE },
  [CORM_OP_ADD_CHECK] = { 18, CORM_APPROVAL_NONE },
  [CORM_OP_VALIDATE] = { 19, CORM_APPROVAL_NONE },
  [CORM_OP_CREATE_INDEX] = { 20, CORM_APPROVAL_NONE },
  [CORM_OP_DROP_COLUMN] = { 21, CORM_APPROVAL_DESTRUCTIVE },
  [CORM_OP_DROP_TABLE] = { 22, CORM_APPROVAL_DESTRUCTIVE },
  [CORM_OP_DROP_ENUM] = { 23, CORM_APPROVAL_CHANGE },
  [CORM_OP_SET_OPTIONS] = { 24, CORM_APPROVAL_CHANGE },
  [CORM_OP_CREATE_OBJECT] = { 25, CORM_APPROVAL_NONE },
  [CORM_OP_SET_COMMENT] = { 26, CORM_APPROVAL_CHANGE },
  [CORM_OP_DIFFERS] = { 27, CORM_APPROVAL_NONE },
};

/* Keys before the foreign keys that point to them, and unique indexes may be such keys. Where a table is rebuilt, all of
 * its changes are made at the first of them: its indexes go before that, behind the renames, and come after all. */
static guint
phase_of (const CormDiff *diff, CormOpKind kind, gconstpointer part)
{
  if (diff->dialect->rebuild != NULL && kind == CORM_OP_DROP_INDEX)
    return kinds[CORM_OP_RENAME_COLUMN].phase;
  if (diff->dialect->rebuild != NULL && kind == CORM_OP_CREATE_INDEX)
    return kinds[CORM_OP_CREATE_OBJECT].phase;
  if (kind == CORM_OP_CREATE_INDEX && ((const CormTableIndex *) part)->unique)
    return kinds[CORM_OP_ADD_UNIQUE].phase + 1;
  return kinds[kind].phase;
}

static int
by_phase (gconstpointer a, gconstpointer b)
{
  const CormChange *left = *(CormChange *const *) a, *right = *(CormChange *const *) b;
  return left->phase != right->phase ? (left->phase > right->phase) - (left->phase < right->phase)
                                     : (left->order > right->order) - (left->order < right->order);
}

/* A table that is made again has to find the indexes that go gone, or it would bring them back. */
static void
drop_indexes_first (const CormDiff *diff)
{
  for (guint i = 0; diff->dialect->rebuild != NULL && i < diff->changes->len; i++) {
    CormChange *change = diff->changes->pdata[i];
    if (change->kind == CORM_OP_DROP_INDEX)
      change->phase = kinds[CORM_OP_DROP_FOREIGN_KEY].phase;
    else if (change->kind == CORM_OP_DROP_FOREIGN_KEY)
      change->phase = kinds[CORM_OP_DROP_CHECK].phase;
  }
}

CormChange *
corm_diff_add (CormDiff *diff, CormOpKind kind, const CormTable *live, const CormTable *table,
               gconstpointer part, gconstpointer is, const char *name, char *text)
{
  CormChange *change = g_new0 (CormChange, 1);
  change->kind = kind;
  change->live = live;
  change->table = table;
  change->part = part;
  change->is = is;
  change->name = name;
  change->text = text;
  change->approval = kinds[kind].approval;
  change->phase = phase_of (diff, kind, part);
  g_ptr_array_add (diff->changes, change);
  return change;
}

void
corm_change_says (const CormDiff *diff, CormChange *change, const char *what, const char *is,
                  const char *should)
{
  g_free (change->difference);
  change->difference =
      is == NULL ? g_strdup_printf ("%s: is not in the %s", what, diff->to->from_models ? "models" : "schema")
                 : g_strdup_printf ("%s: %s, the %s %s", what, is,
                                    diff->to->from_models ? "models say" : "schema says", should);
}

void
corm_diff_differs (CormDiff *diff, const CormTable *live, const CormTable *table, const char *name,
                   const char *what, const char *is, const char *should)
{
  CormChange *change = corm_diff_add (diff, CORM_OP_DIFFERS, live, table, NULL, NULL, name, NULL);
  corm_change_says (diff, change, what, is, should);
  change->text = g_strdup (change->difference);
}

void
corm_diff_join (CormDiff *diff, CormChange *a, CormChange *b)
{
  guint group = a->group != 0 ? a->group : b->group != 0 ? b->group : ++diff->n_groups;
  guint other = b->group;
  for (guint i = 0; other != 0 && i < diff->changes->len; i++) {
    CormChange *change = diff->changes->pdata[i];
    if (change->group == other)
      change->group = group;
  }
  a->group = b->group = group;
}

/* All of a group need what one of them needs. */
static void
level_groups (CormDiff *diff)
{
  g_autofree CormApproval *most = g_new0 (CormApproval, diff->n_groups + 1);
  for (guint i = 0; i < diff->changes->len; i++) {
    const CormChange *change = diff->changes->pdata[i];
    most[change->group] = MAX (most[change->group], change->approval);
  }
  for (guint i = 0; i < diff->changes->len; i++) {
    CormChange *change = diff->changes->pdata[i];
    if (change->group != 0)
      change->approval = most[change->group];
  }
}

gboolean
corm_diff_same_name (const CormDiff *diff, const char *a, const char *b)
{
  return diff->dialect->names_fold ? g_ascii_strcasecmp (a, b) == 0 : strcmp (a, b) == 0;
}

gboolean
corm_diff_has_name (const CormDiff *diff, const char *const *names, const char *name)
{
  for (; names != NULL && *names != NULL; names++)
    if (corm_diff_same_name (diff, *names, name))
      return TRUE;
  return FALSE;
}

gboolean
corm_diff_same_names (const CormDiff *diff, const char *const *a, const char *const *b, gboolean ordered)
{
  if (a == NULL || b == NULL || g_strv_length ((GStrv) a) != g_strv_length ((GStrv) b))
    return FALSE;
  for (guint i = 0; a[i] != NULL; i++)
    if (ordered ? !corm_diff_same_name (diff, a[i], b[i]) : !corm_diff_has_name (diff, b, a[i]))
      return FALSE;
  return TRUE;
}

gboolean
corm_diff_same_text (const CormDiff *diff, const char *is, const char *should)
{
  return (should == NULL && diff->to->from_models) || corm_words_equal (is, should);
}

const CormTable *
corm_diff_find_table (const CormDiff *diff, const CormSchema *schema, const char *name)
{
  const CormTable *table = corm_schema_find_table (schema, name);
  for (guint i = 0; table == NULL && diff->dialect->names_fold && i < schema->tables->len; i++)
    if (corm_diff_same_name (diff, ((CormTable *) schema->tables->pdata[i])->name, name))
      table = schema->tables->pdata[i];
  return table;
}

const CormTableColumn *
corm_diff_find_column (const CormDiff *diff, const CormTable *table, const char *name)
{
  const CormTableColumn *column = corm_table_find_column (table, name);
  for (guint i = 0; column == NULL && diff->dialect->names_fold && i < table->columns->len; i++)
    if (corm_diff_same_name (diff, ((CormTableColumn *) table->columns->pdata[i])->name, name))
      column = table->columns->pdata[i];
  return column;
}

char *
corm_diff_list (const char *const *names)
{
  g_autofree char *list = names != NULL ? g_strjoinv (", ", (GStrv) names) : g_strdup ("");
  return g_strdup_printf ("(%s)", list);
}

void
corm_diff_comment (CormDiff *diff, CormCommentOn on, const CormTable *live, const CormTable *table,
                   gconstpointer part, const char *name, const char *is, const char *should)
{
  if (diff->dialect->comment[on] == NULL || g_strcmp0 (is, should) == 0 ||
      (should == NULL && diff->to->from_models))
    return;
  g_autofree char *what = name != NULL ? g_strdup_printf ("comment of %s.%s", table->name, name)
                                       : g_strconcat ("comment of table ", table->name, NULL);
  g_autofree char *left = is != NULL ? g_strdup_printf ("is '%s'", is) : g_strdup ("there is none");
  CormChange *change = corm_diff_add (diff, CORM_OP_SET_COMMENT, live, table, part, NULL, name,
                                      g_strconcat ("set ", what, NULL));
  change->was = is;
  change->comment = should;
  change->on = on;
  corm_change_says (diff, change, what, left, should != NULL ? should : "there is none");
}

/* What stands behind the table's closing parenthesis. */
static void
diff_options (CormDiff *diff, const CormTable *live, const CormTable *table)
{
  gboolean says_all = !diff->to->from_models;
  gboolean strict = live->strict != table->strict && (table->strict || says_all);
  gboolean rowids = live->without_rowid != table->without_rowid && (table->without_rowid || says_all);
  gboolean other = !corm_diff_same_text (diff, live->options, table->options);
  if (!strict && !rowids && !other)
    return;
  g_autofree char *what = g_strconcat ("table ", table->name, NULL);
  CormChange *change = corm_diff_add (diff, CORM_OP_SET_OPTIONS, live, table, table, live, NULL,
                                      g_strdup_printf ("set options of table %s", table->name));
  if (other)
    corm_change_says (diff, change, what, live->options != NULL ? live->options : "no options",
                      table->options != NULL ? table->options : "none");
  else if (strict)
    corm_change_says (diff, change, what, live->strict ? "is STRICT" : "is not STRICT",
                      table->strict ? "STRICT" : "not STRICT");
  else
    corm_change_says (diff, change, what, live->without_rowid ? "has no rowids" : "has rowids",
                      table->without_rowid ? "WITHOUT ROWID" : "with rowids");
}

static void
diff_table (CormDiff *diff, const CormTable *live, const CormTable *table)
{
  corm_diff_columns (diff, live, table);
  corm_diff_keys (diff, live, table);
  corm_diff_foreign_keys (diff, live, table);
  corm_diff_checks (diff, live, table);
  corm_diff_indexes (diff, live, table);
  diff_options (diff, live, table);
  corm_diff_comment (diff, CORM_COMMENT_ON_TABLE, live, table, table, NULL, live->comment, table->comment);
}

static void
create_table (CormDiff *diff, const CormTable *table)
{
  corm_diff_add (diff, CORM_OP_CREATE_TABLE, NULL, table, table, NULL, NULL,
                 g_strdup_printf ("create table %s", table->name));
  corm_diff_foreign_keys (diff, NULL, table);
  corm_diff_indexes (diff, NULL, table);
}

/* In a circle of tables that go, foreign keys to those that go first are in their way. */
static void
drop_circle (CormDiff *diff, const GPtrArray *ordered, guint at, CormChange *drop)
{
  const CormTable *live = ordered->pdata[at];
  if (!(diff->dialect->caps & CORM_CAP_ALTER_ADD_CONSTRAINT))
    return;
  for (guint i = 0; i < live->foreign_keys->len; i++) {
    const CormForeignKey *key = live->foreign_keys->pdata[i];
    const CormTable *target = corm_diff_find_table (diff, diff->from, key->target_table);
    guint place = 0;
    if (corm_diff_find_table (diff, diff->to, key->target_table) != NULL ||
        !g_ptr_array_find ((GPtrArray *) ordered, target, &place) || place <= at)
      continue;
    CormChange *first =
        corm_diff_add (diff, CORM_OP_DROP_FOREIGN_KEY, live, NULL, NULL, key, key->name,
                       g_strdup_printf ("drop foreign key of %s to %s", live->name, target->name));
    corm_diff_join (diff, drop, first);
  }
}

/* Those that others point to go last. */
static void
drop_tables (CormDiff *diff)
{
  g_autoptr (GPtrArray) ordered = corm_tables_order (diff->from->tables);
  for (guint i = ordered->len; i-- > 0;) {
    const CormTable *live = ordered->pdata[i];
    if (corm_diff_find_table (diff, diff->to, live->name) != NULL)
      continue;
    g_autofree char *what = g_strconcat ("table ", live->name, NULL);
    CormChange *change = corm_diff_add (diff, CORM_OP_DROP_TABLE, live, NULL, NULL, live, NULL,
                                        g_strconcat ("drop ", what, NULL));
    corm_change_says (diff, change, what, NULL, NULL);
    drop_circle (diff, ordered, i, change);
  }
}

/* The renames were found by names; the tables they are about stand in the same places. */
static void
take_renamed (CormDiff *diff, CormSchema *renamed)
{
  for (guint i = 0; i < diff->changes->len; i++) {
    CormChange *change = diff->changes->pdata[i];
    change->live = corm_diff_find_table (diff, renamed, change->live->name);
  }
  corm_schema_free (diff->renamed);
  diff->from = diff->renamed = renamed;
}

CormDiff *
corm_diff_new (const CormDialect *dialect, const CormSchema *from, const CormSchema *to, CormSchema *renamed)
{
  CormDiff *diff = g_new0 (CormDiff, 1);
  diff->dialect = dialect;
  diff->before = from;
  diff->to = to;
  diff->changes = g_ptr_array_new_with_free_func (change_free);
  diff->from = from;
  corm_diff_rename (diff);
  if (renamed != NULL)
    take_renamed (diff, renamed);
  corm_diff_follow (diff);
  g_autoptr (GPtrArray) ordered = corm_tables_order (to->tables);
  corm_diff_enums (diff);
  for (guint i = 0; i < ordered->len; i++) {
    const CormTable *table = ordered->pdata[i];
    const CormTable *live = corm_diff_find_table (diff, diff->from, table->name);
    if (live != NULL)
      diff_table (diff, live, table);
    else
      create_table (diff, table);
  }
  drop_tables (diff);
  corm_diff_objects (diff);
  corm_diff_generated (diff);
  corm_diff_make_followers (diff);
  corm_diff_untie (diff);
  level_groups (diff);
  drop_indexes_first (diff);
  g_ptr_array_sort (diff->changes, by_phase); /* g_ptr_array_sort() keeps the order of equals */
  return diff;
}

void
corm_diff_free (CormDiff *diff)
{
  if (diff == NULL)
    return;
  g_ptr_array_unref (diff->changes);
  corm_schema_free (diff->renamed);
  g_free (diff);
}
