/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Houses, each with one roof, which may lie about, and one cellar, which may not: a session's rows and the tables, as text. */
#pragma once

#include "games.h"

typedef struct House House;
typedef struct {
  gint64 id;
  CormOptInt64 house_id;
  gint32 size;
  gint32 version;
  House *house;
} Roof;
typedef struct {
  gint64 id;
  gint64 house_id;
  gint32 size;
  gint32 version;
  House *house;
} Cellar;
struct House {
  gint64 id;
  gint32 size;
  gint32 version;
  Roof *roof;
  Cellar *cellar;
};

CORM_DECLARE_MODEL (House, house)
CORM_DECLARE_MODEL (Roof, roof)
CORM_DECLARE_MODEL (Cellar, cellar)

static const CormColumn roof_columns[] = {
  CORM_COLUMN (Roof, id, .primary_key = true),
  CORM_COLUMN (Roof, house_id, .unique = true, .references = "houses.id", .on_delete = CORM_SET_NULL),
  CORM_COLUMN (Roof, size),
  CORM_COLUMN (Roof, version, .role = CORM_ROLE_VERSION),
};
static const CormRelation roof_relations[] = { CORM_BELONGS_TO (Roof, house, House, house_id) };
const CormModel Roof_model =
    CORM_MODEL (Roof, "roofs", CORM_COLUMNS (roof_columns), CORM_RELATIONS (roof_relations));

static const CormColumn cellar_columns[] = {
  CORM_COLUMN (Cellar, id, .primary_key = true),
  CORM_COLUMN (Cellar, house_id, .unique = true, .references = "houses.id", .on_delete = CORM_CASCADE),
  CORM_COLUMN (Cellar, size),
  CORM_COLUMN (Cellar, version, .role = CORM_ROLE_VERSION),
};
static const CormRelation cellar_relations[] = { CORM_BELONGS_TO (Cellar, house, House, house_id) };
const CormModel Cellar_model =
    CORM_MODEL (Cellar, "cellars", CORM_COLUMNS (cellar_columns), CORM_RELATIONS (cellar_relations));

static const CormColumn house_columns[] = { CORM_COLUMN (House, id, .primary_key = true),
                                            CORM_COLUMN (House, size),
                                            CORM_COLUMN (House, version, .role = CORM_ROLE_VERSION) };
static const CormRelation house_relations[] = { CORM_HAS_ONE (House, roof, Roof, house_id),
                                                CORM_HAS_ONE (House, cellar, Cellar, house_id) };
const CormModel House_model =
    CORM_MODEL (House, "houses", CORM_COLUMNS (house_columns), CORM_RELATIONS (house_relations));
static const CormModel *const models[] = { &House_model, &Roof_model, &Cellar_model, NULL };

enum { HOUSE, ROOF, CELLAR, N_KINDS };

/* A row of the session. */
typedef struct {
  int kind;
  gpointer row;
  gpointer kept; /* a copy of the struct, of the last commit; NULL: it was not there */
} Item;

typedef struct {
  Suite *suite;
  Random random;
  CormSession *session;
  GArray *items;       /* Item */
  GArray *committed;   /* those of the last commit */
  char *kept;          /* the tables then */
  gboolean open;       /* something is flushed since */
  Item moved;          /* the row that was moved since the last flush */
  const House *target; /* to this house; NULL: away from all */
  guint n_moves;       /* of more than one nobody tells which holds */
  GPtrArray *memory;
  GString *log;
} Game;

#define say(game, ...) g_string_append_printf ((game)->log, __VA_ARGS__)

/* --- rows, in memory and in the tables */

static Item *
item_at (Game *game, guint i)
{
  return &g_array_index (game->items, Item, i);
}

static gsize
size_of (const Item *item)
{
  return models[item->kind]->size;
}

static CormRowState
state_of (Game *game, gconstpointer row)
{
  return corm_session_get_state (game->session, row);
}

static gint64
id_of (const Item *item)
{
  return *(const gint64 *) item->row;
}

/* What a roof's or a cellar's key says; 0: nothing. */
static gint64
house_of (const Item *item)
{
  const Roof *roof = item->row;
  const Cellar *cellar = item->row;
  return item->kind == CELLAR ? cellar->house_id : roof->house_id.is_set ? roof->house_id.value : 0;
}

static House **
slot_of (const Item *item)
{
  return item->kind == ROOF ? &((Roof *) item->row)->house : &((Cellar *) item->row)->house;
}

static gpointer *
slot_for (House *house, int kind)
{
  return kind == ROOF ? (gpointer *) &house->roof : (gpointer *) &house->cellar;
}

/* Field by field: an assignment need not copy the padding of an optional. */
static gboolean
is_same (const Item *item, gconstpointer other)
{
  const Roof *a = item->row, *b = other;
  if (item->kind != ROOF)
    return memcmp (item->row, other, size_of (item)) == 0;
  return a->id == b->id && a->house_id.is_set == b->house_id.is_set &&
         a->house_id.value == b->house_id.value && a->size == b->size && a->version == b->version &&
         a->house == b->house;
}

static char *
describe (const Item *item)
{
  const House *house = item->row;
  const Roof *roof = item->row;
  const Cellar *cellar = item->row;
  gint32 size = item->kind == HOUSE ? house->size : item->kind == ROOF ? roof->size : cellar->size;
  return g_strdup_printf ("%s %d size %d v%d of %d", models[item->kind]->table, (int) id_of (item),
                          (int) size,
                          (int) (item->kind == HOUSE  ? house->version
                                 : item->kind == ROOF ? roof->version
                                                      : cellar->version),
                          item->kind == HOUSE ? 0 : (int) house_of (item));
}

static int
compare_lines (gconstpointer a, gconstpointer b)
{
  return strcmp (*(char *const *) a, *(char *const *) b);
}

/* Takes over @lines. */
static char *
join (GPtrArray *lines)
{
  g_ptr_array_sort (lines, compare_lines);
  g_ptr_array_add (lines, NULL);
  char *text = g_strjoinv ("\n", (char **) lines->pdata);
  g_ptr_array_unref (lines);
  return text;
}

static char *
list_tables (Game *game)
{
  GPtrArray *lines = g_ptr_array_new_with_free_func (g_free);
  for (int kind = 0; kind < N_KINDS; kind++) {
    CormRows *rows = NULL;
    works (game,
           (rows = corm_find_rows (models[kind], game->suite->conn, error, &(const CormFind){ 0 })) != NULL);
    for (gsize i = 0; i < corm_rows_get_length (rows); i++) {
      const Item item = { kind, corm_rows_get (rows, i), NULL };
      g_ptr_array_add (lines, describe (&item));
    }
    corm_rows_free (rows);
  }
  return join (lines);
}

static char *
list_items (Game *game)
{
  GPtrArray *lines = g_ptr_array_new_with_free_func (g_free);
  for (guint i = 0; i < game->items->len; i++)
    g_ptr_array_add (lines, describe (item_at (game, i)));
  return join (lines);
}
