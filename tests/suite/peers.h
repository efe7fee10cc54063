/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Peers that synchronise: databases of one backend or several, each at a version of one schema. Version 1 has lists and
 * tasks; 2 gives tasks a priority; 3 brings notes; 4 and 5 a column each. */
#pragma once

#include "../lib/fresh.h"

#include <glib/gstdio.h>
#include <unistd.h>

#include <corm/corm.h>

/* On the native drivers alone, for cases that take long and tell nothing of the generic one. */
#define NATIVE(f) FRESH_ON (f, 0), FRESH_ON (f, 1), FRESH_ON (f, 2)

typedef struct {
  char *uri;
  CormDb *db;
  CormConnection *conn;
  CormSync *sync;
  guint version;
  GString *warnings; /* a line each */
  gboolean is_file;
} Peer;

static const char *const peer_capabilities[] = { "tasks", NULL };

static inline void
peer_warn (const char *text, gpointer data)
{
  g_string_append_printf (data, "%s\n", text);
}

/* A path in the program's folder; free with g_free(). */
static inline char *
peer_path (const char *name)
{
  const char *tmp = g_getenv ("CORM_TEST_TMP");
  g_autofree char *file = g_strdup_printf ("corm-%d-%s", (int) getpid (), name);
  return g_build_filename (tmp != NULL ? tmp : g_get_tmp_dir (), file, NULL);
}

static inline char *
peer_read_file (const char *path)
{
  char *text = NULL;
  assert_true (g_file_get_contents (path, &text, NULL, NULL));
  return text;
}

static inline void
peer_open_full (Peer *peer, const CormSyncOptions *more)
{
  CormSyncOptions options = *more;
  options.tables = options.tables != NULL ? options.tables : "lists,tasks,notes";
  options.version = peer->version;
  options.capabilities = peer_capabilities;
  options.on_warning = peer_warn;
  options.data = peer->warnings;
  g_clear_pointer (&peer->sync, corm_sync_free);
  assert_ok ((peer->sync = corm_sync_open (peer->db, &options, error)) != NULL);
}

static inline void
peer_open (Peer *peer)
{
  peer_open_full (peer, &(const CormSyncOptions){ 0 });
}

/* One version after the other. */
static inline void
peer_upgrade (Peer *peer, guint version)
{
  static const char *const steps[] = {
    "CREATE TABLE lists (list_id VARCHAR(36) NOT NULL PRIMARY KEY, name VARCHAR(100))",
    "CREATE TABLE tasks (task_id VARCHAR(36) NOT NULL PRIMARY KEY, list_id VARCHAR(36), content VARCHAR(200) "
    "NOT NULL, "
    "is_completed INTEGER NOT NULL, due_date DATE)",
    "ALTER TABLE tasks ADD COLUMN priority INTEGER NOT NULL DEFAULT 0",
    "CREATE TABLE notes (note_id VARCHAR(36) NOT NULL PRIMARY KEY, body VARCHAR(200))",
    "ALTER TABLE tasks ADD COLUMN tags VARCHAR(100) DEFAULT '[]'",
    "ALTER TABLE lists ADD COLUMN color VARCHAR(20)",
  };
  static const guint n_steps[] = { 0, 2, 3, 4, 5, 6 }; /* of each version */
  g_clear_pointer (&peer->sync, corm_sync_free);
  for (guint i = n_steps[peer->version]; i < n_steps[version]; i++)
    fresh_run (peer->conn, steps[i]);
  peer->version = version;
  peer_open (peer);
}

/* Without tables. NULL where the backend is not here. */
static inline Peer *
peer_new_empty (guint backend)
{
  const char *missing;
  CormDbOptions options = { .pool_size = 3 };
  Places *places = fresh_find (backend, &missing);
  if (places == NULL)
    return NULL;
  Peer *peer = g_new0 (Peer, 1);
  peer->uri = places_take (places);
  places_forget (places);
  peer->is_file = !places_have_server (places);
  peer->warnings = g_string_new (NULL);
  assert_ok ((peer->db = corm_db_open_full (peer->uri, NULL, &options, error)) != NULL);
  assert_ok ((peer->conn = corm_db_connect (peer->db, error)) != NULL);
  return peer;
}

static inline Peer *
peer_new (guint backend, guint version)
{
  const char *missing;
  Peer *peer = peer_new_empty (backend);
  if (peer == NULL) {
    fresh_find (backend, &missing);
    print_message ("# skip %s: %s\n", places_backends ()[backend], missing);
    skip ();
  }
  peer_upgrade (peer, version);
  return peer;
}

static inline void
peer_free (Peer *peer)
{
  static const char *const endings[] = { "", "-wal", "-shm", "-journal" };
  if (peer == NULL)
    return;
  corm_sync_free (peer->sync);
  corm_connection_free (peer->conn);
  corm_db_free (peer->db);
  for (guint i = 0; peer->is_file && strchr (peer->uri, '/') != NULL && i < G_N_ELEMENTS (endings); i++) {
    g_autofree char *path = g_strconcat (strchr (peer->uri, '/'), endings[i], NULL);
    g_unlink (path);
  }
  g_string_free (peer->warnings, TRUE);
  g_free (peer->uri);
  g_free (peer);
}

/* What @from has and @to lacks, as far as @from knows. */
static inline CormSyncReport
peer_give (Peer *from, Peer *to)
{
  CormSyncReport report;
  g_autofree char *path = peer_path ("message.jsonl");
  assert_ok (corm_sync_write (from->sync, path, NULL, NULL, error));
  assert_ok (corm_sync_read (to->sync, path, &report, error));
  g_unlink (path);
  return report;
}

/* Both ways, twice, so that each knows what the other has. */
static inline void
peer_meet (Peer *a, Peer *b)
{
  peer_give (a, b);
  peer_give (b, a);
}

/* All rows of all tables that both versions have, as text; free with g_free(). */
static inline char *
peer_dump (Peer *peer, guint version)
{
  static const char *const queries[] = {
    "SELECT list_id, name FROM lists ORDER BY list_id",
    "SELECT task_id, list_id, content, is_completed, due_date FROM tasks ORDER BY 1",
    "SELECT task_id, priority FROM tasks ORDER BY task_id", "SELECT note_id, body FROM notes ORDER BY note_id"
  };
  GString *text = g_string_new (NULL);
  for (guint i = 0; i < MIN (version, 3) + 1; i++) {
    g_autoptr (CormCursor) cursor = NULL;
    assert_ok ((cursor = corm_query (peer->conn, queries[i], NULL, error)) != NULL);
    g_string_append_printf (text, "-- %u\n", i);
    while (corm_cursor_next (cursor, NULL)) {
      for (guint c = 0; c < corm_cursor_get_n_columns (cursor); c++) {
        corm_value_append_text (corm_cursor_get_value (cursor, c), text);
        g_string_append_c (text, '|');
      }
      g_string_append_c (text, '\n');
    }
  }
  return g_string_free (text, FALSE);
}

static inline void
assert_same (Peer *a, Peer *b)
{
  guint version = MIN (a->version, b->version);
  g_autofree char *one = peer_dump (a, version), *other = peer_dump (b, version);
  assert_string_equal (one, other);
}

static inline gint64
peer_number (Peer *peer, const char *sql)
{
  g_autofree char *text = fresh_text (peer->conn, sql);
  return g_ascii_strtoll (text, NULL, 10);
}
