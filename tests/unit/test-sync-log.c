/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* What a row is follows from the set of its operations alone: any order of any random set gives the same, and so does the set
 * without those that count for nothing. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "sync/sync.h"

static const char *const columns[] = { "a", "b", "c" };

static void
add (CormSyncRow *row, CormSyncOp op, const char *peer, gint64 clock, const char *column, const char *value)
{
  CormSyncEntry *entry = g_new0 (CormSyncEntry, 1);
  *entry = (CormSyncEntry){ .op = op,
                            .peer = g_strdup (peer),
                            .seq = (gint64) row->entries->len + 1,
                            .clock = clock,
                            .column = g_strdup (column),
                            .value = g_strdup (value) };
  g_ptr_array_add (row->entries, entry);
}

/* "a=1 b=2", "-" for a row that is not there; free with g_free(). */
static char *
show (CormSyncRow *row)
{
  GString *text = g_string_new (NULL);
  corm_sync_row_judge (row);
  g_string_append (text, row->created != NULL ? "+" : "-");
  for (guint i = 0; i < G_N_ELEMENTS (columns); i++) {
    const CormSyncEntry *set = corm_sync_row_find (row, columns[i]);
    g_string_append_printf (text, " %s", set != NULL ? set->value : "default");
  }
  return g_string_free (text, FALSE);
}

static void
assert_shows (CormSyncRow *row, const char *wanted)
{
  g_autofree char *is = show (row);
  assert_string_equal (is, wanted);
}

static void
what_counts (G_GNUC_UNUSED void **state)
{
  g_auto (CormSyncRow) row = { .entries = g_ptr_array_new_with_free_func (corm_sync_entry_free) };
  assert_shows (&row, "- default default default");
  add (&row, CORM_SYNC_SET, "p", 5, "a", "early");
  assert_shows (&row, "- early default default"); /* its create is still under way */
  add (&row, CORM_SYNC_CREATE, "p", 5, "", NULL);
  assert_shows (&row, "+ early default default");
  add (&row, CORM_SYNC_SET, "q", 5, "a", "same moment, larger name");
  assert_shows (&row, "+ same moment, larger name default default");
  add (&row, CORM_SYNC_DELETE, "p", 7, "", NULL);
  add (&row, CORM_SYNC_SET, "q", 9, "b", "behind the delete");
  assert_shows (&row, "- default behind the delete default");
  add (&row, CORM_SYNC_CREATE, "p", 8, "", NULL);
  assert_shows (&row, "+ default behind the delete default");
}

static void
shuffle (GRand *rand, GPtrArray *entries)
{
  for (guint i = entries->len; i > 1; i--) {
    guint j = (guint) g_rand_int_range (rand, 0, (gint32) i);
    gpointer one = entries->pdata[i - 1];
    entries->pdata[i - 1] = entries->pdata[j];
    entries->pdata[j] = one;
  }
}

static void
add_random (GRand *rand, CormSyncRow *row)
{
  static const char *const peers[] = { "p", "q", "r" };
  CormSyncOp op = (CormSyncOp) MIN (g_rand_int_range (rand, 1, 7), 3);
  g_autofree char *value = g_strdup_printf ("%u", g_rand_int_range (rand, 0, 1000));
  const char *column = columns[g_rand_int_range (rand, 0, 3)];
  op = op == CORM_SYNC_DELETE && g_rand_int_range (rand, 0, 2) == 0 ? CORM_SYNC_SET : op;
  add (row, op, peers[g_rand_int_range (rand, 0, 3)], g_rand_int_range (rand, 1, 12),
       op == CORM_SYNC_SET ? column : "", op == CORM_SYNC_SET ? value : NULL);
}

/* Drops at random some of those that are void: that never changes what the row is, whatever comes later. */
static void
order_and_compaction_change_nothing (G_GNUC_UNUSED void **state)
{
  guint32 seed = g_random_int ();
  g_autoptr (GRand) rand = g_rand_new_with_seed (seed);
  print_message ("# seed %u\n", seed);
  for (guint round = 0; round < 3000; round++) {
    g_auto (CormSyncRow) row = { .entries = g_ptr_array_new_with_free_func (corm_sync_entry_free) };
    g_auto (CormSyncRow) early = { .entries = g_ptr_array_new () }; /* what another peer has, compacted */
    guint n = (guint) g_rand_int_range (rand, 1, 10);
    for (guint i = 0; i < n; i++)
      add_random (rand, &row);
    g_autofree char *first = show (&row);
    shuffle (rand, row.entries);
    assert_shows (&row, first);
    guint cut = (guint) g_rand_int_range (rand, 0, (gint32) n + 1);
    for (guint i = 0; i < cut; i++)
      g_ptr_array_add (early.entries, row.entries->pdata[i]);
    corm_sync_row_judge (&early);
    g_autoptr (GPtrArray) kept = g_ptr_array_new ();
    for (guint i = 0; i < cut; i++)
      if (!corm_sync_row_is_void (&early, row.entries->pdata[i]) || g_rand_boolean (rand))
        g_ptr_array_add (kept, row.entries->pdata[i]);
    for (guint i = cut; i < n; i++)
      g_ptr_array_add (kept, row.entries->pdata[i]);
    g_ptr_array_set_size (early.entries, 0);
    for (guint i = 0; i < kept->len; i++)
      g_ptr_array_add (early.entries, kept->pdata[i]);
    assert_shows (&early, first);
  }
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (what_counts),
    cmocka_unit_test (order_and_compaction_change_nothing),
  };
  return cmocka_run_group_tests_name ("sync-log", tests, NULL, NULL);
}
