/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* The sentences about foreign keys: of a column and of a constraint. */
#include "../lib/faults.h"

#define THING "model Thing (table things): "

typedef struct {
  gint64 id;
  gint64 code;
  const char *name;
  CormDecimal price;
} Shop;

typedef struct {
  gint64 id;
  CormOptInt64 shop_id;
  const char *shop_name;
  CormDecimal price;
} Thing;

static const CormColumn shop_columns[] = {
  CORM_COLUMN (Shop, id, .primary_key = true),
  CORM_COLUMN (Shop, code),
  CORM_COLUMN (Shop, name, .unique = true, .max_length = 20),
  CORM_COLUMN (Shop, price, .unique = true, .precision = 8, .scale = 2),
};
static const CormModel Shop_model = CORM_MODEL (Shop, "shops", CORM_COLUMNS (shop_columns));

#define OPTIONS_SAY(sentence, id_references, name_references) \
  G_STMT_START \
  { \
    const CormColumn columns[] = { \
      CORM_COLUMN (Thing, id, .primary_key = true), \
      CORM_COLUMN (Thing, shop_id, .references = id_references), \
      CORM_COLUMN (Thing, shop_name, .references = name_references), \
      CORM_COLUMN (Thing, price, .precision = 9, .scale = 2), \
    }; \
    const CormModel model = CORM_MODEL (Thing, "things", CORM_COLUMNS (columns)); \
    assert_faults (THING sentence, &model, &Shop_model); \
  } \
  G_STMT_END

static const CormColumn plain[] = {
  CORM_COLUMN (Thing, id, .primary_key = true),
  CORM_COLUMN (Thing, shop_id),
  CORM_COLUMN (Thing, shop_name),
  CORM_COLUMN (Thing, price, .precision = 9, .scale = 2),
};

#define CONSTRAINT_SAYS(sentence, ...) \
  G_STMT_START \
  { \
    const CormConstraint constraints[] = { { .name = "f", __VA_ARGS__ } }; \
    const CormModel model = \
        CORM_MODEL (Thing, "things", CORM_COLUMNS (plain), CORM_CONSTRAINTS (constraints)); \
    assert_faults (THING sentence, &model, &Shop_model); \
  } \
  G_STMT_END

static void
unknown_target (G_GNUC_UNUSED void **state)
{
  OPTIONS_SAY ("column 'shop_id' references the table 'shop', which no model of the registry has; register "
               "its model or mend "
               ".references",
               "shop.id", NULL);
  OPTIONS_SAY ("column 'shop_id' references shops.key, but model Shop has no such column; mend .references",
               "shops.key", NULL);
  OPTIONS_SAY ("column 'shop_id' references \"shops\", which is not of the form \"table.column\" or \"table "
               "(a, b)\"; mend "
               ".references",
               "shops", NULL);
  OPTIONS_SAY (
      "column 'shop_id' references \"\", which is not of the form \"table.column\" or \"table (a, b)\"; mend "
      ".references",
      "", NULL);
}

static void
no_key (G_GNUC_UNUSED void **state)
{
  OPTIONS_SAY ("column 'shop_id' references shops (code), which is neither the primary key nor unique; make "
               "it .unique or "
               "reference the key",
               "shops.code", NULL);
}

static void
other_type (G_GNUC_UNUSED void **state)
{
  OPTIONS_SAY ("column 'shop_id' is of type int64, but references shops.name of type text; give both members "
               "the same type",
               "shops.name", NULL);
  CONSTRAINT_SAYS ("column 'price' is of type decimal, but references shops.price of type decimal; give both "
                   "members the same "
                   "type",
                   .columns = "price", .references = "shops (price)");
}

static void
each_key_its_line (G_GNUC_UNUSED void **state)
{
  OPTIONS_SAY ("column 'shop_id' references the table 'a', which no model of the registry has; register its "
               "model or mend "
               ".references\n" THING "column 'shop_name' references the table 'b', which no model of the "
               "registry has; register its model or mend "
               ".references",
               "a.id", "b.id");
}

static void
constraints (G_GNUC_UNUSED void **state)
{
  CONSTRAINT_SAYS ("column 'shop_id, shop_name' references the table 'nowhere', which no model of the "
                   "registry has; register "
                   "its model or mend .references",
                   .columns = "shop_id, shop_name", .references = "nowhere (id, name)");
  CONSTRAINT_SAYS (
      "columns 'shop_id, shop_name' reference shops (id), which are not as many; mend .references",
      .columns = "shop_id, shop_name", .references = "shops (id)");
  CONSTRAINT_SAYS ("column 'shop_id, shop_name' references shops (id, name), which is neither the primary "
                   "key nor unique; make "
                   "it .unique or reference the key",
                   .columns = "shop_id, shop_name", .references = "shops (id, name)");
}

/* A unique constraint or index over the same columns is a key; one over a part of the rows is none. */
static void
keys_of_several_columns (G_GNUC_UNUSED void **state)
{
  const CormConstraint both[] = { { .name = "u", .columns = "name, id" } };
  const CormIndex index[] = { { .name = "i", .columns = "id, name", .unique = true } };
  const CormIndex partial[] = { { .name = "i", .columns = "id, name", .unique = true, .where = "id > 0" } };
  const CormConstraint foreign[] = {
    { .name = "f", .columns = "shop_id, shop_name", .references = "shops (id, name)" }
  };
  const CormModel by_constraint =
      CORM_MODEL (Shop, "shops", CORM_COLUMNS (shop_columns), CORM_CONSTRAINTS (both));
  const CormModel by_index = CORM_MODEL (Shop, "shops", CORM_COLUMNS (shop_columns), CORM_INDEXES (index));
  const CormModel by_part = CORM_MODEL (Shop, "shops", CORM_COLUMNS (shop_columns), CORM_INDEXES (partial));
  const CormModel model = CORM_MODEL (Thing, "things", CORM_COLUMNS (plain), CORM_CONSTRAINTS (foreign));
  assert_no_faults (&model, &by_constraint);
  assert_no_faults (&model, &by_index);
  assert_faults (
      THING
      "column 'shop_id, shop_name' references shops (id, name), which is neither the primary key nor unique; "
      "make it .unique or reference the key",
      &model, &by_part);
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (unknown_target), cmocka_unit_test (no_key),
    cmocka_unit_test (other_type),     cmocka_unit_test (each_key_its_line),
    cmocka_unit_test (constraints),    cmocka_unit_test (keys_of_several_columns),
  };
  return cmocka_run_group_tests_name ("reference", tests, NULL, NULL);
}
