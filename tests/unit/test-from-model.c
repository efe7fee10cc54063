/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Models become a schema with every part that they declare, under names that stay the same. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <corm/corm.h>

#include <string.h>

typedef struct {
  gint64 id;
  const char *name;
} Team;

typedef struct {
  gint64 team_id;
  gint64 no;
  const char *mail;
  guint32 role;
  CormDecimal pay;
  CormTimestamp since;
  const char *address;
  CormOptInt64 friend_team, friend_no;
} Member;

static const char *const roles[] = { "USER", "ADMIN", NULL };
static const CormRawType inet[] = { { "pgsql", "inet" }, { "mysql", "inet6" }, { NULL, NULL } };

static const CormColumn team_columns[] = {
  CORM_COLUMN (Team, id, .primary_key = true),
  CORM_COLUMN (Team, name, .not_null = true, .unique = true, .max_length = 40),
};
static const CormModel Team_model = CORM_MODEL (Team, "teams", CORM_COLUMNS (team_columns), .was = "groups");

static const CormColumn member_columns[] = {
  CORM_COLUMN (Member, team_id, .primary_key = true, .references = "teams.id", .on_delete = CORM_CASCADE),
  CORM_COLUMN (Member, no, .primary_key = true),
  CORM_COLUMN (Member, mail, .check = "mail <> ''"),
  CORM_COLUMN (Member, role, .labels = roles, .enum_type = "member_role", .default_value = "USER"),
  CORM_COLUMN (Member, pay, .precision = 10, .scale = 2, .default_sql = "1 + 1"),
  CORM_COLUMN (Member, since, .default_sql = CORM_NOW),
  CORM_COLUMN (Member, address, .raw = inet, .comment = "where from"),
  CORM_COLUMN (Member, friend_team),
  CORM_COLUMN (Member, friend_no),
};
static const CormIndex member_indexes[] = {
  { .name = "idx_mail", .columns = "(lower(mail)), since desc", .where = "mail IS NOT NULL", .unique = true },
};
static const CormConstraint member_constraints[] = {
  { .name = "one_mail", .columns = "team_id, mail" },
  { .name = "friends", .columns = "friend_team, friend_no", .references = "members (team_id, no)" },
};
static const CormModelCheck member_checks[] = { { "paid", "pay >= 0" } };
static const CormModel Member_model =
    CORM_MODEL (Member, "members", CORM_COLUMNS (member_columns), CORM_INDEXES (member_indexes),
                CORM_CONSTRAINTS (member_constraints), CORM_CHECKS (member_checks));

static CormSchema *
new_schema (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (CormRegistry) registry = corm_registry_new (&error, &Member_model, &Team_model, NULL);
  if (registry == NULL)
    fail_msg ("%s", error->message);
  return corm_schema_from_registry (registry);
}

static void
columns_keep_type_null_and_default (G_GNUC_UNUSED void **state)
{
  g_autoptr (CormSchema) schema = new_schema ();
  const CormTable *teams = schema->tables->pdata[0]; /* referenced ones first */
  const CormTable *members = schema->tables->pdata[1];
  assert_string_equal (teams->name, "teams");
  assert_string_equal (teams->was, "groups");
  assert_null (schema->dialect);
  const CormTableColumn *id = corm_table_find_column (teams, "id");
  assert_true (id->auto_increment && id->not_null && id->type.type == CORM_TYPE_INT64);
  assert_int_equal (corm_table_find_column (teams, "name")->type.length, 40);
  const CormTableColumn *role = corm_table_find_column (members, "role");
  assert_true (role->type.type == CORM_TYPE_ENUM && role->not_null &&
               role->default_kind == CORM_DEFAULT_LITERAL);
  assert_string_equal (role->default_text, "USER");
  assert_string_equal (role->enum_type, "member_role");
  assert_string_equal (role->labels[1], "ADMIN");
  const CormTableColumn *pay = corm_table_find_column (members, "pay");
  assert_true (pay->type.precision == 10 && pay->type.scale == 2 && !pay->not_null);
  assert_int_equal (pay->default_kind, CORM_DEFAULT_SQL);
  assert_null (pay->default_sql);
  assert_int_equal (corm_table_find_column (members, "since")->default_kind, CORM_DEFAULT_NOW);
  const CormTableColumn *address = corm_table_find_column (members, "address");
  assert_int_equal (address->type.type, CORM_TYPE_RAW);
  assert_string_equal (address->raw[2], "mysql");
  assert_string_equal (address->comment, "where from");
}

static void
keys_and_constraints_have_lasting_names (G_GNUC_UNUSED void **state)
{
  g_autoptr (CormSchema) schema = new_schema ();
  const CormTable *teams = schema->tables->pdata[0];
  const CormTable *members = schema->tables->pdata[1];
  assert_string_equal (((CormKey *) teams->uniques->pdata[0])->name, "uq_teams_name");
  assert_int_equal (g_strv_length (members->primary_key->columns), 2);
  const CormForeignKey *team = members->foreign_keys->pdata[0];
  assert_string_equal (team->name, "fk_members_team_id");
  assert_string_equal (team->target_table, "teams");
  assert_string_equal (team->target_columns[0], "id");
  assert_int_equal (team->on_delete, CORM_CASCADE);
  const CormForeignKey *friends = members->foreign_keys->pdata[1];
  assert_string_equal (friends->columns[1], "friend_no");
  assert_string_equal (friends->target_columns[1], "no");
  assert_string_equal (((CormKey *) members->uniques->pdata[0])->columns[1], "mail");
  assert_string_equal (((CormCheck *) members->checks->pdata[0])->name, "ck_members_mail");
  assert_string_equal (((CormCheck *) members->checks->pdata[1])->sql, "pay >= 0");
}

/* A name that the program chose stands with the check, or with the labels, which become one. */
static void
checks_take_the_name_that_is_given (G_GNUC_UNUSED void **state)
{
  typedef struct {
    gint64 id;
    gint64 size;
    guint32 color;
  } Dress;
  static const char *const colors[] = { "RED", "GREEN", NULL };
  static const CormColumn dress_columns[] = {
    CORM_COLUMN (Dress, id, .primary_key = true),
    CORM_COLUMN (Dress, size, .check = "size > 0", .check_name = "size_positive"),
    CORM_COLUMN (Dress, color, .labels = colors, .max_length = 20, .check_name = "color_valid"),
  };
  static const CormModel dress = CORM_MODEL (Dress, "dresses", CORM_COLUMNS (dress_columns));
  g_autoptr (GError) error = NULL;
  g_autoptr (CormRegistry) registry = corm_registry_new (&error, &dress, NULL);
  if (registry == NULL)
    fail_msg ("%s", error->message);
  g_autoptr (CormSchema) schema = corm_schema_from_registry (registry);
  const CormTable *table = schema->tables->pdata[0];
  const CormTableColumn *color = corm_table_find_column (table, "color");
  assert_int_equal (table->checks->len, 1);
  assert_string_equal (((CormCheck *) table->checks->pdata[0])->name, "size_positive");
  assert_string_equal (color->labels_check, "color_valid");
  assert_int_equal (color->type.length, 20);
}

static void
an_index_is_read_from_its_list (G_GNUC_UNUSED void **state)
{
  g_autoptr (CormSchema) schema = new_schema ();
  const CormTable *members = schema->tables->pdata[1];
  const CormTableIndex *index = members->indexes->pdata[0];
  const CormIndexPart *lower = index->parts->pdata[0];
  const CormIndexPart *since = index->parts->pdata[1];
  assert_true (index->unique);
  assert_string_equal (index->where, "mail IS NOT NULL");
  assert_true (lower->is_expression && !lower->descending);
  assert_string_equal (lower->sql, "(lower(mail))");
  assert_true (!since->is_expression && since->descending);
  assert_string_equal (since->sql, "since");
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (columns_keep_type_null_and_default),
    cmocka_unit_test (keys_and_constraints_have_lasting_names),
    cmocka_unit_test (checks_take_the_name_that_is_given),
    cmocka_unit_test (an_index_is_read_from_its_list),
  };
  return cmocka_run_group_tests_name ("from-model", tests, NULL, NULL);
}
