/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Every byte of a struct is claimed once: holes that are members somebody forgot, and double claims. */
#include "../lib/faults.h"

#define THING "model Thing (table things): "
#define HOLE \
  "belong to no column; add a CORM_COLUMN or a relation for the member there, or take it out of the struct"

typedef struct {
  gint64 id;
  const char *name;
  gint32 status;
  gint64 load;
  bool done;
} Thing;

static void
hole_between (G_GNUC_UNUSED void **state)
{
  const CormColumn columns[] = { CORM_COLUMN (Thing, id, .primary_key = true), CORM_COLUMN (Thing, status),
                                 CORM_COLUMN (Thing, load), CORM_COLUMN (Thing, done) };
  const CormModel model = CORM_MODEL (Thing, "things", CORM_COLUMNS (columns));
  assert_faults (THING "bytes 8 to 15 of the struct, between 'id' and 'status', " HOLE, &model);
}

static void
hole_of_two_members (G_GNUC_UNUSED void **state)
{
  const CormColumn columns[] = { CORM_COLUMN (Thing, id, .primary_key = true), CORM_COLUMN (Thing, load),
                                 CORM_COLUMN (Thing, done) };
  const CormModel model = CORM_MODEL (Thing, "things", CORM_COLUMNS (columns));
  assert_faults (THING "bytes 8 to 23 of the struct, between 'id' and 'load', " HOLE, &model);
}

static void
hole_before (G_GNUC_UNUSED void **state)
{
  const CormColumn columns[] = { CORM_COLUMN (Thing, name, .primary_key = true), CORM_COLUMN (Thing, status),
                                 CORM_COLUMN (Thing, load), CORM_COLUMN (Thing, done) };
  const CormModel model = CORM_MODEL (Thing, "things", CORM_COLUMNS (columns));
  assert_faults (THING "bytes 0 to 7 of the struct, before 'name', " HOLE, &model);
}

static void
hole_behind (G_GNUC_UNUSED void **state)
{
  const CormColumn columns[] = { CORM_COLUMN (Thing, id, .primary_key = true), CORM_COLUMN (Thing, name),
                                 CORM_COLUMN (Thing, status), CORM_COLUMN (Thing, load) };
  const CormModel model = CORM_MODEL (Thing, "things", CORM_COLUMNS (columns));
  assert_faults (THING "bytes 32 to 39 of the struct, behind 'load', " HOLE, &model);
}

static void
two_holes_two_lines (G_GNUC_UNUSED void **state)
{
  const CormColumn columns[] = { CORM_COLUMN (Thing, id, .primary_key = true), CORM_COLUMN (Thing, status),
                                 CORM_COLUMN (Thing, load) };
  const CormModel model = CORM_MODEL (Thing, "things", CORM_COLUMNS (columns));
  assert_faults (THING "bytes 8 to 15 of the struct, between 'id' and 'status', " HOLE "\n" THING
                       "bytes 32 to 39 of the struct, behind 'load', " HOLE,
                 &model);
}

/* Padding before status's neighbour and at the end is nobody's; the order of the columns is not the struct's. */
static void
padding_is_no_hole (G_GNUC_UNUSED void **state)
{
  const CormColumn columns[] = { CORM_COLUMN (Thing, done), CORM_COLUMN (Thing, load),
                                 CORM_COLUMN (Thing, status), CORM_COLUMN (Thing, name),
                                 CORM_COLUMN (Thing, id, .primary_key = true) };
  const CormModel model = CORM_MODEL (Thing, "things", CORM_COLUMNS (columns));
  assert_no_faults (&model);
}

typedef struct {
  CormUuid id;
  CormOptBool flag;
  gint16 small;
  CormOptInt16 optional;
  CormOptUuid other;
  CormBytes bytes;
  CormOptDate day;
  CormOptTimestamp moment;
} Odd;

static void
odd_sizes_and_alignments (G_GNUC_UNUSED void **state)
{
  const CormColumn columns[] = {
    CORM_COLUMN (Odd, id, .primary_key = true),
    CORM_COLUMN (Odd, flag),
    CORM_COLUMN (Odd, small),
    CORM_COLUMN (Odd, optional),
    CORM_COLUMN (Odd, other),
    CORM_COLUMN (Odd, bytes),
    CORM_COLUMN (Odd, day),
    CORM_COLUMN (Odd, moment),
  };
  const CormModel model = CORM_MODEL (Odd, "odds", CORM_COLUMNS (columns));
  assert_no_faults (&model);
}

static void
relations_claim_too (G_GNUC_UNUSED void **state)
{
  typedef struct _Node Node;
  struct _Node {
    gint64 id;
    CormOptInt64 parent_id;
    Node *parent;
    CormRows *children;
  };
  const CormColumn columns[] = { CORM_COLUMN (Node, id, .primary_key = true),
                                 CORM_COLUMN (Node, parent_id, .references = "nodes.id") };
  CormRelation relations[] = {
    { .name = "parent",
      .kind = CORM_BELONGS_TO_ONE,
      .slot = offsetof (Node, parent),
      .keys = { offsetof (Node, parent_id), G_MAXSIZE } },
    { .name = "children",
      .kind = CORM_HAS_MANY_ROWS,
      .slot = offsetof (Node, children),
      .keys = { offsetof (Node, parent_id), G_MAXSIZE } },
  };
  const CormModel model = CORM_MODEL (Node, "nodes", CORM_COLUMNS (columns), CORM_RELATIONS (relations));
  relations[0].target = relations[1].target = &model;
  assert_no_faults (&model);

  const CormModel bare = CORM_MODEL (Node, "nodes", CORM_COLUMNS (columns));
  assert_faults ("model Node (table nodes): bytes 24 to 39 of the struct, behind 'parent_id', " HOLE, &bare);
}

static void
claimed_twice (G_GNUC_UNUSED void **state)
{
  const CormColumn columns[] = { CORM_COLUMN (Thing, id, .primary_key = true),
                                 CORM_COLUMN (Thing, name),
                                 CORM_COLUMN_NAMED (Thing, name, "title"),
                                 CORM_COLUMN (Thing, status),
                                 CORM_COLUMN (Thing, load),
                                 CORM_COLUMN (Thing, done) };
  const CormModel model = CORM_MODEL (Thing, "things", CORM_COLUMNS (columns));
  assert_faults (THING "'name' and 'name' claim the same bytes of the struct; drop one of them", &model);
}

static void
member_of_another_struct (G_GNUC_UNUSED void **state)
{
  typedef struct {
    gint64 id;
  } Small;
  const CormColumn columns[] = { CORM_COLUMN (Small, id, .primary_key = true), CORM_COLUMN (Thing, name) };
  const CormModel model = CORM_MODEL (Small, "smalls", CORM_COLUMNS (columns));
  assert_faults ("model Small (table smalls): 'name' lies outside the struct of 8 bytes; name the struct "
                 "that it is a member of",
                 &model);
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (hole_between),
    cmocka_unit_test (hole_of_two_members),
    cmocka_unit_test (hole_before),
    cmocka_unit_test (hole_behind),
    cmocka_unit_test (two_holes_two_lines),
    cmocka_unit_test (padding_is_no_hole),
    cmocka_unit_test (odd_sizes_and_alignments),
    cmocka_unit_test (relations_claim_too),
    cmocka_unit_test (claimed_twice),
    cmocka_unit_test (member_of_another_struct),
  };
  return cmocka_run_group_tests_name ("layout", tests, NULL, NULL);
}
