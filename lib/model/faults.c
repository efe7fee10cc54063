/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Sentences about what is wrong with the models. */
#include "model/faults.h"

#include "model/name.h"

#include <string.h>

void
corm_faults_add (CormFaults *faults, const CormModel *model, const char *format, ...)
{
  va_list args;
  va_start (args, format);
  if (faults->n++ > 0)
    g_string_append_c (faults->text, '\n');
  g_string_append_printf (faults->text, "model %s (table %s): ", model->type ? model->type : "without a type",
                          model->table ? model->table : "without a name");
  g_string_append_vprintf (faults->text, format, args);
  va_end (args);
}

void
corm_faults_check_name (CormFaults *faults, const CormModel *model, const char *what, const char *name)
{
  if (name == NULL || name[0] == '\0')
    corm_faults_add (faults, model, "%s has no name; give it one", what);
  else if (strlen (name) > CORM_NAME_MAX)
    corm_faults_add (faults, model,
                     "%s '%s' has a name of %" G_GSIZE_FORMAT " bytes, databases take %d; shorten it", what,
                     name, strlen (name), CORM_NAME_MAX);
  else if (!g_utf8_validate (name, -1, NULL))
    corm_faults_add (faults, model, "%s '%s' has a name that is not UTF-8; mend it", what, name);
}
