/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Functions of the program that a session calls around its work. */
#include "base/error.h"
#include "session/private.h"

void
corm_session_add_hook (CormSession *session, CormHookPoint point, const CormModel *model, CormHook hook,
                       gpointer data)
{
  CormHookEntry entry = { point, model, hook, data };
  g_return_if_fail (session != NULL && hook != NULL);
  g_array_append_val (session->hooks, entry);
}

gboolean
corm_session_call (CormSession *session, CormHookPoint point, const CormMapping *mapping, gpointer row,
                   GError **error)
{
  const CormModel *model = mapping != NULL ? mapping->model : NULL;
  for (guint i = 0; i < session->hooks->len; i++) {
    const CormHookEntry hook = g_array_index (session->hooks, CormHookEntry, i);
    g_autoptr (GError) said = NULL;
    if (hook.point != point || (hook.model != NULL && model != NULL && hook.model != model) ||
        hook.func (session, point, model, row, hook.data, &said))
      continue;
    if (said == NULL)
      g_set_error (&said, CORM_ERROR, CORM_ERROR_CANCELLED, "a hook refused without a word");
    g_propagate_error (error, g_steal_pointer (&said));
    return FALSE;
  }
  return TRUE;
}
