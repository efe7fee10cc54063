/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* What the looks share. A row is told by its key, else by what the database has instead, else by the columns at hand. */
#include "upkeep/look.h"

#include "base/error.h"
#include "engine/transaction.h"
#include "upkeep/choose.h"

#include <string.h>

enum { KEYS = 10 };

/* --- the diagnosis ------------------------------------------------------------------------------------------------ */

const char *
corm_ailment_kind_name (CormAilmentKind kind)
{
  static const char *const names[CORM_N_AILMENT_KINDS] = {
    [CORM_AILMENT_DAMAGE] = "damage",
    [CORM_AILMENT_UNFINISHED_PORT] = "unfinished-port",
    [CORM_AILMENT_ORPHANS] = "orphans",
    [CORM_AILMENT_DUPLICATES] = "duplicates",
    [CORM_AILMENT_NULLS] = "nulls",
    [CORM_AILMENT_WRONG_TYPE] = "wrong-type",
    [CORM_AILMENT_TOO_LONG] = "too-long",
    [CORM_AILMENT_NO_LABEL] = "no-label",
    [CORM_AILMENT_BREAKS_CHECK] = "breaks-check",
    [CORM_AILMENT_INVALID_UTF8] = "invalid-utf8",
    [CORM_AILMENT_SEQUENCE_BEHIND] = "sequence-behind",
    [CORM_AILMENT_MISSING_INDEX] = "missing-index",
    [CORM_AILMENT_DOUBLE_INDEX] = "double-index",
    [CORM_AILMENT_UNUSED_INDEX] = "unused-index",
  };
  g_return_val_if_fail (kind < CORM_N_AILMENT_KINDS, NULL);
  return names[kind];
}

static void
ailment_free (gpointer data)
{
  CormAilment *ailment = data;
  g_free (ailment->table);
  g_strfreev (ailment->columns);
  g_free (ailment->part);
  g_ptr_array_unref (ailment->keys);
  g_free (ailment->reason);
  g_free (ailment->advice);
  g_free (ailment);
}

static void
mend_free (gpointer data)
{
  CormMend *mend = data;
  g_free (mend->text);
  g_free (mend->sql);
  g_free (mend);
}

CormDiagnosis *
corm_diagnosis_new (void)
{
  CormDiagnosis *diagnosis = g_new0 (CormDiagnosis, 1);
  diagnosis->ailments = g_ptr_array_new_with_free_func (ailment_free);
  diagnosis->mends = g_ptr_array_new_with_free_func (mend_free);
  diagnosis->unseen = g_ptr_array_new_with_free_func (g_free);
  return diagnosis;
}

void
corm_diagnosis_free (CormDiagnosis *diagnosis)
{
  if (diagnosis == NULL)
    return;
  g_ptr_array_unref (diagnosis->ailments);
  g_ptr_array_unref (diagnosis->mends);
  g_ptr_array_unref (diagnosis->unseen);
  g_free (diagnosis);
}

CormMend *
corm_diagnosis_add_mend (CormDiagnosis *diagnosis, char *text, char *sql, gint64 rows)
{
  CormMend *mend = g_new0 (CormMend, 1);
  *mend = (CormMend){ .text = text, .sql = sql, .rows = rows };
  g_ptr_array_add (diagnosis->mends, mend);
  return mend;
}

CormAilment *
corm_look_add (CormLook *look, CormAilmentKind kind, const CormTable *table, const char *const *columns,
               const char *part, char *reason, char *advice)
{
  CormAilment *ailment = g_new0 (CormAilment, 1);
  ailment->kind = kind;
  ailment->table = table != NULL ? g_strdup (table->name) : NULL;
  ailment->columns = columns != NULL ? g_strdupv ((GStrv) columns) : NULL;
  ailment->part = g_strdup (part);
  ailment->keys = g_ptr_array_new_with_free_func (g_free);
  ailment->reason = reason;
  ailment->advice = advice;
  g_ptr_array_add (look->diagnosis->ailments, ailment);
  return ailment;
}

gboolean
corm_look_unseen (CormLook *look, GError *error, const char *what, GError **to)
{
  if (g_error_matches (error, CORM_ERROR, CORM_ERROR_CONNECTION) ||
      g_error_matches (error, CORM_ERROR, CORM_ERROR_CANCELLED)) {
    g_propagate_error (to, error);
    return corm_error_prefix (to, "%s", what);
  }
  g_ptr_array_add (look->diagnosis->unseen,
                   g_strdup_printf ("%s: %s%s", what, error->message,
                                    g_error_matches (error, CORM_ERROR, CORM_ERROR_DENIED)
                                        ? "; look as a role that may read it"
                                        : ""));
  g_error_free (error);
  return TRUE;
}

/* --- pieces of SQL ------------------------------------------------------------------------------------------------ */

void
corm_look_append_name (const CormLook *look, GString *sql, const CormTable *table, const char *name)
{
  if (table != NULL) {
    corm_sql_append_identifier (sql, look->dialect, table->name);
    g_string_append_c (sql, '.');
  }
  corm_sql_append_identifier (sql, look->dialect, name);
}

char *
corm_look_fill (const CormLook *look, const char *template, const CormTable *table, const char *column)
{
  return corm_upkeep_fill (look->dialect, template, table->name, column);
}

GStrv
corm_look_index_columns (const CormTableIndex *index)
{
  GStrv names = g_new0 (char *, index->parts->len + 1);
  for (guint i = 0; i < index->parts->len; i++)
    names[i] = g_strdup (((CormIndexPart *) index->parts->pdata[i])->sql);
  return names;
}

const CormTable *
corm_look_find_table (const CormLook *look, const CormSchema *schema, const char *name)
{
  const CormTable *found = schema != NULL ? corm_schema_find_table (schema, name) : NULL;
  for (guint i = 0; schema != NULL && found == NULL && look->dialect->names_fold && i < schema->tables->len;
       i++) {
    const CormTable *table = schema->tables->pdata[i];
    if (g_ascii_strcasecmp (table->name, name) == 0)
      found = table;
  }
  return found;
}

const CormTableColumn *
corm_look_find_column (const CormLook *look, const CormTable *table, const char *name)
{
  const CormTableColumn *found = table != NULL ? corm_table_find_column (table, name) : NULL;
  for (guint i = 0; table != NULL && found == NULL && look->dialect->names_fold && i < table->columns->len;
       i++) {
    const CormTableColumn *column = table->columns->pdata[i];
    if (g_ascii_strcasecmp (column->name, name) == 0)
      found = column;
  }
  return found;
}

guint
corm_look_n_keys (const CormLook *look)
{
  return look->options->n_keys > 0 ? look->options->n_keys : KEYS;
}

char *
corm_look_join (const char *const *names)
{
  return g_strjoinv (", ", (GStrv) names);
}

/* --- rows ---------------------------------------------------------------------------------------------------------- */

gboolean
corm_sight_open (CormSight *sight, const CormLook *look, const char *sql, GError **error)
{
  if (look->dialect->all_rows != NULL) {
    sight->read = corm_transaction_begin (look->conn, CORM_TRANSACTION_DEFAULT, error);
    if (sight->read == NULL || !corm_transaction_see_all (look->conn, error))
      return FALSE;
  }
  sight->cursor = corm_query (look->conn, sql, NULL, error);
  return sight->cursor != NULL;
}

void
corm_sight_clear (CormSight *sight)
{
  g_clear_pointer (&sight->cursor, corm_cursor_free);
  g_clear_pointer (&sight->read, corm_transaction_free);
}

gboolean
corm_look_count (CormLook *look, const CormTable *table, const char *condition, const char *what,
                 gint64 *count, GError **error)
{
  GError *local = NULL;
  g_autoptr (GString) sql = g_string_new ("SELECT count(*) FROM ");
  *count = -1;
  corm_sql_append_rows_of (sql, look->dialect, table);
  g_string_append_printf (sql, " WHERE %s", condition);
  g_auto (CormSight) sight = { 0 };
  if (corm_sight_open (&sight, look, sql->str, &local) && corm_cursor_next (sight.cursor, &local))
    *count = corm_upkeep_get_number (sight.cursor, 0, 0);
  corm_sight_clear (&sight);
  return local == NULL || corm_look_unseen (look, local, what, error);
}

/* What tells a row: how many columns of it. */
static guint
append_key (const CormLook *look, GString *sql, const CormTable *table, const char *const *beside)
{
  const CormKey *key = table->primary_key;
  const char *const *names = key != NULL ? (const char *const *) key->columns : NULL;
  if (names == NULL && look->sql->row_name != NULL && !table->without_rowid) {
    g_string_append (sql, look->sql->row_name);
    return 1;
  }
  if (names == NULL)
    names = beside;
  guint n = names != NULL ? g_strv_length ((GStrv) names) : 0;
  for (guint i = 0; i < n; i++) {
    g_string_append (sql, i > 0 ? ", " : "");
    corm_look_append_name (look, sql, table, names[i]);
  }
  if (n == 0) {
    const CormTableColumn *first = table->columns->pdata[0];
    corm_look_append_name (look, sql, table, first->name);
  }
  return MAX (n, 1);
}

void
corm_look_append_value (GString *text, const CormValue *value)
{
  g_autoptr (GString) plain = g_string_new (NULL);
  corm_value_append_text (value, plain);
  gboolean is_number = value->is_null || value->type == CORM_TYPE_INT64 || value->type == CORM_TYPE_INT32 ||
                       value->type == CORM_TYPE_INT16 || value->type == CORM_TYPE_FLOAT64 ||
                       value->type == CORM_TYPE_DECIMAL;
  g_autofree char *quoted = is_number ? NULL : corm_error_quote (plain->str, (gssize) plain->len);
  g_string_append (text, is_number ? plain->str : quoted);
}

/* "id=5, lang='en' (name='x')" */
static char *
row_text (CormCursor *cursor, guint n_keys)
{
  GString *text = g_string_new (NULL);
  guint n = corm_cursor_get_n_columns (cursor);
  for (guint i = 0; i < n; i++) {
    g_string_append (text, i == n_keys ? " (" : i > 0 ? ", " : "");
    g_string_append_printf (text, "%s=", corm_cursor_get_name (cursor, i));
    corm_look_append_value (text, corm_cursor_get_value (cursor, i));
  }
  g_string_append (text, n > n_keys ? ")" : "");
  char *valid = g_utf8_make_valid (text->str, (gssize) text->len);
  g_string_free (text, TRUE);
  return valid;
}

/* The columns behind the key, those that are not in it. @as_text: what they hold may be nothing that can be read. */
static void
append_beside (const CormLook *look, GString *sql, const CormTable *table, const char *const *beside,
               gboolean as_text)
{
  const CormKey *key = table->primary_key;
  gboolean is_named = key != NULL || (look->sql->row_name != NULL && !table->without_rowid);
  for (guint i = 0; is_named && beside != NULL && beside[i] != NULL; i++) {
    if (key != NULL && g_strv_contains ((const char *const *) key->columns, beside[i]))
      continue;
    g_autofree char *text = look->sql->as_text != NULL && as_text
                                ? corm_look_fill (look, look->sql->as_text, table, beside[i])
                                : NULL;
    g_string_append (sql, ", ");
    if (text == NULL) {
      corm_look_append_name (look, sql, table, beside[i]);
      continue;
    }
    g_string_append_printf (sql, "%s AS ", text);
    corm_sql_append_identifier (sql, look->dialect, beside[i]);
  }
}

gboolean
corm_look_keys (CormLook *look, CormAilment *ailment, const CormTable *table, const char *condition,
                const char *const *beside, GError **error)
{
  GError *local = NULL;
  g_autoptr (GString) sql = g_string_new ("SELECT ");
  guint n = append_key (look, sql, table, beside);
  gsize end = sql->len;
  g_autofree char *key = g_strdup (sql->str + strlen ("SELECT "));
  g_string_truncate (sql, end);
  append_beside (look, sql, table, beside, ailment->kind == CORM_AILMENT_WRONG_TYPE);
  g_string_append (sql, " FROM ");
  corm_sql_append_rows_of (sql, look->dialect, table);
  g_string_append_printf (sql, " WHERE %s ORDER BY %s LIMIT %u", condition, key, corm_look_n_keys (look));
  g_auto (CormSight) sight = { 0 };
  gboolean seen = corm_sight_open (&sight, look, sql->str, &local);
  while (seen && corm_cursor_next (sight.cursor, &local))
    g_ptr_array_add (ailment->keys, row_text (sight.cursor, n));
  g_autofree char *what = g_strdup_printf ("%s of %s", corm_ailment_kind_name (ailment->kind), table->name);
  return local == NULL || corm_look_unseen (look, local, what, error);
}
