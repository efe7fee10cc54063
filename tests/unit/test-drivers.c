/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* The table of drivers: each that is built in is found by its URI and is complete; the others are explained. */
#include "engine.h"

#include "config.h"

#include "base/uri.h"
#include "engine/drivers.h"

static const struct {
  const char *uri, *name;
  gboolean built;
} known[] = {
#ifdef HAVE_SQLITE3
  { "sqlite:x.db", "sqlite3", TRUE },
#else
  { "sqlite:x.db", "sqlite3", FALSE },
#endif
#ifdef HAVE_PGSQL
  { "postgresql://host/name", "pgsql", TRUE },
#else
  { "postgresql://host/name", "pgsql", FALSE },
#endif
#ifdef HAVE_MYSQL
  { "mysql://host/name", "mysql", TRUE },
  { "mariadb://host/name", "mysql", TRUE },
#else
  { "mysql://host/name", "mysql", FALSE },
  { "mariadb://host/name", "mysql", FALSE },
#endif
};

static gboolean
find (const char *text, const CormDriver **driver, GError **error)
{
  g_autoptr (CormUri) uri = corm_uri_parse (text, error);
  *driver = uri != NULL ? corm_driver_find (uri, error) : NULL;
  return *driver != NULL;
}

static void
uris_find_their_driver (G_GNUC_UNUSED void **state)
{
  for (guint i = 0; i < G_N_ELEMENTS (known); i++) {
    const CormDriver *driver;
    if (!known[i].built) {
      assert_fails (find (known[i].uri, &driver, error), CORM_ERROR_UNSUPPORTED, "dbi:");
      assert_null (corm_driver_by_name (known[i].name));
      continue;
    }
    assert_ok (find (known[i].uri, &driver, error));
    assert_string_equal (driver->name, known[i].name);
    assert_ptr_equal (corm_driver_by_name (known[i].name), driver);
  }
  assert_null (corm_driver_by_name ("dbase"));
}

/* Also for a database that nobody thought of. */
static void
whatever_libdbi_opens_is_generic (G_GNUC_UNUSED void **state)
{
  static const char *const uris[] = { "dbi:sqlite3?dbname=x", "dbi:pgsql?dbname=x", "dbi:mysql?dbname=x",
                                      "dbi:firebird?dbname=x" };
  for (guint i = 0; i < G_N_ELEMENTS (uris); i++) {
    const CormDriver *driver;
    assert_ok (find (uris[i], &driver, error));
    assert_string_equal (driver->name, "generic");
  }
}

static void
a_driver_is_complete (G_GNUC_UNUSED void **state)
{
  for (guint i = 0; i < G_N_ELEMENTS (known); i++) {
    const CormDriver *d = corm_driver_by_name (known[i].name);
    if (d == NULL)
      continue;
    assert_non_null (d->dialect);
    assert_true (d->connect && d->ping && d->run && d->prepare && d->execute && d->n_columns &&
                 d->column_name);
    assert_true (d->step && d->n_changed && d->reset && d->finalize);
    assert_true ((d->bulk_begin != NULL) == (d->bulk_row != NULL && d->bulk_end != NULL));
    assert_true ((d->scratch_begin != NULL) == (d->scratch_end != NULL));
    const CormDialect *dialect = d->dialect;
    for (guint w = 1; dialect->reserved[w] != NULL; w++)
      assert_true (strcmp (dialect->reserved[w - 1], dialect->reserved[w]) < 0);
    for (guint type = CORM_TYPE_BOOLEAN; type < CORM_N_TYPES; type++)
      if (type != CORM_TYPE_RAW && dialect->append_type == NULL)
        assert_non_null (dialect->types[type]);
    assert_non_null (dialect->like);
    assert_non_null (dialect->insert_default_row);
  }
}

static void
a_missing_libdbi_driver_names_its_package (G_GNUC_UNUSED void **state)
{
  assert_fails (corm_db_open ("dbi:nosuch?dbname=x", NULL, error) != NULL, CORM_ERROR_UNSUPPORTED,
                "libdbd-nosuch");
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (uris_find_their_driver),
    cmocka_unit_test (whatever_libdbi_opens_is_generic),
    cmocka_unit_test (a_driver_is_complete),
    cmocka_unit_test (a_missing_libdbi_driver_names_its_package),
  };
  return cmocka_run_group_tests_name ("drivers", tests, NULL, NULL);
}
