/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Columns of a table that is there: new ones, those that go, and of the others a change for every trait that differs, in
 * the server's own words on both sides. */
#include "schema/diff.h"
#include "schema/words.h"

#include <string.h>

typedef struct {
  CormDiff *diff;
  const CormTable *live, *table;
  const CormTableColumn *is, *should;
  CormChange *typed; /* the change of its type; NULL: none */
} Pair;

/* A change of one trait, "VERB column t.c": TRAIT. */
static CormChange *
change (const Pair *pair, CormOpKind kind, const char *doing)
{
  return corm_diff_add (pair->diff, kind, pair->live, pair->table, pair->should, pair->is, pair->should->name,
                        g_strdup_printf ("%s of column %s.%s", doing, pair->table->name, pair->should->name));
}

static void
says (const Pair *pair, CormChange *of, const char *is, const char *should)
{
  g_autofree char *what = g_strdup_printf ("column %s.%s", pair->table->name, pair->should->name);
  corm_change_says (pair->diff, of, what, is, should);
}

static void
differs (const Pair *pair, CormChange *of, const char *trait, const char *is, const char *should)
{
  g_autofree char *sentence = g_strdup_printf ("%s is %s", trait, is);
  says (pair, of, sentence, should);
}

static void
diff_type (Pair *pair)
{
  gboolean same = corm_diff_same_type (pair->diff, pair->is, pair->should);
  gboolean collated = pair->should->collation != NULL || !pair->diff->to->from_models
                          ? g_strcmp0 (pair->is->collation, pair->should->collation) != 0
                          : FALSE;
  if (same && !collated)
    return;
  pair->typed = change (pair, CORM_OP_SET_TYPE, "change type");
  if (same) {
    differs (pair, pair->typed, "collation",
             pair->is->collation != NULL ? pair->is->collation : "the database's",
             pair->should->collation != NULL ? pair->should->collation : "the database's");
    return;
  }
  differs (pair, pair->typed, "type", corm_diff_type_words (pair->is), corm_diff_type_words (pair->should));
  if (pair->should->convert != NULL || !corm_diff_is_wider (pair->is, pair->should))
    pair->typed->approval = CORM_APPROVAL_DESTRUCTIVE;
}

/* A value for the rows that have none, where one is given and no conversion of the type gives it. */
static void
backfill (const Pair *pair, CormChange *not_null)
{
  if (pair->should->convert == NULL || pair->typed != NULL)
    return;
  CormChange *fill = change (pair, CORM_OP_BACKFILL, "fill NULLs");
  fill->difference = g_strdup ("");
  corm_diff_join (pair->diff, not_null, fill);
}

static void
diff_null (const Pair *pair)
{
  /* A key that numbers itself may be all that kept NULL out. */
  gboolean implied = pair->is->auto_increment && !pair->should->auto_increment &&
                     pair->diff->dialect->identity_is_key && pair->should->not_null;
  if ((pair->is->not_null == pair->should->not_null && !implied) ||
      (pair->is->auto_increment && pair->should->auto_increment))
    return;
  gboolean set = pair->should->not_null;
  CormChange *of = set ? change (pair, CORM_OP_SET_NOT_NULL, "set NOT NULL")
                       : change (pair, CORM_OP_DROP_NOT_NULL, "drop NOT NULL");
  says (pair, of, set ? "may be NULL" : "is NOT NULL", set ? "NOT NULL" : "it may be NULL");
  if (set)
    backfill (pair, of);
}

static const char *
default_words (const CormTableColumn *column)
{
  if (column->default_kind == CORM_DEFAULT_NONE || column->default_kind == CORM_DEFAULT_NULL)
    return "none";
  if (column->default_sql != NULL)
    return column->default_sql;
  return column->default_kind == CORM_DEFAULT_NOW ? "now" : column->default_text;
}

/* The default stays where it is: a value that is one of a type with more room, as it stands. */
static gboolean
keeps_default (const Pair *pair)
{
  const CormDialect *dialect = pair->diff->dialect;
  return dialect->keeps_rows != NULL && dialect->keeps_rows (pair->is, pair->should) &&
         pair->is->default_kind == CORM_DEFAULT_LITERAL;
}

/* The type keeps its name, its labels change. */
static gboolean
is_relabelled (const Pair *pair)
{
  return pair->is->enum_type != NULL && pair->is->labels != NULL && pair->should->labels != NULL &&
         g_strcmp0 (pair->is->enum_type, pair->should->enum_type) == 0 &&
         !g_strv_equal ((const char *const *) pair->is->labels, (const char *const *) pair->should->labels);
}

enum { BEFORE_LABELS = 4 };

/* A type changes without its default, which may not be one of the new type: it goes before and comes back behind. So does
 * a default that is another one with other labels. */
static void
diff_default (const Pair *pair)
{
  gboolean same = corm_diff_same_default (pair->is, pair->should);
  gboolean between = pair->typed != NULL && corm_diff_has_default (pair->is) &&
                     !corm_diff_same_type (pair->diff, pair->is, pair->should) &&
                     (pair->diff->dialect->caps & CORM_CAP_NATIVE_ENUM) && !keeps_default (pair);
  gboolean relabelled = !same && corm_diff_has_default (pair->is) && is_relabelled (pair);
  if (same && !between)
    return;
  CormChange *drop = NULL, *set = NULL;
  if (between || relabelled || !corm_diff_has_default (pair->should))
    drop = change (pair, CORM_OP_DROP_DEFAULT, "drop default");
  if (corm_diff_has_default (pair->should))
    set = change (pair, CORM_OP_SET_DEFAULT, "set default");
  CormChange *said = set != NULL ? set : drop;
  differs (pair, said, "default", default_words (pair->is), default_words (pair->should));
  if (drop != NULL && said != drop)
    drop->difference = g_strdup ("");
  if (same)
    g_free (said->difference), said->difference = g_strdup ("");
  if (relabelled)
    drop->phase = BEFORE_LABELS;
  if (relabelled && set != NULL)
    corm_diff_join (pair->diff, drop, set);
  if (between && drop != NULL)
    corm_diff_join (pair->diff, pair->typed, drop);
  if (between && set != NULL)
    corm_diff_join (pair->diff, pair->typed, set);
}

static void
diff_identity (const Pair *pair)
{
  if (pair->is->auto_increment == pair->should->auto_increment &&
      pair->is->identity_always == pair->should->identity_always)
    return;
  CormChange *of = change (pair, CORM_OP_SET_IDENTITY, "set the numbering");
  if (pair->is->auto_increment == pair->should->auto_increment)
    says (pair, of, pair->is->identity_always ? "always numbers itself" : "numbers itself by default",
          pair->should->identity_always ? "always" : "by default");
  else
    says (pair, of, pair->is->auto_increment ? "numbers itself" : "does not number itself",
          pair->should->auto_increment ? "it does" : "it does not");
}

/* What numbers itself has no default beside that. */
static void
drop_default_of_numbered (const Pair *pair)
{
  CormChange *drop = change (pair, CORM_OP_DROP_DEFAULT, "drop default");
  drop->difference = g_strdup ("");
}

/* Where an expression cannot be set, the column is made anew. */
static CormChange *
make_anew (const Pair *pair)
{
  const char *name = pair->should->name;
  CormChange *drop =
      corm_diff_add (pair->diff, CORM_OP_DROP_COLUMN, pair->live, pair->table, NULL, pair->is, name,
                     g_strdup_printf ("drop column %s.%s to make it anew", pair->table->name, name));
  CormChange *add =
      corm_diff_add (pair->diff, CORM_OP_ADD_COLUMN, pair->live, pair->table, pair->should, NULL, name,
                     g_strdup_printf ("add column %s.%s anew", pair->table->name, name));
  drop->phase = 7; /* behind the renames, before the columns that come */
  drop->approval = CORM_APPROVAL_CHANGE;
  add->difference = g_strdup ("");
  corm_diff_join (pair->diff, drop, add);
  return drop;
}

static void
diff_generated (const Pair *pair)
{
  const char *is = pair->is->generated_sql, *should = pair->should->generated_sql;
  const char *way = pair->diff->dialect->alter[CORM_OP_SET_GENERATED];
  gboolean same = corm_words_equal (is, should);
  if (same && (is == NULL || pair->is->generated_stored == pair->should->generated_stored))
    return;
  CormChange *of = should == NULL ? change (pair, CORM_OP_DROP_GENERATED, "drop the expression")
                   : way != NULL && *way == '\0' ? make_anew (pair)
                                                 : change (pair, CORM_OP_SET_GENERATED, "set the expression");
  if (is == NULL)
    of->approval = CORM_APPROVAL_DESTRUCTIVE; /* what stands there now cannot be made again */
  if (same)
    says (pair, of, pair->is->generated_stored ? "is STORED" : "is VIRTUAL",
          pair->should->generated_stored ? "STORED" : "VIRTUAL");
  else
    differs (pair, of, "its expression", is != NULL ? is : "none", should != NULL ? should : "none");
}

static void
diff_options (const Pair *pair)
{
  if (corm_diff_same_text (pair->diff, pair->is->options, pair->should->options))
    return;
  CormChange *of = change (pair, CORM_OP_SET_OPTIONS, "set options");
  differs (pair, of, "what stands behind it", pair->is->options != NULL ? pair->is->options : "nothing",
           pair->should->options != NULL ? pair->should->options : "nothing");
}

static void
diff_column (CormDiff *diff, const CormTable *live, const CormTable *table, const CormTableColumn *is,
             const CormTableColumn *should)
{
  Pair pair = { diff, live, table, is, should, NULL };
  diff_type (&pair);
  diff_null (&pair);
  diff_identity (&pair);
  if (!should->auto_increment)
    diff_default (&pair);
  else if (!is->auto_increment && corm_diff_has_default (is))
    drop_default_of_numbered (&pair);
  diff_generated (&pair);
  diff_options (&pair);
  corm_diff_comment (diff, CORM_COMMENT_ON_COLUMN, live, table, should, should->name, is->comment,
                     should->comment);
}

static void
add_column (CormDiff *diff, const CormTable *live, const CormTable *table, const CormTableColumn *column)
{
  CormChange *of = corm_diff_add (diff, CORM_OP_ADD_COLUMN, live, table, column, NULL, column->name,
                                  g_strdup_printf ("add column %s.%s", table->name, column->name));
  if (table->primary_key != NULL &&
      corm_diff_has_name (diff, (const char *const *) table->primary_key->columns, column->name)) {
    g_autofree char *what = g_strdup_printf ("column %s.%s", table->name, column->name);
    corm_change_says (diff, of, what, "is missing", "it is part of the primary key");
    of->approval = CORM_APPROVAL_CHANGE;
  }
}

static void
drop_column (CormDiff *diff, const CormTable *live, const CormTable *table, const CormTableColumn *column)
{
  gboolean blocks = column->not_null && column->default_kind == CORM_DEFAULT_NONE &&
                    !column->auto_increment && column->generated_sql == NULL;
  g_autofree char *what = g_strdup_printf ("column %s.%s", live->name, column->name);
  CormChange *of = corm_diff_add (diff, CORM_OP_DROP_COLUMN, live, table, NULL, column, column->name,
                                  g_strconcat ("drop ", what, NULL));
  corm_change_says (diff, of, what, NULL, NULL);
  if (column->generated_sql != NULL && !column->generated_stored)
    of->approval = CORM_APPROVAL_CHANGE;
  if (blocks)
    of->hazard = g_strdup ("it is NOT NULL without a default: rows cannot be inserted without it");
}

void
corm_diff_columns (CormDiff *diff, const CormTable *live, const CormTable *table)
{
  for (guint i = 0; i < table->columns->len; i++) {
    const CormTableColumn *column = table->columns->pdata[i];
    const CormTableColumn *is = corm_diff_find_column (diff, live, column->name);
    if (is != NULL)
      diff_column (diff, live, table, is, column);
    else
      add_column (diff, live, table, column);
  }
  for (guint i = 0; i < live->columns->len; i++)
    if (corm_diff_find_column (diff, table, ((CormTableColumn *) live->columns->pdata[i])->name) == NULL)
      drop_column (diff, live, table, live->columns->pdata[i]);
}
