/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* The order-free hash: the same rows in any order are equal, and nothing else is. */
#include "port/hash.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>

static CormHash
hash_of (const CormValue rows[][2], guint n)
{
  CormHash hash = { 0 };
  g_autoptr (GString) scratch = g_string_new (NULL);
  for (guint i = 0; i < n; i++)
    corm_hash_add (&hash, rows[i], 2, scratch);
  return hash;
}

static void
order_does_not_matter (void **state)
{
  (void) state;
  const CormValue one[][2] = { { corm_value_int (1), corm_value_text ("a") },
                               { corm_value_int (2), corm_value_text ("b") } };
  const CormValue other[][2] = { { corm_value_int (2), corm_value_text ("b") },
                                 { corm_value_int (1), corm_value_text ("a") } };
  CormHash a = hash_of (one, 2), b = hash_of (other, 2);
  assert_true (corm_hash_equal (&a, &b));
  assert_int_equal (a.n_rows, 2);
}

static void
rows_that_differ (void **state)
{
  (void) state;
  const CormValue base[][2] = { { corm_value_int (1), corm_value_text ("ab") } };
  const CormValue others[][2] = {
    { corm_value_int (2), corm_value_text ("ab") },
    { corm_value_int (1), corm_value_text ("a") },
    { corm_value_int (1), corm_value_text ("") },
    { corm_value_int (1), corm_value_null () },
    { corm_value_int (1), corm_value_text ("ab ") },
    { corm_value_text ("1a"), corm_value_text ("b") },
    { corm_value_text ("1"), corm_value_text ("ab") },
    { corm_value_int (1), corm_value_bytes ((CormBytes){ (const guint8 *) "ab", 2 }) },
    { corm_value_double (-0.0), corm_value_text ("ab") },
    { corm_value_double (0.0), corm_value_text ("ab") },
  };
  CormHash hashes[1 + G_N_ELEMENTS (others)] = { hash_of (base, 1) };
  for (guint i = 0; i < G_N_ELEMENTS (others); i++)
    hashes[i + 1] = hash_of (&others[i], 1);
  for (guint i = 0; i < G_N_ELEMENTS (hashes); i++)
    for (guint k = i + 1; k < G_N_ELEMENTS (hashes); k++)
      assert_false (corm_hash_equal (&hashes[i], &hashes[k]));
}

/* Two equal pairs must not cancel out, as they would with exclusive or. */
static void
how_often_counts (void **state)
{
  (void) state;
  const CormValue two[][2] = { { corm_value_int (1), corm_value_null () },
                               { corm_value_int (1), corm_value_null () } };
  const CormValue four[][2] = { { corm_value_int (2), corm_value_null () },
                                { corm_value_int (2), corm_value_null () } };
  CormHash a = hash_of (two, 2), b = hash_of (four, 2);
  assert_false (corm_hash_equal (&a, &b));
  guint8 bytes[16], zero[16] = { 0 };
  corm_hash_get (&a, bytes);
  assert_memory_not_equal (bytes, zero, 16);
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (order_does_not_matter),
    cmocka_unit_test (rows_that_differ),
    cmocka_unit_test (how_often_counts),
  };
  return cmocka_run_group_tests (tests, NULL, NULL);
}
