/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Where every database sorts the key alike (whole numbers, texts by their bytes), it does; else all rows go through a sort
 * of our own: a UUID, an enum type, a float or a decimal stands elsewhere in each. */
#include "exchange/order.h"

#include "exchange/form.h"
#include "exchange/sort.h"
#include "exchange/spool.h"
#include "render/sql.h"

#include <string.h>

struct _CormOrdered {
  CormStatement *statement;
  guint n;
  guint n_keys;
  guint *keys; /* positions among the columns */
  const CormTableColumn *const *columns;
  CormSort *sort; /* NULL: the database does it */
  CormValue *row;
};

void
corm_ordered_free (CormOrdered *ordered)
{
  if (ordered == NULL)
    return;
  g_clear_pointer (&ordered->statement, corm_statement_release);
  corm_sort_free (ordered->sort);
  g_free (ordered->keys);
  g_free (ordered->row);
  g_free (ordered);
}

/* The columns of the key; all, where there is none or not all of it is read. */
static gboolean
find_keys (CormOrdered *ordered, const CormTable *table)
{
  ordered->keys = g_new0 (guint, ordered->n + 1);
  const GStrv names = table->primary_key != NULL ? table->primary_key->columns : NULL;
  for (guint k = 0; names != NULL && names[k] != NULL; k++)
    for (guint i = 0; i < ordered->n; i++)
      if (strcmp (ordered->columns[i]->name, names[k]) == 0)
        ordered->keys[ordered->n_keys++] = i;
  if (names != NULL && ordered->n_keys == g_strv_length (names) && ordered->n_keys > 0)
    return TRUE;
  for (guint i = 0; i < ordered->n; i++)
    ordered->keys[i] = i;
  ordered->n_keys = ordered->n;
  return FALSE;
}

static gboolean
is_whole (CormType type)
{
  return type == CORM_TYPE_INT16 || type == CORM_TYPE_INT32 || type == CORM_TYPE_INT64;
}

static gboolean
is_sorted_alike (const CormOrdered *ordered, const CormDialect *dialect)
{
  for (guint k = 0; k < ordered->n_keys; k++) {
    const CormTableColumn *column = ordered->columns[ordered->keys[k]];
    gboolean is_text =
        column->type.type == CORM_TYPE_TEXT && column->collation == NULL && dialect->order_bytes != NULL;
    if (!is_whole (column->type.type) && !is_text)
      return FALSE;
  }
  return TRUE;
}

static void
append_order (GString *sql, const CormOrdered *ordered, const CormDialect *dialect)
{
  for (guint k = 0; k < ordered->n_keys; k++) {
    const CormTableColumn *column = ordered->columns[ordered->keys[k]];
    g_string_append (sql, k > 0 ? ", " : " ORDER BY ");
    corm_sql_append_identifier (sql, dialect, column->name);
    if (!is_whole (column->type.type))
      g_string_append (sql, dialect->order_bytes);
  }
}

static CormStatement *
open_statement (CormConnection *conn, const CormOrdered *ordered, const CormTable *table, gboolean by_key,
                GError **error)
{
  const CormDialect *dialect = corm_connection_get_dialect (conn);
  gboolean has_casts = FALSE;
  g_autoptr (GString) sql = g_string_new ("SELECT ");
  g_autofree CormSqlType *types = g_new0 (CormSqlType, ordered->n + 1);
  for (guint i = 0; i < ordered->n; i++) {
    const CormTableColumn *column = ordered->columns[i];
    g_string_append (sql, i > 0 ? ", " : "");
    gsize start = sql->len;
    corm_sql_append_identifier (sql, dialect, column->name);
    corm_sql_wrap (sql, start, dialect->select_cast[column->type.type]);
    types[i] = column->type;
    has_casts |= dialect->select_cast[column->type.type] != NULL;
  }
  g_string_append (sql, " FROM ");
  corm_sql_append_rows_of (sql, dialect, table);
  if (by_key)
    append_order (sql, ordered, dialect);
  CormStatementKey key = { .sql = sql->str };
  CormStatementSpec spec = { .sql = sql->str };
  if (has_casts) {
    spec.n_columns = ordered->n;
    spec.columns = types;
    spec.as_found = true;
  }
  g_autoptr (CormStatement) statement = corm_statement_prepare (conn, &key, &spec, error);
  if (statement == NULL || !corm_statement_execute (statement, NULL, TRUE, error))
    return NULL;
  corm_statement_hold (statement);
  return g_steal_pointer (&statement);
}

/* --- keys whose bytes sort as their values do ----------------------------------------------------------------- */

static void
append_size (GString *key, guint64 bits)
{
  guint64 big = GUINT64_TO_BE (bits);
  g_string_append_len (key, (const char *) &big, sizeof big);
}

static guint64
bits_of_double (double d)
{
  guint64 bits;
  memcpy (&bits, &d, sizeof bits);
  return bits >> 63 ? ~bits : bits | (G_GUINT64_CONSTANT (1) << 63);
}

/* Ends with a byte that no text has behind an escaped NUL, so that "a" stands in front of "ab". */
static void
append_bytes (GString *key, const char *bytes, gsize size)
{
  for (gsize i = 0; i < size; i++) {
    g_string_append_c (key, bytes[i]);
    if (bytes[i] == '\0')
      g_string_append_c (key, '\1');
  }
  g_string_append_len (key, "\0", 2);
}

static void
append_key (GString *key, const CormTableColumn *column, const CormValue *cell, CormRoom *room)
{
  CormSqlType bare = { .type = column->type.type };
  CormValue value = *cell;
  g_string_append_c (key, cell->is_null ? 0 : 1);
  if (cell->is_null)
    return;
  if (value.type != bare.type && !corm_form_is_untyped (column))
    (void) !corm_value_convert (cell, &bare, room->made, &value,
                                NULL); /* else it stays as it is, and is refused later */
  switch (value.type) {
  case CORM_TYPE_BOOLEAN:
  case CORM_TYPE_INT16:
  case CORM_TYPE_INT32:
  case CORM_TYPE_INT64:
  case CORM_TYPE_DATE:
  case CORM_TYPE_TIME:
  case CORM_TYPE_TIMESTAMP:
  case CORM_TYPE_LOCAL_TIMESTAMP:
    append_size (key, (guint64) value.i ^ (G_GUINT64_CONSTANT (1) << 63));
    break;
  case CORM_TYPE_FLOAT32:
  case CORM_TYPE_FLOAT64:
    append_size (key, bits_of_double (value.d));
    break;
  case CORM_TYPE_TEXT:
  case CORM_TYPE_BYTES:
    append_bytes (key, value.data, value.size);
    break;
  default:
    g_string_truncate (room->text, 0);
    corm_value_append_text (&value, room->text);
    append_bytes (key, room->text->str, room->text->len);
  }
}

static gboolean
sort_all (CormOrdered *ordered, GError **error)
{
  const CormValue *row = NULL;
  CormStep step;
  g_autoptr (CormRoom) room = corm_room_new ();
  g_autoptr (GString) key = g_string_new (NULL);
  g_autoptr (GString) record = g_string_new (NULL);
  ordered->sort = corm_sort_new ();
  while ((step = corm_statement_step (ordered->statement, &row, error)) == CORM_STEP_ROW) {
    g_string_truncate (key, 0);
    g_string_truncate (record, 0);
    for (guint k = 0; k < ordered->n_keys; k++)
      append_key (key, ordered->columns[ordered->keys[k]], &row[ordered->keys[k]], room);
    corm_spool_pack (row, ordered->n, record);
    if (!corm_sort_add (ordered->sort, key, record, error))
      return FALSE;
  }
  g_clear_pointer (&ordered->statement, corm_statement_release);
  return step == CORM_STEP_DONE && corm_sort_end (ordered->sort, error);
}

CormOrdered *
corm_ordered_open (CormConnection *conn, const CormTable *table, const CormTableColumn *const *columns,
                   guint n_columns, GError **error)
{
  g_autoptr (CormOrdered) ordered = g_new0 (CormOrdered, 1);
  ordered->n = n_columns;
  ordered->columns = columns;
  ordered->row = g_new0 (CormValue, n_columns + 1);
  gboolean by_key =
      find_keys (ordered, table) && is_sorted_alike (ordered, corm_connection_get_dialect (conn));
  g_autoptr (GError) refused = NULL;
  ordered->statement = open_statement (conn, ordered, table, by_key, &refused);
  if (ordered->statement == NULL && by_key) { /* a column's character set may know no such order */
    by_key = FALSE;
    ordered->statement = open_statement (conn, ordered, table, FALSE, NULL);
  }
  if (ordered->statement == NULL) {
    g_propagate_error (error, g_steal_pointer (&refused));
    return NULL;
  }
  if (!by_key && !sort_all (ordered, error))
    return NULL;
  return g_steal_pointer (&ordered);
}

CormStep
corm_ordered_next (CormOrdered *ordered, const CormValue **row, GError **error)
{
  if (ordered->sort == NULL)
    return corm_statement_step (ordered->statement, row, error);
  gsize size;
  g_autoptr (GError) failed = NULL;
  const char *record = corm_sort_next (ordered->sort, &size, &failed);
  if (failed != NULL) {
    g_propagate_error (error, g_steal_pointer (&failed));
    return CORM_STEP_ERROR;
  }
  if (record == NULL)
    return CORM_STEP_DONE;
  corm_spool_unpack (record, ordered->n, ordered->row);
  *row = ordered->row;
  return CORM_STEP_ROW;
}

gboolean
corm_ordered_count (CormConnection *conn, const CormTable *table, guint64 *count, GError **error)
{
  g_autoptr (GString) sql = g_string_new ("SELECT count(*) FROM ");
  corm_sql_append_rows_of (sql, corm_connection_get_dialect (conn), table);
  g_autoptr (CormCursor) cursor = corm_query (conn, sql->str, NULL, error);
  if (cursor == NULL || !corm_cursor_next (cursor, error))
    return FALSE;
  *count = (guint64) corm_cursor_get_value (cursor, 0)->i;
  return TRUE;
}
