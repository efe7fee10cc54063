/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Runs the lines of the conformance table on one backend after the other, and keeps what each gave. A line is known by
 * its number: the same calls in the same order make the same lines on every backend. */
#include "expressions.h"

#include "expressions-table.h"

#include <string.h>

typedef struct {
  guint part;
  char *code;
  char *want;
  char *got[TABLE_N_BACKENDS]; /* NULL: did not run; TABLE_SAME: as it should be */
} Line;

typedef struct {
  const char *title, *about;
} Part;

struct _Table {
  GPtrArray *lines;
  GArray *parts;
  CormConnection *conn; /* while a backend runs */
  const CormModel *model;
  guint backend;
  guint next; /* number of the next line */
  guint part; /* and of its part, from 1 */
};

static void
free_line (gpointer data)
{
  Line *line = data;
  g_free (line->code);
  g_free (line->want);
  for (guint b = 0; b < TABLE_N_BACKENDS; b++)
    g_free (line->got[b]);
  g_free (line);
}

Table *
table_new (void)
{
  Table *table = g_new0 (Table, 1);
  table->lines = g_ptr_array_new_with_free_func (free_line);
  table->parts = g_array_new (FALSE, FALSE, sizeof (Part));
  return table;
}

void
table_free (Table *table)
{
  g_ptr_array_free (table->lines, TRUE);
  g_array_free (table->parts, TRUE);
  g_free (table);
}

void
table_run (Table *table, CormConnection *conn, guint backend, void (*const *families) (Table *))
{
  table->conn = conn;
  table->backend = backend;
  table->next = table->part = 0;
  for (guint i = 0; families[i] != NULL; i++)
    families[i](table);
  table->conn = NULL;
}

void
table_part (Table *table, const char *title, const CormModel *model, const char *about)
{
  Part part = { title, about };
  if (table->part == table->parts->len)
    g_array_append_val (table->parts, part);
  table->part++;
  table->model = model;
}

/* --- a line --------------------------------------------------------------------------------------------------------- */

/* The source's short names spelt out, in one line. */
static char *
spell (const char *code)
{
  static const char *const names[][2] = { { "S", "CORM_COL (Sample, " },
                                          { "I", "CORM_COL (Item, " },
                                          { "L", "CORM_COL (Label, " } };
  g_autoptr (GString) text = g_string_new (code);
  for (guint i = 0; i < G_N_ELEMENTS (names); i++) {
    g_autofree char *pattern = g_strdup_printf ("\\b%s \\(", names[i][0]);
    g_autoptr (GRegex) regex = g_regex_new (pattern, 0, 0, NULL);
    g_autofree char *spelt = g_regex_replace_literal (regex, text->str, -1, 0, names[i][1], 0, NULL);
    g_string_assign (text, spelt);
  }
  return g_strdup (text->str);
}

/* Keeps what the next line gave: an empty @got is as it should be. */
static void
keep (Table *table, const char *code, const char *want, char *got)
{
  guint number = table->next++;
  Line *line = number < table->lines->len ? table->lines->pdata[number] : NULL;
  if (line == NULL) {
    line = g_new0 (Line, 1);
    line->part = table->part - 1;
    line->code = spell (code);
    line->want = g_strdup (want);
    g_ptr_array_add (table->lines, line);
  }
  g_free (line->got[table->backend]);
  line->got[table->backend] = got;
}

static char *
same (void)
{
  return g_strdup (TABLE_SAME);
}

static char *
in_words (const GError *error)
{
  const char *name = error->domain == CORM_ERROR ? corm_error_name (error->code) : "foreign error";
  return g_strdup_printf ("%s: %s", name, error->message);
}

/* --- one value ------------------------------------------------------------------------------------------------------ */

static gboolean
is_type (CormType is, CormType want)
{
  if (want == CORM_TYPE_INT64)
    return is == CORM_TYPE_INT16 || is == CORM_TYPE_INT32 || is == CORM_TYPE_INT64;
  if (want == CORM_TYPE_FLOAT64)
    return is == CORM_TYPE_FLOAT32 || is == CORM_TYPE_FLOAT64;
  return is == want;
}

/* NULL where @value is @want; else what it is. */
static char *
differs (const CormValue *value, CormType type, const char *want)
{
  g_autoptr (GString) text = g_string_new (NULL);
  corm_value_append_text (value, text);
  if (value->is_null)
    return want == NULL ? NULL : g_strdup ("NULL");
  if (want != NULL && g_str_equal (text->str, want) && is_type (value->type, type))
    return NULL;
  return g_strdup_printf ("%s (%s)", text->str, corm_type_name (value->type));
}

/* Free with g_free(). */
static char *
read_one (CormConnection *conn, CormQuery *query, CormType type, const char *want)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (CormCursor) cursor = corm_query_open (query, conn, &error);
  if (cursor == NULL || !corm_cursor_next (cursor, &error))
    return error != NULL ? in_words (error) : g_strdup ("no row");
  char *fault = differs (corm_cursor_get_value (cursor, 0), type, want);
  if (fault == NULL && corm_cursor_next (cursor, &error))
    fault = g_strdup ("more than one row");
  return fault != NULL ? fault : same ();
}

/* How many rows of the table's model @where finds. */
static char *
finds (Table *table, CormExpr where, guint64 want)
{
  guint64 n = 0;
  g_autoptr (GError) error = NULL;
  g_autoptr (CormQuery) query = corm_query_where (corm_query_new (table->model), where);
  if (!corm_query_count (query, table->conn, &n, &error))
    return g_strdup_printf ("in WHERE: %s", error->message);
  return n == want ? NULL : g_strdup_printf ("in WHERE it finds %u rows", (guint) n);
}

/* A predicate finds the one row where it is true, and its NOT where it is false. */
static char *
finds_too (Table *table, CormExpr expr, const char *want)
{
  char *fault = finds (table, expr, g_strcmp0 (want, "true") == 0);
  return fault != NULL ? fault : finds (table, CORM_NOT (expr), g_strcmp0 (want, "false") == 0);
}

static CormQuery *
query_for (const CormModel *model, CormExpr expr)
{
  return corm_query_select (corm_query_new (model), CORM_OUTPUTS ({ .name = "value", .expr = expr }));
}

void
table_check (Table *table, const char *code, CormExpr expr, CormType type, const char *want)
{
  g_autoptr (CormQuery) query = query_for (table->model, expr);
  char *got = read_one (table->conn, query, type, want);
  if (g_str_equal (got, TABLE_SAME) && type == CORM_TYPE_BOOLEAN) {
    char *fault = finds_too (table, expr, want);
    if (fault != NULL) {
      g_free (got);
      got = fault;
    }
  }
  keep (table, code, want != NULL ? want : "NULL", got);
}

void
table_check_error (Table *table, const char *code, CormExpr expr, CormError want)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (CormQuery) query = query_for (table->model, expr);
  g_autoptr (CormCursor) cursor = corm_query_open (query, table->conn, &error);
  g_autofree char *shown = g_strdup_printf ("error: %s", corm_error_name (want));
  if (cursor != NULL && corm_cursor_next (cursor, &error))
    keep (table, code, shown, differs (corm_cursor_get_value (cursor, 0), CORM_TYPE_NONE, ""));
  else if (error == NULL)
    keep (table, code, shown, g_strdup ("no row"));
  else
    keep (table, code, shown, error->code == (int) want ? same () : in_words (error));
}

/* --- rows ----------------------------------------------------------------------------------------------------------- */

/* "1, Corm; 2, NULL" */
static gboolean
read_rows (CormConnection *conn, CormQuery *query, GString *text, GError **error)
{
  g_autoptr (GError) failed = NULL;
  g_autoptr (CormCursor) cursor = corm_query_open (query, conn, &failed);
  for (gboolean first = TRUE; cursor != NULL && corm_cursor_next (cursor, &failed); first = FALSE) {
    g_string_append (text, first ? "" : "; ");
    for (guint i = 0; i < corm_cursor_get_n_columns (cursor); i++) {
      g_string_append (text, i > 0 ? ", " : "");
      corm_value_append_text (corm_cursor_get_value (cursor, i), text);
    }
  }
  if (failed == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&failed));
  return FALSE;
}

static void
compare_rows (Table *table, const char *code, CormQuery *query, const char *want)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GString) text = g_string_new (NULL);
  const char *shown = *want != '\0' ? want : "no row";
  if (!read_rows (table->conn, query, text, &error))
    keep (table, code, shown, in_words (error));
  else
    keep (table, code, shown, g_str_equal (text->str, want) ? same () : g_strdup (text->str));
}

void
table_check_rows (Table *table, const char *model, const char *code, CormQuery *query, const char *want)
{
  g_autoptr (GString) calls = g_string_new (code);
  g_string_replace (calls, "corm_query_", "", 0);
  g_string_replace (calls, " (query, ", " (", 0);
  g_string_replace (calls, " (query)", " ()", 0);
  g_string_replace (calls, "(CormOrder) ", "", 0);
  g_autofree char *text = g_strdup_printf ("%s: %s", model, calls->str);
  compare_rows (table, text, query, want);
}

void
table_check_each (Table *table, const char *code, CormExpr expr, const char *want)
{
  g_autoptr (CormQuery) query = query_for (&Item_model, expr);
  corm_query_order (query, (CormOrder) CORM_ASC (Item, id));
  compare_rows (table, code, query, want);
}

void
table_check_found (Table *table, const char *code, CormExpr expr, const char *want)
{
  g_autoptr (CormQuery) query = corm_query_where (query_for (&Item_model, CORM_BARE (I (id))), expr);
  corm_query_order (query, (CormOrder) CORM_ASC (Item, id));
  compare_rows (table, code, query, want);
}

void
table_check_sorted (Table *table, const char *code, const CormOrder *order, const char *want)
{
  g_autoptr (CormQuery) query = query_for (&Item_model, CORM_BARE (I (id)));
  for (; order->model != NULL || order->expr != NULL; order++)
    corm_query_order (query, *order);
  compare_rows (table, code, query, want);
}

/* --- what came of it ------------------------------------------------------------------------------------------------ */

guint
table_get_length (const Table *table)
{
  return table->lines->len;
}

const char *
table_get (const Table *table, guint i, guint backend, const char **code, const char **want)
{
  const Line *line = table->lines->pdata[i];
  *code = line->code;
  *want = line->want;
  return line->got[backend];
}

guint
table_get_n_parts (const Table *table)
{
  return table->parts->len;
}

const char *
table_get_part (const Table *table, guint part, const char **about)
{
  *about = g_array_index (table->parts, Part, part).about;
  return g_array_index (table->parts, Part, part).title;
}

guint
table_get_part_of (const Table *table, guint i)
{
  return ((const Line *) table->lines->pdata[i])->part;
}
