/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* The library says the version of the header that it was compiled with. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <corm/version.h>

static void
library_and_header_agree (G_GNUC_UNUSED void **state)
{
  assert_string_equal (corm_version_string (), CORM_VERSION_STRING);
}

int
main (void)
{
  const struct CMUnitTest tests[] = { cmocka_unit_test (library_and_header_agree) };
  return cmocka_run_group_tests_name ("version", tests, NULL, NULL);
}
