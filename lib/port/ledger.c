/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* See ledger.h. */
#include "port/ledger.h"

#include "base/error.h"
#include "engine/cursor.h"
#include "render/ddl.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

static const char *const tables[] = { "corm_port", "corm_port_steps", "corm_port_rejects" };

CormPortStep *
corm_port_step_new (CormStepKind kind, const char *table, guint part)
{
  CormPortStep *step = g_new0 (CormPortStep, 1);
  step->kind = kind;
  step->table = g_strdup (table);
  step->part = part;
  return step;
}

void
corm_port_step_free (CormPortStep *step)
{
  g_free (step->table);
  g_free (step->after);
  g_free (step->until);
  g_free (step->last);
  g_free (step);
}

void
corm_port_record_clear (CormPortRecord *record)
{
  g_free (record->source);
  g_free (record->fingerprint);
  g_free (record->began);
  g_free (record->made);
  *record = (CormPortRecord){ 0 };
}

/* --- making it --------------------------------------------------------------------------------------------- */

static char *
type_name (const CormDialect *dialect, CormType type)
{
  const CormTableColumn column = { .type = { .type = type } };
  GString *text = g_string_new (NULL);
  corm_render_type (text, dialect, &column);
  return g_string_free (text, FALSE);
}

static gboolean
create (CormConnection *conn, GError **error)
{
  const CormDialect *dialect = corm_connection_get_dialect (conn);
  g_autofree char *number = type_name (dialect, CORM_TYPE_INT64), *text = type_name (dialect, CORM_TYPE_TEXT);
  const char *suffix = dialect->table_suffix != NULL ? dialect->table_suffix : "";
  g_autofree char *whole = g_strdup_printf (
      "CREATE TABLE corm_port (source %s, fingerprint %s, began %s, made %s, has_tables %s)%s", text, text,
      text, text, number, suffix);
  g_autofree char *steps = g_strdup_printf (
      "CREATE TABLE corm_port_steps (number %s NOT NULL PRIMARY KEY, kind %s, table_name %s, part %s, state "
      "%s, "
      "after_key %s, until_key %s, last_key %s, n_rows %s, n_rejected %s, n_bytes %s)%s",
      number, number, text, number, number, text, text, text, number, number, number, suffix);
  g_autofree char *rejects =
      g_strdup_printf ("CREATE TABLE corm_port_rejects (step %s NOT NULL, line %s, key_hash %s)%s", number,
                       text, number, suffix);
  const char *const statements[] = { whole, steps, rejects };
  for (guint i = 0; i < G_N_ELEMENTS (statements); i++)
    if (!corm_connection_run (conn, statements[i], error))
      return FALSE;
  return TRUE;
}

static CormValue
text_or_null (const char *text)
{
  return text != NULL ? corm_value_text (text) : corm_value_null ();
}

static gboolean
insert_step (CormConnection *conn, const CormPortStep *step, GError **error)
{
  const CormParam params[] = { CORM_PARAM ("number", (gint64) step->number),
                               CORM_PARAM ("kind", (gint64) step->kind),
                               CORM_PARAM ("table", step->table),
                               CORM_PARAM ("part", (gint64) step->part),
                               { "after", text_or_null (step->after) },
                               { "until", text_or_null (step->until) },
                               { 0 } };
  return corm_execute (
      conn,
      "INSERT INTO corm_port_steps (number, kind, table_name, part, state, after_key, until_key, "
      "n_rows, n_rejected, n_bytes) VALUES (:number, :kind, :table, :part, 0, :after, :until, "
      "0, 0, 0)",
      params, NULL, error);
}

static gboolean
fill (CormConnection *conn, const CormPortRecord *record, GPtrArray *steps, GError **error)
{
  const CormParam params[] = { CORM_PARAM ("source", (const char *) record->source),
                               CORM_PARAM ("fingerprint", (const char *) record->fingerprint),
                               CORM_PARAM ("began", (const char *) record->began),
                               CORM_PARAM ("made", (const char *) record->made),
                               { 0 } };
  if (!corm_execute (conn,
                     "INSERT INTO corm_port (source, fingerprint, began, made, has_tables) "
                     "VALUES (:source, :fingerprint, :began, :made, 0)",
                     params, NULL, error))
    return FALSE;
  for (guint i = 0; i < steps->len; i++) {
    CormPortStep *step = g_ptr_array_index (steps, i);
    step->number = i;
    if (!insert_step (conn, step, error))
      return FALSE;
  }
  return TRUE;
}

gboolean
corm_ledger_refuse (const CormPortRecord *record, GError **error)
{
  g_set_error (
      error, CORM_ERROR, CORM_ERROR_SCHEMA,
      "the target holds an unfinished port of %s, begun %s: resume goes on with it, restart drops what "
      "it made and begins anew",
      record->source, record->began != NULL ? record->began : "just now");
  return FALSE;
}

gboolean
corm_ledger_begin (CormConnection *conn, const CormPortRecord *record, GPtrArray *steps, GError **error)
{
  return (create (conn, error) && fill (conn, record, steps, error)) ||
         corm_error_prefix (error, "write down the steps of the port");
}

gboolean
corm_ledger_is_there (CormConnection *conn)
{
  g_autoptr (CormCursor) cursor = corm_query (conn, "SELECT 1 FROM corm_port", NULL, NULL);
  return cursor != NULL;
}

gboolean
corm_ledger_set_tables (CormConnection *conn, GError **error)
{
  return corm_execute (conn, "UPDATE corm_port SET has_tables = 1", NULL, NULL, error);
}

/* --- reading it -------------------------------------------------------------------------------------------- */

static guint64
get_int (CormCursor *cursor, guint column)
{
  g_autofree char *text = corm_cursor_dup_text (cursor, column);
  return text != NULL ? g_ascii_strtoull (text, NULL, 10) : 0;
}

gboolean
corm_ledger_find (CormConnection *conn, const CormSchema *live, CormPortRecord *record, gboolean *found,
                  GError **error)
{
  *found = FALSE;
  if (corm_schema_find_table (live, tables[0]) == NULL)
    return TRUE;
  g_autoptr (CormCursor) cursor =
      corm_query (conn, "SELECT source, fingerprint, began, made, has_tables FROM corm_port", NULL, error);
  g_autoptr (GError) local = NULL;
  if (cursor == NULL)
    return FALSE;
  if (!corm_cursor_next (cursor, &local)) {
    if (local != NULL) {
      g_propagate_error (error, g_steal_pointer (&local));
      return FALSE;
    }
    *found = TRUE; /* killed before the first word was written: nothing was made yet but these tables */
    record->source = g_strdup ("");
    return TRUE;
  }
  *found = TRUE;
  record->source = corm_cursor_dup_text (cursor, 0);
  record->fingerprint = corm_cursor_dup_text (cursor, 1);
  record->began = corm_cursor_dup_text (cursor, 2);
  record->made = corm_cursor_dup_text (cursor, 3);
  record->has_tables = get_int (cursor, 4) != 0;
  return TRUE;
}

static GPtrArray *
read_steps (CormConnection *conn, GError **error)
{
  g_autoptr (GError) local = NULL;
  g_autoptr (GPtrArray) steps = g_ptr_array_new_with_free_func ((GDestroyNotify) corm_port_step_free);
  g_autoptr (CormCursor) cursor =
      corm_query (conn,
                  "SELECT kind, table_name, part, number, state, after_key, until_key, last_key, n_rows, "
                  "n_rejected, n_bytes FROM corm_port_steps ORDER BY number",
                  NULL, error);
  if (cursor == NULL)
    return NULL;
  while (corm_cursor_next (cursor, &local)) {
    g_autofree char *table = corm_cursor_dup_text (cursor, 1);
    CormPortStep *step =
        corm_port_step_new ((CormStepKind) get_int (cursor, 0), table, (guint) get_int (cursor, 2));
    step->number = (guint) get_int (cursor, 3);
    step->state = (CormStepState) get_int (cursor, 4);
    step->after = corm_cursor_dup_text (cursor, 5);
    step->until = corm_cursor_dup_text (cursor, 6);
    step->last = corm_cursor_dup_text (cursor, 7);
    step->rows = get_int (cursor, 8);
    step->rejected = get_int (cursor, 9);
    step->bytes = get_int (cursor, 10);
    g_ptr_array_add (steps, step);
  }
  if (local == NULL)
    return g_steal_pointer (&steps);
  g_propagate_error (error, g_steal_pointer (&local));
  return NULL;
}

/* Whoever has sent a COMMIT holds the lock of its step's row until that has come to its end. */
GPtrArray *
corm_ledger_take (CormConnection *conn, GError **error)
{
  g_autoptr (CormTransaction) write = corm_transaction_begin (conn, CORM_TRANSACTION_WRITE, error);
  if (write == NULL || !corm_execute (conn, "UPDATE corm_port_steps SET number = number", NULL, NULL, error))
    return NULL;
  g_autoptr (GPtrArray) steps = read_steps (conn, error);
  return steps != NULL && corm_transaction_commit (write, error) ? g_steal_pointer (&steps) : NULL;
}

/* --- while the port runs ------------------------------------------------------------------------------------ */

gboolean
corm_ledger_save (CormConnection *conn, const CormPortStep *step, GError **error)
{
  const CormParam params[] = { CORM_PARAM ("number", (gint64) step->number),
                               CORM_PARAM ("state", (gint64) step->state),
                               { "last", text_or_null (step->last) },
                               CORM_PARAM ("rows", (gint64) step->rows),
                               CORM_PARAM ("rejected", (gint64) step->rejected),
                               CORM_PARAM ("bytes", (gint64) step->bytes),
                               { 0 } };
  guint64 n_changed = 0;
  if (!corm_execute (conn,
                     "UPDATE corm_port_steps SET state = :state, last_key = :last, n_rows = :rows, "
                     "n_rejected = :rejected, n_bytes = :bytes WHERE number = :number",
                     params, &n_changed, error))
    return FALSE;
  if (n_changed == 1)
    return TRUE;
  g_set_error (
      error, CORM_ERROR, CORM_ERROR_STALE,
      "the table corm_port_steps of the target has lost step %u: did somebody else drop the port's tables?",
      step->number);
  return FALSE;
}

gboolean
corm_ledger_reject (CormConnection *conn, const CormPortStep *step, const CormReject *reject, GError **error)
{
  const CormParam params[] = { CORM_PARAM ("step", (gint64) step->number),
                               CORM_PARAM ("line", (const char *) reject->line),
                               { "key", reject->has_key ? corm_value_int ((gint64) reject->key)
                                                        : corm_value_null () },
                               { 0 } };
  return corm_execute (conn,
                       "INSERT INTO corm_port_rejects (step, line, key_hash) VALUES (:step, :line, :key)",
                       params, NULL, error);
}

gboolean
corm_ledger_read_refused (CormConnection *conn, const char *table, GArray *keys, GError **error)
{
  g_autoptr (GError) local = NULL;
  g_autoptr (CormCursor) cursor = corm_query (
      conn,
      "SELECT key_hash FROM corm_port_rejects WHERE key_hash IS NOT NULL AND step IN (SELECT number FROM "
      "corm_port_steps WHERE table_name = :table)",
      CORM_PARAMS (CORM_PARAM ("table", table)), error);
  if (cursor == NULL)
    return FALSE;
  while (corm_cursor_next (cursor, &local)) {
    guint64 key = (guint64) corm_cursor_get_value (cursor, 0)->i;
    g_array_append_val (keys, key);
  }
  if (local == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&local));
  return FALSE;
}

static gboolean
write_all (int fd, const char *text, gsize size, const char *path, GError **error)
{
  while (size > 0) {
    gssize done = write (fd, text, size);
    if (done < 0 && errno == EINTR)
      continue;
    if (done < 0) {
      g_set_error (error, CORM_ERROR, errno == ENOSPC ? CORM_ERROR_FULL : CORM_ERROR_FAILED,
                   "write reject file %s: %s", path, g_strerror (errno));
      return FALSE;
    }
    text += done;
    size -= (gsize) done;
  }
  return TRUE;
}

gboolean
corm_ledger_write_rejects (CormConnection *conn, int fd, const char *path, GError **error)
{
  g_autoptr (GError) local = NULL;
  g_autoptr (CormCursor) cursor =
      corm_query (conn, "SELECT line FROM corm_port_rejects ORDER BY step", NULL, error);
  if (cursor == NULL)
    return FALSE;
  while (corm_cursor_next (cursor, &local)) {
    const CormValue *line = corm_cursor_get_value (cursor, 0);
    if (!write_all (fd, line->data, line->size, path, error) || !write_all (fd, "\n", 1, path, error))
      return FALSE;
  }
  if (local == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&local));
  return FALSE;
}

/* --- its end ------------------------------------------------------------------------------------------------ */

/* First the steps: a ledger without them is that of a port that came to its end. Last what says that there is one. */
gboolean
corm_ledger_drop (CormConnection *conn, GError **error)
{
  static const char *const order[] = { "corm_port_steps", "corm_port_rejects", "corm_port" };
  for (guint i = 0; i < G_N_ELEMENTS (order); i++) {
    g_autofree char *sql = g_strconcat ("DROP TABLE IF EXISTS ", order[i], NULL);
    if (!corm_connection_run (conn, sql, error))
      return FALSE;
  }
  return TRUE;
}

gboolean
corm_ledger_undo (CormConnection *conn, const CormPortRecord *record, GError **error)
{
  const CormDialect *dialect = corm_connection_get_dialect (conn);
  g_auto (GStrv) statements = g_strsplit (record->made != NULL ? record->made : "", CORM_LEDGER_END, -1);
  if (dialect->keys_off != NULL && !corm_connection_run (conn, dialect->keys_off, error))
    return FALSE;
  gboolean whole = (dialect->caps & CORM_CAP_TRANSACTIONAL_DDL) != 0;
  g_autoptr (CormTransaction) transaction =
      whole ? corm_transaction_begin (conn, CORM_TRANSACTION_WRITE, error) : NULL;
  gboolean done = !whole || transaction != NULL;
  for (guint i = 0; done && statements[i] != NULL; i++)
    done = *statements[i] == '\0' || corm_connection_run (conn, statements[i], error);
  done = done && corm_ledger_drop (conn, error) && (!whole || corm_transaction_commit (transaction, error));
  g_clear_pointer (&transaction, corm_transaction_free);
  if (dialect->keys_on != NULL && !corm_connection_run (conn, dialect->keys_on, done ? error : NULL))
    return FALSE;
  return done || corm_error_prefix (error, "drop what the port had made");
}
