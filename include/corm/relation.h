/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* What a model is related to. A relation has a slot in the struct, a member that holds the related rows once they are
 * asked for (see <corm/load.h>), and goes over a foreign key. Each macro takes the struct, the slot in it, the other
 * struct, and the foreign key's member in the struct that has it; (a, b) where the key has several columns. */
#pragma once

#include <corm/types.h>

G_BEGIN_DECLS

typedef enum { CORM_NO_ACTION, CORM_RESTRICT, CORM_CASCADE, CORM_SET_NULL, CORM_SET_DEFAULT } CormAction;

typedef enum {
  CORM_BELONGS_TO_ONE,
  CORM_HAS_ONE_ROW,
  CORM_HAS_MANY_ROWS,
  CORM_MANY_TO_MANY_ROWS,
} CormRelationKind;

#define CORM_KEY_MAX 8 /* columns of a key that a relation goes over */

typedef struct {
  const char *name;
  CormRelationKind kind;
  gsize slot; /* offset of the pointer in the owner's struct */
  const CormModel *target;
  /* Offsets of the foreign key's members, ended by G_MAXSIZE: in the owner (belongs to), in the target (has), in
   * through, where they point to the owner and other_keys to the target. */
  gsize keys[CORM_KEY_MAX + 1];
  const CormModel *through; /* many to many over a model; else over the table that the registry makes: */
  gsize other_keys[CORM_KEY_MAX + 1];
  const char *table;    /* its name */
  const char *near_key; /* its column or columns, "a, b", for the owner's primary key */
  const char *far_key;  /* and for the target's */
  /* What becomes of the rows that bear the foreign key when the other goes. The registry checks that the foreign key
   * says the same; NO_ACTION leaves it to that. */
  CormAction on_delete;
} CormRelation;

/* Which relations of a row have been loaded; see CORM_STRICT. */
typedef struct {
  guint64 relations; /* a bit for each, in the order of the model's */
} CormLoaded;

#ifndef __cplusplus
/* clang-format off */
/* Offsets of up to eight members, ended by G_MAXSIZE: CORM_MEMBERS (Job, status, name). */
#define CORM_OFFSETS_1(T, a) offsetof (T, a)
#define CORM_OFFSETS_2(T, a, ...) offsetof (T, a), CORM_OFFSETS_1 (T, __VA_ARGS__)
#define CORM_OFFSETS_3(T, a, ...) offsetof (T, a), CORM_OFFSETS_2 (T, __VA_ARGS__)
#define CORM_OFFSETS_4(T, a, ...) offsetof (T, a), CORM_OFFSETS_3 (T, __VA_ARGS__)
#define CORM_OFFSETS_5(T, a, ...) offsetof (T, a), CORM_OFFSETS_4 (T, __VA_ARGS__)
#define CORM_OFFSETS_6(T, a, ...) offsetof (T, a), CORM_OFFSETS_5 (T, __VA_ARGS__)
#define CORM_OFFSETS_7(T, a, ...) offsetof (T, a), CORM_OFFSETS_6 (T, __VA_ARGS__)
#define CORM_OFFSETS_8(T, a, ...) offsetof (T, a), CORM_OFFSETS_7 (T, __VA_ARGS__)
#define CORM_OFFSETS_PICK(_1, _2, _3, _4, _5, _6, _7, _8, name, ...) name
#define CORM_OFFSETS(T, ...) \
  CORM_OFFSETS_PICK (__VA_ARGS__, CORM_OFFSETS_8, CORM_OFFSETS_7, CORM_OFFSETS_6, CORM_OFFSETS_5, \
                     CORM_OFFSETS_4, CORM_OFFSETS_3, CORM_OFFSETS_2, CORM_OFFSETS_1, 0) (T, __VA_ARGS__), G_MAXSIZE
#define CORM_MEMBERS(T, ...) ((const gsize[]) { CORM_OFFSETS (T, __VA_ARGS__) })
/* Relations to load along: CORM_WITH (Job, cluster). */
#define CORM_WITH(T, ...) CORM_MEMBERS (T, __VA_ARGS__)

/* A key's members without the parentheses around several. */
#define CORM_KEY_LIST(...) __VA_ARGS__
#define CORM_KEY_BARE(k) CORM_KEY_LIST k
#define CORM_KEY_SELF(k) k
#define CORM_KEY_PROBE(...) 0, CORM_KEY_BARE
#define CORM_KEY_SECOND_OF(a, b, ...) b
#define CORM_KEY_SECOND(...) CORM_KEY_SECOND_OF (__VA_ARGS__)
#define CORM_KEY_MEMBERS(k) CORM_KEY_SECOND (CORM_KEY_PROBE k, CORM_KEY_SELF, 0) (k)
#define CORM_KEY_OFFSETS(T, ...) { CORM_OFFSETS (T, __VA_ARGS__) }
#define CORM_KEY(T, k) CORM_KEY_OFFSETS (T, CORM_KEY_MEMBERS (k))

#define CORM_RELATION_TO(T, s, M, type, k) \
  .name = #s, .kind = (k), .slot = _Generic (((T *) 0)->s, type: offsetof (T, s)), .target = &M##_model

/* Options behind the key: .on_delete = CORM_CASCADE, where the foreign key says so. */
#define CORM_BELONGS_TO(T, s, M, k, ...) \
  { CORM_RELATION_TO (T, s, M, M *, CORM_BELONGS_TO_ONE), .keys = CORM_KEY (T, k), __VA_ARGS__ }
/* The key is unique. */
#define CORM_HAS_ONE(T, s, M, k, ...) \
  { CORM_RELATION_TO (T, s, M, M *, CORM_HAS_ONE_ROW), .keys = CORM_KEY (M, k), __VA_ARGS__ }
#define CORM_HAS_MANY(T, s, M, k, ...) \
  { CORM_RELATION_TO (T, s, M, CormRows *, CORM_HAS_MANY_ROWS), .keys = CORM_KEY (M, k), __VA_ARGS__ }
/* Over a table of pairs that the registry adds to the schema: CORM_MANY_TO_MANY (Track, playlists, Playlist,
 * "playlist_track", "track_id", "playlist_id"). Its columns reference the two primary keys, go with the rows that they
 * reference, and are its primary key together. The other model may have the relation too, with the columns swapped. */
#define CORM_MANY_TO_MANY(T, s, M, t, near, far) \
  { CORM_RELATION_TO (T, s, M, CormRows *, CORM_MANY_TO_MANY_ROWS), .table = (t), .near_key = (near), .far_key = (far) }
/* Over a model A that has a foreign key to each: CORM_MANY_THROUGH (Track, playlists, Playlist, Entry, track_id, playlist_id) */
#define CORM_MANY_THROUGH(T, s, M, A, near, far, ...) \
  { CORM_RELATION_TO (T, s, M, CormRows *, CORM_MANY_TO_MANY_ROWS), .through = &A##_model, \
    .keys = CORM_KEY (A, near), .other_keys = CORM_KEY (A, far), __VA_ARGS__ }

#define CORM_RELATIONS(a) .relations = (a), .n_relations = G_N_ELEMENTS (a)
/* CORM_MODEL (Job, "jobs", …, CORM_STRICT (Job, loaded)): the member, a CormLoaded, notes which relations of a row have
 * been loaded, so that corm_related() can tell one that nobody asked for from one that there is none of. */
#define CORM_STRICT(T, m) \
  .is_strict = true, .loaded = _Generic (((T *) 0)->m, CormLoaded: offsetof (T, m))
/* clang-format on */
#endif

G_END_DECLS
