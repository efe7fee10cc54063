/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* UUIDs to text and back, and random ones. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "value/text.h"

#include <string.h>

static void
uuids (G_GNUC_UNUSED void **state)
{
  CormUuid uuid;
  char buffer[CORM_TEXT_MAX];
  assert_true (corm_uuid_parse ("F81D4FAE-7dec-11d0-a765-00a0c91e6bf6", &uuid));
  assert_int_equal (uuid.bytes[0], 0xf8);
  assert_int_equal (uuid.bytes[15], 0xf6);
  assert_int_equal (corm_text_from_uuid (&uuid, buffer), 36);
  assert_string_equal (buffer, "f81d4fae-7dec-11d0-a765-00a0c91e6bf6");
  static const char *const wrong[] = { "",
                                       "f81d4fae7dec11d0a76500a0c91e6bf6",
                                       "f81d4fae-7dec-11d0-a765-00a0c91e6bf",
                                       "f81d4fae-7dec-11d0-a765-00a0c91e6bfg",
                                       "f81d4fae-7dec-11d0-a765+00a0c91e6bf6",
                                       "{81d4fae-7dec-11d0-a765-00a0c91e6bf}",
                                       "f81d4fae-7dec-11d0-a765-00a0c91e6bf60" };
  for (gsize n = 0; n < G_N_ELEMENTS (wrong); n++)
    assert_false (corm_uuid_parse (wrong[n], &uuid));
  assert_false (corm_uuid_parse (NULL, &uuid));
}

static void
random_uuids_differ (G_GNUC_UNUSED void **state)
{
  CormUuid a = corm_uuid_random (), b = corm_uuid_random ();
  assert_memory_not_equal (a.bytes, b.bytes, sizeof a.bytes);
  g_autofree char *text = corm_uuid_to_text (a);
  assert_int_equal (text[14], '4');
  assert_non_null (strchr ("89ab", text[19]));
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (uuids),
    cmocka_unit_test (random_uuids_differ),
  };
  return cmocka_run_group_tests_name ("uuid", tests, NULL, NULL);
}
