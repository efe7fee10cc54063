/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* The sink of an import: each row is checked against its table and kept on the disk. A fault is told and the reading goes
 * on, so that one run finds them all. */
#include "base/error.h"
#include "exchange/target.h"

#include <string.h>

/* "shop.json, line 17: jobs, id = '5', column status: the value 'x' …" */
static char *
describe (const CormFault *fault)
{
  GString *text = g_string_new (fault->file);
  if (fault->line > 0)
    g_string_append_printf (text, ", line %" G_GUINT64_FORMAT, fault->line);
  g_string_append_printf (text, ": %s", fault->table);
  if (fault->key != NULL && *fault->key != '\0')
    g_string_append_printf (text, ", %s", fault->key);
  if (fault->column != NULL)
    g_string_append_printf (text, ", column %s", fault->column);
  g_autofree char *quoted = fault->value != NULL ? corm_error_quote (fault->value, -1) : NULL;
  if (quoted != NULL)
    g_string_append_printf (text, ": the value %s", quoted);
  g_string_append_printf (text, ": %s", fault->reason);
  return g_string_free (text, FALSE);
}

gboolean
corm_import_fault (CormImport *import, CormError code, CormFault *fault, const CormKeyPart *parts,
                   guint n_parts, GError **error)
{
  g_autofree char *key = corm_key_text (parts, n_parts);
  fault->file = strcmp (import->sink.file, "-") == 0 ? "standard input" : import->sink.file;
  fault->key = key;
  import->report->n_faults++;
  import->misfits |= code == CORM_ERROR_SCHEMA;
  if (import->first == NULL) {
    g_autofree char *text = describe (fault);
    g_set_error_literal (&import->first, CORM_ERROR, (int) code, text);
  }
  if (import->options->on_fault != NULL)
    import->options->on_fault (fault, import->options->data);
  return import->rejects == NULL || corm_reject_file_add (import->rejects, fault, parts, n_parts, error);
}

/* --- a row ----------------------------------------------------------------------------------------------------- */

typedef struct {
  CormImport *import;
  CormTarget *target;
  const CormMember *members;
  guint n;
  guint64 line;
  gboolean fits;
} Row;

/* Of the key, what the file says. */
static guint
key_parts (const Row *row, CormKeyPart *parts)
{
  guint n = 0;
  for (guint k = 0; k < row->target->n_keys; k++)
    for (guint m = 0; m < row->n; m++) {
      gpointer place = g_hash_table_lookup (row->target->by_name, row->members[m].name);
      if (GPOINTER_TO_UINT (place) != row->target->keys[k] + 1)
        continue;
      parts[n].name = row->target->columns[row->target->keys[k]]->name;
      parts[n++].value = row->members[m].form.kind != CORM_FORM_NULL ? row->members[m].form.text : NULL;
      break;
    }
  return n;
}

/* @member NULL: the value is missing. */
static gboolean
tell (Row *row, CormError code, const char *column, const CormMember *member, const char *reason,
      GError **error)
{
  g_autofree CormKeyPart *parts = g_new0 (CormKeyPart, row->target->n_keys + 1);
  guint n_parts = key_parts (row, parts);
  CormFault fault = {
    .table = row->target->table->name, .column = column, .line = row->line, .reason = reason
  };
  if (member != NULL)
    fault.line = member->form.line;
  if (member != NULL && member->form.kind != CORM_FORM_NULL)
    fault.value = member->form.text;
  row->fits = FALSE;
  return corm_import_fault (row->import, code, &fault, parts, n_parts, error);
}

/* Once for each name. */
static gboolean
unknown_column (Row *row, const char *name, GError **error)
{
  g_autofree char *reason = g_strdup_printf (
      "%s has no such column; take it out of the file, or add it to the table", row->target->table->name);
  g_hash_table_insert (row->target->by_name, g_strdup (name), NULL);
  return tell (row, CORM_ERROR_SCHEMA, name, NULL, reason, error);
}

/* The column's place + 1; 0: there is none, which has been told. */
static gboolean
find_place (Row *row, const char *name, guint *place, GError **error)
{
  CormTarget *target = row->target;
  gpointer found;
  guint other = 0;
  if (g_hash_table_lookup_extended (target->by_name, name, NULL, &found)) {
    *place = GPOINTER_TO_UINT (found);
    row->fits &= *place > 0;
    return TRUE;
  }
  *place = 0;
  for (guint i = 0; *place == 0 && i < target->n; i++) {
    const char *column = ((const CormTableColumn *) target->table->columns->pdata[i])->name;
    if (strcmp (column, name) == 0)
      *place = i + 1;
    else if (g_ascii_strcasecmp (column, name) == 0)
      other = i + 1;
  }
  *place = *place > 0 ? *place : other;
  if (*place == 0)
    return unknown_column (row, name, error);
  g_hash_table_insert (target->by_name, g_strdup (name), GUINT_TO_POINTER (*place));
  return TRUE;
}

static gboolean
accept_member (Row *row, const CormMember *member, GError **error)
{
  guint place;
  CormTarget *target = row->target;
  g_autoptr (GError) why = NULL;
  if (!find_place (row, member->name, &place, error))
    return FALSE;
  if (place == 0 || target->computed[place - 1])
    return TRUE;
  CormValue *value = &target->values[place - 1];
  const CormTableColumn *column = target->columns[place - 1];
  if ((guint) value->type != CORM_SPOOL_ABSENT)
    return tell (row, CORM_ERROR_INVALID, column->name, member, "the column stands twice in the row", error);
  /* Whatever becomes of it, it is there. */
  if (corm_form_to_value (&member->form, column, row->import->sink.words, target->rooms[place - 1], value,
                          &why))
    return TRUE;
  *value = corm_value_null ();
  return tell (row, (CormError) why->code, column->name, member, why->message, error);
}

/* The row may be in the table, and then what the file does not say of it stays. */
static gboolean
may_be_there (const Row *row)
{
  const CormTarget *target = row->target;
  gboolean has_key = target->n_keys > 0;
  for (guint k = 0; k < target->n_keys; k++)
    has_key &= (guint) target->values[target->keys[k]].type != CORM_SPOOL_ABSENT;
  return has_key && !target->report->created && row->import->options->on_conflict == CORM_CONFLICT_UPSERT;
}

static gboolean
check_missing (Row *row, GError **error)
{
  CormTarget *target = row->target;
  for (guint i = 0; !may_be_there (row) && i < target->n; i++)
    if (target->required[i] && (guint) target->values[i].type == CORM_SPOOL_ABSENT &&
        !tell (row, CORM_ERROR_NOT_NULL, target->columns[i]->name, NULL,
               "the column is missing; it takes no NULL and has no default", error))
      return FALSE;
  return TRUE;
}

static gboolean
accept_row (CormSink *sink, const CormMember *members, guint n, guint64 line, GError **error)
{
  CormImport *import = (CormImport *) sink;
  CormTarget *target = import->current;
  if (target == NULL)
    return TRUE;
  Row row = { .import = import, .target = target, .members = members, .n = n, .line = line, .fits = TRUE };
  for (guint i = 0; i < target->n; i++)
    target->values[i] = (CormValue){ .type = (CormType) CORM_SPOOL_ABSENT };
  for (guint i = 0; i < n; i++)
    if (!accept_member (&row, &members[i], error))
      return FALSE;
  if (!check_missing (&row, error))
    return FALSE;
  if (row.fits)
    return (import->options->on_conflict != CORM_CONFLICT_UPSERT || target->n_keys == 0 ||
            corm_twice_add (target, line, error)) &&
           corm_spool_add (import->spool, &target->part, target->values, line, error);
  target->report->rejected++;
  return TRUE;
}

static gboolean
accept_table (CormSink *sink, const char *name, GError **error)
{
  CormImport *import = (CormImport *) sink;
  if (g_strcmp0 (import->current_name, name) == 0)
    return TRUE;
  g_free (import->current_name);
  import->current_name = g_strdup (name);
  return corm_import_find_target (import, name, &import->current, error);
}

static gboolean
accept_snapshot (CormSink *sink, const char *json, GError **error)
{
  CormImport *import = (CormImport *) sink;
  g_autoptr (CormSchema) schema = corm_schema_from_json (json, error);
  if (schema == NULL)
    return corm_error_prefix (error, "%s", sink->file);
  return corm_import_set_makings (import, schema, error);
}

void
corm_import_accept (CormImport *import)
{
  import->sink.snapshot = accept_snapshot;
  import->sink.table = accept_table;
  import->sink.row = accept_row;
}
