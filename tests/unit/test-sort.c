/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Records sorted on the disk: all come out, by the bytes of their keys, whether they fit in memory or take many runs. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "exchange/sort.h"

#include <string.h>

/* @n records of @size bytes; a number that is met once each is in key and record. */
static void
sort_many (guint n, guint size)
{
  g_autoptr (CormSort) sort = corm_sort_new ();
  g_autoptr (GString) key = g_string_new (NULL), record = g_string_new (NULL);
  g_autoptr (GError) error = NULL;
  gsize length = 0;
  for (guint i = 0; i < n; i++) {
    guint32 number = GUINT32_TO_BE ((guint32) ((guint64) i * 7919 % n)); /* 7919 is prime: a permutation */
    g_string_truncate (key, 0);
    g_string_append_len (key, (const char *) &number, sizeof number);
    g_string_assign (record, key->str);
    g_string_truncate (record, 0);
    g_string_append_len (record, key->str, (gssize) key->len);
    g_string_set_size (record, size);
    memset (record->str + 4, 'x', size - 4);
    assert_true (corm_sort_add (sort, key, record, &error));
  }
  assert_true (corm_sort_end (sort, &error));
  for (guint i = 0; i < n; i++) {
    guint32 number;
    const char *got = corm_sort_next (sort, &length, &error);
    assert_non_null (got);
    assert_int_equal (length, size);
    memcpy (&number, got, sizeof number);
    assert_int_equal (GUINT32_FROM_BE (number), i);
  }
  assert_null (corm_sort_next (sort, &length, &error));
  assert_null (error);
}

static void
in_memory_and_in_runs (G_GNUC_UNUSED void **state)
{
  sort_many (0, 8);
  sort_many (1, 8);
  sort_many (1000, 10);
  sort_many (60000, 300);  /* some runs of 8 MB */
  sort_many (40, 1 << 20); /* records larger than a run's share of the buffer */
}

/* A key in front of a longer one; equal keys by the record; equal records all come. */
static void
order_of_bytes (G_GNUC_UNUSED void **state)
{
  static const struct {
    const char *key, *record;
  } in[] = { { "b", "1" }, { "a", "2" }, { "", "3" },    { "ab", "4" },
             { "a", "1" }, { "a", "1" }, { "\xff", "5" } },
    out[] = { { "", "3" },   { "a", "1" }, { "a", "1" },   { "a", "2" },
              { "ab", "4" }, { "b", "1" }, { "\xff", "5" } };
  g_autoptr (CormSort) sort = corm_sort_new ();
  gsize size;
  for (guint i = 0; i < G_N_ELEMENTS (in); i++) {
    g_autoptr (GString) key = g_string_new (in[i].key), record = g_string_new (in[i].record);
    assert_true (corm_sort_add (sort, key, record, NULL));
  }
  assert_true (corm_sort_end (sort, NULL));
  for (guint i = 0; i < G_N_ELEMENTS (out); i++) {
    const char *got = corm_sort_next (sort, &size, NULL);
    assert_non_null (got);
    assert_int_equal (size, 1);
    assert_int_equal (*got, *out[i].record);
  }
  assert_null (corm_sort_next (sort, &size, NULL));
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (in_memory_and_in_runs),
    cmocka_unit_test (order_of_bytes),
  };
  return cmocka_run_group_tests (tests, NULL, NULL);
}
