/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* See sort.h. A record in memory and on the disk is the sizes of its key and of itself, then both. Invariant: every run is
 * sorted, and the heap's first run holds the least record. */
#include "exchange/sort.h"

#include "exchange/output.h"
#include "exchange/spool.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#ifdef CORM_TINY
enum { RUN_BYTES = 512, LEAST_BUFFER = 64 };
#else
enum { RUN_BYTES = 8 << 20, LEAST_BUFFER = 4096 };
#endif

typedef struct {
  guint32 key, record;
} Head;

typedef struct {
  guint64 place, end; /* of the file: what is not in bytes yet */
  GString *bytes;
  gsize at; /* of the record it stands on */
} Run;

struct _CormSort {
  int fd; /* -1: all fits in memory */
  guint64 size;
  GString *bytes;   /* the run that is being made; records one behind the other */
  GPtrArray *order; /* and when it is sorted, where they begin; filled at the end of a run */
  GArray *places;   /* gsize: where in bytes each record begins */
  GArray *runs;     /* Run */
  GPtrArray *heap;  /* Run *, the least first */
  guint next;       /* of order, while nothing is on the disk */
  gboolean moved;   /* the heap's first run stands on a record that was given out */
};

CormSort *
corm_sort_new (void)
{
  CormSort *sort = g_new0 (CormSort, 1);
  sort->fd = -1;
  sort->bytes = g_string_new (NULL);
  sort->order = g_ptr_array_new ();
  sort->places = g_array_new (FALSE, FALSE, sizeof (gsize));
  sort->runs = g_array_new (FALSE, TRUE, sizeof (Run));
  sort->heap = g_ptr_array_new ();
  return sort;
}

void
corm_sort_free (CormSort *sort)
{
  if (sort == NULL)
    return;
  for (guint i = 0; i < sort->runs->len; i++)
    if (g_array_index (sort->runs, Run, i).bytes != NULL)
      g_string_free (g_array_index (sort->runs, Run, i).bytes, TRUE);
  if (sort->fd >= 0)
    close (sort->fd);
  g_string_free (sort->bytes, TRUE);
  g_ptr_array_unref (sort->order);
  g_array_unref (sort->places);
  g_array_unref (sort->runs);
  g_ptr_array_unref (sort->heap);
  g_free (sort);
}

static gsize
size_of (const char *record)
{
  Head head;
  memcpy (&head, record, sizeof head);
  return sizeof head + head.key + head.record;
}

static int
compare_bytes (const char *a, gsize a_size, const char *b, gsize b_size)
{
  int order = memcmp (a, b, MIN (a_size, b_size));
  return order != 0 ? order : (a_size > b_size) - (a_size < b_size);
}

static int
compare (const char *a, const char *b)
{
  Head x, y;
  memcpy (&x, a, sizeof x);
  memcpy (&y, b, sizeof y);
  a += sizeof x;
  b += sizeof y;
  int order = compare_bytes (a, x.key, b, y.key);
  return order != 0 ? order : compare_bytes (a + x.key, x.record, b + y.key, y.record);
}

static int
compare_pointers (gconstpointer a, gconstpointer b)
{
  return compare (*(const char *const *) a, *(const char *const *) b);
}

static void
order_run (CormSort *sort)
{
  g_ptr_array_set_size (sort->order, 0);
  for (guint i = 0; i < sort->places->len; i++)
    g_ptr_array_add (sort->order, sort->bytes->str + g_array_index (sort->places, gsize, i));
  g_ptr_array_sort (sort->order, compare_pointers);
}

static gboolean
write_all (CormSort *sort, const char *bytes, gsize size, GError **error)
{
  while (size > 0) {
    gssize n = write (sort->fd, bytes, size);
    if (n < 0 && errno != EINTR)
      return corm_file_fail ("write", "a temporary file (in $TMPDIR)", error);
    bytes += MAX (n, 0);
    size -= (gsize) MAX (n, 0);
  }
  return TRUE;
}

static gboolean
write_run (CormSort *sort, GError **error)
{
  Run run = { .place = sort->size, .end = sort->size + sort->bytes->len };
  if (sort->fd < 0 && (sort->fd = corm_spool_open_file (error)) < 0)
    return FALSE;
  order_run (sort);
  g_autoptr (GString) sorted = g_string_sized_new (65536);
  for (guint i = 0; i < sort->order->len; i++) {
    const char *record = sort->order->pdata[i];
    g_string_append_len (sorted, record, (gssize) size_of (record));
    if (sorted->len < 65536 && i + 1 < sort->order->len)
      continue;
    if (!write_all (sort, sorted->str, sorted->len, error))
      return FALSE;
    g_string_truncate (sorted, 0);
  }
  g_array_append_val (sort->runs, run);
  sort->size = run.end;
  g_string_truncate (sort->bytes, 0);
  g_array_set_size (sort->places, 0);
  return TRUE;
}

gboolean
corm_sort_add (CormSort *sort, const GString *key, const GString *record, GError **error)
{
  Head head = { (guint32) key->len, (guint32) record->len };
  g_array_append_val (sort->places, sort->bytes->len);
  g_string_append_len (sort->bytes, (const char *) &head, sizeof head);
  g_string_append_len (sort->bytes, key->str, (gssize) key->len);
  g_string_append_len (sort->bytes, record->str, (gssize) record->len);
  return sort->bytes->len < RUN_BYTES || write_run (sort, error);
}

/* --- merging --------------------------------------------------------------------------------------------------- */

/* @size bytes from the run's record on are in memory; FALSE also at its end. */
static gboolean
have (CormSort *sort, Run *run, gsize size, GError **error)
{
  if (run->bytes->len - run->at >= size)
    return TRUE;
  g_string_erase (run->bytes, 0, (gssize) run->at);
  run->at = 0;
  gsize buffer = MAX (RUN_BYTES / sort->runs->len, LEAST_BUFFER);
  gsize begin = run->bytes->len;
  gsize wanted = (gsize) MIN (run->end - run->place, (guint64) MAX (size, buffer) - begin);
  g_string_set_size (run->bytes, begin + wanted);
  for (gsize done = 0; done < wanted;) {
    gssize n = pread (sort->fd, run->bytes->str + begin + done, wanted - done, (off_t) (run->place + done));
    if (n == 0 || (n < 0 && errno != EINTR))
      return corm_file_fail ("read", "a temporary file (in $TMPDIR)", error);
    done += (gsize) MAX (n, 0);
  }
  run->place += wanted;
  return run->bytes->len >= size;
}

/* The record that the run stands on is whole in memory. FALSE at its end, or with an error. */
static gboolean
load (CormSort *sort, Run *run, GError **error)
{
  return have (sort, run, sizeof (Head), error) &&
         have (sort, run, size_of (run->bytes->str + run->at), error);
}

static const char *
record_of (const Run *run)
{
  return run->bytes->str + run->at;
}

static void
sink_first (GPtrArray *heap)
{
  for (guint i = 0, least; 2 * i + 1 < heap->len; i = least) {
    least = 2 * i + 1;
    if (least + 1 < heap->len &&
        compare (record_of (heap->pdata[least + 1]), record_of (heap->pdata[least])) < 0)
      least++;
    if (compare (record_of (heap->pdata[i]), record_of (heap->pdata[least])) <= 0)
      return;
    gpointer swap = heap->pdata[i];
    heap->pdata[i] = heap->pdata[least];
    heap->pdata[least] = swap;
  }
}

static int
compare_runs (gconstpointer a, gconstpointer b)
{
  return compare (record_of (*(Run *const *) a), record_of (*(Run *const *) b));
}

gboolean
corm_sort_end (CormSort *sort, GError **error)
{
  if (sort->fd < 0) {
    order_run (sort);
    return TRUE;
  }
  if (sort->bytes->len > 0 && !write_run (sort, error))
    return FALSE;
  g_string_free (sort->bytes, TRUE);
  sort->bytes = g_string_new (NULL);
  for (guint i = 0; i < sort->runs->len; i++) {
    Run *run = &g_array_index (sort->runs, Run, i);
    run->bytes = g_string_new (NULL);
    if (!load (sort, run, error))
      return FALSE;
    g_ptr_array_add (sort->heap, run);
  }
  g_ptr_array_sort (sort->heap, compare_runs);
  return TRUE;
}

static gboolean
move_on (CormSort *sort, GError **error)
{
  g_autoptr (GError) failed = NULL;
  Run *run = sort->heap->pdata[0];
  run->at += size_of (record_of (run));
  sort->moved = FALSE;
  if (!load (sort, run, &failed))
    g_ptr_array_remove_index_fast (sort->heap, 0);
  if (failed != NULL) {
    g_propagate_error (error, g_steal_pointer (&failed));
    return FALSE;
  }
  sink_first (sort->heap);
  return TRUE;
}

const char *
corm_sort_next (CormSort *sort, gsize *size, GError **error)
{
  Head head;
  const char *record = NULL;
  if (sort->fd < 0)
    record = sort->next < sort->order->len ? sort->order->pdata[sort->next++] : NULL;
  else {
    if (sort->moved && !move_on (sort, error))
      return NULL;
    record = sort->heap->len > 0 ? record_of (sort->heap->pdata[0]) : NULL;
    sort->moved = record != NULL;
  }
  if (record == NULL)
    return NULL;
  memcpy (&head, record, sizeof head);
  *size = head.record;
  return record + sizeof head + head.key;
}
