/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* A serial column, which is a default that takes from a sequence of the column's own, and how it comes and goes. The
 * sequence goes with the numbering unless the column goes on taking from it by its name. */
#include "alter.h"

#include <string.h>

#define OWNED_NAME "CAST(d.objid AS pg_catalog.regclass)"

static void
append_text (GString *sql, const char *text)
{
  CormValue value = corm_value_text (text);
  corm_sql_append_literal (sql, &corm_pgsql_dialect, &value, NULL);
}

char *
corm_pgsql_with_sequence (const char *table, const char *column, const char *statement)
{
  g_autoptr (GString) quoted = g_string_new (NULL);
  GString *sql = g_string_new ("DO $corm$BEGIN EXECUTE (SELECT ");
  g_string_append_printf (
      sql,
      "%s FROM pg_catalog.pg_depend d "
      "JOIN pg_catalog.pg_attribute a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid "
      "JOIN pg_catalog.pg_sequence s ON s.seqrelid = d.objid WHERE d.deptype = 'a' "
      "AND a.attname = ",
      statement);
  append_text (sql, column);
  g_string_append (sql, " AND a.attrelid = CAST(");
  corm_sql_append_identifier (quoted, &corm_pgsql_dialect, table);
  append_text (sql, quoted->str);
  g_string_append (sql, " AS pg_catalog.regclass)); END$corm$");
  return g_string_free (sql, FALSE);
}

/* "ALTER TABLE t ALTER COLUMN c CLAUSE" */
static void
alter_column (const char *table, const char *column, const char *clause, GPtrArray *sql)
{
  GString *text = g_string_new ("ALTER TABLE ");
  corm_sql_append_identifier (text, &corm_pgsql_dialect, table);
  g_string_append (text, " ALTER COLUMN ");
  corm_sql_append_identifier (text, &corm_pgsql_dialect, column);
  g_string_append_printf (text, " %s", clause);
  g_ptr_array_add (sql, g_string_free (text, FALSE));
}

static char *
go_on (const char *table, const char *column)
{
  g_autoptr (GString) rows = g_string_new (NULL), key = g_string_new (NULL);
  GString *sql = g_string_new (CORM_PGSQL_GO_ON ("{t}", "{n}"));
  corm_sql_append_identifier (rows, &corm_pgsql_dialect, table);
  corm_sql_append_identifier (key, &corm_pgsql_dialect, column);
  g_string_replace (sql, "{t}", rows->str, 0);
  g_string_replace (sql, "{n}", key->str, 0);
  return g_string_free (sql, FALSE);
}

/* The sequence that a default takes from, as a literal: what stands in nextval(…). NULL: none. */
static char *
taken_from (const char *default_sql)
{
  const char *start = default_sql != NULL ? strstr (default_sql, "nextval('") : NULL;
  if (start == NULL)
    return NULL;
  start += strlen ("nextval(");
  const char *end = start + 1;
  while (*end != '\0' && (*end != '\'' || *++end == '\''))
    end++;
  return g_strndup (start, (gsize) (end - start));
}

void
corm_pgsql_drop_serial (const char *table, const char *column, const char *default_sql, GPtrArray *sql)
{
  g_autofree char *kept = taken_from (default_sql);
  g_autofree char *statement =
      g_strdup_printf ("CASE WHEN d.objid = pg_catalog.to_regclass(%s) THEN 'ALTER SEQUENCE ' || " OWNED_NAME
                       " || ' OWNED BY NONE' ELSE 'DROP SEQUENCE ' || " OWNED_NAME " END",
                       kept != NULL ? kept : "NULL");
  alter_column (table, column, "DROP DEFAULT", sql);
  g_ptr_array_add (sql, corm_pgsql_with_sequence (table, column, statement));
}

void
corm_pgsql_make_identity (const char *table, const char *column, gboolean always, const char *words,
                          GPtrArray *sql)
{
  g_autofree char *clause = g_strdup_printf (
      "ADD GENERATED %s AS IDENTITY%s%s", always ? "ALWAYS" : "BY DEFAULT", *words != '\0' ? " " : "", words);
  corm_pgsql_drop_serial (table, column, NULL, sql);
  alter_column (table, column, clause, sql);
  g_ptr_array_add (sql, go_on (table, column));
}

static const char *
type_of (const char *options)
{
  return g_str_has_prefix (options, "small") ? "smallint"
         : g_str_has_prefix (options, "big") ? "bigint"
                                             : "integer";
}

/* "INCREMENT BY 5" of "serial;\nSEQUENCE INCREMENT BY 5" */
static char *
sequence_words (const char *options)
{
  const char *words = strstr (options, ";\nSEQUENCE ");
  if (words == NULL)
    return g_strdup ("");
  words += strlen (";\nSEQUENCE ");
  const char *end = strstr (words, ";\n");
  return g_strndup (words, end != NULL ? (gsize) (end - words) : strlen (words));
}

/* The name is the one that PostgreSQL gives, or the next free one; it counts on behind the rows. */
void
corm_pgsql_make_serial (const char *table, const char *column, const char *options, GPtrArray *sql)
{
  g_autofree char *words = sequence_words (options);
  GString *text = g_string_new ("DO $corm$DECLARE t text := ");
  append_text (text, table);
  g_string_append (text, "; c text := ");
  append_text (text, column);
  g_string_append_printf (
      text,
      "; n text := t || '_' || c || '_seq'; i int := 1; BEGIN IF pg_catalog.octet_length(n) > 60 THEN n := "
      "pg_catalog.left(t, 6) || '_' || pg_catalog.left(c, 6) || '_seq'; END IF; WHILE "
      "pg_catalog.to_regclass(pg_catalog.quote_ident(n)) IS NOT NULL LOOP n := pg_catalog.rtrim(n, "
      "'0123456789') || i; i := i + 1; END LOOP; EXECUTE pg_catalog.format('CREATE SEQUENCE %%I AS %s %s "
      "OWNED "
      "BY %%I.%%I', n, t, c); EXECUTE pg_catalog.format('ALTER TABLE %%I ALTER COLUMN %%I SET DEFAULT "
      "nextval(%%L)', t, c, pg_catalog.quote_ident(n)); EXECUTE pg_catalog.format('SELECT "
      "pg_catalog.setval(q.seqrelid, m.top) FROM (SELECT max(%%I) AS top FROM %%I) m, pg_catalog.pg_sequence "
      "q "
      "WHERE q.seqrelid = CAST(%%L AS pg_catalog.regclass) AND m.top BETWEEN q.seqmin AND q.seqmax', c, t, "
      "pg_catalog.quote_ident(n)); END$corm$",
      type_of (options), words);
  g_ptr_array_add (sql, g_string_free (text, FALSE));
}

gboolean
corm_pgsql_is_serial (const char *options)
{
  return options != NULL && g_ascii_isalpha (options[0]);
}

/* "(START WITH 5)" of an identity. */
static char *
identity_words (const char *options)
{
  const char *end = options != NULL ? strstr (options, ";\n") : NULL;
  return end != NULL ? g_strndup (options, (gsize) (end - options))
                     : g_strdup (options != NULL ? options : "");
}

gboolean
corm_pgsql_set_identity (const char *table, const CormTableColumn *is, const CormTableColumn *should,
                         GPtrArray *sql)
{
  gboolean was = is->auto_increment && corm_pgsql_is_serial (is->options);
  gboolean serial = should->auto_increment && corm_pgsql_is_serial (should->options);
  g_autofree char *words = identity_words (should->options);
  if (was == serial)
    return was; /* both count by default */
  if (serial) {
    if (is->auto_increment)
      alter_column (table, should->name, "DROP IDENTITY", sql);
    corm_pgsql_make_serial (table, should->name, should->options, sql);
  } else if (should->auto_increment) {
    corm_pgsql_make_identity (table, should->name, should->identity_always, words, sql);
  } else {
    corm_pgsql_drop_serial (table, should->name, should->default_sql, sql);
  }
  return TRUE;
}
