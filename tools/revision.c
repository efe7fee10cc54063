/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Files of migrations, as revision writes them: the statements of a plan with what a reader should know beside each. */
#include "migrations.h"

#include <errno.h>
#include <string.h>

char *
app_revision_next (const GPtrArray *list, gboolean timestamp)
{
  const CormMigrationInfo *last = list->len > 0 ? list->pdata[list->len - 1] : NULL;
  g_autoptr (GDateTime) now = g_date_time_new_now_utc ();
  gsize digits = last != NULL ? strspn (last->version, "0123456789") : 4;
  if (timestamp || digits >= 12)
    return g_date_time_format (now, "%Y%m%d%H%M%S");
  guint64 number = last != NULL ? g_ascii_strtoull (last->version, NULL, 10) : 0;
  return g_strdup_printf ("%0*" G_GUINT64_FORMAT, (int) digits, number + 1);
}

char *
app_revision_slug (const char *text)
{
  g_autofree char *lower = g_utf8_strdown (text, -1);
  GString *slug = g_string_new (NULL);
  for (const char *p = lower; *p != '\0' && slug->len < 60; p = g_utf8_next_char (p)) {
    gunichar c = g_utf8_get_char (p);
    if (g_unichar_isalnum (c))
      g_string_append_unichar (slug, c);
    else if (slug->len > 0 && slug->str[slug->len - 1] != '_')
      g_string_append_c (slug, '_');
  }
  while (slug->len > 0 && slug->str[slug->len - 1] == '_')
    g_string_truncate (slug, slug->len - 1);
  return g_string_free (slug, FALSE);
}

char *
app_revision_name (const CormPlan *plan)
{
  guint n = corm_plan_get_n_changes (plan);
  const CormOp *first = n > 0 ? plan->ops->pdata[0] : NULL;
  if (first == NULL)
    return g_strdup ("nothing");
  g_autofree char *slug = app_revision_slug (first->text);
  return n == 1 ? g_strdup (slug) : g_strdup_printf ("%s_and_%u_more", slug, n - 1);
}

/* @text, which may have several lines, as comment. */
static void
add_comment (GString *file, const char *mark, const char *text)
{
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  for (guint i = 0; lines[i] != NULL; i++)
    g_string_append_printf (file, "-- %s%s\n", i == 0 ? mark : "   ", lines[i]);
}

static void
add_statement (GString *file, const char *sql)
{
  g_string_append_printf (file, "%s;\n", sql);
}

static void
add_up (GString *file, const CormPlan *plan)
{
  for (guint i = 0; i < plan->ops->len; i++) {
    const CormOp *op = plan->ops->pdata[i];
    gboolean loses = op->approval == CORM_APPROVAL_DESTRUCTIVE || (op->hazards & CORM_HAZARD_LOSES_DATA) != 0;
    g_string_append_c (file, '\n');
    if (op->kind == CORM_OP_DIFFERS) {
      add_comment (file, "differs, and is left alone: ", op->text);
      continue;
    }
    add_comment (file, loses ? "corm:loses data: " : "", op->text);
    if (op->hazard != NULL)
      add_comment (file, "mind: ", op->hazard);
    for (guint s = 0; s < op->sql->len; s++)
      add_statement (file, op->sql->pdata[s]);
  }
}

static void
add_down (GString *file, const CormPlan *plan)
{
  for (guint i = plan->ops->len; i-- > 0;) {
    const CormOp *op = plan->ops->pdata[i];
    if (op->kind == CORM_OP_DIFFERS || op->sql->len == 0)
      continue;
    g_string_append_c (file, '\n');
    add_comment (file, op->reverse->len > 0 ? "back: " : "nothing takes back: ", op->text);
    for (guint s = 0; s < op->reverse->len; s++)
      add_statement (file, op->reverse->pdata[s]);
  }
}

static gboolean
has_lonely (const CormPlan *plan)
{
  for (guint i = 0; i < plan->ops->len; i++)
    if (((const CormOp *) plan->ops->pdata[i])->alone)
      return TRUE;
  return FALSE;
}

char *
app_revision_text (const CormPlan *plan, const char *after, const char *head, gboolean with_down)
{
  GString *file = g_string_new (head);
  if (after != NULL)
    g_string_append_printf (file, "-- corm:after %s\n", after);
  if (plan != NULL && has_lonely (plan))
    g_string_append (file, "-- corm:no-transaction\n");
  g_string_append (file, "-- corm:up\n");
  if (plan != NULL)
    add_up (file, plan);
  if (with_down)
    g_string_append (file, "\n-- corm:down\n");
  if (plan != NULL && with_down)
    add_down (file, plan);
  return g_string_free (file, FALSE);
}

char *
app_revision_write (const char *dir, const char *version, const char *name, const char *text, GError **error)
{
  g_autoptr (GError) why = NULL;
  g_autofree char *file = g_strdup_printf ("%s_%s.sql", version, name);
  g_autofree char *path = g_build_filename (dir, file, NULL);
  if (g_mkdir_with_parents (dir, 0777) != 0) {
    g_set_error (error, CORM_ERROR, CORM_ERROR_DENIED, "%s: %s", dir, g_strerror (errno));
    return NULL;
  }
  if (g_file_test (path, G_FILE_TEST_EXISTS)) {
    g_set_error (error, CORM_ERROR, CORM_ERROR_INVALID, "%s is there already", path);
    return NULL;
  }
  if (g_file_set_contents (path, text, -1, &why))
    return g_steal_pointer (&path);
  g_set_error_literal (error, CORM_ERROR, CORM_ERROR_DENIED, why->message);
  return NULL;
}
