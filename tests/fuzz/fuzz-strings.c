/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* No string changes what a statement means: with a hostile string in its place it has the tokens that it has with a
 * harmless one, or it is refused. CORM_FUZZ_CASES strings (20 000) from CORM_FUZZ_SEED (1), each in one place, in three
 * dialects; then a sample of them is executed on every backend.
 *
 * The same with clang's libFuzzer, which chooses the strings: README.md. */
#include "../lib/suite.h"

#include "../../drivers/dialects.h"
#include "engine/parameters.h"
#include "hostile.h"
#include "places.h"
#include "shape.h"

#include <stdlib.h>

static const CormDialect *const dialects[] = { &corm_sqlite3_dialect, &corm_pgsql_dialect,
                                               &corm_mysql_dialect };
#define N_DIALECTS G_N_ELEMENTS (dialects)
#define MAX_PLACES 64

/* The shapes with a harmless string, made when they are first asked for. */
static GString *shapes[MAX_PLACES][N_DIALECTS];
static guint64 n_refused;

/* The library writes its own words in upper case, so that a bare word in lower case is a name. That of another column
 * would count as the hostile one: such a string is left out. */
static const char *
bare_name (const char *string)
{
  for (const char *p = string; *p != '\0'; p++)
    if (g_ascii_isupper (*p))
      return NULL;
  return string;
}

static gboolean
is_taken (const char *string)
{
  static const char *const names[] = { "id",  "name",   "harmless", "shape", "a", "b",
                                       "int", "bigint", "integer",  "text",  NULL };
  return g_strv_contains (names, string);
}

/* NULL where the place refuses @string. */
static GString *
shape_with (guint place, guint dialect, const char *string)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GString) sql = g_string_new (NULL);
  if (places[place].is_name && is_taken (string))
    return NULL;
  if (!places[place].render (sql, dialects[dialect], string, &error)) {
    g_assert_nonnull (error);
    g_assert_cmpstr (g_quark_to_string (error->domain), ==, g_quark_to_string (CORM_ERROR));
    return NULL;
  }
  GString *shape = g_string_new (NULL);
  shape_append (shape, (ShapeDialect) dialect, sql->str, places[place].is_name ? bare_name (string) : NULL);
  return shape;
}

static GString *
harmless_shape (guint place, guint dialect)
{
  const char *string = places[place].harmless;
  if (shapes[place][dialect] == NULL && string != NULL)
    shapes[place][dialect] = shape_with (place, dialect, string);
  return shapes[place][dialect];
}

/* Ends the program where the shape changes. */
static void
try_string (guint place, const char *string)
{
  for (guint d = 0; d < N_DIALECTS; d++) {
    GString *is = shape_with (place, d, string), *was = harmless_shape (place, d);
    if (is == NULL) {
      n_refused++;
      continue;
    }
    if (was == NULL || !g_string_equal (is, was)) {
      g_autofree char *shown = g_strescape (string, NULL);
      g_error ("%s, %s: \"%s\" makes\n  %s\ninstead of\n  %s", places[place].name, dialects[d]->name, shown,
               is->str, was != NULL ? was->str : "a refusal");
    }
    g_string_free (is, TRUE);
  }
}

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

/* The first byte chooses the place, the rest is the string. */
int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  if (size == 0)
    return 0;
  g_autofree char *string = g_strndup ((const char *) data + 1, size - 1);
  try_string (data[0] % n_places, string);
  return 0;
}

#ifndef CORM_LIBFUZZER
static guint64
number_from (const char *variable, guint64 otherwise)
{
  const char *text = g_getenv (variable);
  return text != NULL ? g_ascii_strtoull (text, NULL, 10) : otherwise;
}

/* --- the lexers themselves ------------------------------------------------------------------------------------------ */

static void
lexers_see_tokens (G_GNUC_UNUSED void **state)
{
  static const struct {
    const char *sql, *shapes[N_DIALECTS];
  } cases[] = {
    { "SELECT 'it''s', a.b", { "select s , a . b ", "select s , a . b ", "select s , a . b " } },
    { "'a\\' OR 1=1 --'", { "s or n = n c ", "s or n = n c ", "s or n = n - - ! " } },
    { "'a' -- b\nc", { "s c c ", "s c c ", "s c c " } },
    { "\"a\"\"b\" `c` ?", { "q q p ", "q ` c ` ? ", "s q p " } },
    { "$1 $$ ' $$ $t$ $$ $t$", { "$ n $ $ ! ", "p s s ", "$ n $ $ ! " } },
    { "/* /* */ */", { "c * / ", "c ", "c * / " } },
    { "/*! DROP */ # x", { "c # x ", "c # x ", "! c " } },
    { "x'00' E'\\'' '", { "s s ", "s s ! ", "s s " } },
    { ":a ::b :=c", { "p : : b : = c ", "p : : b : = c ", "p : : b : = c " } },
    { "'open", { "! ", "! ", "! " } },
    { "1e-5+2", { "n + n ", "n + n ", "n + n " } },
  };
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    for (guint d = 0; d < N_DIALECTS; d++) {
      g_autoptr (GString) shape = g_string_new (NULL);
      shape_append (shape, (ShapeDialect) d, cases[i].sql, NULL);
      assert_string_equal (shape->str, cases[i].shapes[d]);
    }
}

/* --- shapes --------------------------------------------------------------------------------------------------------- */

static void
every_place_takes_a_harmless_string (G_GNUC_UNUSED void **state)
{
  assert_true (n_places <= MAX_PLACES);
  for (guint place = 0; place < n_places; place++)
    for (guint d = 0; d < N_DIALECTS; d++) {
      GString *shape = harmless_shape (place, d);
      if (shape == NULL && places[place].harmless != NULL)
        fail_msg ("%s, %s: a harmless string is refused", places[place].name, dialects[d]->name);
      if (shape != NULL && strchr (shape->str, '!') != NULL)
        fail_msg ("%s, %s: %s", places[place].name, dialects[d]->name, shape->str);
    }
}

static void
no_string_changes_a_shape (G_GNUC_UNUSED void **state)
{
  guint64 n = number_from ("CORM_FUZZ_CASES", 20000), seed = number_from ("CORM_FUZZ_SEED", 1);
  Hostile hostile = { seed };
  g_autoptr (GString) text = g_string_new (NULL);
  gint64 start = g_get_monotonic_time ();
  for (guint64 i = 0; i < n; i++)
    try_string (hostile_number (&hostile, n_places), hostile_next (&hostile, text));
  print_message ("# %" G_GUINT64_FORMAT " strings from seed %" G_GUINT64_FORMAT
                 " in three dialects, %" G_GUINT64_FORMAT " statements refused, %.1f s\n",
                 n, seed, n_refused, (double) (g_get_monotonic_time () - start) / 1e6);
  assert_true (n_refused < 3 * n);
}

/* SQL written by hand, whatever stands in it, gets placeholders where its parameters are and is else as it was. */
static void
parameters_are_found (G_GNUC_UNUSED void **state)
{
  guint64 n = number_from ("CORM_FUZZ_CASES", 20000) / 4, n_resolved = 0;
  Hostile hostile = { number_from ("CORM_FUZZ_SEED", 1) };
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (GString) was = g_string_new (NULL);
  g_autoptr (GString) is = g_string_new (NULL);
  const CormParam *params = CORM_PARAMS (CORM_PARAM ("name", 1));
  for (guint64 i = 0; i < n; i++) {
    g_autofree char *sql = g_strconcat ("SELECT :name ", hostile_next (&hostile, text), " :name", NULL);
    for (guint d = 0; d < N_DIALECTS; d++) {
      g_auto (CormParameters) out = { 0 };
      if (!corm_parameters_resolve (&out, dialects[d], sql, params, NULL))
        continue;
      n_resolved++;
      g_string_truncate (was, 0);
      g_string_truncate (is, 0);
      shape_append (was, (ShapeDialect) d, sql, NULL);
      shape_append (is, (ShapeDialect) d, out.sql->str, NULL);
      if (!g_string_equal (was, is)) {
        g_autofree char *shown = g_strescape (sql, NULL);
        fail_msg ("%s: \"%s\" becomes %s, which is\n  %s\ninstead of\n  %s", dialects[d]->name, shown,
                  out.sql->str, is->str, was->str);
      }
    }
  }
  assert_true (n_resolved > n);
}

/* --- executed ------------------------------------------------------------------------------------------------------- */

typedef struct {
  gint64 id;
  const char *name;
  CormJson doc;
} Victim;

static const CormColumn victim_columns[] = {
  CORM_COLUMN (Victim, id, .primary_key = true),
  CORM_COLUMN (Victim, name),
  CORM_COLUMN (Victim, doc),
};
static const CormModel Victim_model = CORM_MODEL (Victim, "victims", CORM_COLUMNS (victim_columns));
static const CormModel *const victim_models[] = { &Victim_model, NULL };

/* The pattern that matches @text and nothing else; free with g_free(). */
static char *
escape_pattern (const char *text)
{
  g_autoptr (GString) pattern = g_string_new (NULL);
  for (; *text != '\0'; text++) {
    if (strchr ("%_\\", *text) != NULL)
      g_string_append_c (pattern, '\\');
    g_string_append_c (pattern, *text);
  }
  return g_strdup (pattern->str);
}

static void
finds_one (Suite *suite, const char *what, const char *string, CormExpr where, guint64 want)
{
  guint64 n = 0;
  g_autoptr (GError) error = NULL;
  g_autofree char *shown = g_strescape (string, NULL);
  if (!corm_count (Victim, suite->conn, &n, &error, .where = where))
    fail_msg ("%s of \"%s\": %s", what, shown, error->message);
  if (n != want)
    fail_msg ("%s of \"%s\" finds %d rows", what, shown, (int) n);
}

/* Every way in which text goes to the database finds its row, and only that. */
static void
round_trip (Suite *suite, gint64 id, const char *string)
{
  g_autofree char *pattern = escape_pattern (string);
  const char *list[100] = { string };
  for (guint i = 1; i < G_N_ELEMENTS (list); i++)
    list[i] = i % 2 != 0 ? string : "another";
  const CormExpr mine = CORM_EQ (Victim, id, id);
  finds_one (suite, "the value", string, CORM_ALL (mine, CORM_EQ (Victim, name, string)), 1);
  /* The generic driver makes another pattern for SQLite, with control characters as marks in it. */
  if (strpbrk (string, "\x01\x02\x03") == NULL)
    finds_one (suite, "the pattern", string, CORM_ALL (mine, CORM_LIKE (Victim, name, pattern)), 1);
  finds_one (suite, "the list", string, CORM_ALL (mine, CORM_IN (Victim, name, "a", string)), 1);
  finds_one (suite, "the long list", string, CORM_ALL (mine, CORM_IN_ARRAY (Victim, name, list, 100)), 1);
  finds_one (suite, "the expression", string,
             CORM_ALL (mine, CORM_EQUAL (CORM_CONCAT (CORM_COL (Victim, name), string),
                                         CORM_CONCAT (string, string))),
             1);
  finds_one (suite, "the wrong value", string,
             CORM_ALL (mine, CORM_EQUAL (CORM_COL (Victim, name), CORM_CONCAT (string, "x"))), 0);
}

static void
raw_parameters (Suite *suite, const char *string)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *shown = g_strescape (string, NULL);
  g_autoptr (CormCursor) cursor = corm_query (suite->conn, "SELECT name FROM victims WHERE name = :v",
                                              CORM_PARAMS (CORM_PARAM ("v", string)), &error);
  if (cursor == NULL || !corm_cursor_next (cursor, &error))
    fail_msg ("the parameter \"%s\": %s", shown, error != NULL ? error->message : "no row");
  const CormValue *value = corm_cursor_get_value (cursor, 0);
  assert_int_equal (value->size, strlen (string));
  assert_memory_equal (value->data, string, value->size);
}

/* A path that the library takes is one that the database takes. */
static void
json_paths (Suite *suite, const char *string)
{
  guint64 n = 0;
  g_autoptr (GError) error = NULL;
  g_autofree char *path = g_strconcat ("$.", string, NULL);
  if (corm_count (Victim, suite->conn, &n, &error,
                  .where = CORM_MISSING (CORM_JSON_TEXT (CORM_COL (Victim, doc), path))))
    return;
  g_autofree char *shown = g_strescape (path, NULL);
  if (error->code != CORM_ERROR_INVALID && error->code != CORM_ERROR_CONVERSION &&
      error->code != CORM_ERROR_UNSUPPORTED)
    fail_msg ("the path \"%s\": %s: %s", shown, corm_error_name (error->code), error->message);
}

/* A string is no token of a page, and neither is a token with another letter in it. */
static void
page_tokens (Suite *suite, Hostile *hostile, const char *string)
{
  const Victim row = { .id = 5 };
  g_autoptr (CormQuery) plain =
      corm_query_order (corm_query_new (&Victim_model), (CormOrder) CORM_ASC (Victim, id));
  g_autofree char *token = NULL;
  assert_ok ((token = corm_query_page_token (plain, &row, error)) != NULL);
  g_autofree char *forged = g_strdup (token);
  char *letter = forged + hostile_number (hostile, (guint32) strlen (forged));
  *letter = *letter == 'x' ? 'y' : 'x';
  const char *const tokens[] = { string, forged };
  for (guint i = 0; i < G_N_ELEMENTS (tokens); i++) {
    g_autoptr (CormRows) rows = NULL;
    g_autoptr (CormQuery) query =
        corm_query_order (corm_query_new (&Victim_model), (CormOrder) CORM_ASC (Victim, id));
    corm_query_page (query, tokens[i], 3);
    assert_fails ((rows = corm_query_find (query, suite->conn, error)) != NULL, CORM_ERROR_INVALID, "page");
  }
}

static void
strings_are_executed (Suite *suite)
{
  guint64 n = number_from ("CORM_FUZZ_CASES", 20000) / 200, seed = number_from ("CORM_FUZZ_SEED", 1);
  Hostile hostile = { seed };
  gint64 n_in = 0;
  g_autoptr (GString) text = g_string_new (NULL);
  for (guint64 i = 0; i < n; i++) {
    const char *string = hostile_next (&hostile, text);
    Victim row = { .id = n_in + 1, .name = string, .doc = { "{\"a\":1}" } };
    json_paths (suite, string);
    page_tokens (suite, &hostile, string);
    if (!g_utf8_validate (string, -1, NULL)) {
      assert_fails (corm_insert_row (&Victim_model, suite->conn, &row, error), CORM_ERROR_CONVERSION,
                    "victims");
      continue;
    }
    assert_ok (corm_insert_row (&Victim_model, suite->conn, &row, error));
    n_in++;
    round_trip (suite, row.id, string);
    raw_parameters (suite, string);
  }
  guint64 is = 0;
  assert_ok (corm_count (Victim, suite->conn, &is, error, ));
  assert_int_equal (is, n_in);
}

int
main (void)
{
  static const struct CMUnitTest tests[] = {
    cmocka_unit_test (lexers_see_tokens),
    cmocka_unit_test (every_place_takes_a_harmless_string),
    cmocka_unit_test (no_string_changes_a_shape),
    cmocka_unit_test (parameters_are_found),
  };
  static const SuiteCase cases[] = { { "strings are executed", strings_are_executed, 0 } };
  int failed = cmocka_run_group_tests_name ("shapes", tests, NULL, NULL);
  for (guint i = 0; i < MAX_PLACES; i++)
    for (guint d = 0; d < N_DIALECTS; d++)
      if (shapes[i][d] != NULL)
        g_string_free (shapes[i][d], TRUE);
  return failed + SUITE_RUN (victim_models, cases);
}
#endif
