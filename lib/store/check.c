/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* A row's faults, all in one message: a form is filled in once. */
#include "store/check.h"

gboolean
corm_row_check (const CormStamp *stamp, const CormMapping *mapping, const guint *fields, guint n_fields,
                gconstpointer row, GError **error)
{
  g_autoptr (GString) text = NULL;
  int code = CORM_ERROR_CHECK;
  for (guint i = 0; i < n_fields; i++) {
    g_autoptr (GError) fault = NULL;
    CormValue value;
    if (corm_stamp_get (stamp, mapping, fields[i], row, &value, &fault))
      continue;
    code = text == NULL || code == fault->code ? fault->code : CORM_ERROR_CHECK;
    if (text == NULL)
      text = g_string_new (NULL);
    else
      g_string_append (text, "; ");
    g_string_append (text, fault->message);
  }
  if (text == NULL)
    return TRUE;
  g_set_error_literal (error, CORM_ERROR, code, text->str);
  return FALSE;
}
