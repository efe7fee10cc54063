/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Templates with their gaps filled. An operand that stands in a template twice is rendered twice, so that each of its
 * parameters has a placeholder of its own. */
#include "render/template.h"

#include <string.h>

static gboolean
append_operand (CormSql *sql, const CormFilling *filling, guint i, GError **error)
{
  return corm_render_operand (sql, filling->scope, &filling->operands[i], &filling->typings[i], filling->use,
                              error);
}

/* "* 1e2" to move the point @digits places to the right, "/ 1e2" back. */
static void
append_shift (CormSql *sql, gint64 digits, gboolean right)
{
  gboolean times = (digits >= 0) == right;
  g_string_append_printf (sql->text, "%s 1e%d", times ? "*" : "/", (int) ABS (digits));
}

static gboolean
append_gap (CormSql *sql, const char *name, gsize size, const CormFilling *filling, GError **error)
{
  if (size == 1 && name[0] >= 'a' && name[0] < 'a' + CORM_TEMPLATE_OPERANDS)
    return append_operand (sql, filling, (guint) (name[0] - 'a'), error);
  if (size == 1 && name[0] == 'w')
    return filling->window == NULL || corm_render_window (sql, filling->scope, filling->window, error);
  if (size == 1 && name[0] == 'v')
    corm_sql_append_param (sql, "of a value", &(const CormSqlType){ .type = filling->text->type },
                           filling->text);
  else if (size == 1 && name[0] == 'n')
    g_string_append_printf (sql->text, "%" G_GINT64_FORMAT, filling->number);
  else if (size == 1)
    g_string_append_printf (sql->text, "%u", name[0] == 'p' ? filling->type.precision : filling->type.scale);
  else
    append_shift (sql, filling->number, name[0] == 'u');
  return TRUE;
}

gboolean
corm_template_append (CormSql *sql, const char *template, const CormFilling *filling, GError **error)
{
  while (*template != '\0') {
    /* The braces of a regular expression hold digits. */
    if (*template != '{' || !g_ascii_isalpha (template[1])) {
      g_string_append_c (sql->text, *template ++);
      continue;
    }
    const char *end = strchr (template, '}');
    if (!append_gap (sql, template + 1, (gsize) (end - template - 1), filling, error))
      return FALSE;
    template = end + 1;
  }
  return TRUE;
}

gboolean
corm_render_around (CormSql *sql, const char *template, const CormScope *scope, const CormExpr *expr,
                    const CormTyping *typing, GError **error)
{
  const CormFilling filling = { .scope = scope, .operands = expr, .typings = typing };
  return corm_template_append (sql, template, &filling, error);
}
