/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Races on purpose, and the same work with what orders it, by which tests/tsan knows that ThreadSanitizer sees the ones
 * and takes the others for what they are: races NAME runs one of them in 32 threads. */
#include <glib.h>
#include <sys/socket.h>
#include <unistd.h>

enum { N_THREADS = 32, N_ROUNDS = 100 };

static GMutex mutex;
static GCond cond;
static guint number;
static GHashTable *table;
static GPtrArray *array;
static gboolean ready;
static char one[] = "one";

static void
counter_without_a_lock (void)
{
  number++;
}

static void
table_without_a_lock (void)
{
  g_hash_table_lookup (table, one);
  if (g_thread_self () == array->pdata[0])
    g_hash_table_insert (table, one, one);
}

/* Each thread locks, one of them something else. */
static void
counter_under_two_locks (void)
{
  static GMutex other;
  GMutex *mine = g_thread_self () == array->pdata[0] ? &other : &mutex;
  g_mutex_lock (mine);
  number++;
  g_mutex_unlock (mine);
}

/* Published by a flag that is read and written as any variable. */
static void
first_use_by_a_flag (void)
{
  if (!ready) {
    number = 1;
    ready = TRUE;
  }
}

/* A word to oneself, over a socket like those of clients to servers. */
static void
send_and_receive (int fd)
{
  char byte = 1;
  g_assert_true (send (fd, &byte, 1, 0) == 1 && recv (fd, &byte, 1, 0) == 1);
}

/* One thread after the other by chance, each with a socket of its own in use: that orders nothing. */
static void
counter_between_messages (void)
{
  static gint next;
  static __thread gboolean is_done;
  struct sockaddr_storage address = { .ss_family = AF_UNIX };
  socklen_t size = sizeof address;
  if (is_done)
    return;
  is_done = TRUE;
  g_usleep (5000ul * (gulong) g_atomic_int_add (&next, 1));
  int fd = socket (AF_UNIX, SOCK_DGRAM, 0);
  /* An address of its own, which the kernel chooses. */
  g_assert_true (bind (fd, (struct sockaddr *) &address, sizeof address.ss_family) == 0);
  g_assert_true (getsockname (fd, (struct sockaddr *) &address, &size) == 0);
  g_assert_true (connect (fd, (struct sockaddr *) &address, size) == 0);
  send_and_receive (fd);
  number++;
  send_and_receive (fd);
  close (fd);
}

static void
under_a_mutex (void)
{
  g_mutex_lock (&mutex);
  number++;
  g_hash_table_insert (table, one, GUINT_TO_POINTER (number));
  g_mutex_unlock (&mutex);
}

static void
under_a_mutex_that_is_tried (void)
{
  while (!g_mutex_trylock (&mutex))
    g_thread_yield ();
  number++;
  g_mutex_unlock (&mutex);
}

/* One writes what the next in turn reads. */
static void
handed_on_by_a_condition (void)
{
  g_mutex_lock (&mutex);
  while (ready)
    if (g_thread_self () == array->pdata[0])
      g_cond_wait (&cond, &mutex);
    else
      g_cond_wait_until (&cond, &mutex, g_get_monotonic_time () + G_USEC_PER_SEC);
  ready = TRUE;
  g_mutex_unlock (&mutex);
  number++;
  g_mutex_lock (&mutex);
  ready = FALSE;
  g_cond_broadcast (&cond);
  g_mutex_unlock (&mutex);
}

static void
first_use_by_once (void)
{
  static gsize once;
  if (g_once_init_enter (&once)) {
    number = 1;
    g_hash_table_insert (table, one, one);
    g_once_init_leave (&once, 1);
  }
  g_assert_cmpuint (number, ==, 1);
  g_assert_nonnull (g_hash_table_lookup (table, one));
}

typedef struct {
  gatomicrefcount references;
  guint numbers[N_THREADS];
} Shared;

static Shared *shared;

/* Each writes what is its own; the last one reads them all and frees. */
static void
freed_with_the_last_reference (void)
{
  static gint next;
  Shared *mine = shared;
  guint place = (guint) g_atomic_int_add (&next, 1);
  if (place < N_THREADS)
    mine->numbers[place] = 1;
  if (place >= N_THREADS || !g_atomic_ref_count_dec (&mine->references))
    return;
  guint sum = 0;
  for (guint i = 0; i < N_THREADS; i++)
    sum += mine->numbers[i];
  g_assert_cmpuint (sum, ==, N_THREADS);
  g_free (mine);
}

#define KIND(function) \
  { \
#function, function \
  }
static const struct {
  const char *name;
  void (*run) (void);
} kinds[] = { KIND (counter_without_a_lock),      KIND (table_without_a_lock),
              KIND (counter_under_two_locks),     KIND (first_use_by_a_flag),
              KIND (counter_between_messages),    KIND (under_a_mutex),
              KIND (under_a_mutex_that_is_tried), KIND (handed_on_by_a_condition),
              KIND (first_use_by_once),           KIND (freed_with_the_last_reference) };

static gpointer
work (gpointer data)
{
  void (*run) (void) = kinds[GPOINTER_TO_UINT (data)].run;
  for (guint i = 0; i < N_ROUNDS; i++)
    run ();
  return NULL;
}

static gpointer
wait_for_the_array (gpointer data)
{
  g_mutex_lock (&mutex);
  g_mutex_unlock (&mutex);
  return work (data);
}

int
main (int argc, char **argv)
{
  guint kind = 0;
  while (argc == 2 && kind < G_N_ELEMENTS (kinds) && !g_str_equal (kinds[kind].name, argv[1]))
    kind++;
  if (argc != 2 || kind == G_N_ELEMENTS (kinds))
    return 2;
  table = g_hash_table_new (g_str_hash, g_str_equal);
  array = g_ptr_array_new ();
  shared = g_new0 (Shared, 1);
  g_atomic_ref_count_init (&shared->references);
  for (guint i = 1; i < N_THREADS; i++)
    g_atomic_ref_count_inc (&shared->references);
  g_mutex_lock (&mutex);
  for (guint i = 0; i < N_THREADS; i++)
    g_ptr_array_add (array, g_thread_new ("racer", wait_for_the_array, GUINT_TO_POINTER (kind)));
  g_mutex_unlock (&mutex);
  for (guint i = 0; i < N_THREADS; i++)
    g_thread_join (array->pdata[i]);
  g_ptr_array_unref (array);
  g_hash_table_unref (table);
  return 0;
}
