/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Values that their column should not hold: all conditions of a table are counted in one pass over it, and only those that
 * some row meets cost a second one. What a column should be, the schema at hand says, else the table. */
#include "upkeep/look.h"
#include "upkeep/choose.h"

#include "base/error.h"
#include "render/ddl.h"
#include "schema/words.h"

#include <string.h>

enum { AT_ONCE = 400 }; /* conditions of one query */

typedef struct {
  CormAilmentKind kind;
  const char *part;
  const CormTableColumn *column; /* NULL: of the row */
  char *condition;
  char *reason;
  const char *advice;
  gint64 count;
} Test;

typedef struct {
  CormLook *look;
  const CormTable *live;
  const CormTable *wanted; /* NULL: nobody says */
  const CormTable *said;   /* the same in its author's words: labels, widths of integers */
  GPtrArray *tests;
} Values;

static void
test_free (gpointer data)
{
  Test *test = data;
  g_free (test->condition);
  g_free (test->reason);
  g_free (test);
}

/* Takes @condition and @reason. */
static Test *
add_test (Values *values, CormAilmentKind kind, const CormTableColumn *column, char *condition, char *reason,
          const char *advice)
{
  Test *test = g_new0 (Test, 1);
  *test =
      (Test){ .kind = kind, .column = column, .condition = condition, .reason = reason, .advice = advice };
  g_ptr_array_add (values->tests, test);
  return test;
}

static char *
fill (const Values *values, const char *template, const CormTableColumn *column)
{
  return corm_look_fill (values->look, template, values->live, column->name);
}

/* --- one column ------------------------------------------------------------------------------------------------------ */

static gboolean
is_in_key (const CormTable *table, const char *name)
{
  return table != NULL && table->primary_key != NULL && table->primary_key->columns != NULL &&
         g_strv_contains ((const char *const *) table->primary_key->columns, name);
}

static void
test_nulls (Values *values, const CormTableColumn *live, const CormTableColumn *wanted)
{
  gboolean is_key = is_in_key (values->live, live->name) || is_in_key (values->wanted, live->name);
  if (!live->not_null && !is_key && (wanted == NULL || !wanted->not_null))
    return;
  g_autoptr (GString) condition = g_string_new (NULL);
  corm_look_append_name (values->look, condition, NULL, live->name);
  g_string_append (condition, " IS NULL");
  add_test (values, CORM_AILMENT_NULLS, live, g_strdup (condition->str),
            g_strdup_printf ("%s is NULL, %s", live->name,
                             is_key ? "and it is part of the primary key" : "where there may be none"),
            "give these rows a value, or let the column be NULL");
}

/* @type: what the column should be. */
static void
test_type (Values *values, const CormTableColumn *live, const CormTableColumn *type)
{
  g_autoptr (GString) name = g_string_new (NULL), misfit = g_string_new (NULL);
  const CormUpkeepSql *sql = values->look->sql;
  corm_look_append_name (values->look, name, NULL, live->name);
  if (sql->append_misfit == NULL || live->generated_sql != NULL ||
      !sql->append_misfit (misfit, name->str, type))
    return;
  add_test (values, CORM_AILMENT_WRONG_TYPE, live,
            g_strdup_printf ("%s IS NOT NULL AND (%s)", name->str, misfit->str),
            g_strdup_printf ("%s holds what is no %s", live->name,
                             type->type_sql != NULL && *type->type_sql != '\0'
                                 ? type->type_sql
                                 : corm_type_name (type->type.type)),
            "look at these values: convert them, or give the column a type that holds them");
}

/* Where the database holds to the column's own length there is nothing to find. */
static void
test_length (Values *values, const CormTableColumn *live, const CormTableColumn *type)
{
  guint length = type->type.type == CORM_TYPE_TEXT ? type->type.length : 0;
  gboolean is_held = !values->look->dialect->loose_types && live->type.type == CORM_TYPE_TEXT &&
                     live->type.length > 0 && live->type.length <= length;
  if (length == 0 || is_held || values->look->sql->char_length == NULL ||
      (live->type.type != CORM_TYPE_TEXT && !values->look->dialect->loose_types))
    return;
  g_autofree char *expression = fill (values, values->look->sql->char_length, live);
  add_test (values, CORM_AILMENT_TOO_LONG, live, g_strdup_printf ("%s > %u", expression, length),
            g_strdup_printf ("%s holds more than %u characters", live->name, length),
            "shorten these texts, or make the column longer");
}

static void
test_labels (Values *values, const CormTableColumn *live, const CormTableColumn *said)
{
  const char *const *labels =
      (const char *const *) (said != NULL && said->labels != NULL ? said->labels : live->labels);
  if (labels == NULL || values->look->sql->as_text == NULL)
    return;
  g_autofree char *text = fill (values, values->look->sql->as_text, live);
  g_autofree char *list = g_strjoinv (", ", (GStrv) labels);
  const char *by_bytes = values->look->dialect->order_bytes;
  g_autoptr (GString) condition = g_string_new (text);
  g_string_append_printf (condition, "%s NOT IN (", by_bytes != NULL ? by_bytes : "");
  for (guint i = 0; labels[i] != NULL; i++) {
    CormValue label = corm_value_text (labels[i]);
    g_string_append (condition, i > 0 ? ", " : "");
    corm_sql_append_literal (condition, values->look->dialect, &label, NULL);
  }
  g_string_append_c (condition, ')');
  add_test (values, CORM_AILMENT_NO_LABEL, live, g_strdup (condition->str),
            g_strdup_printf ("%s is none of %s", live->name, list),
            "give these rows one of the labels, or add the label");
}

static void
test_encoding (Values *values, const CormTableColumn *live)
{
  CormType type = live->type.type;
  if (values->look->sql->bad_text == NULL || live->generated_sql != NULL ||
      (type != CORM_TYPE_TEXT && type != CORM_TYPE_NONE && type != CORM_TYPE_RAW && type != CORM_TYPE_JSON))
    return;
  add_test (values, CORM_AILMENT_INVALID_UTF8, live, fill (values, values->look->sql->bad_text, live),
            g_strdup_printf ("%s holds bytes that are no UTF-8 text, or a NUL", live->name),
            "find out how these texts were encoded and write them again, or keep them as bytes");
}

static void
test_column (Values *values, const CormTableColumn *live)
{
  const CormLook *look = values->look;
  const CormTableColumn *wanted = corm_look_find_column (look, values->wanted, live->name);
  const CormTableColumn *said = corm_look_find_column (look, values->said, live->name);
  const CormTableColumn *type = said != NULL && look->options->schema->from_models ? said
                                : wanted != NULL                                   ? wanted
                                                                                   : live;
  test_nulls (values, live, wanted);
  test_type (values, live, type);
  test_length (values, live, type);
  test_labels (values, live, said);
  test_encoding (values, live);
}

/* --- checks ---------------------------------------------------------------------------------------------------------- */

/* The check speaks of a column that the table lacks. */
static gboolean
is_about_missing (const Values *values, const char *sql)
{
  for (guint i = 0; values->wanted != NULL && i < values->wanted->columns->len; i++) {
    const CormTableColumn *column = values->wanted->columns->pdata[i];
    if (corm_look_find_column (values->look, values->live, column->name) == NULL &&
        corm_words_mention (sql, column->name))
      return TRUE;
  }
  return FALSE;
}

/* The check that holds a column to its labels, which has its own test. */
static gboolean
is_about_labels (const Values *values, const CormCheck *check)
{
  gboolean same = FALSE;
  for (guint i = 0; !same && values->said != NULL && i < values->said->columns->len; i++) {
    const CormTableColumn *column = values->said->columns->pdata[i];
    CormCheck *labels = column->labels != NULL && column->enum_type == NULL
                            ? corm_render_label_check (values->look->dialect, values->said, column)
                            : NULL;
    if (labels == NULL)
      continue;
    same = g_strcmp0 (labels->name, check->name) == 0;
    g_free (labels->name);
    g_free (labels->sql);
    g_free (labels);
  }
  return same;
}

static gboolean
has_check (const CormTable *table, const CormCheck *like)
{
  for (guint i = 0; i < table->checks->len; i++)
    if (corm_words_equal (((CormCheck *) table->checks->pdata[i])->sql, like->sql))
      return TRUE;
  return FALSE;
}

static void
test_check (Values *values, const CormCheck *check, gboolean is_wanted)
{
  if (is_about_missing (values, check->sql) || is_about_labels (values, check))
    return;
  Test *test =
      add_test (values, CORM_AILMENT_BREAKS_CHECK, NULL, g_strdup_printf ("NOT (%s)", check->sql),
                g_strdup_printf ("not true: %s%s", check->sql,
                                 is_wanted ? "; the check is wanted and not in the database yet" : ""),
                "mend these rows, or the check");
  test->part = check->name;
}

/* --- one table ------------------------------------------------------------------------------------------------------- */

/* Counts the tests from @from to @to in one pass. */
static gboolean
count_tests (Values *values, guint from, guint to, GError **error)
{
  g_autoptr (GString) sql = g_string_new ("SELECT ");
  for (guint i = from; i < to; i++)
    g_string_append_printf (sql, "%ssum(CASE WHEN %s THEN 1 ELSE 0 END)", i > from ? ", " : "",
                            ((Test *) values->tests->pdata[i])->condition);
  g_string_append (sql, " FROM ");
  corm_sql_append_rows_of (sql, values->look->dialect, values->live);
  g_auto (CormSight) sight = { 0 };
  if (!corm_sight_open (&sight, values->look, sql->str, error) || !corm_cursor_next (sight.cursor, error))
    return FALSE;
  for (guint i = from; i < to; i++)
    ((Test *) values->tests->pdata[i])->count = corm_upkeep_get_number (sight.cursor, i - from, 0);
  return TRUE;
}

static char *
describe (const Values *values, const Test *test)
{
  return g_strdup_printf ("%s of %s%s%s", corm_ailment_kind_name (test->kind), values->live->name,
                          test->column != NULL || test->part != NULL ? "." : "",
                          test->column != NULL ? test->column->name
                          : test->part != NULL ? test->part
                                               : "");
}

/* All at once; where the database refuses one of them, each by itself. */
static gboolean
count_all (Values *values, guint from, guint to, GError **error)
{
  GError *local = NULL;
  if (count_tests (values, from, to, &local))
    return TRUE;
  gboolean is_about_table =
      g_error_matches (local, CORM_ERROR, CORM_ERROR_DENIED) || corm_error_may_be_damage (local);
  if (to - from == 1 || is_about_table) {
    g_autofree char *what = is_about_table ? g_strdup_printf ("values of %s", values->live->name)
                                           : describe (values, values->tests->pdata[from]);
    return corm_look_unseen (values->look, local, what, error);
  }
  g_clear_error (&local);
  guint middle = from + (to - from) / 2;
  return count_all (values, from, middle, error) && count_all (values, middle, to, error);
}

static gboolean
report (Values *values, Test *test, GError **error)
{
  gboolean is_text = test->kind == CORM_AILMENT_INVALID_UTF8 || test->kind == CORM_AILMENT_NULLS;
  const char *const columns[] = { test->column != NULL ? test->column->name : NULL, NULL };
  if (test->count <= 0)
    return TRUE;
  CormAilment *ailment =
      corm_look_add (values->look, test->kind, values->live, test->column != NULL ? columns : NULL,
                     test->part, g_steal_pointer (&test->reason), g_strdup (test->advice));
  ailment->count = test->count;
  return corm_look_keys (values->look, ailment, values->live, test->condition, is_text ? NULL : columns,
                         error);
}

static void
test_all_checks (Values *values)
{
  const CormTable *wanted = values->wanted;
  for (guint i = 0; i < values->live->checks->len; i++)
    test_check (values, values->live->checks->pdata[i], FALSE);
  for (guint i = 0; wanted != NULL && i < wanted->checks->len; i++)
    if (!has_check (values->live, wanted->checks->pdata[i]))
      test_check (values, wanted->checks->pdata[i], TRUE);
}

gboolean
corm_look_for_misfits (CormLook *look, const CormTable *table, GError **error)
{
  g_autoptr (GPtrArray) tests = g_ptr_array_new_with_free_func (test_free);
  Values values = { look, table, corm_look_find_table (look, look->wanted, table->name),
                    corm_look_find_table (look, look->options->schema, table->name), tests };
  for (guint i = 0; i < table->columns->len; i++)
    test_column (&values, table->columns->pdata[i]);
  test_all_checks (&values);
  for (guint from = 0; from < tests->len; from += AT_ONCE)
    if (!count_all (&values, from, MIN (from + AT_ONCE, tests->len), error))
      return FALSE;
  for (guint i = 0; i < tests->len; i++)
    if (!report (&values, tests->pdata[i], error))
      return FALSE;
  return TRUE;
}
