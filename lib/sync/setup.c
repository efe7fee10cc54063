/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Corm's own tables, and the triggers. A trigger's name tells what it covers, so that one that is there is right; new ones
 * are made before old ones go, and what both log counts once. */
#include "sync/sync.h"

#include "engine/connection.h"
#include "render/ddl.h"

#include <string.h>

#define TRIGGERS "corm_sync_"

enum { NAME_LENGTH = 255, PEER_LENGTH = 36, SUM_LENGTH = 64 };

/* --- tables ------------------------------------------------------------------------------------------------------ */

typedef struct {
  const char *table;
  const char *column; /* NULL: an index of the columns in key */
  CormType type;
  guint length;
  gboolean nullable;
  const char *key; /* of the primary key, or name of the index, before the columns */
} Part;

static const Part parts[] = {
  { "corm_sync", "peer_id", CORM_TYPE_TEXT, PEER_LENGTH, FALSE, "key" },
  { "corm_sync", "seq", CORM_TYPE_INT64, 0, FALSE, NULL },
  { "corm_sync", "clock", CORM_TYPE_INT64, 0, FALSE, NULL },
  { "corm_sync", "applying", CORM_TYPE_INT64, 0, FALSE, NULL },
  { "corm_sync", "covers", CORM_TYPE_TEXT, SUM_LENGTH, FALSE, NULL }, /* sum of the triggers' names */
  { "corm_oplog", "peer_id", CORM_TYPE_TEXT, PEER_LENGTH, FALSE, "key" },
  { "corm_oplog", "seq", CORM_TYPE_INT64, 0, FALSE, "key" },
  { "corm_oplog", "clock", CORM_TYPE_INT64, 0, FALSE, NULL },
  { "corm_oplog", "table_name", CORM_TYPE_TEXT, NAME_LENGTH, FALSE, NULL },
  { "corm_oplog", "row_id", CORM_TYPE_TEXT, CORM_SYNC_KEY_CHARS, FALSE, NULL },
  { "corm_oplog", "op", CORM_TYPE_INT64, 0, FALSE, NULL },
  { "corm_oplog", "column_name", CORM_TYPE_TEXT, NAME_LENGTH, FALSE, "key" },
  { "corm_oplog", "new_value", CORM_TYPE_TEXT, 0, TRUE, NULL },
  { "corm_oplog", "state", CORM_TYPE_INT64, 0, FALSE, NULL },
  { "corm_oplog", NULL, CORM_TYPE_NONE, 0, FALSE, "corm_oplog_row:table_name:row_id" },
  { "corm_oplog", NULL, CORM_TYPE_NONE, 0, FALSE, "corm_oplog_state:state" },
  { "corm_sync_seen", "peer_id", CORM_TYPE_TEXT, PEER_LENGTH, FALSE, "key" },
  { "corm_sync_seen", "seq", CORM_TYPE_INT64, 0, FALSE, NULL },
  { "corm_sync_seen", "clock", CORM_TYPE_INT64, 0, FALSE, NULL },
  { "corm_sync_peers", "peer_id", CORM_TYPE_TEXT, PEER_LENGTH, FALSE, "key" },
  { "corm_sync_peers", "version", CORM_TYPE_INT64, 0, FALSE, NULL },
  { "corm_sync_peers", "heard_at", CORM_TYPE_TEXT, PEER_LENGTH, FALSE, NULL },
  { "corm_sync_peers", "hello", CORM_TYPE_TEXT, 0, FALSE, NULL },
};

static void
add_part (CormTable *table, const Part *part)
{
  if (part->column == NULL) {
    g_auto (GStrv) names = g_strsplit (part->key, ":", -1);
    CormTableIndex *index = corm_table_add_index (table, names[0]);
    for (guint i = 1; names[i] != NULL; i++)
      corm_index_add_part (index, names[i]);
    return;
  }
  CormTableColumn *column = corm_table_add_column (table, part->column);
  column->type = (CormSqlType){ .type = part->type, .length = part->length };
  column->not_null = !part->nullable;
  if (part->key == NULL)
    return;
  CormKey *key = table->primary_key != NULL ? table->primary_key : corm_table_set_primary_key (table, NULL);
  g_autoptr (GStrvBuilder) names = g_strv_builder_new ();
  if (key->columns != NULL)
    g_strv_builder_addv (names, (const char **) key->columns);
  g_strv_builder_add (names, part->column);
  g_strfreev (key->columns);
  key->columns = g_strv_builder_end (names);
}

static gboolean
create (CormConnection *conn, const CormTable *table, GError **error)
{
  g_autoptr (GPtrArray) sql = g_ptr_array_new_with_free_func (g_free);
  if (!corm_render_create_table (sql, corm_connection_get_dialect (conn), table, CORM_DDL_INDEXES, NULL,
                                 error))
    return FALSE;
  for (guint i = 0; i < sql->len; i++)
    if (!corm_connection_run (conn, sql->pdata[i], error))
      return FALSE;
  return TRUE;
}

static gboolean
make_row (CormConnection *conn, GError **error)
{
  gint64 n;
  g_autofree char *peer = corm_uuid_to_text (corm_uuid_random ());
  const CormParam params[] = { CORM_PARAM ("peer", (const char *) peer), { 0 } };
  if (!corm_sync_ask (conn, "SELECT count(*) FROM corm_sync", NULL, &n, error))
    return FALSE;
  return n > 0 ||
         corm_execute (
             conn,
             "INSERT INTO corm_sync (peer_id, seq, clock, applying, covers) VALUES (:peer, 0, 0, 0, '')",
             params, NULL, error);
}

gboolean
corm_sync_make_tables (CormSync *sync, CormConnection *conn, GError **error)
{
  const char *dialect = corm_connection_get_dialect (conn)->name;
  g_autoptr (CormSchema) wanted = corm_schema_new (dialect);
  for (guint i = 0; i < G_N_ELEMENTS (parts); i++) {
    CormTable *table = corm_schema_find_table (wanted, parts[i].table);
    add_part (table != NULL ? table : corm_schema_add_table (wanted, parts[i].table), &parts[i]);
  }
  for (guint i = 0; i < wanted->tables->len; i++) {
    const CormTable *table = wanted->tables->pdata[i];
    if (corm_schema_find_table (sync->schema, table->name) != NULL)
      continue;
    sync->scan = TRUE; /* a log that is gone knows nothing of what is there */
    if (!create (conn, table, error))
      return FALSE;
  }
  return make_row (conn, error);
}

/* --- triggers ---------------------------------------------------------------------------------------------------- */

static char *
literal (const CormDialect *dialect, const char *text)
{
  GString *sql = g_string_new (NULL);
  const CormValue value = corm_value_text (text);
  if (!corm_sql_append_literal (sql, dialect, &value, NULL))
    g_string_assign (sql, "NULL");
  return g_string_free (sql, FALSE);
}

static char *
identifier (const CormDialect *dialect, const char *name)
{
  GString *sql = g_string_new (NULL);
  corm_sql_append_identifier (sql, dialect, name);
  return g_string_free (sql, FALSE);
}

/* @fillings: by letter. */
static char *
fill (const char *template, const char *const *fillings)
{
  GString *sql = g_string_new (NULL);
  for (const char *p = template; *p != '\0'; p++) {
    const char *filling = p[0] == '{' && g_ascii_islower (p[1]) && p[2] == '}' ? fillings[p[1] - 'a'] : NULL;
    if (filling == NULL) {
      g_string_append_c (sql, *p);
      continue;
    }
    g_string_append (sql, filling);
    p += 2;
  }
  return g_string_free (sql, FALSE);
}

static char *
fill_columns (const CormDialect *dialect, const CormSyncTable *table, const char **fillings)
{
  GString *sql = g_string_new (NULL);
  for (guint i = 0; i < table->columns->len; i++) {
    const CormTableColumn *column = table->columns->pdata[i];
    g_autofree char *name = identifier (dialect, column->name), *text = literal (dialect, column->name);
    fillings['c' - 'a'] = name;
    fillings['u' - 'a'] = text;
    g_autofree char *one = fill (dialect->sync->column, fillings);
    g_string_append (sql, one);
  }
  return g_string_free (sql, FALSE);
}

static const CormSchemaObject *
find_trigger (const CormSync *sync, const char *name)
{
  for (guint i = 0; i < sync->schema->objects->len; i++) {
    const CormSchemaObject *object = sync->schema->objects->pdata[i];
    if (strcmp (object->kind, "trigger") == 0 && strcmp (object->name, name) == 0)
      return object;
  }
  return NULL;
}

/* A key that no trigger can log has to go before there are any, or it could not be mended. */
static gboolean
check_keys (const CormSync *sync, CormConnection *conn, const CormSyncTable *table, GError **error)
{
  g_autofree char *first =
      g_strconcat (table->trigger, corm_connection_get_dialect (conn)->sync->endings[0], NULL);
  g_autoptr (GPtrArray) keys =
      find_trigger (sync, first) == NULL ? corm_sync_list_keys (conn, table, error) : g_ptr_array_new ();
  return keys != NULL;
}

static gboolean
create_triggers (CormSync *sync, CormConnection *conn, const CormSyncTable *table, GError **error)
{
  const CormDialect *dialect = corm_connection_get_dialect (conn);
  const char *fillings['z' - 'a' + 1] = { NULL };
  g_autofree char *name = identifier (dialect, table->table->name),
                  *key = identifier (dialect, table->key->name);
  g_autofree char *table_text = literal (dialect, table->table->name),
                  *key_text = literal (dialect, table->key->name);
  fillings['n' - 'a'] = table->trigger;
  fillings['t' - 'a'] = name;
  fillings['k' - 'a'] = key;
  fillings['l' - 'a'] = table_text;
  fillings['m' - 'a'] = key_text;
  g_autofree char *columns = fill_columns (dialect, table, fillings);
  fillings['d' - 'a'] = columns;
  for (guint i = 0; dialect->sync->triggers[i] != NULL; i++) {
    g_autofree char *trigger = g_strconcat (table->trigger, dialect->sync->endings[i], NULL);
    g_autofree char *sql = fill (dialect->sync->triggers[i], fillings);
    if (find_trigger (sync, trigger) != NULL)
      continue;
    sync->scan = TRUE;
    if (!corm_connection_run (conn, sql, error))
      return FALSE;
  }
  return TRUE;
}

/* @sync NULL: whichever they are. */
static gboolean
drop_triggers (const CormSync *sync, const CormSchema *schema, CormConnection *conn, GError **error)
{
  const CormDialect *dialect = corm_connection_get_dialect (conn);
  for (guint i = 0; i < schema->objects->len; i++) {
    const CormSchemaObject *object = schema->objects->pdata[i];
    gboolean is_ours = strcmp (object->kind, "trigger") == 0 && g_str_has_prefix (object->name, TRIGGERS);
    for (guint t = 0; is_ours && sync != NULL && t < sync->tables->len; t++)
      is_ours = !g_str_has_prefix (object->name, ((const CormSyncTable *) sync->tables->pdata[t])->trigger);
    if (!is_ours)
      continue;
    const char *fillings['z' - 'a' + 1] = { NULL };
    g_autofree char *table = identifier (dialect, object->table != NULL ? object->table : "");
    fillings['n' - 'a'] = object->name;
    fillings['t' - 'a'] = table;
    g_autofree char *sql = fill (dialect->sync->drop, fillings);
    if (!corm_connection_run (conn, sql, error))
      return FALSE;
  }
  return TRUE;
}

static gboolean
has_all_triggers (const CormSync *sync, const CormSyncSql *sql)
{
  for (guint i = 0; i < sync->tables->len; i++)
    for (guint e = 0; sql->endings[e] != NULL; e++) {
      const CormSyncTable *table = sync->tables->pdata[i];
      g_autofree char *trigger = g_strconcat (table->trigger, sql->endings[e], NULL);
      if (find_trigger (sync, trigger) == NULL)
        return FALSE;
    }
  return TRUE;
}

static int
compare_texts (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

/* Others who have opened it see that the tables are not what they were. */
static gboolean
say_what_is_covered (CormSync *sync, CormConnection *conn, GError **error)
{
  g_autoptr (GPtrArray) names = g_ptr_array_new ();
  for (guint i = 0; i < sync->tables->len; i++)
    g_ptr_array_add (names, ((const CormSyncTable *) sync->tables->pdata[i])->trigger);
  g_ptr_array_sort (names, compare_texts);
  g_ptr_array_add (names, NULL);
  g_autofree char *all = g_strjoinv ("/", (GStrv) names->pdata);
  sync->covers = g_compute_checksum_for_string (G_CHECKSUM_SHA256, all, -1);
  const CormParam params[] = { CORM_PARAM ("covers", (const char *) sync->covers),
                               CORM_PARAM ("same", (const char *) sync->covers),
                               { 0 } };
  return corm_execute (conn, "UPDATE corm_sync SET covers = :covers WHERE covers <> :same", params, NULL,
                       error);
}

gboolean
corm_sync_make_triggers (CormSync *sync, CormConnection *conn, GError **error)
{
  const CormSyncSql *sql = corm_connection_get_dialect (conn)->sync;
  for (guint i = 0; !has_all_triggers (sync, sql) && sql->setup != NULL && sql->setup[i] != NULL; i++)
    if (!corm_connection_run (conn, sql->setup[i], error))
      return FALSE;
  for (guint i = 0; i < sync->tables->len; i++)
    if (!check_keys (sync, conn, sync->tables->pdata[i], error) ||
        !create_triggers (sync, conn, sync->tables->pdata[i], error))
      return FALSE;
  return drop_triggers (sync, sync->schema, conn, error) && say_what_is_covered (sync, conn, error);
}

gboolean
corm_sync_pause (CormConnection *conn, G_GNUC_UNUSED const char *version, G_GNUC_UNUSED gboolean is_down,
                 G_GNUC_UNUSED gpointer data, GError **error)
{
  g_return_val_if_fail (conn != NULL, FALSE);
  if (corm_connection_get_dialect (conn)->sync == NULL)
    return TRUE;
  g_autoptr (CormSchema) schema = corm_schema_inspect (conn, error);
  return schema != NULL && drop_triggers (NULL, schema, conn, error);
}
