/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Two schemas, each written as the members of a snapshot with ' for ", and the changes between them, a line each. Behind cmocka.h. */
#pragma once

#include "schema/diff.h"

#include <string.h>

static inline CormSchema *
diff_schema (const char *members)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *text = g_strdup_printf ("{'corm_schema': 1%s%s}", members[0] != '\0' ? ", " : "", members);
  g_strdelimit (text, "'", '"');
  CormSchema *schema = corm_schema_from_json (text, &error);
  if (schema == NULL)
    fail_msg ("%s: %s", text, error->message);
  return schema;
}

/* What is done, behind the bar who agrees (- nobody, c, d), the group, ? where it is a difference, ! a hazard. */
static inline char *
diff_describe (const CormDiff *diff)
{
  static const char agrees[] = "-cd";
  GString *text = g_string_new (NULL);
  for (guint i = 0; i < diff->changes->len; i++) {
    const CormChange *change = diff->changes->pdata[i];
    g_string_append_printf (text, "%s | %c%u%s%s\n", change->text, agrees[change->approval], change->group,
                            g_strcmp0 (change->difference, "") == 0 ? "" : "?",
                            change->hazard != NULL ? "!" : "");
  }
  return g_string_free (text, FALSE);
}

/* @from and @to: the members. */
static inline void
diff_expect (const CormDialect *dialect, const char *from, const char *to, const char *lines)
{
  g_autoptr (CormSchema) is = diff_schema (from), should = diff_schema (to);
  g_autoptr (CormDiff) diff = corm_diff_new (dialect, is, should, NULL);
  g_autofree char *text = diff_describe (diff);
  if (strcmp (text, lines) != 0)
    fail_msg ("from %s\nto %s\ngave:\n%sexpected:\n%s", from, to, text, lines);
}
