/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* The conformance table of the expressions: every line on every backend, each a case of its own, written to the build
 * folder and compared with doc/manual/expressions-table.md. A line may be UNSUPPORTED where the database cannot do it:
 * the committed table says where. Anything else than the value that is right is a failure. */
#include "../lib/place.h"
#include "expressions-table.h"
#include "markdown.h"

static const CormModel *const sample_models[] = { &Sample_model, &Item_model, &Label_model, NULL };
static void (*const families[]) (Table *) = {
  expressions_compare,   expressions_null,   expressions_list,
  expressions_like,      expressions_number, expressions_decimal,
  expressions_text,      expressions_choice, expressions_cast,
  expressions_time,      expressions_json,   expressions_order,
  expressions_aggregate, expressions_window, expressions_subquery,
  expressions_join,      expressions_set,    NULL,
};
static Table *table;
static char *sample_texts[N_SAMPLE_COLUMNS];

static guint
number_of (const Suite *suite)
{
  guint b = 0;
  while (!g_str_equal (places_backends ()[b], suite->backend))
    b++;
  return b;
}

static void
insert_samples (CormConnection *conn)
{
  assert_ok (corm_bulk_insert (Sample, conn, &sample_row, 1, error));
  assert_ok (corm_bulk_insert (Item, conn, item_rows, N_ITEMS, error));
  assert_ok (corm_bulk_insert (Label, conn, label_rows, N_LABELS, error));
}

/* The sample's members as text, for the manual. */
static void
read_samples (CormConnection *conn)
{
  for (guint i = 0; i < Sample_model.n_columns; i++) {
    g_autoptr (GString) text = g_string_new (NULL);
    g_autoptr (CormQuery) query = corm_query_new (&Sample_model);
    CormExpr column = { .kind = CORM_EXPR_COLUMN,
                        .model = &Sample_model,
                        .offset = Sample_model.columns[i].offset };
    g_autoptr (CormCursor) cursor = NULL;
    corm_query_select (query, CORM_OUTPUTS ({ .name = "value", .expr = column }));
    assert_ok ((cursor = corm_query_open (query, conn, error)) != NULL && corm_cursor_next (cursor, error));
    corm_value_append_text (corm_cursor_get_value (cursor, 0), text);
    g_free (sample_texts[i]);
    sample_texts[i] = g_strdup (text->str);
  }
}

static void
the_table_runs (Suite *suite)
{
  assert_int_equal (Sample_model.n_columns, N_SAMPLE_COLUMNS);
  insert_samples (suite->conn);
  read_samples (suite->conn);
  table_run (table, suite->conn, number_of (suite), families);
  assert_true (table_get_length (table) >= 300);
}

/* --- a case a line -------------------------------------------------------------------------------------------------- */

typedef struct {
  guint line, backend;
} Cell;

static void
a_line_gives_what_is_right (void **state)
{
  const Cell *cell = *state;
  const char *code, *want, *got = table_get (table, cell->line, cell->backend, &code, &want);
  if (!g_str_equal (got, TABLE_SAME) && !g_str_has_prefix (got, "unsupported: "))
    fail_msg ("%s instead of %s", got, want);
}

static int
run_lines (void)
{
  g_autoptr (GArray) tests = g_array_new (FALSE, TRUE, sizeof (struct CMUnitTest));
  g_autoptr (GPtrArray) held = g_ptr_array_new_with_free_func (g_free);
  for (guint b = 0; b < TABLE_N_BACKENDS; b++)
    for (guint i = 0; i < table_get_length (table); i++) {
      const char *code, *want;
      if (table_get (table, i, b, &code, &want) == NULL)
        continue;
      Cell *cell = g_new (Cell, 1);
      *cell = (Cell){ i, b };
      char *name = g_strdup_printf ("%s: %s: %s", places_backends ()[b], code, want);
      g_strdelimit (name, "#\n", ' '); /* which mean something else in TAP */
      struct CMUnitTest test = { .name = name,
                                 .test_func = a_line_gives_what_is_right,
                                 .initial_state = cell };
      g_array_append_val (tests, test);
      g_ptr_array_add (held, cell);
      g_ptr_array_add (held, name);
    }
  return tests->len == 0
             ? 0
             : _cmocka_run_group_tests ("lines", (const struct CMUnitTest *) (gpointer) tests->data,
                                        tests->len, NULL, NULL);
}

/* --- the manual's page ---------------------------------------------------------------------------------------------- */

static Markdown *
page_of_sample (void)
{
  Markdown *page = markdown_new ("The sample", (const char *const[]){ "member", "value", NULL }, 1);
  markdown_set_about (page, "The one row of `Sample`, which most expressions read. Bytes are hexadecimal.");
  for (guint i = 0; i < Sample_model.n_columns; i++) {
    g_autofree char *member = markdown_code (Sample_model.columns[i].name);
    g_autofree char *value = sample_texts[i] != NULL ? markdown_code (sample_texts[i]) : NULL;
    markdown_add (page, (const char *const[]){
                            member, value != NULL && *sample_texts[i] == '\0' ? "(empty text)" : value });
  }
  return page;
}

static Markdown *
page_of_part (guint part)
{
  const char *heads[TABLE_N_BACKENDS + 3] = { "expression", "gives" };
  const char *about, *title = table_get_part (table, part, &about);
  for (guint b = 0; b < TABLE_N_BACKENDS; b++)
    heads[b + 2] = places_backends ()[b];
  Markdown *page = markdown_new (title, heads, 2);
  markdown_set_about (page, about);
  for (guint i = 0; i < table_get_length (table); i++) {
    const char *cells[TABLE_N_BACKENDS + 2], *code, *want;
    if (table_get_part_of (table, i) != part)
      continue;
    for (guint b = 0; b < TABLE_N_BACKENDS; b++)
      cells[b + 2] = table_get (table, i, b, &code, &want);
    g_autofree char *shown = markdown_code (code);
    g_autofree char *value = *want != '\0' ? markdown_code (want) : g_strdup ("(empty text)");
    cells[0] = shown;
    cells[1] = value;
    markdown_add (page, cells);
  }
  return page;
}

static char *
page_head (void)
{
  guint n_unsupported = 0, n = table_get_length (table);
  for (guint i = 0; i < n; i++)
    for (guint b = 0; b < TABLE_N_BACKENDS; b++) {
      const char *code, *want, *got = table_get (table, i, b, &code, &want);
      if (got != NULL && g_str_has_prefix (got, "unsupported: "))
        n_unsupported++;
    }
  print_message ("# %u lines; %u cells are UNSUPPORTED\n", n, n_unsupported);
  return g_strdup (
      "<!-- Written by tests/suite/test-expressions; make expressions-table brings it here. -->\n"
      "# Expressions, value by value\n\n"
      "What an expression gives, on every way to a database. Each line was worked out by hand first and then "
      "run: `same` "
      "says that the database gave this value, of this type. A predicate was run three times: as a value, as "
      "a `WHERE`, "
      "and inside a `NOT`. A cell that begins with `unsupported` holds the error that Corm returns there, "
      "because the "
      "database cannot do it. Nothing else may stand in a cell: `make check` fails where it does.\n\n"
      "The last three columns are the generic driver, on the same three databases. Expressions are described "
      "in "
      "`<corm/function.h>` and `<corm/aggregate.h>`.\n");
}

static void
the_page_is_the_committed_one (G_GNUC_UNUSED void **state)
{
  if (g_getenv ("CORM_TEST_SRCDIR") == NULL || g_getenv ("CORM_TEST_BUILDDIR") == NULL)
    suite_skip ("CORM_TEST_SRCDIR and CORM_TEST_BUILDDIR are not set");
  if (table_get_length (table) == 0)
    suite_skip ("no backend is here");
  g_autoptr (GPtrArray) pages = g_ptr_array_new_with_free_func ((GDestroyNotify) markdown_free);
  g_ptr_array_add (pages, page_of_sample ());
  for (guint part = 0; part < table_get_n_parts (table); part++)
    g_ptr_array_add (pages, page_of_part (part));
  g_ptr_array_add (pages, NULL);
  g_autofree char *head = page_head ();
  g_autofree char *different = markdown_keep ("expressions-table.md", head, (Markdown *const *) pages->pdata);
  g_ptr_array_set_size (pages, (int) pages->len - 1);
  if (different != NULL)
    fail_msg ("doc/manual/expressions-table.md is not what was found: run make expressions-table\n%s",
              different);
}

int
main (void)
{
  static const SuiteCase cases[] = { { "the table runs", the_table_runs, 0 } };
  static const struct CMUnitTest page[] = { cmocka_unit_test (the_page_is_the_committed_one) };
  table = table_new ();
  int failed = SUITE_RUN (sample_models, cases);
  failed += run_lines ();
  failed += cmocka_run_group_tests_name ("page", page, NULL, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (sample_texts); i++)
    g_free (sample_texts[i]);
  table_free (table);
  return failed;
}
