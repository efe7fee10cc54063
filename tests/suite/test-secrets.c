/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* A password in a URI shows nowhere: CORM_TEST_SECRETS URIs (500) from CORM_TEST_SEED (1) are opened, which mostly fails, and
 * errors, log messages, the public URI, whatever the libraries print, and for a sample the command's output, reports and
 * place in the list of processes are searched for six characters of it, raw or percent-encoded. */
#include "../lib/suite.h"

#include "secrets.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <signal.h>
#include <unistd.h>

static GString *logged;
static int errors_fd = -1, own_fd = -1; /* what anybody writes to stderr; our own */
static off_t errors_at;                 /* so far it is read */
static char *pgsql_folder, *mysql_socket;

static guint
number_from (const char *variable, guint otherwise)
{
  const char *text = g_getenv (variable);
  return text != NULL ? (guint) g_ascii_strtoull (text, NULL, 10) : otherwise;
}

/* What stands behind @name in a server's URI. */
static char *
parameter_of (const char *variable, const char *name)
{
  const char *uri = g_getenv (variable), *at = uri != NULL ? strstr (uri, name) : NULL;
  return at != NULL ? g_strndup (at + strlen (name), strcspn (at + strlen (name), "&")) : NULL;
}

static GLogWriterOutput
keep_log (G_GNUC_UNUSED GLogLevelFlags level, const GLogField *fields, gsize n_fields,
          G_GNUC_UNUSED gpointer data)
{
  for (gsize i = 0; i < n_fields; i++)
    g_string_append_printf (logged, "%s ", (const char *) fields[i].value);
  return G_LOG_WRITER_HANDLED;
}

static int
set_up (G_GNUC_UNUSED void **state)
{
  g_autofree char *path = g_build_filename (
      g_getenv ("CORM_TEST_TMP") != NULL ? g_getenv ("CORM_TEST_TMP") : "/tmp", "secrets.err", NULL);
  logged = g_string_new (NULL);
  own_fd = dup (STDERR_FILENO);
  g_log_set_writer_func (keep_log, NULL, NULL);
  errors_fd = g_open (path, O_CREAT | O_RDWR | O_TRUNC | O_APPEND, 0600);
  pgsql_folder = parameter_of ("CORM_TEST_PGSQL_PASSWORD", "host=");
  mysql_socket = parameter_of ("CORM_TEST_MYSQL", "socket=");
  return errors_fd >= 0 ? 0 : -1;
}

static int
tear_down (G_GNUC_UNUSED void **state)
{
  close (errors_fd);
  close (own_fd);
  g_free (pgsql_folder);
  g_free (mysql_socket);
  g_string_free (logged, TRUE);
  return 0;
}

static void
assert_hidden (const Secret *secret, const char *where, const char *text)
{
  g_autofree char *found = text != NULL ? secret_find (secret, text) : NULL;
  if (found != NULL)
    dup2 (own_fd, STDERR_FILENO);
  if (found != NULL)
    fail_msg ("%s of '%s' shows '%s': %s", where, secret->uri, found, text);
}

/* --- the library -------------------------------------------------------------------------------------------------- */

typedef struct {
  guint n_opened, n_failed, n_messages;
} Count;

static void
on_statement (const char *sql, G_GNUC_UNUSED gpointer data)
{
  g_string_append (logged, sql);
}

static void
check_error (const Secret *secret, const char *where, GError *error, Count *count)
{
  if (error == NULL)
    return;
  assert_int_equal (error->domain, CORM_ERROR);
  assert_hidden (secret, where, error->message);
  count->n_messages++;
  g_error_free (error);
}

static void
open_it (const Secret *secret, Count *count)
{
  GError *error = NULL;
  const CormDbOptions options = { .on_statement = on_statement, .must_exist = true };
  g_autoptr (CormDb) db = corm_db_open_full (secret->uri, NULL, &options, &error);
  count->n_opened += db != NULL;
  count->n_failed += db == NULL;
  if (db != NULL)
    assert_hidden (secret, "corm_db_get_uri()", corm_db_get_uri (db));
  check_error (secret, "corm_db_open()", error, count);
}

/* As a replica, for a backup, for a script of migrations. */
static void
use_it_otherwise (const Secret *secret, Count *count)
{
  GError *error = NULL;
  const char *const readers[] = { secret->uri, NULL };
  const CormDbOptions options = { .readers = readers };
  g_autoptr (CormDb) db = corm_db_open_full ("sqlite::memory:", NULL, &options, &error);
  assert_true (db == NULL || error == NULL);
  check_error (secret, "readers", error, count);
  error = NULL;
  g_autofree char *command = corm_backup (secret->uri, "/nowhere/at/all", NULL, &error);
  assert_hidden (secret, "corm_backup()", command);
  check_error (secret, "corm_backup()", error, count);
  error = NULL;
  g_autoptr (CormMigrations) set = corm_migrations_new ();
  g_autofree char *sql = set != NULL ? corm_migrations_to_sql (set, secret->uri, NULL, "head", &error) : NULL;
  assert_hidden (secret, "corm_migrations_to_sql()", sql);
  check_error (secret, "corm_migrations_to_sql()", error, count);
}

/* What was written to stderr since it was read last; free with g_free(). */
static char *
read_errors (void)
{
  GString *text = g_string_new (NULL);
  char part[4096];
  for (gssize size; (size = pread (errors_fd, part, sizeof part, errors_at)) > 0; errors_at += size)
    g_string_append_len (text, part, size);
  return g_string_free (text, FALSE);
}

/* Behind the libraries' words stands @mark, or they are not what was read. */
static void
check_printed (const Secret *secret, const char *mark)
{
  g_autofree char *text = read_errors ();
  assert_true (g_str_has_suffix (text, mark));
  assert_hidden (secret, "stderr", text);
  assert_hidden (secret, "the log", logged->str);
  g_string_truncate (logged, 0);
}

/* A password that is written would be found, raw and percent-encoded. */
static void
what_is_shown_is_found (G_GNUC_UNUSED void **state)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (1);
  for (guint i = 0; i < 20; i++) {
    Secret secret;
    secret_make (&secret, rand, pgsql_folder, mysql_socket);
    dup2 (errors_fd, STDERR_FILENO);
    fprintf (stderr, "no connection for u:%s at all\n", i % 2 == 0 ? secret.password : secret.spelt);
    dup2 (own_fd, STDERR_FILENO);
    g_autofree char *text = read_errors ();
    g_autofree char *found = secret_find (&secret, text);
    assert_non_null (found);
    secret_clear (&secret);
  }
}

static void
errors_and_logs (G_GNUC_UNUSED void **state)
{
  guint n = number_from ("CORM_TEST_SECRETS", 500), seed = number_from ("CORM_TEST_SEED", 1);
  g_autoptr (GRand) rand = g_rand_new_with_seed (seed);
  Count count = { 0 };
  for (guint i = 0; i < n; i++) {
    Secret secret;
    secret_make (&secret, rand, pgsql_folder, mysql_socket);
    g_autofree char *shown = corm_uri_redact (secret.uri), *mark = g_strdup_printf ("-- %u\n", i);
    dup2 (errors_fd, STDERR_FILENO);
    open_it (&secret, &count);
    use_it_otherwise (&secret, &count);
    fputs (mark, stderr);
    dup2 (own_fd, STDERR_FILENO);
    assert_hidden (&secret, "corm_uri_redact()", shown);
    check_printed (&secret, mark);
    secret_clear (&secret);
  }
  print_message ("# %u URIs from seed %u: %u opened, %u failed, %u messages, no password in any\n", n, seed,
                 count.n_opened, count.n_failed, count.n_messages);
}

/* --- the command -------------------------------------------------------------------------------------------------- */

static const char *
command (void)
{
  const char *path = g_getenv ("CORM_TEST_COMMAND");
  if (path == NULL) {
    print_message ("# skip CORM_TEST_COMMAND is not set: run by make check\n");
    skip ();
  }
  return path;
}

/* Both outputs together. */
static void
run_command (const Secret *secret, const char *const *arguments)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *out = NULL, *err = NULL;
  g_autoptr (GPtrArray) argv = g_ptr_array_new ();
  g_ptr_array_add (argv, (char *) command ());
  for (; *arguments != NULL; arguments++)
    g_ptr_array_add (argv, (char *) *arguments);
  g_ptr_array_add (argv, NULL);
  if (!g_spawn_sync (NULL, (char **) argv->pdata, NULL, G_SPAWN_DEFAULT, NULL, NULL, &out, &err, NULL,
                     &error))
    fail_msg ("%s", error->message);
  assert_hidden (secret, argv->pdata[1], out);
  assert_hidden (secret, argv->pdata[1], err);
}

static void
run_verb (const Secret *secret, guint verb)
{
  g_autofree char *option = g_strconcat ("--database=", secret->uri, NULL);
  g_autofree char *password = g_strconcat ("--password=", secret->spelt, NULL);
  const char *uri = secret->uri;
  const char *const verbs[][6] = {
    { "ping", uri },
    { "--format", "json", "ping", uri },
    { "inspect", uri, "--format", "json" },
    { uri },
    { "ping", option },
    { "ping", password },
    { "port", "sqlite::memory:", uri, "--format", "json" },
    { "port", uri, uri },
    { "verify", uri, uri, "--format", "json" },
    { "migrate", uri, "--to", uri },
    { "diff", uri, uri, "--format", "json" },
    { "doctor", uri },
    { "stats", uri, uri, "--format", "json" },
    { "export", uri },
    { "current", uri, "--format", "json" },
    { "backup", uri, "/nowhere/x" },
    { "lint", uri },
  };
  run_command (secret, verbs[verb % G_N_ELEMENTS (verbs)]);
}

static void
what_the_command_prints (G_GNUC_UNUSED void **state)
{
  guint n = number_from ("CORM_TEST_SECRETS", 500) / 10, seed = number_from ("CORM_TEST_SEED", 1);
  g_autoptr (GRand) rand = g_rand_new_with_seed (seed + 1000000);
  command ();
  for (guint i = 0; i < n; i++) {
    Secret secret;
    secret_make (&secret, rand, pgsql_folder, mysql_socket);
    run_verb (&secret, i);
    g_setenv ("CORM_DATABASE_URL", secret.uri, TRUE);
    if (i % 5 == 0)
      run_command (&secret, (const char *const[]){ "ping", NULL });
    g_unsetenv ("CORM_DATABASE_URL");
    secret_clear (&secret);
  }
  print_message ("# %u runs of the command, no password in what they print\n", n);
}

/* --- the list of processes ------------------------------------------------------------------------------------------ */

/* Takes connections and never answers; the port. */
static int
listen_silently (int *fd)
{
  struct sockaddr_in address = { .sin_family = AF_INET, .sin_addr.s_addr = htonl (INADDR_LOOPBACK) };
  socklen_t size = sizeof address;
  *fd = socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  assert_int_equal (bind (*fd, (struct sockaddr *) &address, size), 0);
  assert_int_equal (listen (*fd, 5), 0);
  assert_int_equal (getsockname (*fd, (struct sockaddr *) &address, &size), 0);
  return ntohs (address.sin_port);
}

/* With blanks between the arguments; free with g_free(). */
static char *
command_line (GPid pid)
{
  char *text = NULL;
  gsize size = 0;
  g_autofree char *path = g_strdup_printf ("/proc/%d/cmdline", (int) pid);
  if (!g_file_get_contents (path, &text, &size, NULL))
    return NULL;
  for (gsize i = 0; i + 1 < size; i++)
    if (text[i] == '\0')
      text[i] = ' ';
  return text;
}

/* It takes the command some milliseconds to come to it. */
static char *
wiped_command_line (const Secret *secret, GPid pid)
{
  for (guint i = 0; i < 200; i++) {
    g_autofree char *text = command_line (pid);
    g_autofree char *found = text != NULL ? secret_find (secret, text) : NULL;
    if (text != NULL && found == NULL && strstr (text, "***") != NULL)
      return g_steal_pointer (&text);
    g_usleep (10 * 1000);
  }
  return command_line (pid);
}

static void
what_ps_shows (G_GNUC_UNUSED void **state)
{
  static const char *const forms[] = { "postgresql://u:{}@127.0.0.1:%d/db",
                                       "postgres://u@127.0.0.1:%d/db?password={}",
                                       "mysql://u:{}@127.0.0.1:%d/db" };
  const char *path = command ();
  int fd;
  g_autofree char *port = g_strdup_printf ("%d", listen_silently (&fd));
  g_autoptr (GRand) rand = g_rand_new_with_seed (7);
  for (guint i = 0; i < G_N_ELEMENTS (forms); i++) {
    Secret secret;
    GPid pid;
    secret_make (&secret, rand, NULL, NULL);
    g_autofree char *spelt = g_uri_escape_string (secret.password, NULL, FALSE);
    g_autoptr (GString) uri = g_string_new (forms[i]);
    g_string_replace (uri, "{}", spelt, 0);
    g_string_replace (uri, "%d", port, 1);
    const char *argv[] = { path, "ping", uri->str, NULL };
    assert_true (
        g_spawn_async (NULL, (char **) argv, NULL,
                       G_SPAWN_DO_NOT_REAP_CHILD | G_SPAWN_STDERR_TO_DEV_NULL | G_SPAWN_STDOUT_TO_DEV_NULL,
                       NULL, NULL, &pid, NULL));
    g_autofree char *line = wiped_command_line (&secret, pid);
    kill (pid, SIGKILL);
    waitpid (pid, NULL, 0);
    assert_non_null (line);
    assert_hidden (&secret, "ps", line);
    if (strstr (line, " ping ") == NULL || strstr (line, "127.0.0.1") == NULL)
      fail_msg ("the rest of the arguments is gone: %s", line);
    secret_clear (&secret);
  }
  close (fd);
}

/* --- work that is done ----------------------------------------------------------------------------------------------- */

/* All that a port says of itself, on a server that asks for a password of its own. */
static void
a_port_and_its_reports (G_GNUC_UNUSED void **state)
{
  command ();
  if (g_getenv ("CORM_TEST_MYSQL_ADMIN") == NULL || mysql_socket == NULL) {
    print_message ("# skip no server for mysql\n");
    skip ();
  }
  g_autofree char *folder = g_dir_make_tmp ("corm-secrets-XXXXXX", NULL);
  g_autofree char *html = g_build_filename (folder, "report.html", NULL);
  g_autofree char *json = g_build_filename (folder, "report.json", NULL);
  g_autofree char *source = g_strdup_printf ("sqlite:%s/source.db", folder);
  Secret secret = { .password = g_strdup ("Aq7ZkP0x@x'WmT93bLe") };
  secret.spelt = g_strdup ("Aq7ZkP0x%40x%27WmT93bLe");
  secret.uri = g_strdup_printf ("mysql://corm_shy:%s@/corm_shy?socket=%s", secret.spelt, mysql_socket);
  {
    g_autoptr (CormDb) db = NULL;
    g_autoptr (CormDb) admin_db = NULL;
    assert_ok ((db = corm_db_open (source, NULL, error)) != NULL);
    assert_ok ((admin_db = corm_db_open (g_getenv ("CORM_TEST_MYSQL_ADMIN"), NULL, error)) != NULL);
    g_autoptr (CormConnection) conn = suite_connect (db);
    g_autoptr (CormConnection) admin = suite_connect (admin_db);
    suite_sql (conn, "CREATE TABLE t (id integer primary key, a text)");
    suite_sql (conn, "INSERT INTO t VALUES (1, 'a'), (2, 'b')");
    suite_sql (admin, "CREATE OR REPLACE DATABASE corm_shy");
    suite_sql (admin, "CREATE OR REPLACE USER corm_shy@localhost IDENTIFIED BY 'Aq7ZkP0x@x''WmT93bLe'");
    suite_sql (admin, "GRANT ALL ON corm_shy.* TO corm_shy@localhost");
    const char *const runs[][8] = {
      { "port", source, secret.uri, "--plan" },
      { "port", source, secret.uri, "--report", html },
      { "port", source, secret.uri },
      { "verify", source, secret.uri, "--report", json, "--format", "json" },
      { "doctor", secret.uri },
      { "stats", secret.uri },
      { "inspect", secret.uri, "--emit", "sql" },
      { "maintain", secret.uri, "--format", "json" },
    };
    for (guint i = 0; i < G_N_ELEMENTS (runs); i++)
      run_command (&secret, runs[i]);
    assert_int_equal (suite_number (admin, "SELECT count(*) FROM corm_shy.t"), 2);
    suite_sql (admin, "DROP DATABASE corm_shy");
    suite_sql (admin, "DROP USER corm_shy@localhost");
  }
  const char *const files[] = { html, json };
  for (guint i = 0; i < G_N_ELEMENTS (files); i++) {
    g_autofree char *text = NULL;
    assert_true (g_file_get_contents (files[i], &text, NULL, NULL));
    assert_hidden (&secret, files[i], text);
    assert_true (strstr (text, "corm_shy:***") != NULL || i == 1);
    g_unlink (files[i]);
  }
  g_unlink (source + strlen ("sqlite:"));
  g_rmdir (folder);
  secret_clear (&secret);
}

int
main (void)
{
  static const struct CMUnitTest tests[] = {
    cmocka_unit_test (what_is_shown_is_found), /* */
    cmocka_unit_test (errors_and_logs),        cmocka_unit_test (what_the_command_prints),
    cmocka_unit_test (what_ps_shows),          cmocka_unit_test (a_port_and_its_reports),
  };
  return cmocka_run_group_tests_name ("secrets", tests, set_up, tear_down);
}
