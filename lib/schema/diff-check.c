/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Checks, compared by their text: the name tells which two belong together where the texts differ. */
#include "schema/diff.h"
#include "schema/words.h"

#include <string.h>

static gboolean
has_text (const CormTable *table, const CormCheck *like)
{
  for (guint i = 0; i < table->checks->len; i++)
    if (corm_words_equal (((CormCheck *) table->checks->pdata[i])->sql, like->sql))
      return TRUE;
  return FALSE;
}

static const CormCheck *
find_name (const CormTable *table, const char *name)
{
  for (guint i = 0; name != NULL && i < table->checks->len; i++) {
    const CormCheck *check = table->checks->pdata[i];
    if (check->name != NULL && strcmp (check->name, name) == 0)
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

static void
want_check (CormDiff *diff, const CormTable *live, const CormTable *table, const CormCheck *check)
{
  const CormCheck *is = find_name (live, check->name);
  if (has_text (live, check))
    return;
  if (is == NULL) {
    g_autofree char *name = check->name != NULL ? g_strconcat (".", check->name, NULL) : g_strdup ("");
    corm_diff_add (diff, CORM_OP_ADD_CHECK, live, table, check, check->name,
                   g_strdup_printf ("add check %s%s (%s)", table->name, name, check->sql));
    return;
  }
  g_autofree char *what = check_words (table, check);
  g_autofree char *left = g_strconcat ("is ", is->sql, NULL);
  corm_diff_differs (diff, live, table, check->name, what, left, check->sql);
}

void
corm_diff_checks (CormDiff *diff, const CormTable *live, const CormTable *table)
{
  for (guint i = 0; i < table->checks->len; i++)
    want_check (diff, live, table, table->checks->pdata[i]);
  for (guint i = 0; i < live->checks->len; i++) {
    const CormCheck *check = live->checks->pdata[i];
    g_autofree char *what = check_words (live, check);
    if (!has_text (table, check) && find_name (table, check->name) == NULL)
      corm_diff_differs (diff, live, table, check->name, what, NULL, NULL);
  }
}
