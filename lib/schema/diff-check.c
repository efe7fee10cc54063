/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Checks, compared by their text: the name tells which two belong together where the texts differ. */
#include "schema/diff.h"
#include "schema/words.h"

#include <string.h>

static gboolean
is_same (const CormDiff *diff, const CormCheck *is, const CormCheck *should)
{
  return corm_words_equal (is->sql, should->sql) && corm_diff_same_text (diff, is->options, should->options);
}

static const CormCheck *
find_same (const CormDiff *diff, const CormTable *table, const CormCheck *like, gboolean like_is_live)
{
  for (guint i = 0; i < table->checks->len; i++) {
    const CormCheck *check = table->checks->pdata[i];
    if (like_is_live ? is_same (diff, like, check) : is_same (diff, check, like))
      return check;
  }
  return NULL;
}

static const CormCheck *
find_name (const CormDiff *diff, const CormTable *table, const char *name)
{
  for (guint i = 0; name != NULL && i < table->checks->len; i++) {
    const CormCheck *check = table->checks->pdata[i];
    if (check->name != NULL && corm_diff_same_name (diff, check->name, name))
      return check;
  }
  return NULL;
}

static char *
check_words (const CormTable *table, const CormCheck *check)
{
  if (check->name != NULL)
    return g_strdup_printf ("check %s of %s", check->name, table->name);
  return g_strdup_printf ("check of %s (%s)", table->name, check->sql);
}

/* The name and the constants of a list of labels, x IN ('a', 'b') or x = ANY (ARRAY['a', 'b']); NULL: it is none. */
static GPtrArray *
labels_of (const char *sql)
{
  static const char *const frame[] = { "in", "=", "any", "array", "(", ")", "[", "]", ",", NULL };
  g_autoptr (GPtrArray) words = corm_words_split (sql);
  g_autoptr (GPtrArray) list = g_ptr_array_new_with_free_func (g_free);
  guint n_names = 0;
  for (guint i = 0; i < words->len; i++) {
    const char *word = words->pdata[i];
    if (strcmp (word, "::") == 0)
      i++; /* the type that it is cast to */
    else if (!g_strv_contains (frame, word)) {
      n_names += word[0] != '\'' ? 1 : 0;
      g_ptr_array_add (list, g_strdup (word));
    }
  }
  return n_names == 1 && list->len > 1 ? g_steal_pointer (&list) : NULL;
}

/* A list that only got longer: every row that is there bears it. */
static gboolean
only_grows (const CormCheck *is, const CormCheck *should)
{
  g_autoptr (GPtrArray) before = labels_of (is->sql);
  g_autoptr (GPtrArray) after = labels_of (should->sql);
  for (guint i = 0; before != NULL && after != NULL && i < before->len; i++)
    if (!g_ptr_array_find_with_equal_func (after, before->pdata[i], g_str_equal, NULL))
      return FALSE;
  return before != NULL && after != NULL;
}

static CormChange *
drop_check (CormDiff *diff, const CormTable *live, const CormTable *table, const CormCheck *check,
            const char *what)
{
  return corm_diff_add (diff, CORM_OP_DROP_CHECK, live, table, NULL, check, check->name,
                        g_strconcat ("drop ", what, NULL));
}

static void
want_check (CormDiff *diff, const CormTable *live, const CormTable *table, const CormCheck *check)
{
  const CormCheck *is = find_name (diff, live, check->name);
  const CormCheck *same = find_same (diff, live, check, FALSE);
  g_autofree char *what = check_words (table, check);
  if (same != NULL) {
    if (same->not_valid && !check->not_valid) {
      CormChange *of = corm_diff_add (diff, CORM_OP_VALIDATE, live, table, check, same, same->name,
                                      g_strconcat ("validate ", what, NULL));
      corm_change_says (diff, of, what, "has not looked at the rows that were there", "it has");
    }
    return;
  }
  g_autofree char *name = check->name != NULL ? g_strconcat (".", check->name, NULL) : g_strdup ("");
  CormChange *add = corm_diff_add (diff, CORM_OP_ADD_CHECK, live, table, check, NULL, check->name,
                                   g_strdup_printf ("add check %s%s (%s)", table->name, name, check->sql));
  if (is == NULL)
    return;
  g_autofree char *left = g_strconcat ("is ", is->sql, NULL);
  CormChange *drop = drop_check (diff, live, table, is, what);
  if (only_grows (is, check))
    drop->approval = CORM_APPROVAL_NONE;
  corm_change_says (diff, drop, what, left, check->sql);
  add->difference = g_strdup ("");
  corm_diff_join (diff, drop, add);
}

void
corm_diff_checks (CormDiff *diff, const CormTable *live, const CormTable *table)
{
  for (guint i = 0; i < table->checks->len; i++)
    want_check (diff, live, table, table->checks->pdata[i]);
  for (guint i = 0; i < live->checks->len; i++) {
    const CormCheck *check = live->checks->pdata[i];
    g_autofree char *what = check_words (live, check);
    if (find_same (diff, table, check, TRUE) == NULL && find_name (diff, table, check->name) == NULL)
      corm_change_says (diff, drop_check (diff, live, table, check, what), what, NULL, NULL);
  }
}
