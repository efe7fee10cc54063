/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* The sentences about names that are there twice. */
#include "../lib/faults.h"

#define THING "model Thing (table things): "

typedef enum { RED, GREEN } Color;
static const char *const colors[] = { "RED", "GREEN", NULL };
static const char *const others[] = { "GREEN", "RED", NULL };

typedef struct {
  gint64 id;
  Color color;
} Thing;

static const CormColumn columns[] = { CORM_COLUMN (Thing, id, .primary_key = true),
                                      CORM_COLUMN (Thing, color, .labels = colors, .unique = true) };
static const CormModel things = CORM_MODEL (Thing, "things", CORM_COLUMNS (columns));

static void
tables (G_GNUC_UNUSED void **state)
{
  const CormModel same = CORM_MODEL (Thing, "Things", CORM_COLUMNS (columns));
  assert_faults ("model Thing (table Things): the table Things of model Thing has a name that the table "
                 "things of model Thing "
                 "has already; rename one of them\n"
                 "model Thing (table Things): the constraint 'uq_Things_color' that column 'color' of table "
                 "Things makes has a "
                 "name that the constraint 'uq_things_color' that column 'color' of table things makes has "
                 "already; rename one "
                 "of them\n"
                 "model Thing (table Things): the check 'ck_Things_color' that column 'color' of table "
                 "Things makes has a name "
                 "that the check 'ck_things_color' that column 'color' of table things makes has already; "
                 "rename one of them",
                 &things, &same);
}

static void
indexes (G_GNUC_UNUSED void **state)
{
  const CormIndex twice[] = { { .name = "by_color", .columns = "color" },
                              { .name = "by_color", .columns = "id" } };
  const CormModel model = CORM_MODEL (Thing, "things", CORM_COLUMNS (columns), CORM_INDEXES (twice));
  assert_faults (
      THING
      "index 'by_color' of table things has a name that index 'by_color' of table things has already; rename "
      "one of them",
      &model);

  const CormIndex one[] = { { .name = "by_color", .columns = "color" } };
  const CormModel first = CORM_MODEL (Thing, "firsts", CORM_COLUMNS (columns), CORM_INDEXES (one));
  const CormModel second = CORM_MODEL (Thing, "seconds", CORM_COLUMNS (columns), CORM_INDEXES (one));
  assert_faults ("model Thing (table seconds): index 'by_color' of table seconds has a name that index "
                 "'by_color' of table firsts "
                 "has already; rename one of them",
                 &first, &second);

  const CormIndex table[] = { { .name = "things", .columns = "color" } };
  const CormModel like_table = CORM_MODEL (Thing, "things", CORM_COLUMNS (columns), CORM_INDEXES (table));
  assert_faults (THING "index 'things' of table things has a name that the table things of model Thing has "
                       "already; rename one of "
                       "them",
                 &like_table);
}

static void
made_names (G_GNUC_UNUSED void **state)
{
  const CormConstraint constraints[] = { { .name = "uq_things_color", .columns = "id, color" } };
  const CormModel model =
      CORM_MODEL (Thing, "things", CORM_COLUMNS (columns), CORM_CONSTRAINTS (constraints));
  assert_faults (THING "constraint 'uq_things_color' of table things has a name that the constraint "
                       "'uq_things_color' that column "
                       "'color' of table things makes has already; rename one of them",
                 &model);
  const CormModelCheck checks[] = { { .name = "ck_things_color", .sql = "id > 0" } };
  const CormModel checked = CORM_MODEL (Thing, "things", CORM_COLUMNS (columns), CORM_CHECKS (checks));
  assert_faults (THING "check 'ck_things_color' of table things has a name that the check 'ck_things_color' "
                       "that column 'color' "
                       "of table things makes has already; rename one of them",
                 &checked);
  const CormColumn named[] = { CORM_COLUMN (Thing, id, .primary_key = true, .check = "id > 0",
                                            .check_name = "ck"),
                               CORM_COLUMN (Thing, color, .labels = colors, .check_name = "ck") };
  const CormModel twice = CORM_MODEL (Thing, "things", CORM_COLUMNS (named));
  assert_faults (
      THING "the .check_name 'ck' of column 'color' of table things has a name that the .check_name 'ck' "
            "of column 'id' of table things has already; rename one of them",
      &twice);
}

static void
enum_types (G_GNUC_UNUSED void **state)
{
  const CormColumn first[] = { CORM_COLUMN (Thing, id, .primary_key = true),
                               CORM_COLUMN (Thing, color, .labels = colors, .enum_type = "color") };
  const CormColumn second[] = { CORM_COLUMN (Thing, id, .primary_key = true),
                                CORM_COLUMN (Thing, color, .labels = others, .enum_type = "color") };
  const CormModel a = CORM_MODEL (Thing, "a", CORM_COLUMNS (first));
  const CormModel b = CORM_MODEL (Thing, "b", CORM_COLUMNS (first));
  const CormModel c = CORM_MODEL (Thing, "c", CORM_COLUMNS (second));
  assert_no_faults (&a, &b);
  assert_faults ("model Thing (table c): column 'color' has the .enum_type 'color' with other labels than "
                 "another column; use one "
                 "list of labels",
                 &a, &c);
}

int
main (void)
{
  const struct CMUnitTest tests[] = { cmocka_unit_test (tables), cmocka_unit_test (indexes),
                                      cmocka_unit_test (made_names), cmocka_unit_test (enum_types) };
  return cmocka_run_group_tests_name ("unique-names", tests, NULL, NULL);
}
