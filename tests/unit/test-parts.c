/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* The sentences about indexes, constraints over several columns, and table checks. */
#include "../lib/faults.h"

#define THING "model Thing (table things): "

typedef struct {
  gint64 id;
  CormOptInt64 team;
  gint64 user;
} Thing;

static const CormColumn columns[] = { CORM_COLUMN (Thing, id, .primary_key = true), CORM_COLUMN (Thing, team),
                                      CORM_COLUMN (Thing, user) };

#define INDEX_SAYS(sentence, ...) \
  G_STMT_START \
  { \
    const CormIndex indexes[] = { { __VA_ARGS__ } }; \
    const CormModel model = CORM_MODEL (Thing, "things", CORM_COLUMNS (columns), CORM_INDEXES (indexes)); \
    assert_faults (THING sentence, &model); \
  } \
  G_STMT_END

#define CONSTRAINT_SAYS(sentence, ...) \
  G_STMT_START \
  { \
    const CormConstraint constraints[] = { { __VA_ARGS__ } }; \
    const CormModel model = \
        CORM_MODEL (Thing, "things", CORM_COLUMNS (columns), CORM_CONSTRAINTS (constraints)); \
    assert_faults (THING sentence, &model); \
  } \
  G_STMT_END

#define CHECK_SAYS(sentence, ...) \
  G_STMT_START \
  { \
    const CormModelCheck checks[] = { { __VA_ARGS__ } }; \
    const CormModel model = CORM_MODEL (Thing, "things", CORM_COLUMNS (columns), CORM_CHECKS (checks)); \
    assert_faults (THING sentence, &model); \
  } \
  G_STMT_END

static void
indexes_of_all_forms (G_GNUC_UNUSED void **state)
{
  const CormIndex indexes[] = {
    { .name = "a", .columns = "team" },
    { .name = "b", .columns = "team, user desc", .unique = true },
    { .name = "c", .columns = "(abs (team, user)) desc , id ASC", .where = "team > 0" },
  };
  const CormModel model = CORM_MODEL (Thing, "things", CORM_COLUMNS (columns), CORM_INDEXES (indexes));
  assert_no_faults (&model);
}

static void
index_faults (G_GNUC_UNUSED void **state)
{
  INDEX_SAYS ("index 'i' is on 'status', which is no column of the model; mend the name or, for an "
              "expression, put it in "
              "parentheses",
              .name = "i", .columns = "team, status");
  INDEX_SAYS ("index 'i' is on 'team descending', which is no column of the model; mend the name or, for an "
              "expression, put "
              "it in parentheses",
              .name = "i", .columns = "team descending");
  INDEX_SAYS ("index 'i' has the columns \"team,\": a column is missing; mend the list", .name = "i",
              .columns = "team,");
  INDEX_SAYS ("index 'i' has the columns \"\": a column is missing; mend the list", .name = "i");
  INDEX_SAYS (
      "index 'i' has the columns \"(abs (team)\": a parenthesis or a quote is left open; mend the list",
      .name = "i", .columns = "(abs (team)");
  INDEX_SAYS ("index '' has no name; give it one", .columns = "team");
  INDEX_SAYS ("index 'i' has an empty .where; write a predicate or drop it", .name = "i", .columns = "team",
              .where = "");
}

static void
constraint_faults (G_GNUC_UNUSED void **state)
{
  CONSTRAINT_SAYS ("constraint 'u' is on 'status', which is no column of the model; mend the name",
                   .name = "u", .columns = "team, status");
  CONSTRAINT_SAYS ("constraint 'u' is on '(abs (team))', which is no column of the model; mend the name",
                   .name = "u", .columns = "(abs (team))");
  CONSTRAINT_SAYS ("constraint '' has no name; give it one", .columns = "team");
  CONSTRAINT_SAYS ("constraint 'u' has .on_delete, but no .references; add the reference or drop it",
                   .name = "u", .columns = "team", .on_delete = CORM_CASCADE);
  CONSTRAINT_SAYS (
      "constraint 'f' has .on_update = CORM_SET_DEFAULT, but not all of its columns have a default; add "
      ".default_value",
      .name = "f", .columns = "team", .references = "things (id)", .on_update = CORM_SET_DEFAULT);
}

static void
set_null_needs_columns_that_can (G_GNUC_UNUSED void **state)
{
  const CormConstraint constraints[] = {
    { .name = "u", .columns = "id, user" },
    { .name = "f", .columns = "team, user", .references = "things (id, user)", .on_delete = CORM_SET_NULL },
  };
  const CormModel model =
      CORM_MODEL (Thing, "things", CORM_COLUMNS (columns), CORM_CONSTRAINTS (constraints));
  assert_faults (
      THING
      "constraint 'f' has .on_delete = CORM_SET_NULL, but not all of its columns can be NULL; take another "
      "action",
      &model);
}

static void
check_faults (G_GNUC_UNUSED void **state)
{
  CHECK_SAYS ("check 'c' has no .sql; write an expression or drop it", .name = "c");
  CHECK_SAYS ("check 'c' has no .sql; write an expression or drop it", .name = "c", .sql = "");
  CHECK_SAYS ("check '' has no name; give it one", .sql = "team > 0");
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (indexes_of_all_forms), cmocka_unit_test (index_faults),
    cmocka_unit_test (constraint_faults),    cmocka_unit_test (set_null_needs_columns_that_can),
    cmocka_unit_test (check_faults),
  };
  return cmocka_run_group_tests_name ("parts", tests, NULL, NULL);
}
