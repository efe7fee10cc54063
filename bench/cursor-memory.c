/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Peak memory of a cursor over 1 000 000 rows, above the same process when it has connected and sent nothing. Each part
 * runs in a process of its own, so that filling the table leaves no trace in the figure. */
#include "bench.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { BATCH = 10000, MARK = 16 * 1024 * 1024 };

typedef void (*Part) (const BenchFloor *floor, const char *place);

/* Runs @part in a child. */
static void
in_child (Part part, const BenchFloor *floor, const char *place)
{
  int status = 0;
  fflush (stdout);
  pid_t pid = fork ();
  if (pid == 0) {
    part (floor, place);
    exit (0);
  }
  bench_need (pid > 0 && waitpid (pid, &status, 0) == pid && status == 0, floor->backend,
              "a child process failed");
}

static void
empty (const BenchFloor *floor, const char *place)
{
  gpointer native = floor->open (place);
  floor->run (native, floor->empty);
  floor->close (native);
}

static void
fill (const BenchFloor *floor, const char *place)
{
  g_autoptr (GError) error = NULL;
  gsize n = bench_scale (1000000);
  g_autoptr (CormDb) db = bench_open (place);
  empty (floor, place);
  g_autoptr (CormConnection) conn = corm_db_connect (db, &error);
  BENCH_NEED (conn != NULL);
  for (gsize i = 0; i < n; i += BATCH) {
    gsize size = MIN (BATCH, n - i);
    g_autofree Reading *rows = bench_make_rows (i, size);
    BENCH_NEED (corm_bulk_insert (Reading, conn, rows, size, &error));
  }
}

/* A line of /proc/self/status, in bytes. */
static gint64
memory (const char *name)
{
  g_autofree char *text = NULL;
  bench_need (g_file_get_contents ("/proc/self/status", &text, NULL, NULL), "/proc/self/status",
              "can't be read");
  const char *line = strstr (text, name);
  bench_need (line != NULL, name, "is not in /proc/self/status");
  return g_ascii_strtoll (line + strlen (name), NULL, 10) * 1024;
}

static void
measure (const BenchFloor *floor, const char *place)
{
  g_autoptr (GError) error = NULL;
  gsize n = 0;
  guint64 sum = 0;
  g_autoptr (CormRegistry) registry = corm_registry_new (&error, &Reading_model, NULL);
  g_autoptr (CormDb) db = corm_db_open (place, registry, &error);
  BENCH_NEED (db != NULL);
  g_autoptr (CormConnection) conn = corm_db_connect (db, &error);
  BENCH_NEED (conn != NULL);
  gint64 idle = memory ("VmRSS:");
  g_autoptr (CormCursor) cursor = corm_cursor (Reading, conn, &error, .limit = 0);
  BENCH_NEED (cursor != NULL);
  for (const Reading *row; (row = corm_next (Reading, cursor, &error)) != NULL; n++)
    sum += bench_read (row);
  bench_need (error == NULL && n == bench_scale (1000000) && sum > 0, "reading the cursor",
              error != NULL ? error->message : "there are not as many rows as there should be");
  gint64 bytes = memory ("VmHWM:") - idle;
  printf ("cursor-memory %-8s %.1f MB above the idle process, %" G_GSIZE_FORMAT " rows  (mark 16 MB%s)\n",
          floor->backend, (double) bytes / 1048576, n, bytes > MARK ? ": missed" : "");
  bench_add_result ("{\"name\": \"cursor-memory\", \"backend\": \"%s\", \"bytes\": %" G_GINT64_FORMAT "}",
                    floor->backend, bytes);
}

int
main (void)
{
  for (const BenchFloor *const *floor = bench_floors; *floor != NULL; floor++) {
    g_autofree char *place = bench_place (*floor);
    if (place == NULL)
      continue;
    in_child (fill, *floor, place);
    in_child (measure, *floor, place);
    in_child (empty, *floor, place);
  }
  return 0;
}
