/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* A row while it is read: all its names and texts in one piece of memory that is used again for the next row. */
#include "exchange/reader.h"

CormRecord *
corm_record_new (void)
{
  CormRecord *record = g_new0 (CormRecord, 1);
  record->bytes = g_string_new (NULL);
  record->members = g_array_new (FALSE, TRUE, sizeof (CormMember));
  return record;
}

void
corm_record_free (CormRecord *record)
{
  g_string_free (record->bytes, TRUE);
  g_array_unref (record->members);
  g_free (record);
}

void
corm_record_clear (CormRecord *record, guint64 line)
{
  g_string_truncate (record->bytes, 0);
  g_array_set_size (record->members, 0);
  record->line = line;
}

/* Where the last text ends, its NUL counted. */
static gsize
end_of_last (const CormRecord *record)
{
  if (record->members->len == 0)
    return 0;
  const CormMember *last = &g_array_index (record->members, CormMember, record->members->len - 1);
  return GPOINTER_TO_SIZE (last->form.text) + last->form.size + 1;
}

void
corm_record_name (CormRecord *record)
{
  CormMember member = { .name = GSIZE_TO_POINTER (end_of_last (record)) };
  g_string_append_c (record->bytes, '\0');
  member.form.text = GSIZE_TO_POINTER (record->bytes->len);
  g_array_append_val (record->members, member);
}

void
corm_record_value (CormRecord *record, CormFormKind kind, guint64 line)
{
  CormForm *form = &g_array_index (record->members, CormMember, record->members->len - 1).form;
  form->kind = kind;
  form->line = line;
  form->size = record->bytes->len - GPOINTER_TO_SIZE (form->text);
  g_string_append_c (record->bytes, '\0');
}

gboolean
corm_record_send (CormRecord *record, CormSink *sink, GError **error)
{
  CormMember *members = (CormMember *) (gpointer) record->members->data;
  for (guint i = 0; i < record->members->len; i++) {
    members[i].name = record->bytes->str + GPOINTER_TO_SIZE (members[i].name);
    members[i].form.text = record->bytes->str + GPOINTER_TO_SIZE (members[i].form.text);
  }
  sink->n_rows++;
  return sink->row (sink, members, record->members->len, record->line, error);
}
