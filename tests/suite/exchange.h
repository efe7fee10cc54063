/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Models, rows and files for the tests of export and import. */
#pragma once

#include "every.h"
#include "people.h"

#include <glib/gstdio.h>
#include <unistd.h>

/* A tree, and two tables that refer to each other. */
typedef struct {
  gint64 id;
  const char *name;
  CormOptInt64 parent_id;
} Node;
typedef struct {
  gint64 id;
  CormOptInt64 owner_id;
} Ship;
typedef struct {
  gint64 id;
  gint64 ship_id;
} Owner;
CORM_DECLARE_MODEL (Every, every)
CORM_DECLARE_MODEL (Node, node)
CORM_DECLARE_MODEL (Ship, ship)
CORM_DECLARE_MODEL (Owner, owner)

static const CormColumn node_columns[] = {
  CORM_COLUMN (Node, id, .primary_key = true),
  CORM_COLUMN (Node, name, .not_null = true, .max_length = 20, .unique = true),
  CORM_COLUMN (Node, parent_id, .references = "nodes.id"),
};
const CormModel Node_model = CORM_MODEL (Node, "nodes", CORM_COLUMNS (node_columns));
static const CormColumn ship_columns[] = {
  CORM_COLUMN (Ship, id, .primary_key = true),
  CORM_COLUMN (Ship, owner_id, .references = "owners.id"),
};
const CormModel Ship_model = CORM_MODEL (Ship, "ships", CORM_COLUMNS (ship_columns));
static const CormColumn owner_columns[] = {
  CORM_COLUMN (Owner, id, .primary_key = true),
  CORM_COLUMN (Owner, ship_id, .references = "ships.id"),
};
const CormModel Owner_model = CORM_MODEL (Owner, "owners", CORM_COLUMNS (owner_columns));

static const CormModel *const models[] = { &Badge_model, &Every_model, &Member_model, &Node_model,
                                           &Owner_model, &Seat_model,  &Ship_model,   &Tag_model,
                                           &Team_model,  &Word_model,  NULL };

static const char *const endings[] G_GNUC_UNUSED = { ".jsonl", ".json", ".yaml", "/" };

/* A name that nothing has yet; free with g_free(). */
static inline G_GNUC_UNUSED char *
new_path (const char *ending)
{
  static guint count;
  const char *folder = g_getenv ("CORM_TEST_TMP");
  g_autofree char *name = g_strdup_printf ("exchange-%d-%u%s", (int) getpid (), ++count, ending);
  return g_build_filename (folder != NULL ? folder : g_get_tmp_dir (), name, NULL);
}

static inline G_GNUC_UNUSED char *
write_text (const char *ending, const char *text)
{
  char *path = new_path (ending);
  assert_true (g_file_set_contents (path, text, -1, NULL));
  return path;
}

static inline G_GNUC_UNUSED char *
read_text (const char *path)
{
  char *text = NULL;
  if (!g_file_get_contents (path, &text, NULL, NULL))
    fail_msg ("%s can't be read", path);
  return text;
}

static inline G_GNUC_UNUSED int
compare_names (gconstpointer a, gconstpointer b)
{
  return strcmp (*(char *const *) a, *(char *const *) b);
}

/* All bytes of an export; of a folder those of its files in the order of their names. */
static inline G_GNUC_UNUSED char *
bytes_of (const char *path)
{
  if (!g_file_test (path, G_FILE_TEST_IS_DIR))
    return read_text (path);
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  for (const char *name; (name = g_dir_read_name (dir)) != NULL;)
    g_ptr_array_add (names, g_strdup (name));
  g_ptr_array_sort (names, compare_names);
  GString *all = g_string_new (NULL);

  for (guint i = 0; i < names->len; i++) {
    g_autofree char *file = g_build_filename (path, names->pdata[i], NULL);
    g_autofree char *text = read_text (file);
    g_string_append_printf (all, "%s\n%s", (char *) names->pdata[i], text);
  }
  return g_string_free (all, FALSE);
}

static inline G_GNUC_UNUSED char *
export_to (Suite *suite, const char *ending, const char *tables, gboolean with_models)
{
  g_autofree char *path = new_path (ending);
  CormExportOptions options = { .tables = tables,
                                .registry = with_models ? suite->registry : NULL,
                                .no_schema = !with_models };
  g_autoptr (CormExchangeReport) report = NULL;
  assert_ok ((report = corm_export (suite->db, path, &options, error)) != NULL);
  return g_steal_pointer (&path);
}

static inline G_GNUC_UNUSED guint64
import_from (Suite *suite, const char *path, CormConflict on_conflict)
{
  guint64 rows = 0;
  CormImportOptions options = { .on_conflict = on_conflict };
  g_autoptr (CormExchangeReport) report = NULL;
  assert_ok ((report = corm_import (suite->db, path, &options, error)) != NULL);
  for (guint i = 0; i < report->tables->len; i++)
    rows += ((const CormExchangeTable *) report->tables->pdata[i])->rows;
  return rows;
}

/* Keys that each database sorts in its own way, in an order that is none of theirs. */
static inline G_GNUC_UNUSED void
fill_keys (Suite *suite)
{
  static const char *const words[] = { "ä", "z", "Z", "a b", "a", "B", "_", "é", "ab", "😀", "", NULL };
  static const char *const ids[] = { "ffffffff-0000-1000-8000-000000000000",
                                     "00000000-ffff-1000-8000-000000000000",
                                     "00000000-0000-1fff-8000-000000000000", NULL };
  for (guint i = 0; words[i] != NULL; i++)
    assert_ok (word_insert (suite->conn, &(Word){ .word = words[i], .count = (gint64) i }, error));
  for (guint i = 0; ids[i] != NULL; i++) {
    Tag tag = { .label = ids[i] };
    assert_true (corm_uuid_parse (ids[i], &tag.id));
    assert_ok (tag_insert (suite->conn, &tag, error));
  }
  for (gint32 i = 0; i < 4; i++)
    assert_ok (
        seat_insert (suite->conn, &(Seat){ .room = 10 - i / 2, .number = 9 + i % 2, .holder = "x" }, error));
}
