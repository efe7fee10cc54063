/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* The sentences about relations. */
#include "../lib/faults.h"

typedef struct {
  gint64 id;
  CormRows *things;
} Shop;

typedef struct {
  gint64 id;
  CormOptInt64 shop_id;
  CormOptInt32 small_id;
  Shop *shop;
} Thing;

static const CormModel Thing_model;

static const CormColumn shop_columns[] = { CORM_COLUMN (Shop, id, .primary_key = true) };
static const CormRelation shop_relations[] = { CORM_HAS_MANY (Shop, things, Thing, shop_id) };
static const CormModel Shop_model =
    CORM_MODEL (Shop, "shops", CORM_COLUMNS (shop_columns), CORM_RELATIONS (shop_relations));

static const CormColumn thing_columns[] = {
  CORM_COLUMN (Thing, id, .primary_key = true),
  CORM_COLUMN (Thing, shop_id, .references = "shops.id"),
  CORM_COLUMN (Thing, small_id),
};
static const CormRelation thing_relations[] = { CORM_BELONGS_TO (Thing, shop, Shop, shop_id) };
static const CormModel Thing_model =
    CORM_MODEL (Thing, "things", CORM_COLUMNS (thing_columns), CORM_RELATIONS (thing_relations));

static void
both_ways (G_GNUC_UNUSED void **state)
{
  assert_no_faults (&Shop_model, &Thing_model);
}

static void
target_not_registered (G_GNUC_UNUSED void **state)
{
  assert_faults ("model Shop (table shops): relation 'things' holds rows of model Thing, which is not in the "
                 "registry; register "
                 "it too",
                 &Shop_model);
}

static void
belongs_to_over_another_type (G_GNUC_UNUSED void **state)
{
  const CormRelation relations[] = { CORM_BELONGS_TO (Thing, shop, Shop, small_id) };
  const CormModel model =
      CORM_MODEL (Thing, "things", CORM_COLUMNS (thing_columns), CORM_RELATIONS (relations));
  const CormModel shop = {
    .type = "Shop", .table = "shops", .size = offsetof (Shop, things), CORM_COLUMNS (shop_columns)
  };
  CormRelation to_shop[] = { relations[0] };
  to_shop[0].target = &shop;
  CormModel thing = model;
  thing.relations = to_shop;
  assert_faults ("model Thing (table things): relation 'shop' goes over column 'small_id' of type int32, but "
                 "the primary key "
                 "shops.id is of type int64; give both members the same type",
                 &shop, &thing);
}

static void
key_is_no_column (G_GNUC_UNUSED void **state)
{
  const CormModel shop = {
    .type = "Shop", .table = "shops", .size = offsetof (Shop, things), CORM_COLUMNS (shop_columns)
  };
  const CormRelation relations[] = {
    { .name = "shop",
      .slot = offsetof (Thing, shop),
      .target = &shop,
      .keys = { offsetof (Thing, shop), G_MAXSIZE } },
  };
  const CormModel thing =
      CORM_MODEL (Thing, "things", CORM_COLUMNS (thing_columns), CORM_RELATIONS (relations));
  assert_faults ("model Thing (table things): relation 'shop' goes over a member that is no column; add a "
                 "CORM_COLUMN for it",
                 &shop, &thing);
}

static void
has_many_over_no_reference (G_GNUC_UNUSED void **state)
{
  const CormModel thing = {
    .type = "Thing", .table = "things", .size = offsetof (Thing, shop), CORM_COLUMNS (thing_columns)
  };
  CormRelation relations[] = {
    { .name = "things",
      .kind = CORM_HAS_MANY_ROWS,
      .slot = offsetof (Shop, things),
      .target = &thing,
      .keys = { 0, G_MAXSIZE } },
  };
  const CormModel shop = CORM_MODEL (Shop, "shops", CORM_COLUMNS (shop_columns), CORM_RELATIONS (relations));
  relations[0].keys[0] = offsetof (Thing, id);
  assert_faults ("model Shop (table shops): relation 'things' goes over things.id, which does not reference "
                 "the table shops; "
                 "give that column .references or name the right one",
                 &shop, &thing);
  relations[0].keys[0] = offsetof (Thing, shop);
  assert_faults ("model Shop (table shops): relation 'things' goes over a member of Thing that is no column; "
                 "add a CORM_COLUMN "
                 "for it",
                 &shop, &thing);
}

static void
belongs_to_a_key_of_two (G_GNUC_UNUSED void **state)
{
  typedef struct {
    gint64 a;
    gint64 b;
  } Pair;
  const CormColumn pair_columns[] = { CORM_COLUMN (Pair, a, .primary_key = true),
                                      CORM_COLUMN (Pair, b, .primary_key = true) };
  const CormModel pair = CORM_MODEL (Pair, "pairs", CORM_COLUMNS (pair_columns));
  const CormRelation relations[] = {
    { .name = "shop",
      .slot = offsetof (Thing, shop),
      .target = &pair,
      .keys = { offsetof (Thing, shop_id), G_MAXSIZE } },
  };
  const CormColumn columns[] = { CORM_COLUMN (Thing, id, .primary_key = true), CORM_COLUMN (Thing, shop_id),
                                 CORM_COLUMN (Thing, small_id) };
  const CormModel thing = CORM_MODEL (Thing, "things", CORM_COLUMNS (columns), CORM_RELATIONS (relations));
  assert_faults ("model Thing (table things): relation 'shop' goes over 1 column, but the primary key of "
                 "Pair (pairs) has 2; name as many members",
                 &pair, &thing);
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (both_ways),
    cmocka_unit_test (target_not_registered),
    cmocka_unit_test (belongs_to_over_another_type),
    cmocka_unit_test (key_is_no_column),
    cmocka_unit_test (has_many_over_no_reference),
    cmocka_unit_test (belongs_to_a_key_of_two),
  };
  return cmocka_run_group_tests_name ("relation", tests, NULL, NULL);
}
