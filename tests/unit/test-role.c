/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* What the registry says about columns that Corm keeps by itself. */
#include "../lib/faults.h"

typedef struct {
  gint64 id;
  gint64 version;
  gint64 other;
  CormTimestamp created;
  CormTimestamp updated;
  CormOptTimestamp deleted;
  const char *tenant;
} Doc;

/* clang-format off */
#define DOC(name, ...) \
  static const CormColumn name##_columns[] = { __VA_ARGS__ }; \
  static const CormModel name##_model = CORM_MODEL (Doc, "docs", CORM_COLUMNS (name##_columns))

#define ID CORM_COLUMN (Doc, id, .primary_key = true)
#define OTHER CORM_COLUMN (Doc, other)
#define CREATED CORM_COLUMN (Doc, created, .role = CORM_ROLE_CREATED_AT, .default_sql = CORM_NOW)
#define UPDATED CORM_COLUMN (Doc, updated, .role = CORM_ROLE_UPDATED_AT)
#define DELETED CORM_COLUMN (Doc, deleted, .role = CORM_ROLE_DELETED_AT)
#define TENANT CORM_COLUMN (Doc, tenant, .role = CORM_ROLE_TENANT, .not_null = true)
#define VERSION CORM_COLUMN (Doc, version, .role = CORM_ROLE_VERSION)

DOC (good, ID, VERSION, OTHER, CREATED, UPDATED, DELETED, TENANT);
DOC (twice, ID, VERSION, CORM_COLUMN (Doc, other, .role = CORM_ROLE_VERSION), CREATED, UPDATED, DELETED, TENANT);
DOC (types, ID, CORM_COLUMN (Doc, version, .role = CORM_ROLE_UPDATED_AT), OTHER, CREATED,
     CORM_COLUMN (Doc, updated, .role = CORM_ROLE_DELETED_AT), CORM_COLUMN (Doc, deleted),
     CORM_COLUMN (Doc, tenant, .role = CORM_ROLE_TENANT));
DOC (options, CORM_COLUMN (Doc, id, .primary_key = true, .role = CORM_ROLE_VERSION),
     CORM_COLUMN (Doc, version), OTHER, CREATED, UPDATED, DELETED,
     CORM_COLUMN (Doc, tenant, .role = CORM_ROLE_TENANT, .not_null = true, .default_value = "us"));
DOC (unknown, ID, CORM_COLUMN (Doc, version, .role = (CormRole) 99), OTHER, CREATED, UPDATED, DELETED, TENANT);
/* clang-format on */

#define HERE "model Doc (table docs): "

static void
each_role_once_is_good (G_GNUC_UNUSED void **state)
{
  assert_no_faults (&good_model);
}

static void
a_role_twice_is_a_fault (G_GNUC_UNUSED void **state)
{
  assert_faults (HERE "columns 'version' and 'other' both have the role CORM_ROLE_VERSION; keep one",
                 &twice_model);
}

static void
a_member_that_cannot_hold_it_is_a_fault (G_GNUC_UNUSED void **state)
{
  assert_faults (
      HERE
      "column 'version' has the role CORM_ROLE_UPDATED_AT; its member must be a CormTimestamp\n" HERE
      "column 'updated' has the role CORM_ROLE_DELETED_AT; its member must be a CormOptTimestamp that can "
      "be NULL\n" HERE "column 'tenant' has the role CORM_ROLE_TENANT; its member must be a number, text or "
      "uuid that cannot be NULL",
      &types_model);
}

static void
a_key_or_a_default_is_a_fault (G_GNUC_UNUSED void **state)
{
  assert_faults (
      HERE "column 'id' is the primary key and has the role CORM_ROLE_VERSION; give the role a column of its "
           "own\n" HERE "column 'tenant' has a default and the role CORM_ROLE_TENANT, which always sends a "
           "value; drop the default",
      &options_model);
}

static void
a_role_that_does_not_exist_is_a_fault (G_GNUC_UNUSED void **state)
{
  assert_faults (HERE "column 'version' has a .role that does not exist; use a CORM_ROLE_…", &unknown_model);
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (each_role_once_is_good),
    cmocka_unit_test (a_role_twice_is_a_fault),
    cmocka_unit_test (a_member_that_cannot_hold_it_is_a_fault),
    cmocka_unit_test (a_key_or_a_default_is_a_fault),
    cmocka_unit_test (a_role_that_does_not_exist_is_a_fault),
  };
  return cmocka_run_group_tests_name ("role", tests, NULL, NULL);
}
