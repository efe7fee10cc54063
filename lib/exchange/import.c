/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* corm_import(): read and check the whole file, then write, in one transaction. Until the file has been read to its end
 * the database is only looked at. */
#include "exchange/target.h"

#include "base/error.h"
#include "engine/unfinished.h"
#include "schema/diff.h"

static void
import_clear (CormImport *import)
{
  g_clear_error (&import->first);
  g_clear_pointer (&import->rejects, corm_reject_file_free);
  g_clear_pointer (&import->spool, corm_spool_free);
  g_clear_pointer (&import->targets, g_ptr_array_unref);
  g_clear_pointer (&import->by_name, g_hash_table_unref);
  g_clear_pointer (&import->current_name, g_free);
  g_clear_pointer (&import->makings, corm_schema_free);
  g_clear_pointer (&import->models, corm_schema_free);
  g_clear_pointer (&import->live, corm_schema_free);
  g_clear_pointer (&import->report, corm_exchange_report_free);
  g_clear_pointer (&import->conn, corm_connection_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (CormImport, import_clear)

/* Where a timestamp and a local one are the same type, the catalogue cannot tell: both forms are taken, as UTC. */
static void
take_zones (const CormDialect *dialect, CormSchema *schema)
{
  if (g_strcmp0 (dialect->types[CORM_TYPE_TIMESTAMP], dialect->types[CORM_TYPE_LOCAL_TIMESTAMP]) != 0)
    return;
  for (guint i = 0; i < schema->tables->len; i++) {
    const CormTable *table = schema->tables->pdata[i];
    for (guint c = 0; c < table->columns->len; c++) {
      CormTableColumn *column = table->columns->pdata[c];
      if (column->type.type == CORM_TYPE_LOCAL_TIMESTAMP)
        column->type.type = CORM_TYPE_TIMESTAMP;
    }
  }
}

static gboolean
look_around (CormImport *import, CormDb *db, GError **error)
{
  const CormImportOptions *options = import->options;
  import->conn = corm_db_connect (db, error);
  import->live = import->conn != NULL ? corm_schema_inspect (import->conn, error) : NULL;
  import->spool = import->live != NULL ? corm_spool_new (error) : NULL;
  if (import->spool == NULL || !corm_unfinished_refuse (import->conn, import->live, "the database",
                                                        "nothing is imported into it", error))
    return FALSE;
  import->n_live = import->live->tables->len;
  take_zones (corm_connection_get_dialect (import->conn), import->live);
  if (options->registry != NULL)
    import->models = corm_schema_from_registry (options->registry);
  return import->models == NULL || corm_import_set_makings (import, import->models, error);
}

/* What has been found wrong, as the error that stops the import; TRUE: nothing that does. */
static gboolean
verdict (CormImport *import, GError **error)
{
  if (import->report->n_faults == 0 || (import->rejects != NULL && !import->misfits))
    return TRUE;
  g_autofree char *more =
      import->report->n_faults > 1
          ? g_strdup_printf ("; %" G_GUINT64_FORMAT " more faults", import->report->n_faults - 1)
          : g_strdup ("");
  g_set_error (error, CORM_ERROR, import->first->code, "%s%s; nothing was imported%s", import->first->message,
               more,
               import->misfits || import->rejects != NULL ? "" : ": mend the file, or pass a reject file");
  return FALSE;
}

static gboolean
read_all (CormImport *import, CormFormat format, const char *path, GError **error)
{
  corm_import_accept (import);
  import->sink.file = path;
  return corm_reader_run (format, path, &import->sink, error) && corm_import_add_missing (import, error) &&
         corm_twice_find (import, error) && corm_spool_end (import->spool, error);
}

/* --- writing --------------------------------------------------------------------------------------------------- */

static gboolean
load (CormImport *import, GPtrArray *ordered, gboolean *held, GError **error)
{
  if (!corm_import_hold_keys (import, ordered, held, error) || !corm_import_load (import, ordered, error))
    return FALSE;
  gboolean ok = !*held || corm_import_release_keys (import, ordered, error);
  *held &= !ok;
  return ok &&
         (import->rejects == NULL || corm_reject_file_close (g_steal_pointer (&import->rejects), error));
}

/* Where CREATE TABLE can't be undone with the transaction, its reverse does it. */
static void
undo (CormImport *import, GPtrArray *reverse)
{
  for (guint i = 0; i < reverse->len; i++)
    corm_connection_run (import->conn, reverse->pdata[i], NULL);
}

static gboolean
write_within (CormImport *import, gboolean create_too, GPtrArray *reverse, GError **error)
{
  gboolean held = FALSE, ok;
  g_autoptr (CormTransaction) write = corm_transaction_begin (import->conn, CORM_TRANSACTION_WRITE, error);
  if (write == NULL || (create_too && !corm_import_create (import, reverse, error)))
    return FALSE;
  g_autoptr (GPtrArray) ordered = corm_tables_order (import->live->tables);
  ok = load (import, ordered, &held, error) && corm_transaction_commit (write, error);
  if (ok)
    return TRUE;
  corm_transaction_rollback (write, NULL);
  const char *again = corm_connection_get_dialect (import->conn)->hold_key_end;
  if (held && again != NULL)
    corm_connection_run (import->conn, again, NULL);
  return FALSE;
}

static gboolean
write_all (CormImport *import, GError **error)
{
  gboolean within = (corm_connection_get_dialect (import->conn)->caps & CORM_CAP_TRANSACTIONAL_DDL) != 0;
  g_autoptr (GPtrArray) reverse = g_ptr_array_new_with_free_func (g_free);
  if ((within || corm_import_create (import, reverse, error)) &&
      write_within (import, within, reverse, error))
    return TRUE;
  if (!within)
    undo (import, reverse);
  if (import->first == NULL || (error != NULL && *error != NULL))
    return FALSE;
  import->misfits = TRUE; /* the database has refused a row, and there is no reject file */
  return verdict (import, error);
}

gboolean
corm_reader_run (CormFormat format, const char *path, CormSink *sink, GError **error)
{
  switch (format) {
  case CORM_FORMAT_YAML:
    return corm_read_yaml (path, sink, error);
  case CORM_FORMAT_CSV:
    return corm_read_csv (path, sink, error);
  case CORM_FORMAT_JSON_LINES:
    return corm_read_json_lines (path, sink, error);
  default:
    return corm_read_json (path, sink, error);
  }
}

CormExchangeReport *
corm_import (CormDb *db, const char *path, const CormImportOptions *options, GError **error)
{
  static const CormImportOptions none = { 0 };
  g_return_val_if_fail (db != NULL && path != NULL, NULL);
  g_auto (CormImport) import = { .options = options != NULL ? options : &none };
  CormFormat format = import.options->format;
  import.report = corm_exchange_report_new ();
  import.targets = g_ptr_array_new_with_free_func ((GDestroyNotify) corm_target_free);
  import.by_name = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  if (!corm_exchange_find_format (&format, path, error) || !look_around (&import, db, error))
    return NULL;
  if (import.options->rejects != NULL &&
      (import.rejects = corm_reject_file_open (import.options->rejects, error)) == NULL)
    return NULL;
  if (!read_all (&import, format, path, error) || !verdict (&import, error))
    return NULL;
  if (import.options->dry_run) {
    for (guint i = 0; i < import.targets->len; i++) {
      CormTarget *target = import.targets->pdata[i];
      target->report->rows = target->part.n_rows - target->twice->len;
    }
    return g_steal_pointer (&import.report);
  }
  return write_all (&import, error) ? g_steal_pointer (&import.report) : NULL;
}
