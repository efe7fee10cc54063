/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* The sentences about relations. */
#include "../lib/faults.h"

#include "model/path.h"

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

/* --- delete rules, has one, many to many */

static CormModel
shop_with (const CormRelation *relation)
{
  return (CormModel) CORM_MODEL (Shop, "shops", CORM_COLUMNS (shop_columns), .relations = relation,
                                 .n_relations = 1);
}

static CormModel
bare_thing (const CormColumn *columns, gsize n)
{
  return (CormModel){
    .type = "Thing", .table = "things", .size = offsetof (Thing, shop), .columns = columns, .n_columns = n
  };
}

static void
delete_rules_differ (G_GNUC_UNUSED void **state)
{
  CormColumn columns[] = { thing_columns[0], thing_columns[1], thing_columns[2] };
  CormModel thing = bare_thing (columns, 3);
  CormRelation relation = CORM_HAS_MANY (Shop, things, Thing, shop_id, .on_delete = CORM_CASCADE);
  relation.target = &thing;
  CormModel shop = shop_with (&relation);
  assert_faults (
      "model Shop (table shops): relation 'things' has .on_delete = CORM_CASCADE, but the foreign key "
      "things.shop_id has CORM_NO_ACTION; give both the same",
      &shop, &thing);
  columns[1].on_delete = CORM_CASCADE;
  assert_no_faults (&shop, &thing);
  relation.on_delete = CORM_NO_ACTION; /* left to the foreign key */
  assert_no_faults (&shop, &thing);
}

static void
key_references_another_table (G_GNUC_UNUSED void **state)
{
  typedef struct {
    gint64 id;
  } Other;
  const CormColumn other_columns[] = { CORM_COLUMN (Other, id, .primary_key = true) };
  const CormModel other = CORM_MODEL (Other, "others", CORM_COLUMNS (other_columns));
  CormColumn columns[] = { thing_columns[0], thing_columns[1], thing_columns[2] };
  columns[1].references = "others.id";
  CormModel thing = bare_thing (columns, 3);
  CormRelation relation = CORM_HAS_MANY (Shop, things, Thing, shop_id);
  relation.target = &thing;
  CormModel shop = shop_with (&relation);
  assert_faults (
      "model Shop (table shops): relation 'things' goes over things.shop_id, which does not reference the "
      "table shops, but the table others; give that column .references or name the right one",
      &shop, &thing, &other);
  CormRelation to_shop = CORM_BELONGS_TO (Thing, shop, Shop, shop_id);
  const CormModel bare_shop = {
    .type = "Shop", .table = "shops", .size = offsetof (Shop, things), CORM_COLUMNS (shop_columns)
  };
  to_shop.target = &bare_shop;
  thing.size = sizeof (Thing);
  thing.relations = &to_shop;
  thing.n_relations = 1;
  assert_faults (
      "model Thing (table things): relation 'shop' goes over things.shop_id, which does not reference the "
      "table shops, but the table others; give that column .references or name the right one",
      &bare_shop, &thing, &other);
}

static void
has_one_of_many (G_GNUC_UNUSED void **state)
{
  typedef struct {
    gint64 id;
    Thing *thing;
  } Single;
  const CormColumn single_columns[] = { CORM_COLUMN (Single, id, .primary_key = true) };
  CormColumn columns[] = { thing_columns[0], thing_columns[1], thing_columns[2] };
  CormModel thing = bare_thing (columns, 3);
  CormRelation relation = CORM_HAS_ONE (Single, thing, Thing, shop_id);
  relation.target = &thing;
  const CormModel single =
      CORM_MODEL (Single, "shops", CORM_COLUMNS (single_columns), .relations = &relation, .n_relations = 1);
  assert_faults (
      "model Single (table shops): relation 'thing' has one row over things.shop_id, of which there may be "
      "more than one; make it .unique, or use CORM_HAS_MANY",
      &single, &thing);
  columns[1].unique = true;
  assert_no_faults (&single, &thing);
}

typedef struct {
  gint64 shop_id;
  gint64 thing_id;
  gint64 amount;
} Stock;

static void
many_through_a_model (G_GNUC_UNUSED void **state)
{
  CormColumn stock_columns[] = {
    CORM_COLUMN (Stock, shop_id, .references = "shops.id"),
    CORM_COLUMN (Stock, thing_id, .references = "things.id"),
    CORM_COLUMN (Stock, amount, .primary_key = true),
  };
  const CormModel Stock_model = CORM_MODEL (Stock, "stocks", CORM_COLUMNS (stock_columns));
  CormModel thing = bare_thing (thing_columns, 3);
  CormRelation relation = CORM_MANY_THROUGH (Shop, things, Thing, Stock, shop_id, thing_id);
  relation.target = &thing;
  CormModel shop = shop_with (&relation);
  assert_faults ("model Shop (table shops): relation 'things' goes through Stock (stocks), where the same "
                 "pair may stand "
                 "twice; make (shop_id, thing_id) its primary key or a unique constraint",
                 &shop, &thing, &Stock_model);
  stock_columns[0].primary_key = stock_columns[1].primary_key = true;
  stock_columns[2].primary_key = false;
  assert_no_faults (&shop, &thing, &Stock_model);
  assert_faults (
      "model Shop (table shops): relation 'things' goes through model Stock, which is not in the registry; "
      "register it too",
      &shop, &thing);
  stock_columns[1].references = NULL;
  assert_faults (
      "model Shop (table shops): relation 'things' goes over stocks.thing_id, which does not reference the "
      "table things; give that column .references or name the right one",
      &shop, &thing, &Stock_model);
}

static void
tables_of_pairs (G_GNUC_UNUSED void **state)
{
  CormModel thing = bare_thing (thing_columns, 3);
  CormRelation relation = CORM_MANY_TO_MANY (Shop, things, Thing, "shop_things", "shop_id", "thing_id");
  relation.target = &thing;
  CormModel shop = shop_with (&relation);
  assert_no_faults (&shop, &thing);
  relation.near_key = "shop_id, shop_number";
  assert_faults ("model Shop (table shops): relation 'things' has \"shop_id, shop_number\" in the table "
                 "'shop_things' for "
                 "the primary key of Shop, which has 1 column; name as many, at most 8",
                 &shop, &thing);
  relation.near_key = "shop_id";
  relation.table = "things";
  assert_faults (
      "model Shop (table shops): relation 'things' makes the table 'things', which model Thing has; use "
      "CORM_MANY_THROUGH with that model, or another name",
      &shop, &thing);
}

/* The other model names the same table with other columns. */
static void
tables_of_pairs_that_differ (G_GNUC_UNUSED void **state)
{
  typedef struct {
    gint64 id;
    CormRows *shops;
  } Item;
  const CormColumn item_columns[] = { CORM_COLUMN (Item, id, .primary_key = true) };
  CormRelation back = { .name = "shops",
                        .kind = CORM_MANY_TO_MANY_ROWS,
                        .slot = offsetof (Item, shops),
                        .table = "pairs",
                        .near_key = "item_id",
                        .far_key = "shop" };
  const CormModel item =
      CORM_MODEL (Item, "items", CORM_COLUMNS (item_columns), .relations = &back, .n_relations = 1);
  const CormRelation there = { .name = "things",
                               .kind = CORM_MANY_TO_MANY_ROWS,
                               .slot = offsetof (Shop, things),
                               .target = &item,
                               .table = "pairs",
                               .near_key = "shop_id",
                               .far_key = "item_id" };
  CormModel shop = shop_with (&there);
  back.target = &shop;
  assert_faults (
      "model Item (table items): relation 'shops' and another one make the table 'pairs' with other columns; "
      "give both the same names",
      &shop, &item);
  back.far_key = "shop_id";
  assert_no_faults (&shop, &item);
}

/* What the registry made is a model like the others. */
static void
the_table_of_pairs_is_a_model (G_GNUC_UNUSED void **state)
{
  CormModel thing = bare_thing (thing_columns, 3);
  CormRelation relation = CORM_MANY_TO_MANY (Shop, things, Thing, "shop_things", "shop_id", "thing_id");
  relation.target = &thing;
  CormModel shop = shop_with (&relation);
  g_autoptr (GError) error = NULL;
  g_autoptr (CormRegistry) registry = corm_registry_new (&error, &shop, &thing, NULL);
  assert_null (error);
  const CormMapping *pairs = corm_registry_find_table (registry, "shop_things");
  assert_non_null (pairs);
  assert_true (pairs->is_association);
  assert_int_equal (pairs->n_keys, 2);
  assert_ptr_equal (corm_registry_get_models (registry)[2], pairs->model);
  assert_string_equal (pairs->fields[0].column->references, "shops.id");
  assert_int_equal (pairs->fields[1].column->on_delete, CORM_CASCADE);
  assert_string_equal (pairs->model->indexes[0].columns, "thing_id");
  const CormPath *path =
      corm_mapping_find_path (corm_registry_find_mapping (registry, &shop), offsetof (Shop, things));
  assert_ptr_equal (path->through, pairs);
  assert_int_equal (path->n, 1);
  assert_string_equal (path->owner_fields[0]->name, "id");
  assert_string_equal (path->near_fields[0]->name, "shop_id");
  assert_string_equal (path->far_fields[0]->name, "thing_id");
  assert_ptr_equal (path->target_fields[0], &path->target->fields[0]);
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
    cmocka_unit_test (delete_rules_differ),
    cmocka_unit_test (key_references_another_table),
    cmocka_unit_test (has_one_of_many),
    cmocka_unit_test (many_through_a_model),
    cmocka_unit_test (tables_of_pairs),
    cmocka_unit_test (tables_of_pairs_that_differ),
    cmocka_unit_test (the_table_of_pairs_is_a_model),
  };
  return cmocka_run_group_tests_name ("relation", tests, NULL, NULL);
}
