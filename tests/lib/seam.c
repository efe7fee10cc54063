/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* See seam.h. The linker gives every call of corm_driver_find() to the function here, which hands out a copy of the driver's
 * table with some of the calls led through here. Counts are atomic: a port has several threads. */
#include "config.h"

#include "seam.h"

#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#ifdef HAVE_PGSQL
#include <libpq-fe.h>
#endif
#ifdef HAVE_MYSQL
#include <mysql.h>
#endif

enum { N_DRIVERS = 3, MOST_SESSIONS = 64, STALL_MS = 20, PATIENCE_MS = 10000 };

static struct {
  const CormDriver *real;
  CormDriver led;
} drivers[N_DRIVERS];

static struct {
  SeamFault fault;
  guint nth;
  void (*function) (gpointer data);
  gpointer data;
  gboolean armed;
  gint seen, struck; /* atomic */
  char what[100];
  gint links, statements, bulks; /* begun and not ended since; atomic */
  guint commit;                  /* the last COMMIT, counted from 1 */
} seam;

static struct {
  GMutex mutex;
  guint64 ids[MOST_SESSIONS];
  guint n;
} sessions;

/* --- one link -------------------------------------------------------------------------------------------------- */

static const CormDriver *
real_of (const CormLink *link)
{
  for (guint i = 0; i < N_DRIVERS; i++)
    if (&drivers[i].led == link->driver)
      return drivers[i].real;
  g_assert_not_reached ();
}

static int
get_socket (const CormLink *link)
{
#ifdef HAVE_PGSQL
  if (strcmp (link->driver->name, "pgsql") == 0)
    return link->handle != NULL ? PQsocket (link->handle) : -1;
#endif
#ifdef HAVE_MYSQL
  if (strcmp (link->driver->name, "mysql") == 0)
    return link->handle != NULL ? (int) mysql_get_socket (link->handle) : -1;
#endif
  return -1;
}

static guint64
get_session (const CormLink *link)
{
#ifdef HAVE_PGSQL
  if (strcmp (link->driver->name, "pgsql") == 0)
    return (guint64) PQbackendPID (link->handle);
#endif
#ifdef HAVE_MYSQL
  if (strcmp (link->driver->name, "mysql") == 0)
    return mysql_thread_id (link->handle);
#endif
  return 0;
}

static void
cut (const CormLink *link, int how)
{
  int fd = get_socket (link);
  if (fd >= 0)
    shutdown (fd, how);
}

/* --- the fault ------------------------------------------------------------------------------------------------- */

/* Keeps the database itself busy; it is stopped by the deadline. */
static gboolean
keep_busy (CormLink *link, GError **error)
{
  static const struct {
    const char *driver, *sql;
  } busy[] = {
    { "pgsql", "SELECT pg_catalog.pg_sleep(20)" },
    { "mysql", "DO (SELECT count(*) FROM information_schema.COLLATIONS a, information_schema.COLLATIONS b, "
               "information_schema.COLLATIONS c, information_schema.COLLATIONS d)" },
    { "sqlite3", "WITH RECURSIVE c(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM c) SELECT count(*) FROM c" },
  };
  for (guint i = 0; i < G_N_ELEMENTS (busy); i++)
    if (strcmp (busy[i].driver, link->driver->name) == 0)
      return real_of (link)->run (link, busy[i].sql, error);
  return TRUE;
}

static gboolean
stall (CormLink *link, gboolean may_ask, GError **error)
{
  const CormDriver *real = real_of (link);
  if (link->deadline == 0) {
    g_usleep (STALL_MS * 1000);
    return TRUE;
  }
  if (may_ask && real->in_transaction (link))
    return keep_busy (link, error);
  gint64 left = link->deadline - g_get_monotonic_time ();
  g_usleep ((gulong) (MAX (left, 0) + STALL_MS * 1000));
  return TRUE;
}

/* Where there is no socket (yet). */
static gboolean
refuse (const CormLink *link, const char *call, const char *sql, GError **error)
{
  g_autofree char *doing = *sql != '\0' ? corm_driver_describe (sql) : g_strdup (call);
  if (link->driver->dialect->in_process)
    corm_driver_error (error, CORM_ERROR_STORAGE, doing, "disk I/O error", NULL);
  else
    corm_driver_error (error, CORM_ERROR_CONNECTION, doing, "connection refused", NULL);
  return FALSE;
}

/* Counts a call. FALSE: it is not made, and @error says why. @may_ask: the link could take another statement. */
static gboolean
let_through (CormLink *link, const char *call, const char *sql, gboolean may_ask, GError **error)
{
  guint at = (guint) g_atomic_int_add (&seam.seen, 1) + 1;
  if (g_str_has_prefix (sql, "COMMIT"))
    seam.commit = at;
  if (at != seam.nth || seam.fault == SEAM_PASS)
    return TRUE;
  g_snprintf (seam.what, sizeof seam.what, "%s %s %s", link->driver->name, call, sql);
  g_atomic_int_set (&seam.struck, 1);
  if (seam.fault == SEAM_STALL)
    return stall (link, may_ask, error);
  if (seam.fault == SEAM_CALL) {
    seam.function (seam.data);
    return TRUE;
  }
  cut (link, seam.fault == SEAM_FAIL ? SHUT_RDWR : SHUT_RD);
  return seam.fault == SEAM_LOSE || get_socket (link) >= 0 || refuse (link, call, sql, error);
}

/* Behind a call that was made. */
static void
follow (const CormLink *link)
{
  if (seam.fault != SEAM_LOSE || g_atomic_int_get (&seam.struck) != 1)
    return;
  g_atomic_int_set (&seam.struck, 2);
  if (link->driver->dialect->in_process)
    raise (SIGKILL);
  cut (link, SHUT_RDWR);
}

/* --- the calls ------------------------------------------------------------------------------------------------- */

static void
remember (const CormLink *link)
{
  g_mutex_lock (&sessions.mutex);
  if (seam.armed && get_session (link) != 0 && sessions.n < MOST_SESSIONS)
    sessions.ids[sessions.n++] = get_session (link);
  g_mutex_unlock (&sessions.mutex);
}

/* The library disconnects a link whose connect() failed, too. */
static gboolean
led_connect (CormLink *link, GError **error)
{
  g_atomic_int_inc (&seam.links);
  gboolean ok = let_through (link, "connect", "", FALSE, error) && real_of (link)->connect (link, error);
  if (ok)
    remember (link);
  follow (link);
  return ok;
}

static void
led_disconnect (CormLink *link)
{
  g_atomic_int_add (&seam.links, -1);
  if (real_of (link)->disconnect != NULL)
    real_of (link)->disconnect (link);
}

static gboolean
led_ping (CormLink *link, GError **error)
{
  gboolean ok = let_through (link, "ping", "", FALSE, error) && real_of (link)->ping (link, error);
  follow (link);
  return ok;
}

static gboolean
led_set_deadline (CormLink *link, guint ms, GError **error)
{
  gboolean ok = ms == 0 || let_through (link, "set_deadline", "", FALSE, error);
  ok = ok && real_of (link)->set_deadline (link, ms, error);
  follow (link);
  return ok;
}

static gboolean
led_run (CormLink *link, const char *sql, GError **error)
{
  gboolean ok = let_through (link, "run", sql, TRUE, error) && real_of (link)->run (link, sql, error);
  follow (link);
  return ok;
}

static gpointer
led_prepare (CormLink *link, const CormStatementSpec *spec, GError **error)
{
  gpointer statement = NULL;
  if (let_through (link, "prepare", spec->sql, TRUE, error))
    statement = real_of (link)->prepare (link, spec, error);
  if (statement != NULL)
    g_atomic_int_inc (&seam.statements);
  follow (link);
  return statement;
}

static void
led_finalize (CormLink *link, gpointer statement)
{
  g_atomic_int_add (&seam.statements, -1);
  real_of (link)->finalize (link, statement);
}

static gboolean
led_execute (CormLink *link, gpointer statement, const CormValue *params, gboolean stream, GError **error)
{
  gboolean ok = let_through (link, "execute", "", TRUE, error) &&
                real_of (link)->execute (link, statement, params, stream, error);
  follow (link);
  return ok;
}

/* A statement without rows is done when it was executed: then nobody is asked. */
static CormStep
led_step (CormLink *link, gpointer statement, CormValue *row, GError **error)
{
  CormStep step = CORM_STEP_ERROR;
  if (real_of (link)->n_columns (link, statement) == 0 || let_through (link, "step", "", FALSE, error))
    step = real_of (link)->step (link, statement, row, error);
  follow (link);
  return step;
}

static gpointer
led_bulk_begin (CormLink *link, const char *table, const char *const *columns, const CormSqlType *types,
                guint n_columns, GError **error)
{
  gpointer bulk = NULL;
  if (let_through (link, "bulk_begin", table, FALSE, error))
    bulk = real_of (link)->bulk_begin (link, table, columns, types, n_columns, error);
  if (bulk != NULL)
    g_atomic_int_inc (&seam.bulks);
  follow (link);
  return bulk;
}

static gboolean
led_bulk_row (CormLink *link, gpointer bulk, const CormValue *row, GError **error)
{
  gboolean ok =
      let_through (link, "bulk_row", "", FALSE, error) && real_of (link)->bulk_row (link, bulk, row, error);
  follow (link);
  return ok;
}

static gboolean
led_bulk_end (CormLink *link, gpointer bulk, gboolean keep, guint64 *n_rows, GError **error)
{
  gboolean through = let_through (link, "bulk_end", "", FALSE, error);
  gboolean ok = real_of (link)->bulk_end (link, bulk, keep && through, n_rows, through ? error : NULL);
  g_atomic_int_add (&seam.bulks, -1);
  follow (link);
  return ok && through;
}

static gpointer
led_lock_try (CormConnection *conn, const char *label, char **holder, GError **error)
{
  CormLink *link = corm_connection_get_link (conn);
  gpointer lock = NULL;
  if (let_through (link, "lock_try", "", FALSE, error))
    lock = real_of (link)->lock_try (conn, label, holder, error);
  follow (link);
  return lock;
}

/* --- the table of drivers -------------------------------------------------------------------------------------- */

const CormDriver *__real_corm_driver_find (const CormUri *uri, GError **error);
const CormDriver *__wrap_corm_driver_find (const CormUri *uri, GError **error);

static void
lead (CormDriver *led)
{
  led->connect = led_connect;
  led->disconnect = led_disconnect;
  led->ping = led_ping;
  led->set_deadline = led_set_deadline;
  led->run = led_run;
  led->prepare = led_prepare;
  led->finalize = led_finalize;
  led->execute = led_execute;
  led->step = led_step;
  if (led->bulk_begin != NULL) {
    led->bulk_begin = led_bulk_begin;
    led->bulk_row = led_bulk_row;
    led->bulk_end = led_bulk_end;
  }
  if (led->lock_try != NULL)
    led->lock_try = led_lock_try;
}

const CormDriver *
__wrap_corm_driver_find (const CormUri *uri, GError **error)
{
  static GMutex mutex;
  guint i = 0;
  const CormDriver *real = __real_corm_driver_find (uri, error);
  if (real == NULL || real->dbi_name == NULL) /* the generic one */
    return real;
  g_mutex_lock (&mutex);
  while (drivers[i].real != NULL && drivers[i].real != real)
    g_assert (++i < N_DRIVERS);
  if (drivers[i].real == NULL) {
    drivers[i].led = *real;
    lead (&drivers[i].led);
    drivers[i].real = real;
  }
  g_mutex_unlock (&mutex);
  return &drivers[i].led;
}

/* --- asking the seam ------------------------------------------------------------------------------------------- */

void
seam_arm (SeamFault fault, guint nth)
{
  seam.fault = fault;
  seam.nth = nth;
  seam.armed = TRUE;
  seam.what[0] = '\0';
  g_atomic_int_set (&seam.struck, 0);
  g_atomic_int_set (&seam.seen, 0);
  seam.links = seam.statements = seam.bulks = 0;
  seam.commit = 0;
  sessions.n = 0;
}

void
seam_arm_call (void (*function) (gpointer data), gpointer data, guint nth)
{
  seam_arm (SEAM_CALL, nth);
  seam.function = function;
  seam.data = data;
}

guint
seam_disarm (void)
{
  guint seen = (guint) g_atomic_int_get (&seam.seen);
  seam.fault = SEAM_PASS;
  seam.armed = FALSE;
  return seen;
}

guint
seam_get_commit (void)
{
  return seam.commit;
}

const char *
seam_get_struck (void)
{
  return seam.what;
}

char *
seam_find_left (void)
{
  if (seam.links == 0 && seam.statements == 0 && seam.bulks == 0)
    return NULL;
  return g_strdup_printf ("%d links, %d statements and %d bulk loads were not ended", seam.links,
                          seam.statements, seam.bulks);
}

static gint64
count_sessions (CormConnection *conn, const char *ids)
{
  const char *name = corm_connection_get_link (conn)->driver->name;
  g_autofree char *sql = NULL;
  if (strcmp (name, "pgsql") == 0)
    sql = g_strdup_printf ("SELECT count(*) FROM pg_stat_activity WHERE pid IN (%s)", ids);
  if (strcmp (name, "mysql") == 0)
    sql = g_strdup_printf ("SELECT count(*) FROM information_schema.PROCESSLIST WHERE ID IN (%s)", ids);
  if (sql == NULL)
    return 0;
  g_autoptr (CormCursor) cursor = corm_query (conn, sql, NULL, NULL);
  return cursor != NULL && corm_cursor_next (cursor, NULL) ? corm_cursor_get_value (cursor, 0)->i : -1;
}

gboolean
seam_wait_for_sessions (CormConnection *conn)
{
  g_autoptr (GString) ids = g_string_new ("-1");
  guint64 own = get_session (corm_connection_get_link (conn));
  for (guint i = 0; i < sessions.n; i++)
    if (sessions.ids[i] != own)
      g_string_append_printf (ids, ",%" G_GUINT64_FORMAT, sessions.ids[i]);
  gint64 end = g_get_monotonic_time () + PATIENCE_MS * G_GINT64_CONSTANT (1000);
  while (count_sessions (conn, ids->str) != 0) {
    if (g_get_monotonic_time () > end)
      return FALSE;
    g_usleep (500);
  }
  return TRUE;
}
