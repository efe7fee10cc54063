/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* From the options of a table or column to other ones. Options are lists: clauses, and in WITH (…) and SET (…) names with
 * values. What one side has and the other has not is set, or set back. The texts are those that introspect-table.c writes,
 * so that quotes and parentheses always close. */
#include "alter.h"

#include <string.h>

/* --- lists ---------------------------------------------------------------------------------------------------------- */

/* Behind the quoted text that @p begins with; @p itself when there is none. */
static const char *
skip_quoted (const char *p)
{
  char quote = *p;
  if (quote != '\'' && quote != '"')
    return p;
  for (p++; *p != '\0'; p++)
    if (*p == quote && *++p != quote)
      break;
  return p;
}

/* Where @end stands in @p outside of quotes and parentheses, or the text's end. */
static const char *
find_outside (const char *p, const char *end)
{
  int depth = 0;
  while (*p != '\0' && !(depth == 0 && g_str_has_prefix (p, end))) {
    const char *behind = skip_quoted (p);
    depth += *p == '(' ? 1 : *p == ')' ? -1 : 0;
    p = behind > p ? behind : p + 1;
  }
  return p;
}

/* The items of a text parted by @end; none of NULL. */
static GPtrArray *
split (const char *text, const char *end)
{
  GPtrArray *items = g_ptr_array_new_with_free_func (g_free);
  for (const char *p = text; p != NULL && *p != '\0';) {
    const char *stop = find_outside (p, end);
    char *item = g_strstrip (g_strndup (p, (gsize) (stop - p)));
    if (*item != '\0')
      g_ptr_array_add (items, item);
    else
      g_free (item);
    p = *stop != '\0' ? stop + strlen (end) : stop;
  }
  return items;
}

static gboolean
has (const GPtrArray *items, const char *item)
{
  for (guint i = 0; i < items->len; i++)
    if (strcmp (items->pdata[i], item) == 0)
      return TRUE;
  return FALSE;
}

/* What stands in the parentheses at the end of @clause, split at commas. */
static GPtrArray *
in_parentheses (const char *clause)
{
  const char *open = clause != NULL ? strchr (clause, '(') : NULL;
  g_autofree char *inner = open != NULL ? g_strndup (open + 1, strlen (open) - 2) : NULL;
  return split (inner, ",");
}

/* "fillfactor" of "fillfactor='70'" */
static char *
name_of (const char *option)
{
  return g_strndup (option, (gsize) (find_outside (option, "=") - option));
}

static gboolean
has_name (const GPtrArray *options, const char *option)
{
  g_autofree char *name = name_of (option);
  for (guint i = 0; i < options->len; i++) {
    g_autofree char *other = name_of (options->pdata[i]);
    if (strcmp (name, other) == 0)
      return TRUE;
  }
  return FALSE;
}

/* --- statements ----------------------------------------------------------------------------------------------------- */

typedef struct {
  char *head; /* "ALTER TABLE t", "ALTER TABLE t ALTER COLUMN c" */
  GPtrArray *sql;
} Change;

static void
say (const Change *change, const char *clause)
{
  g_ptr_array_add (change->sql, g_strdup_printf ("%s %s", change->head, clause));
}

/* SET what is new or other, RESET what is gone. */
static void
set_options (const Change *change, const char *from, const char *to)
{
  g_autoptr (GPtrArray) is = in_parentheses (from), should = in_parentheses (to);
  for (guint i = 0; i < is->len; i++) {
    g_autofree char *name = name_of (is->pdata[i]), *clause = g_strdup_printf ("RESET (%s)", name);
    if (!has_name (should, is->pdata[i]))
      say (change, clause);
  }
  for (guint i = 0; i < should->len; i++) {
    g_autofree char *clause = g_strdup_printf ("SET (%s)", (char *) should->pdata[i]);
    if (!has (is, should->pdata[i]))
      say (change, clause);
  }
}

static void
set_parents (const Change *change, const char *from, const char *to)
{
  g_autoptr (GPtrArray) is = in_parentheses (from), should = in_parentheses (to);
  for (guint i = 0; i < is->len; i++) {
    g_autofree char *clause = g_strconcat ("NO INHERIT ", is->pdata[i], NULL);
    if (!has (should, is->pdata[i]))
      say (change, clause);
  }
  for (guint i = 0; i < should->len; i++) {
    g_autofree char *clause = g_strconcat ("INHERIT ", should->pdata[i], NULL);
    if (!has (is, should->pdata[i]))
      say (change, clause);
  }
}

/* --- sequences ------------------------------------------------------------------------------------------------------ */

/* The number behind @word in "INCREMENT BY 2 CYCLE"; NULL: it is not said. */
static char *
number_behind (const char *words, const char *word)
{
  const char *at = words != NULL ? strstr (words, word) : NULL;
  if (at == NULL)
    return NULL;
  at += strlen (word) + 1;
  return g_strndup (at, strcspn (at, " )"));
}

/* All that a sequence says, with the usual where @words say nothing, @set in front of each. */
static char *
all_words (const char *words, const char *set)
{
  g_autofree char *step = number_behind (words, "INCREMENT BY"), *least = number_behind (words, "MINVALUE"),
                  *most = number_behind (words, "MAXVALUE"), *start = number_behind (words, "START WITH"),
                  *cache = number_behind (words, "CACHE");
  gboolean down = step != NULL && *step == '-', cycle = words != NULL && strstr (words, "CYCLE") != NULL;
  const char *first = down ? (most != NULL ? most : "-1") : least != NULL ? least : "1";
  return g_strconcat (set, "INCREMENT BY ", step != NULL ? step : "1", " ", set,
                      least != NULL ? "MINVALUE " : "NO ", least != NULL ? least : "MINVALUE", " ", set,
                      most != NULL ? "MAXVALUE " : "NO ", most != NULL ? most : "MAXVALUE", " ", set,
                      "START WITH ", start != NULL ? start : first, " ", set, "CACHE ",
                      cache != NULL ? cache : "1", " ", set, cycle ? "CYCLE" : "NO CYCLE", NULL);
}

/* One that has given nothing yet begins where it now should. */
static void
set_sequence (const Change *change, const char *table, const char *column, const char *should)
{
  g_autofree char *words = all_words (should, "");
  g_autofree char *statement =
      g_strdup_printf ("'ALTER SEQUENCE ' || CAST(d.objid AS pg_catalog.regclass) || ' %s' || CASE WHEN "
                       "pg_catalog.pg_sequence_last_value(d.objid) IS NULL THEN ' RESTART' ELSE '' END",
                       words);
  g_ptr_array_add (change->sql, corm_pgsql_with_sequence (table, column, statement));
}

/* What stands in a column's definition. @options: all that it should have. */
static void
set_inner_of_column (const Change *change, const char *table, const char *column, const char *from,
                     const char *to, const char *options)
{
  gboolean serial = corm_pgsql_is_serial (to), was_serial = corm_pgsql_is_serial (from);
  if (strcmp (from, to) == 0 || (serial && was_serial))
    return;
  if (serial) {
    say (change, "DROP IDENTITY");
    corm_pgsql_make_serial (table, column, options, change->sql);
  } else if (was_serial) {
    corm_pgsql_make_identity (table, column, FALSE, to, change->sql);
  } else {
    g_autofree char *clause = all_words (to, "SET ");
    say (change, clause);
  }
}

/* --- what stands behind the definition ------------------------------------------------------------------------------ */

/* Kinds of clauses, by how they begin, and what takes one back. */
static const char *const kinds[][2] = {
  { "SET UNLOGGED", "SET LOGGED" },
  { "OF ", "NOT OF" },
  { "ENABLE ROW LEVEL", "DISABLE ROW LEVEL SECURITY" },
  { "FORCE ROW LEVEL", "NO FORCE ROW LEVEL SECURITY" },
  { "REPLICA IDENTITY", "REPLICA IDENTITY DEFAULT" },
  { "SET STORAGE", "SET STORAGE EXTENDED" },
  { "SET COMPRESSION", "SET COMPRESSION DEFAULT" },
  { "SET STATISTICS", "SET STATISTICS -1" },
  { "SET (", NULL },
  { "SEQUENCE ", NULL },
};

static const char *
find_clause (const GPtrArray *clauses, const char *prefix)
{
  for (guint i = 0; i < clauses->len; i++)
    if (g_str_has_prefix (clauses->pdata[i], prefix))
      return clauses->pdata[i];
  return NULL;
}

static void
set_clause (const Change *change, const char *table, const char *column, guint kind, const char *is,
            const char *should)
{
  if (g_strcmp0 (is, should) == 0)
    return;
  if (strcmp (kinds[kind][0], "SET (") == 0) {
    set_options (change, is, should);
  } else if (strcmp (kinds[kind][0], "SEQUENCE ") == 0) {
    set_sequence (change, table, column, should);
  } else {
    say (change, should != NULL ? should : kinds[kind][1]);
  }
}

static void
set_behind (const Change *change, const char *table, const char *column, const char *from, const char *to,
            gboolean with_sequence)
{
  g_autoptr (GPtrArray) is = split (from, ";\n"), should = split (to, ";\n");
  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    if (with_sequence || strcmp (kinds[i][0], "SEQUENCE ") != 0)
      set_clause (change, table, column, i, find_clause (is, kinds[i][0]), find_clause (should, kinds[i][0]));
}

/* --- what stands behind a table's closing parenthesis --------------------------------------------------------------- */

static const char *const words[] = { "INHERITS (", "PARTITION BY ", "USING ", "WITH (", "TABLESPACE " };

/* The clause that begins with words[@which]; NULL: there is none. */
static char *
get_inner (const char *text, guint which)
{
  const char *start = find_outside (text, words[which]);
  if (*start == '\0')
    return NULL;
  gsize size = strlen (start);
  for (guint i = which + 1; i < G_N_ELEMENTS (words); i++)
    size = MIN (size, (gsize) (find_outside (start + strlen (words[which]) - 1, words[i]) - start));
  return g_strchomp (g_strndup (start, size));
}

static gboolean
set_inner_of_table (const Change *change, const char *from, const char *to)
{
  for (guint i = 0; i < G_N_ELEMENTS (words); i++) {
    g_autofree char *is = get_inner (from, i), *should = get_inner (to, i);
    if (g_strcmp0 (is, should) == 0)
      continue;
    const char *name = should != NULL ? should + strlen (words[i]) : NULL;
    g_autofree char *method = g_strconcat ("SET ACCESS METHOD ", name != NULL ? name : "heap", NULL);
    g_autofree char *place = g_strconcat ("SET TABLESPACE ", name != NULL ? name : "pg_default", NULL);
    switch (i) {
    case 0:
      set_parents (change, is, should);
      break;
    case 1:
      return FALSE; /* no table becomes a partitioned one */
    case 3:
      set_options (change, is, should);
      break;
    default:
      say (change, i == 2 ? method : place);
    }
  }
  return TRUE;
}

/* --- all of it ------------------------------------------------------------------------------------------------------ */

/* The text up to the first ";\n"; *@behind: what follows that. */
static char *
cut (const char *options, const char **behind)
{
  const char *text = options != NULL ? options : "", *stop = find_outside (text, ";\n");
  *behind = *stop != '\0' ? stop + strlen (";\n") : stop;
  return g_strndup (text, (gsize) (stop - text));
}

gboolean
corm_pgsql_alter_options (const char *table, const char *column, const char *from, const char *to,
                          GPtrArray *sql)
{
  const char *is_behind, *should_behind;
  g_autofree char *is = cut (from, &is_behind), *should = cut (to, &should_behind);
  g_autoptr (GString) head = g_string_new ("ALTER TABLE ");
  corm_sql_append_identifier (head, &corm_pgsql_dialect, table);
  if (column != NULL) {
    g_string_append (head, " ALTER COLUMN ");
    corm_sql_append_identifier (head, &corm_pgsql_dialect, column);
  }
  const Change change = { head->str, sql };
  if (column == NULL && !set_inner_of_table (&change, is, should))
    return FALSE;
  if (column != NULL)
    set_inner_of_column (&change, table, column, is, should, to);
  /* A sequence that comes or goes with the numbering says it all by itself. */
  gboolean stays = corm_pgsql_is_serial (is) && corm_pgsql_is_serial (should);
  set_behind (&change, table, column, is_behind, should_behind, stays);
  return TRUE;
}

/* character(5) is padded, and a domain has checks. */
static gboolean
is_bare (const CormTableColumn *column)
{
  static const char *const names[] = { "text", "character varying", "varchar", "numeric", "decimal" };
  for (guint i = 0; column->type_sql != NULL && i < G_N_ELEMENTS (names); i++) {
    gsize length = strlen (names[i]);
    if (g_ascii_strncasecmp (column->type_sql, names[i], length) == 0 &&
        (column->type_sql[length] == '\0' || column->type_sql[length] == '('))
      return TRUE;
  }
  return column->type_sql == NULL;
}

/* What PostgreSQL sees to be the same bytes: a text with more room, a number with more digits in front of the point. Under
 * another collation the rows stay too, but indexes are built again. */
gboolean
corm_pgsql_keeps_rows (const CormTableColumn *is, const CormTableColumn *should)
{
  const CormSqlType *from = &is->type, *to = &should->type;
  if (from->type != to->type || is->enum_type != NULL || should->enum_type != NULL || !is_bare (is) ||
      !is_bare (should) || g_strcmp0 (is->collation, should->collation) != 0)
    return FALSE;
  if (from->type == CORM_TYPE_TEXT)
    return to->length == 0 || (from->length != 0 && from->length <= to->length);
  if (from->type == CORM_TYPE_DECIMAL)
    return to->precision == 0 ||
           (from->precision != 0 && from->precision <= to->precision && from->scale == to->scale);
  return FALSE;
}

/* Storage parameters and statistics are set while others read and write. */
const char *
corm_pgsql_options_lock (const GPtrArray *sql)
{
  static const char *const light[] = { " SET (", " RESET (", " SET STATISTICS " };
  for (guint i = 0; i < sql->len; i++) {
    gboolean is_light = FALSE;
    for (guint w = 0; w < G_N_ELEMENTS (light) && !is_light; w++)
      is_light = *find_outside (sql->pdata[i], light[w]) != '\0';
    if (!is_light)
      return "ACCESS EXCLUSIVE";
  }
  return "SHARE UPDATE EXCLUSIVE";
}
