/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* States have their meaning. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <corm/sys/driver.h>

static void
states_have_their_meaning (G_GNUC_UNUSED void **state)
{
  static const struct {
    const char *state;
    CormError code;
  } expected[] = {
    { "23505", CORM_ERROR_UNIQUE },      { "23503", CORM_ERROR_FOREIGN_KEY },
    { "23502", CORM_ERROR_NOT_NULL },    { "23514", CORM_ERROR_CHECK },
    { "23P01", CORM_ERROR_UNIQUE },      { "22003", CORM_ERROR_CONVERSION },
    { "22P02", CORM_ERROR_CONVERSION },  { "40001", CORM_ERROR_BUSY },
    { "40P01", CORM_ERROR_BUSY },        { "55P03", CORM_ERROR_BUSY },
    { "57014", CORM_ERROR_CANCELLED },   { "42501", CORM_ERROR_DENIED },
    { "28P01", CORM_ERROR_DENIED },      { "28000", CORM_ERROR_DENIED },
    { "3D000", CORM_ERROR_CONNECTION },  { "42P01", CORM_ERROR_SCHEMA },
    { "42703", CORM_ERROR_SCHEMA },      { "42601", CORM_ERROR_SYNTAX },
    { "58030", CORM_ERROR_STORAGE },     { "XX001", CORM_ERROR_STORAGE },
    { "58P01", CORM_ERROR_FAILED },      { "XX000", CORM_ERROR_FAILED },
    { "53100", CORM_ERROR_FULL },        { "53300", CORM_ERROR_BUSY },
    { "08006", CORM_ERROR_CONNECTION },  { "57P01", CORM_ERROR_CONNECTION },
    { "57P03", CORM_ERROR_CONNECTION },  { "25006", CORM_ERROR_DENIED },
    { "0A000", CORM_ERROR_UNSUPPORTED }, { "XX000", CORM_ERROR_FAILED },
    { "53200", CORM_ERROR_FAILED },      { "2350", CORM_ERROR_FAILED },
    { "", CORM_ERROR_FAILED },           { NULL, CORM_ERROR_FAILED },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (expected); i++)
    if (corm_error_from_sqlstate (expected[i].state) != expected[i].code)
      fail_msg ("%s is %s", expected[i].state,
                corm_error_name (corm_error_from_sqlstate (expected[i].state)));
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (states_have_their_meaning),
  };
  return cmocka_run_group_tests_name ("sqlstate", tests, NULL, NULL);
}
