/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* 1 000 rows and their 200 children each, in two queries, all members looked at; by hand a table of hashes leads each child
 * to its parent. */
#include "bench.h"

enum { N_CHILDREN = 200 };

/* A reading that knows those it is the parent of: a Reading in front. */
typedef struct {
  gint64 id;
  const char *name;
  const char *note;
  ReadingState state;
  gint32 kind;
  gint16 priority;
  bool active;
  double score;
  CormOptInt64 parent_id;
  CormTimestamp created_at;
  CormRows *children;
} Station;

CORM_DECLARE_MODEL (Station, station)

G_STATIC_ASSERT (offsetof (Station, created_at) == offsetof (Reading, created_at));

static const CormColumn station_columns[] = {
  CORM_COLUMN (Station, id, .primary_key = true),
  CORM_COLUMN (Station, name, .not_null = true, .max_length = 80),
  CORM_COLUMN (Station, note),
  CORM_COLUMN (Station, state, .labels = bench_states),
  CORM_COLUMN (Station, kind),
  CORM_COLUMN (Station, priority),
  CORM_COLUMN (Station, active),
  CORM_COLUMN (Station, score),
  CORM_COLUMN (Station, parent_id, .references = "readings.id"),
  CORM_COLUMN (Station, created_at, .default_sql = CORM_NOW),
};
static const CormRelation station_relations[] = {
  CORM_HAS_MANY (Station, children, Station, parent_id),
};
const CormModel Station_model =
    CORM_MODEL (Station, "readings", CORM_COLUMNS (station_columns), CORM_RELATIONS (station_relations));

static void
shape (Bench *bench)
{
  gsize n_parents = bench->n_rows / (N_CHILDREN + 1);
  for (gsize i = 0; i < bench->n_rows; i++)
    bench->rows[i].parent_id = i < n_parents
                                   ? (CormOptInt64){ 0 }
                                   : (CormOptInt64){ true, (gint64) ((i - n_parents) % n_parents) + 1 };
}

/* A database of this figure's model, which is another one of the same table. */
static void
open_stations (Bench *bench)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *place = bench_place (bench->floor);
  if (bench->other != NULL)
    return;
  g_autoptr (CormRegistry) registry = corm_registry_new (&error, &Station_model, NULL);
  BENCH_NEED (registry != NULL);
  BENCH_NEED ((bench->other = corm_db_open (place, registry, &error)) != NULL);
  corm_connection_free (bench->conn);
  BENCH_NEED ((bench->conn = corm_db_connect (bench->other, &error)) != NULL);
}

static void
load (Bench *bench)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (CormRows) rows =
      corm_find (Station, bench->conn, &error, .where = CORM_IS_NULL (Station, parent_id),
                 .with = CORM_WITH (Station, children), .limit = 0);
  BENCH_NEED (rows != NULL);
  CORM_FOREACH (Station, station, rows) {
    bench->sum += bench_read ((const Reading *) station);
    CORM_FOREACH (Station, child, station->children)
      bench->sum += bench_read ((const Reading *) child);
  }
}

typedef struct {
  const Reading *parent;
  GPtrArray *children; /* Reading, borrowed */
} Family;

static Family *
gather (const Reading *parents, gsize n_parents, const Reading *children, gsize n)
{
  Family *families = g_new (Family, n_parents);
  g_autoptr (GHashTable) places = g_hash_table_new (g_int64_hash, g_int64_equal);
  for (gsize i = 0; i < n_parents; i++) {
    families[i] = (Family){ &parents[i], g_ptr_array_new () };
    g_hash_table_insert (places, (gpointer) &parents[i].id, &families[i]);
  }
  for (gsize i = 0; i < n; i++) {
    const Family *family = g_hash_table_lookup (places, &children[i].parent_id.value);
    g_ptr_array_add (family->children, (gpointer) &children[i]);
  }
  return families;
}

static void
load_by_hand (Bench *bench)
{
  Reading *parents, *children;
  g_autoptr (GString) sql = g_string_new (BENCH_SELECT " WHERE parent_id IN (");
  gsize n_parents = bench->floor->rows (bench->native, BENCH_SELECT " WHERE parent_id IS NULL", &parents);
  for (gsize i = 0; i < n_parents; i++)
    g_string_append_printf (sql, "%s%" G_GINT64_FORMAT, i > 0 ? ", " : "", parents[i].id);
  g_string_append_c (sql, ')');
  gsize n = bench->floor->rows (bench->native, sql->str, &children);
  g_autofree Family *families = gather (parents, n_parents, children, n);
  for (gsize i = 0; i < n_parents; i++) {
    bench->sum += bench_read (families[i].parent);
    for (guint k = 0; k < families[i].children->len; k++)
      bench->sum += bench_read (families[i].children->pdata[k]);
    g_ptr_array_unref (families[i].children);
  }
  bench_free_rows (parents, n_parents);
  bench_free_rows (children, n);
}

int
main (void)
{
  return bench_main (&(BenchFigure){
      .name = "eager",
      .marks = { 0.90, 0.90, 1.0 },
      .n_rows = 1000 * (N_CHILDREN + 1),
      .n = 1000 * (N_CHILDREN + 1),
      .reads = TRUE,
      .shape = shape,
      .begin = open_stations,
      .corm = load,
      .by_hand = load_by_hand,
  });
}
