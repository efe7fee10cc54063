/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Counts the statements that a connection sends, and kills the process in front of one of them; or kills a process that
 * works after a time. For cases that ask what is left behind.
 *
 *   knife_put (conn, 0); … knife_take (conn); assert_int_equal (knife.seen, 12);
 */
#pragma once

#include <corm/corm.h>
#include <corm/sys/driver.h>
#include <signal.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

static struct {
  const CormDriver *driver; /* the real one */
  guint seen, fatal;        /* statements; the one that is not sent any more, 0: all are */
} knife;

static inline void
knife_count (void)
{
  if (++knife.seen == knife.fatal)
    raise (SIGKILL);
}

static inline gboolean
knife_run (CormLink *link, const char *sql, GError **error)
{
  knife_count ();
  return knife.driver->run (link, sql, error);
}

static inline gboolean
knife_execute (CormLink *link, gpointer statement, const CormValue *params, gboolean stream, GError **error)
{
  knife_count ();
  return knife.driver->execute (link, statement, params, stream, error);
}

/* On one connection at a time. It may be given back to its pool meanwhile. */
static inline void
knife_put (CormConnection *conn, guint fatal)
{
  static CormDriver counting;
  CormLink *link = corm_connection_get_link (conn);
  knife.driver = link->driver;
  knife.seen = 0;
  knife.fatal = fatal;
  counting = *link->driver;
  counting.run = knife_run;
  counting.execute = knife_execute;
  link->driver = &counting;
}

static inline void
knife_take (CormLink *link)
{
  link->driver = knife.driver;
}

/* No assertions in there: a child must not go on with the tests. */
typedef gboolean (*KnifeWork) (gconstpointer data, guint fatal, GError **error);

/* Works in a process of its own, which ends itself in front of statement @fatal, or (0) is ended after @after_us.
 * FALSE: it had done its work before. */
static inline gboolean
knife_work_and_die (KnifeWork work, gconstpointer data, guint fatal, gulong after_us)
{
  int status = 0;
  fflush (NULL);
  pid_t pid = fork ();
  if (pid == 0) {
    GError *error = NULL;
    gboolean ok = work (data, fatal, &error);
    if (!ok)
      fprintf (stderr, "# %s\n", error->message);
    _exit (ok ? 0 : 1);
  }
  assert_true (pid > 0);
  if (fatal == 0) {
    g_usleep (after_us);
    kill (pid, SIGKILL);
  }
  assert_int_equal (waitpid (pid, &status, 0), pid);
  if (WIFEXITED (status))
    assert_int_equal (WEXITSTATUS (status), 0);
  else
    assert_int_equal (WTERMSIG (status), SIGKILL);
  return WIFSIGNALED (status);
}
