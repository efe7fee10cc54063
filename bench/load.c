/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Two processes, each with a connection that sends a statement every few milliseconds: half of them read by key, the others
 * update, insert, or are part of a short transaction. Each writes what its statements took into memory that it shares with
 * the process that asks. A third one looks how long the two have been waiting for a lock: what a statement took besides is
 * the machine's doing.
 * Invariant: a process writes its own part only; the asker writes the number of the mark only. */
#include "load.h"

#include "bench.h"

#include <libpq-fe.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
  N_WORKERS = 2,
  WATCHER = N_WORKERS,
  N_PROCESSES,
  PERIOD_US = 4000,
  LOOK_US = 5000,
  STEP_US = 100,
  N_STEPS = 10000
};

typedef struct {
  gint pid;  /* in the server */
  gint mark; /* that the figures belong to */
  gint n_ended;
  guint64 n;
  gint64 longest_us;
  guint32 steps[N_STEPS]; /* statements that took so many steps */
} Worker;

typedef struct {
  gint mark;
  Worker workers[N_PROCESSES];
} Shared;

struct _Load {
  Shared *shared;
  pid_t pids[N_PROCESSES];
};

typedef struct {
  Shared *shared;
  Worker *worker;
  PGconn *conn;
  guint64 number;
  gsize n_rows, n_accounts;
} Sender;

/* --- one statement */

static void
note (Sender *sender, gint64 us)
{
  Worker *worker = sender->worker;
  gint mark = g_atomic_int_get (&sender->shared->mark);
  if (mark != worker->mark) {
    worker->n = 0;
    worker->longest_us = 0;
    memset (worker->steps, 0, sizeof worker->steps);
    worker->mark = mark;
  }
  worker->n++;
  worker->longest_us = MAX (worker->longest_us, us);
  worker->steps[MIN (us / STEP_US, N_STEPS - 1)]++;
  g_atomic_int_inc (&worker->n_ended);
}

static void
send (Sender *sender, const char *sql, guint64 first, guint64 second)
{
  char a[24], b[24];
  const char *values[] = { a, b };
  int n = strstr (sql, "$2") != NULL ? 2 : strstr (sql, "$1") != NULL ? 1 : 0;
  g_snprintf (a, sizeof a, "%" G_GUINT64_FORMAT, first);
  g_snprintf (b, sizeof b, "%" G_GUINT64_FORMAT, second);
  gint64 begin = g_get_monotonic_time ();
  PGresult *result = PQexecParams (sender->conn, sql, n, NULL, values, NULL, NULL, 0);
  note (sender, g_get_monotonic_time () - begin);
  ExecStatusType status = PQresultStatus (result);
  bench_need (status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK, sql, PQerrorMessage (sender->conn));
  PQclear (result);
}

/* --- the mixture */

static void
send_some (Sender *sender, guint turn)
{
  guint64 id = 1 + (guint64) g_random_int () % sender->n_rows;
  guint64 account = 1 + (guint64) g_random_int () % sender->n_accounts;
  if (turn == 0) {
    send (sender, "UPDATE orders SET amount = amount + 1 WHERE id = $1", id, 0);
  } else if (turn == 1) {
    send (sender,
          "INSERT INTO orders (account_id, code, kind, amount, note) VALUES ($1, $2, 1, 1, 'while others "
          "change it')",
          account, ++sender->number);
  } else if (turn == 2) {
    send (sender, "UPDATE accounts SET balance = balance + 1 WHERE id = $1", account, 0);
  } else if (turn == 3) {
    send (sender, "BEGIN", 0, 0);
    send (sender, "SELECT amount FROM orders WHERE id = $1 FOR UPDATE", id, 0);
    send (sender, "UPDATE orders SET amount = amount - 1 WHERE id = $1", id, 0);
    send (sender, "COMMIT", 0, 0);
  } else {
    send (sender, "SELECT id, account_id, amount, placed_at FROM orders WHERE id = $1", id, 0);
  }
}

static void
connect_to (Sender *sender, const char *place)
{
  sender->conn = PQconnectdb (place);
  bench_need (PQstatus (sender->conn) == CONNECTION_OK, place, PQerrorMessage (sender->conn));
  g_atomic_int_set (&sender->worker->pid, PQbackendPID (sender->conn));
}

static void
work (Sender *sender, const char *place)
{
  gint64 next = g_get_monotonic_time ();
  connect_to (sender, place);
  for (guint turn = 0; getppid () != 1; turn = (turn + 1) % 8) {
    gint64 now = g_get_monotonic_time ();
    if (next > now)
      g_usleep ((gulong) (next - now));
    next = MAX (next, now) + PERIOD_US;
    send_some (sender, turn);
  }
  exit (1);
}

/* --- the third */

static gint64
longest_wait (Sender *sender, const char *sql)
{
  PGresult *result = PQexec (sender->conn, sql);
  bench_need (PQresultStatus (result) == PGRES_TUPLES_OK, sql, PQerrorMessage (sender->conn));
  gint64 us = g_ascii_strtoll (PQgetvalue (result, 0, 0), NULL, 10);
  PQclear (result);
  return us;
}

static void
watch (Sender *sender, const char *place)
{
  const Worker *workers = sender->shared->workers;
  connect_to (sender, place);
  while (getppid () != 1) {
    g_autofree char *sql =
        g_strdup_printf ("SELECT CAST(1000000 * coalesce(max(extract(epoch FROM clock_timestamp() - "
                         "waitstart)), 0) AS bigint) "
                         "FROM pg_locks WHERE NOT granted AND pid IN (%d, %d)",
                         g_atomic_int_get (&workers[0].pid), g_atomic_int_get (&workers[1].pid));
    note (sender, longest_wait (sender, sql));
    g_usleep (LOOK_US);
  }
  exit (1);
}

/* --- from outside */

static void
wait_for_all (const Load *load, gint n)
{
  gint begin[N_PROCESSES];
  for (guint i = 0; i < N_PROCESSES; i++)
    begin[i] = g_atomic_int_get (&load->shared->workers[i].n_ended);
  for (guint i = 0; i < N_PROCESSES; i++)
    while (g_atomic_int_get (&load->shared->workers[i].n_ended) - begin[i] < n) {
      bench_need (waitpid (load->pids[i], NULL, WNOHANG) == 0, "the load", "one of its processes has ended");
      g_usleep (1000);
    }
}

Load *
load_start (const char *place, gsize n_rows, gsize n_accounts)
{
  Load *load = g_new0 (Load, 1);
  void *memory = mmap (NULL, sizeof (Shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  bench_need (memory != MAP_FAILED, "memory for the load", g_strerror (errno));
  load->shared = memory;
  for (guint i = 0; i < N_PROCESSES; i++) {
    Sender sender = { .shared = load->shared,
                      .worker = &load->shared->workers[i],
                      .number = (i + 1) * G_GUINT64_CONSTANT (1000000000000),
                      .n_rows = n_rows,
                      .n_accounts = n_accounts };
    load->pids[i] = fork ();
    bench_need (load->pids[i] >= 0, "start the load", g_strerror (errno));
    if (load->pids[i] == 0)
      (i == WATCHER ? watch : work) (&sender, place);
  }
  wait_for_all (load, 100);
  return load;
}

void
load_mark (Load *load)
{
  g_atomic_int_inc (&load->shared->mark);
  wait_for_all (load, 2);
}

LoadFigure
load_read (Load *load)
{
  LoadFigure figure = { 0 };
  guint64 seen = 0;
  gint64 longest = 0;
  wait_for_all (load, 2);
  for (guint i = 0; i < N_WORKERS; i++) {
    figure.n += load->shared->workers[i].n;
    longest = MAX (longest, load->shared->workers[i].longest_us);
  }
  for (guint step = 0; step < N_STEPS && seen * 100 < figure.n * 99; step++) {
    for (guint i = 0; i < N_WORKERS; i++)
      seen += load->shared->workers[i].steps[step];
    figure.most_ms = (step + 1) * STEP_US / 1000.0;
  }
  figure.longest_ms = (double) longest / 1000;
  figure.lock_ms = (double) load->shared->workers[WATCHER].longest_us / 1000;
  return figure;
}

void
load_end (Load *load)
{
  for (guint i = 0; i < N_PROCESSES; i++) {
    kill (load->pids[i], SIGTERM);
    waitpid (load->pids[i], NULL, 0);
  }
  munmap (load->shared, sizeof (Shared));
  g_free (load);
}
