/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* MariaDB: ALTERs that copy the table, and keep everybody from writing until the copy is done. */
#include "lint/rule.h"

#include <string.h>

/* The statement itself says that others may go on, so the server refuses it where they could not. */
static gboolean
is_bounded (const CormLintAction *action)
{
  const CormLintAction *algorithm = corm_lint_beside (action, CORM_ACTION_SET_OPTION, "algorithm");
  const CormLintAction *lock = corm_lint_beside (action, CORM_ACTION_SET_OPTION, "lock");
  return (algorithm != NULL && algorithm->other != NULL &&
          (strcmp (algorithm->other, "instant") == 0 || strcmp (algorithm->other, "nocopy") == 0)) ||
         (lock != NULL && lock->other != NULL && strcmp (lock->other, "none") == 0);
}

static gboolean
is_unbounded (G_GNUC_UNUSED CormLint *lint, const CormLintAction *action)
{
  return !is_bounded (action);
}

/* The labels of an enum type, in order. */
static GPtrArray *
labels_of (const CormLint *lint, const char *type)
{
  GPtrArray *labels = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GPtrArray) tokens = corm_tokens_split (lint->dialect, type != NULL ? type : "");
  for (guint i = 0; i < tokens->len; i++) {
    const CormToken *token = tokens->pdata[i];
    if (token->kind == CORM_TOKEN_STRING)
      g_ptr_array_add (labels, g_strdup (token->text));
  }
  return labels;
}

static gboolean
is_enum (const char *type)
{
  return type != NULL && g_ascii_strncasecmp (type, "enum", 4) == 0;
}

/* A label of the former type that the new one has not, into {d}. */
static gboolean
loses_label (CormLint *lint, const CormLintAction *action)
{
  CormLintColumn column = corm_lint_find_column (lint, action, action->name);
  const char *was = corm_lint_column_type (&column);
  if (!is_enum (was) || !is_enum (action->type))
    return FALSE;
  g_autoptr (GPtrArray) before = labels_of (lint, was);
  g_autoptr (GPtrArray) after = labels_of (lint, action->type);
  for (guint i = 0; i < before->len; i++)
    if (!g_ptr_array_find_with_equal_func (after, before->pdata[i], g_str_equal, NULL)) {
      g_free (lint->detail);
      lint->detail = g_strdup (before->pdata[i]);
      return TRUE;
    }
  return FALSE;
}

/* The former labels do not stand first and in their order, so every row's number has to change. */
static gboolean
moves_label (CormLint *lint, const CormLintAction *action)
{
  CormLintColumn column = corm_lint_find_column (lint, action, action->name);
  const char *was = corm_lint_column_type (&column);
  if (!is_enum (was) || !is_enum (action->type) || is_bounded (action) || loses_label (lint, action))
    return FALSE;
  g_autoptr (GPtrArray) before = labels_of (lint, was);
  g_autoptr (GPtrArray) after = labels_of (lint, action->type);
  for (guint i = 0; i < before->len && i < after->len; i++)
    if (strcmp (before->pdata[i], after->pdata[i]) != 0)
      return TRUE;
  return FALSE;
}

/* Of the same bare type and not shorter: MariaDB changes that in place. */
static gboolean
changes_type (CormLint *lint, const CormLintAction *action)
{
  CormLintColumn column = corm_lint_find_column (lint, action, action->name);
  const char *was = corm_lint_column_type (&column);
  if (is_bounded (action) || (is_enum (action->type) && is_enum (was)))
    return FALSE;
  if (was == NULL || action->type == NULL)
    return action->type != NULL;
  g_autofree char *left = corm_lint_type_base (was);
  g_autofree char *right = corm_lint_type_base (action->type);
  gboolean text = strcmp (left, "varchar") == 0;
  if (strcmp (left, right) != 0)
    return TRUE;
  return text && corm_lint_type_length (action->type) < corm_lint_type_length (was);
}

static gboolean
is_copy (G_GNUC_UNUSED CormLint *lint, const CormLintAction *action)
{
  static const char *const bad[] = { "copy", "shared", "exclusive", NULL };
  return action->other != NULL && g_strv_contains (bad, action->other);
}

static gboolean
is_converted (G_GNUC_UNUSED CormLint *lint, const CormLintAction *action)
{
  return g_strcmp0 (action->object, "convert") == 0;
}

/* DROP PRIMARY KEY beside ADD PRIMARY KEY is done in place. */
static gboolean
drops_key_alone (G_GNUC_UNUSED CormLint *lint, const CormLintAction *action)
{
  return corm_lint_beside (action, CORM_ACTION_ADD_PRIMARY_KEY, NULL) == NULL;
}

/* clang-format off */
static const CormLintCheck checks[] = {
  { .rule = { "modify-copies", CORM_LINT_BLOCKING, CORM_SEVERITY_WARNING, "mysql",
      "Another type copies the whole table, and everybody who writes waits until the copy is done.",
      "add a column of the new type (INSTANT), fill it in batches, change over; or say ALGORITHM=NOCOPY, LOCK=NONE, so that the "
      "server refuses rather than blocks",
      "ALTER TABLE jobs MODIFY COLUMN pid bigint NULL;",
      "ALTER TABLE jobs ADD COLUMN pid_long bigint;" },
    .on = CORM_ON (MODIFY_COLUMN), .when = changes_type,
    .says = "the new type of {n} copies {t} while nobody may write to it" },
  { .rule = { "label-removed", CORM_LINT_DATA_DEPENDENT, CORM_SEVERITY_ERROR, "mysql",
      "A row that still has the label makes the statement fail; in a loose sql_mode it becomes an empty text.",
      "change the rows first, then take the label out",
      "ALTER TABLE jobs ADD COLUMN mood enum('sad','glad');\nUPDATE jobs SET mood = 'sad' WHERE id = 1;\n"
      "ALTER TABLE jobs MODIFY COLUMN mood enum('glad') NULL;",
      "ALTER TABLE jobs ADD COLUMN mood enum('sad','glad');\nUPDATE jobs SET mood = 'sad' WHERE id = 1;\n"
      "ALTER TABLE jobs MODIFY COLUMN mood enum('sad','glad','calm') NULL;" },
    .on = CORM_ON (MODIFY_COLUMN), .new_too = TRUE, .when = loses_label,
    .says = "label {d} of {t}.{n} goes, and rows that have it refuse that" },
  { .rule = { "label-inserted", CORM_LINT_BLOCKING, CORM_SEVERITY_WARNING, "mysql",
      "Rows keep a label's number: one that is put in front of others gives all rows new numbers, so the table is copied. Behind "
      "the last one it costs nothing.",
      "new labels at the end",
      "ALTER TABLE jobs ADD COLUMN mood enum('sad','glad');\n"
      "ALTER TABLE jobs MODIFY COLUMN mood enum('calm','sad','glad') NULL;",
      "ALTER TABLE jobs ADD COLUMN mood enum('sad','glad');\n"
      "ALTER TABLE jobs MODIFY COLUMN mood enum('sad','glad','calm') NULL;" },
    .on = CORM_ON (MODIFY_COLUMN), .when = moves_label,
    .says = "the labels of {n} change their numbers, so {t} is copied" },
  { .rule = { "charset-conversion-copies", CORM_LINT_BLOCKING, CORM_SEVERITY_WARNING, "mysql",
      "CONVERT TO CHARACTER SET copies the table, changes every text column at once, and makes TEXT a larger type.",
      "one new column after the other, filled in batches",
      "ALTER TABLE texts CONVERT TO CHARACTER SET utf8mb4;",
      "ALTER TABLE texts ADD COLUMN body_new text CHARACTER SET utf8mb4;" },
    .on = CORM_ON (SET_OPTION), .only = "charset convert", .when = is_converted,
    .says = "every text of {t} is written anew, and nobody may write meanwhile" },
  { .rule = { "engine-change-copies", CORM_LINT_BLOCKING, CORM_SEVERITY_WARNING, "mysql",
      "Another engine means that the whole table is copied while nobody may write.",
      "a new table with that engine, filled in batches",
      "ALTER TABLE jobs ENGINE=Aria;",
      "CREATE TABLE jobs_new LIKE jobs;" },
    .on = CORM_ON (SET_OPTION), .only = "engine", .when = is_unbounded,
    .says = "{t} is copied into {o} while nobody may write to it" },
  { .rule = { "copy-asked-for", CORM_LINT_BLOCKING, CORM_SEVERITY_WARNING, "mysql",
      "ALGORITHM=COPY, LOCK=SHARED and LOCK=EXCLUSIVE keep others from writing, where the server might have let them.",
      "ALGORITHM=INSTANT or NOCOPY, LOCK=NONE: the server then refuses what would block",
      "ALTER TABLE jobs ADD COLUMN color int, ALGORITHM=COPY;",
      "ALTER TABLE jobs ADD COLUMN color int, ALGORITHM=INSTANT;" },
    .on = CORM_ON (SET_OPTION), .only = "algorithm lock", .when = is_copy,
    .says = "nobody may write to {t} meanwhile: {n}={o}" },
  { .rule = { "stored-column-copies", CORM_LINT_BLOCKING, CORM_SEVERITY_WARNING, "mysql",
      "A stored generated column is computed for every row in a copy of the table.",
      "a VIRTUAL column, which costs nothing, with an index where one is wanted",
      "ALTER TABLE jobs ADD COLUMN twice int GENERATED ALWAYS AS (pid * 2) STORED;",
      "ALTER TABLE jobs ADD COLUMN twice int GENERATED ALWAYS AS (pid * 2) VIRTUAL;" },
    .on = CORM_ON (ADD_COLUMN), .flags = CORM_FLAG_GENERATED | CORM_FLAG_STORED, .when = is_unbounded,
    .says = "computing {n} copies {t} while nobody may write to it" },
  { .rule = { "foreign-key-copies", CORM_LINT_BLOCKING, CORM_SEVERITY_WARNING, "mysql",
      "ADD FOREIGN KEY compares every row in a copy of the table, while nobody may write.",
      "have it from the beginning; else in a window without load",
      "ALTER TABLE jobs ADD CONSTRAINT jobs_cluster FOREIGN KEY (cluster_id) REFERENCES clusters (id);",
      "CREATE TABLE steps (id int PRIMARY KEY, job_id int, FOREIGN KEY (job_id) REFERENCES jobs (id));" },
    .on = CORM_ON (ADD_FOREIGN_KEY), .when = is_unbounded,
    .says = "the foreign key copies {t} while nobody may write to it" },
  { .rule = { "check-copies", CORM_LINT_BLOCKING, CORM_SEVERITY_WARNING, "mysql",
      "ADD CHECK tries every row in a copy of the table, while nobody may write.",
      "have it from the beginning; else in a window without load",
      "ALTER TABLE jobs ADD CONSTRAINT jobs_pid_check CHECK (pid > 0);",
      "CREATE TABLE steps (id int PRIMARY KEY, n int CHECK (n > 0));" },
    .on = CORM_ON (ADD_CHECK), .when = is_unbounded,
    .says = "the check copies {t} while nobody may write to it" },
  { .rule = { "primary-key-copies", CORM_LINT_BLOCKING, CORM_SEVERITY_WARNING, "mysql",
      "Without its primary key the table has to be sorted anew: it is copied while nobody may write.",
      "DROP PRIMARY KEY and ADD PRIMARY KEY in one ALTER, which is done in place",
      "ALTER TABLE jobs DROP PRIMARY KEY;",
      "ALTER TABLE jobs DROP PRIMARY KEY, ADD PRIMARY KEY (id);" },
    .on = CORM_ON (DROP_PRIMARY_KEY), .when = drops_key_alone,
    .says = "{t} is copied while nobody may write to it" },
  { .rule = { "fulltext-index-blocks", CORM_LINT_BLOCKING, CORM_SEVERITY_WARNING, "mysql",
      "A FULLTEXT or SPATIAL index is built while nobody may write to the table.",
      "have it from the beginning, on an empty table",
      "ALTER TABLE texts ADD FULLTEXT INDEX texts_body (body);",
      "CREATE TABLE texts_found (id int PRIMARY KEY, body text, FULLTEXT INDEX (body));" },
    .on = CORM_ON (CREATE_INDEX), .flags = CORM_FLAG_SPECIAL, .when = is_unbounded,
    .says = "the index of {t} is built while nobody may write to it" },
};
/* clang-format on */

const CormLintTable corm_lint_mysql_copies = { checks, G_N_ELEMENTS (checks) };
