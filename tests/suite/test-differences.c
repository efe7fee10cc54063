/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* What the databases do differently, and what Corm does on all of them: SQL written by hand beside an expression of the
 * builder. Written to the build folder and compared with doc/manual/differences-table.md. A line on which Corm gives
 * two answers on two backends is a failure. */
#include "../lib/place.h"
#include "../lib/suite.h"
#include "markdown.h"
#include "sample.h"

#define N_RAW 3 /* the native drivers, which come first */
#define N_BACKENDS 6
#define MAX_LINES 64

typedef struct {
  const char *question;
  const char *sql[N_RAW];
  char *raw[N_RAW]; /* NULL: did not run */
  char *code;
  const char *want;
  char *other; /* what Corm cannot do, and where; NULL: nothing */
} Line;

static Line lines[MAX_LINES];
static guint n_lines, next;
static Suite *suite;
static guint backend;

static const CormModel *const sample_models[] = { &Sample_model, &Item_model, NULL };

/* --- running -------------------------------------------------------------------------------------------------------- */

/* The rows' first values, "1; NULL", or the error. Free with g_free(). */
static char *
read_all (CormCursor *cursor, GError *failed)
{
  g_autoptr (GError) error = failed;
  g_autoptr (CormCursor) held = cursor;
  g_autoptr (GString) text = g_string_new (NULL);
  for (gboolean first = TRUE; held != NULL && corm_cursor_next (held, &error); first = FALSE) {
    g_string_append (text, first ? "" : "; ");
    corm_value_append_text (corm_cursor_get_value (held, 0), text);
  }
  return error != NULL ? g_strdup_printf ("error (%s)", corm_error_name (error->code)) : g_strdup (text->str);
}

static char *
read_sql (const char *sql)
{
  GError *error = NULL;
  CormCursor *cursor = corm_query (suite->conn, sql, NULL, &error);
  return read_all (cursor, error);
}

static void
add_other (Line *line, const char *got)
{
  char *other = g_strdup_printf ("%s%s%s: %s", line->other != NULL ? line->other : "",
                                 line->other != NULL ? "; " : "", suite->backend, got);
  g_free (line->other);
  line->other = other;
}

static void
answer (const char *question, const char *const *sql, const char *code, CormQuery *query, const char *want)
{
  g_assert (next < MAX_LINES);
  Line *line = &lines[next++];
  GError *error = NULL;
  n_lines = MAX (n_lines, next);
  line->question = question;
  line->want = want;
  memcpy (line->sql, sql, sizeof line->sql);
  g_free (line->code);
  line->code = g_strdup (code);
  if (backend < N_RAW) {
    g_free (line->raw[backend]);
    line->raw[backend] = read_sql (sql[backend]);
  }
  CormCursor *cursor = corm_query_open (query, suite->conn, &error);
  g_autofree char *got = read_all (cursor, error);
  if (g_str_equal (got, "error (unsupported)"))
    add_other (line, "unsupported");
  else if (!g_str_equal (got, want))
    print_message ("# %s: %s: Corm gives %s instead of %s\n", suite->backend, code, got, want);
  if (!g_str_equal (got, "error (unsupported)") && !g_str_equal (got, want))
    add_other (line, "WRONG");
}

#define S(m) CORM_COL (Sample, m)
#define I(m) CORM_COL (Item, m)

/* The same SQL for all, or one for each of SQLite, PostgreSQL, MariaDB. */
#define SAME(sql) ((const char *const[N_RAW]){ sql, sql, sql })
#define EACH(a, b, c) ((const char *const[N_RAW]){ a, b, c })

#define VALUE(question, sql, want, e) \
  do { \
    g_autoptr (CormQuery) query = corm_query_new (&Sample_model); \
    corm_query_select (query, CORM_OUTPUTS ({ .name = "value", .expr = CORM_BARE (e) })); \
    answer (question, sql, #e, query, want); \
  } while (0)
#define ORDER(question, sql, want, e, ...) \
  do { \
    g_autoptr (CormQuery) query = corm_query_new (&Item_model); \
    corm_query_select (query, CORM_OUTPUTS ({ .name = "value", .expr = CORM_BARE (e) })); \
    corm_query_order (query, (CormOrder) __VA_ARGS__); \
    answer (question, sql, #__VA_ARGS__, query, want); \
  } while (0)

/* --- the lines ------------------------------------------------------------------------------------------------------ */

static void
nulls_and_numbers (void)
{
  ORDER ("order of NULL", SAME ("SELECT n FROM items ORDER BY n"), "NULL; -5; 10; 20; 20", I (n),
         CORM_ASC (Item, n));
  ORDER ("order of NULL, descending", SAME ("SELECT n FROM items ORDER BY n DESC"), "20; 20; 10; -5; NULL",
         I (n), CORM_DESC (Item, n));
  VALUE ("empty text is NULL?", SAME ("SELECT '' IS NULL"), "false", CORM_MISSING (""));
  VALUE ("list with nothing in it", SAME ("SELECT 1 IN ()"), "false",
         CORM_IN_ARRAY (Sample, seven, (const gint32 *) NULL, 0));
  VALUE ("integer division", SAME ("SELECT 7 / 2"), "3", CORM_DIVIDED (S (seven), 2));
  VALUE ("integer division, negative", SAME ("SELECT -7 / 2"), "-3", CORM_DIVIDED (S (small), 2));
  VALUE ("division by zero", SAME ("SELECT 7 / 0"), "NULL", CORM_DIVIDED (S (seven), 0));
  VALUE ("modulo by zero", SAME ("SELECT 7 % 0"), "NULL", CORM_MODULO (S (seven), 0));
  VALUE ("modulo of a negative", SAME ("SELECT -7 % 2"), "-1", CORM_MODULO (S (small), 2));
  VALUE ("2^53 + 1, as an integer", SAME ("SELECT 9007199254740993 + 0"), "9007199254740993",
         CORM_PLUS (S (big), 0));
  VALUE ("one more than the greatest integer", SAME ("SELECT 9223372036854775807 + 1"), "error (conversion)",
         CORM_PLUS (S (greatest), 1));
  VALUE (
      "decimals: 0.1 + 0.2 = 0.3", SAME ("SELECT 0.1 + 0.2 = 0.3"), "true",
      CORM_EQUAL (CORM_PLUS (((CormDecimal){ "0.1" }), ((CormDecimal){ "0.2" })), ((CormDecimal){ "0.3" })));
  VALUE ("decimals: 12.50 * -0.05", SAME ("SELECT price * loss FROM samples"), "-0.625",
         CORM_TIMES (S (price), S (loss)));
  VALUE ("decimals of 38 digits", SAME ("SELECT wide + 0 FROM samples"),
         "9999999999999999999999999999.9999999999", CORM_PLUS (S (wide), 0));
  VALUE ("rounding a float: 2.5", SAME ("SELECT ROUND(half) FROM samples"), "3.0", CORM_ROUND (S (half), 0));
  VALUE ("rounding a float: -2.5", SAME ("SELECT ROUND(minus) FROM samples"), "-3.0",
         CORM_ROUND (S (minus), 0));
}

static void
average_of_integers (void)
{
  g_autoptr (CormQuery) query = corm_query_new (&Item_model);
  corm_query_select (query, CORM_OUTPUTS (CORM_AS ("value", CORM_AVG (I (n)))));
  answer ("average of integers", SAME ("SELECT AVG(n) FROM items"), "CORM_AVG (I (n))", query, "11.25");
}

static void
texts (void)
{
  VALUE ("LIKE and case", SAME ("SELECT 'Corm' LIKE 'c%'"), "false", CORM_MATCHES ("Corm", "c%"));
  VALUE ("LIKE of a column and case", SAME ("SELECT word LIKE 'c%' FROM samples"), "false",
         CORM_LIKE (Sample, word, "c%"));
  VALUE ("backslash in LIKE", SAME ("SELECT 'a%' LIKE 'a\\%'"), "true", CORM_MATCHES ("a%", "a\\%"));
  VALUE ("= and case", SAME ("SELECT 'a' = 'A'"), "false", CORM_EQUAL (S (word), "CORM"));
  VALUE ("= and accents", SAME ("SELECT 'e' = 'é'"), "false", CORM_EQUAL (S (exotic), "A😀e漢"));
  VALUE ("= and blanks at the end", SAME ("SELECT 'a' = 'a '"), "false", CORM_EQUAL (S (word), "Corm "));
  VALUE ("= of a column, blanks at the end", SAME ("SELECT word = 'Corm ' FROM samples"), "false",
         CORM_EQ (Sample, word, "Corm "));
  VALUE ("collation: 'Corm' < 'a'", SAME ("SELECT 'Corm' < 'a'"), "true", CORM_LESS (S (word), "a"));
  VALUE ("collation: 'z' < 'Ä'", SAME ("SELECT 'z' < 'Ä'"), "true", CORM_LESS ("z", S (exotic)));
  ORDER ("collation: ORDER BY", SAME ("SELECT name FROM items ORDER BY name"), "; Apple; apple; pear; äpple",
         I (name), CORM_ASC (Item, name));
  VALUE ("joining texts", SAME ("SELECT 'a' || 'b'"), "ab", CORM_CONCAT ("a", "b"));
  VALUE ("joining with NULL", SAME ("SELECT 'a' || NULL"), "a", CORM_CONCAT ("a", S (missing)));
  VALUE ("upper case of é", SAME ("SELECT UPPER('é')"), "é", CORM_UPPER ("é"));
  VALUE ("length of 😀", SAME ("SELECT LENGTH('😀')"), "1", CORM_LENGTH ("😀"));
  VALUE ("quotes: \"word\"", SAME ("SELECT \"word\" FROM samples"), "Corm", S (word));
}

static void
others (void)
{
  VALUE ("boolean result", SAME ("SELECT 1 = 1"), "true", CORM_EQUAL (1, 1));
  VALUE ("a boolean column", SAME ("SELECT yes FROM samples"), "true", S (yes));
  VALUE ("text and number: '1' = 1", SAME ("SELECT '1' = 1"), "true", CORM_EQUAL (CORM_TO_INT ("1"), 1));
  VALUE (
      "text that is no number, as a number",
      EACH ("SELECT CAST('abc' AS INTEGER)", "SELECT CAST('abc' AS INTEGER)", "SELECT CAST('abc' AS SIGNED)"),
      "NULL", CORM_TO_INT ("abc"));
  VALUE ("case of a table's name", SAME ("SELECT two FROM SAMPLES"), "2", S (two));
  VALUE ("case of a column's name", SAME ("SELECT TWO FROM samples"), "2", S (two));
  VALUE ("a moment with a zone, in UTC",
         EACH ("SELECT datetime('2024-02-29T12:00:00+02:00')",
               "SELECT timestamptz '2024-02-29T12:00:00+02:00'",
               "SELECT TIMESTAMP('2024-02-29T12:00:00+02:00')"),
         "2024-02-29T23:59:59.5Z", S (moment));
  VALUE ("hour of 1969-12-31 23:59:59.999999",
         EACH ("SELECT strftime('%H', '1969-12-31 23:59:59.999999')",
               "SELECT EXTRACT (HOUR FROM timestamptz '1969-12-31 23:59:59.999999Z')",
               "SELECT HOUR('1969-12-31 23:59:59.999999')"),
         "23", CORM_HOUR (S (before)));
  VALUE ("NULL = NULL", SAME ("SELECT NULL = NULL"), "NULL", CORM_EQUAL (S (none), S (none)));
}

/* --- cases ---------------------------------------------------------------------------------------------------------- */

static void
corm_gives_one_answer (Suite *the_suite)
{
  suite = the_suite;
  next = 0;
  for (backend = 0; !g_str_equal (places_backends ()[backend], suite->backend);)
    backend++;
  assert_ok (corm_bulk_insert (Sample, suite->conn, &sample_row, 1, error));
  assert_ok (corm_bulk_insert (Item, suite->conn, item_rows, N_ITEMS, error));
  nulls_and_numbers ();
  average_of_integers ();
  texts ();
  others ();
  for (guint i = 0; i < n_lines; i++)
    if (lines[i].other != NULL && strstr (lines[i].other, "WRONG") != NULL)
      fail_msg ("%s: %s", lines[i].question, lines[i].other);
}

static char *
spell (const char *code)
{
  g_autoptr (GString) text = g_string_new (code);
  g_string_replace (text, "S (", "CORM_COL (Sample, ", 0);
  g_string_replace (text, "I (", "CORM_COL (Item, ", 0);
  return markdown_code (text->str);
}

static void
add_line (Markdown *page, const Line *line)
{
  gboolean same = g_str_equal (line->sql[0], line->sql[1]) && g_str_equal (line->sql[0], line->sql[2]);
  g_autofree char *all =
      same ? g_strdup (line->sql[0]) : g_strjoin (" / ", line->sql[0], line->sql[1], line->sql[2], NULL);
  g_autofree char *sql = markdown_code (all);
  g_autofree char *code = spell (line->code);
  g_autofree char *value = markdown_code (line->want);
  g_autofree char *corm =
      line->other != NULL ? g_strdup_printf ("%s; %s", value, line->other) : g_strdup (value);
  g_autofree char *raw[N_RAW] = { NULL };
  for (guint i = 0; i < N_RAW; i++)
    raw[i] = line->raw[i] != NULL ? markdown_code (line->raw[i]) : NULL;
  markdown_add (page, (const char *const[]){ line->question, sql, raw[0], raw[1], raw[2], code, corm });
  for (guint i = 1; i < N_RAW; i++)
    g_free (g_steal_pointer (&raw[i]));
}

static void
the_page_is_the_committed_one (G_GNUC_UNUSED void **state)
{
  if (g_getenv ("CORM_TEST_SRCDIR") == NULL || g_getenv ("CORM_TEST_BUILDDIR") == NULL)
    suite_skip ("CORM_TEST_SRCDIR and CORM_TEST_BUILDDIR are not set");
  Markdown *page = markdown_new ("Line by line",
                                 (const char *const[]){ "what", "SQL", "SQLite", "PostgreSQL", "MariaDB",
                                                        "with Corm", "gives everywhere", NULL },
                                 2);
  for (guint i = 0; i < n_lines; i++)
    add_line (page, &lines[i]);
  g_autofree char *different = markdown_keep (
      "differences-table.md",
      "<!-- Written by tests/suite/test-differences; make differences-table brings it here. -->\n"
      "# What differs between the databases, and what Corm does\n\n"
      "The left half is SQL written by hand and what each database answers to it, on a connection that Corm "
      "opened. The "
      "right half is the builder's expression for the same question, and the one answer that it gives on all "
      "three, "
      "through the native drivers and the generic one. The rows are those of "
      "[expressions-table.md](expressions-table.md). `error (…)` names the code of the error.\n\n"
      "SQL written by hand goes to the database as it stands: what the left half says holds for it.\n",
      (Markdown *const[]){ page, NULL });
  markdown_free (page);
  if (different != NULL)
    fail_msg ("doc/manual/differences-table.md is not what was found: run make differences-table\n%s",
              different);
}

int
main (void)
{
  static const SuiteCase cases[] = { { "Corm gives one answer", corm_gives_one_answer, 0 } };
  static const struct CMUnitTest page[] = { cmocka_unit_test (the_page_is_the_committed_one) };
  int failed = SUITE_RUN (sample_models, cases);
  if (n_lines > 0)
    failed += cmocka_run_group_tests_name ("page", page, NULL, NULL);
  for (guint i = 0; i < n_lines; i++) {
    for (guint b = 0; b < N_RAW; b++)
      g_free (lines[i].raw[b]);
    g_free (lines[i].code);
    g_free (lines[i].other);
  }
  return failed;
}
