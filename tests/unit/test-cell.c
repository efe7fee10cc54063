/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* One value to the column of another database: exact, or an error with the reason. */
#include "port/cell.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <corm/error.h>

static CormTableColumn
column (CormType type, guint length, guint precision, guint scale)
{
  return (CormTableColumn){ .name = (char *) "c", .type = { type, length, precision, scale } };
}

static CormValue
text (const char *data, gsize size)
{
  CormValue value = { .type = CORM_TYPE_TEXT };
  value.data = data;
  value.size = size;
  return value;
}

static void
assert_becomes (CormValue from, CormTableColumn to, const char *expected)
{
  CormValue value;
  g_autoptr (GError) error = NULL;
  g_autoptr (GString) scratch = g_string_new (NULL), shown = g_string_new (NULL);
  if (!corm_cell_convert (&from, &to, scratch, &value, &error))
    fail_msg ("%s: %s", expected, error->message);
  assert_int_equal (value.type, to.type.type);
  corm_value_append_text (&value, shown);
  assert_string_equal (shown->str, expected);
}

static void
assert_refused (CormValue from, CormTableColumn to, const char *reason)
{
  CormValue value;
  g_autoptr (GError) error = NULL;
  g_autoptr (GString) scratch = g_string_new (NULL);
  if (corm_cell_convert (&from, &to, scratch, &value, &error))
    fail_msg ("a value of type %d went into %s", (int) from.type, corm_type_name (to.type.type));
  if (strstr (error->message, reason) == NULL)
    fail_msg ("'%s' does not say '%s'", error->message, reason);
}

static void
exact_values (void **state)
{
  (void) state;
  assert_becomes (corm_value_int (9007199254740993), column (CORM_TYPE_INT64, 0, 0, 0), "9007199254740993");
  assert_becomes (corm_value_int (1), column (CORM_TYPE_BOOLEAN, 0, 0, 0), "true");
  assert_becomes (corm_value_double (0.99), column (CORM_TYPE_DECIMAL, 0, 10, 2), "0.99");
  assert_becomes (corm_value_int (5), column (CORM_TYPE_DECIMAL, 0, 10, 2), "5");
  assert_becomes (text ("2009-01-01 00:00:00", 19), column (CORM_TYPE_LOCAL_TIMESTAMP, 0, 0, 0),
                  "2009-01-01T00:00:00");
  assert_becomes (corm_value_int (5), column (CORM_TYPE_TEXT, 0, 0, 0), "5");
  assert_becomes (text ("äöü", 6), column (CORM_TYPE_TEXT, 3, 0, 0), "äöü");
}

static void
values_that_do_not_fit (void **state)
{
  (void) state;
  assert_refused (text ("x", 1), column (CORM_TYPE_INT64, 0, 0, 0), "");
  assert_refused (corm_value_int (70000), column (CORM_TYPE_INT16, 0, 0, 0), "");
  assert_refused (corm_value_int (2), column (CORM_TYPE_BOOLEAN, 0, 0, 0), "");
  assert_refused (corm_value_double (0.5), column (CORM_TYPE_INT64, 0, 0, 0), "");
  assert_refused (corm_value_double (0.999), column (CORM_TYPE_DECIMAL, 0, 10, 2), "digits");
  assert_refused (corm_value_double (INFINITY), column (CORM_TYPE_DECIMAL, 0, 10, 2), "");
  assert_refused (text ("äöüß", 8), column (CORM_TYPE_TEXT, 3, 0, 0), "4 characters, the column takes 3");
  assert_refused (text ("a\0b", 3), column (CORM_TYPE_TEXT, 0, 0, 0), "NUL");
  assert_refused (text ("a\xff", 2), column (CORM_TYPE_TEXT, 0, 0, 0), "byte 1 of the text is not UTF-8");
  assert_refused (text ("2009-02-30", 10), column (CORM_TYPE_DATE, 0, 0, 0), "");
}

static void
null_and_labels (void **state)
{
  (void) state;
  char *labels[] = { (char *) "ON", (char *) "OFF", NULL };
  CormValue value;
  g_autoptr (GString) scratch = g_string_new (NULL);
  CormTableColumn nullable = column (CORM_TYPE_TEXT, 0, 0, 0), wanted = nullable,
                  label = column (CORM_TYPE_ENUM, 0, 0, 0);
  CormValue null = corm_value_null ();
  wanted.not_null = TRUE;
  label.labels = labels;
  assert_true (corm_cell_convert (&null, &nullable, scratch, &value, NULL));
  assert_true (value.is_null);
  assert_refused (null, wanted, "no NULL");
  assert_becomes (text ("OFF", 3), label, "OFF");
  assert_refused (text ("OF", 2), label, "label");
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (exact_values),
    cmocka_unit_test (values_that_do_not_fit),
    cmocka_unit_test (null_and_labels),
  };
  return cmocka_run_group_tests (tests, NULL, NULL);
}
