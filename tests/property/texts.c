/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* What only one database understands, as data: everything else here asks for capabilities. */
#include "property.h"

#include <stdarg.h>
#include <string.h>

static const char *const sqlite3_collations[] = { "NOCASE", "RTRIM", "BINARY", NULL };
static const char *const pgsql_collations[] = { "C", "POSIX", NULL };
static const char *const mysql_collations[] = { "utf8mb4_general_ci", "utf8mb4_bin", NULL };

static const RawKind sqlite3_raws[] = { { "GEOMETRY TEXT", "p{i}", NULL, NULL }, { NULL, NULL, NULL, NULL } };
static const RawKind pgsql_raws[] = { { "inet", "10.0.0.{i}", NULL, NULL },
                                      { "int4range", "[{i}0,{i}5)", "gist", "&&" },
                                      { "integer[]", "{1,{i}}", "gin", NULL },
                                      { "jsonb", "{\"k\": {i}}", "gin", NULL },
                                      { "interval", "{i} days", NULL, NULL },
                                      { "tsvector", "'a{i}'", "gin", NULL },
                                      { NULL, NULL, NULL, NULL } };
static const RawKind mysql_raws[] = { { "inet6", "::{i}", NULL, NULL },
                                      { "year(4)", "200{i}", NULL, NULL },
                                      { "mediumtext", "m{i}", NULL, NULL },
                                      { NULL, NULL, NULL, NULL } };

static const char *const sqlite3_triggers[] = {
  "CREATE TRIGGER {n} AFTER UPDATE OF {c} ON {t} BEGIN INSERT INTO {l} VALUES ('of'); END",
  "CREATE TRIGGER {n} BEFORE DELETE ON {t} WHEN old.{c} IS NOT NULL BEGIN DELETE FROM {l} WHERE what = "
  "old.{c}; END",
  "CREATE TRIGGER {n} INSTEAD OF INSERT ON {v} BEGIN INSERT INTO {l} VALUES ('instead'); END",
  "CREATE TRIGGER {n} AFTER INSERT ON {t} BEGIN INSERT INTO {l} SELECT count(*) FROM {v}; END", NULL
};

static const char *const sqlite3_strict[] = { "INTEGER", "REAL", "TEXT", "BLOB" };
static const char *const pgsql_options[] = { "WITH (fillfactor='70')", NULL };
static const char *const mysql_options[] = { "ENGINE=InnoDB ROW_FORMAT=DYNAMIC", NULL };
static const char *const no_options[] = { NULL };

static const Texts all_texts[] = {
  { .dialect = "sqlite3",
    .collations = sqlite3_collations,
    .raws = sqlite3_raws,
    .strict = sqlite3_strict,
    .set_default = TRUE,
    .table_options = no_options,
    .text_default = "lower('ABC')",
    .number_default = "abs(-3)",
    .concat = "({a} || {b})",
    .trigger = "CREATE TRIGGER {n} AFTER {e} ON {t} BEGIN INSERT INTO {l} VALUES ('{e} ; END'); END",
    .other_triggers = sqlite3_triggers,
    .empty_begin = "PRAGMA foreign_keys = 0",
    .empty_end = "PRAGMA foreign_keys = 1",
    .empty = "DELETE FROM {t}" },
  { .dialect = "pgsql",
    .collations = pgsql_collations,
    .raws = pgsql_raws,
    .rich = TRUE,
    .set_default = TRUE,
    .comments = TRUE,
    .table_options = pgsql_options,
    .text_default = "lower('ABC')",
    .number_default = "abs(-3)",
    .concat = "({a} || {b})",
    .trigger = "CREATE TRIGGER {n} AFTER {e} ON {t} FOR EACH ROW EXECUTE FUNCTION {f}()",
    .trigger_function =
        "CREATE FUNCTION {n}() RETURNS trigger LANGUAGE plpgsql AS $_$ BEGIN INSERT INTO {l} VALUES "
        "(TG_OP || ' ; END'); RETURN NULL; END $_$",
    .function = "CREATE FUNCTION {n}(a integer, b integer) RETURNS integer LANGUAGE sql IMMUTABLE AS $_$ "
                "SELECT a * {v} "
                "+ b; $_$",
    .function_arguments = "(integer, integer)",
    .sequence = "CREATE SEQUENCE {n} INCREMENT BY {v} START WITH 10",
    .domain = "CREATE DOMAIN {n} AS integer CHECK (VALUE > -{v})",
    .materialized = "MATERIALIZED ",
    .empty = "TRUNCATE {t} CASCADE" },
  { .dialect = "mysql",
    .collations = mysql_collations,
    .raws = mysql_raws,
    .comments = TRUE,
    .table_options = mysql_options,
    .text_default = "lower('ABC')",
    .number_default = "abs(-3)",
    .concat = "concat({a}, {b})",
    .trigger = "CREATE TRIGGER {n} AFTER {e} ON {t} FOR EACH ROW INSERT INTO {l} VALUES ('{e} ; END')",
    .function = "CREATE FUNCTION {n}(a int, b int) RETURNS int DETERMINISTIC RETURN a * {v} + b",
    .sequence = "CREATE SEQUENCE {n} START WITH 10 INCREMENT BY {v}",
    .empty_begin = "SET foreign_key_checks = 0",
    .empty_end = "SET foreign_key_checks = 1",
    .empty = "DELETE FROM {t}" },
};

const Texts *
texts_of (const CormDialect *dialect)
{
  for (guint i = 0; i < G_N_ELEMENTS (all_texts); i++)
    if (strcmp (all_texts[i].dialect, dialect->name) == 0)
      return &all_texts[i];
  g_error ("texts.c has no line for %s", dialect->name);
}

char *
texts_quote (const CormDialect *dialect, const char *name)
{
  GString *text = g_string_new (NULL);
  g_string_append_c (text, dialect->quote);
  for (; *name != '\0'; name++) {
    if (*name == dialect->quote)
      g_string_append_c (text, *name);
    g_string_append_c (text, *name);
  }
  g_string_append_c (text, dialect->quote);
  return g_string_free (text, FALSE);
}

static const char *
word_of (const char *letter, va_list args)
{
  for (const char *name = va_arg (args, const char *); name != NULL; name = va_arg (args, const char *)) {
    const char *word = va_arg (args, const char *);
    if (name[0] == letter[0])
      return word;
  }
  return NULL;
}

char *
texts_fill (const char *text, ...)
{
  GString *filled = g_string_new (NULL);
  for (const char *p = text; *p != '\0'; p++) {
    va_list args;
    va_start (args, text);
    const char *word = p[0] == '{' && p[1] != '\0' && p[2] == '}' ? word_of (p + 1, args) : NULL;
    va_end (args);
    if (word == NULL)
      g_string_append_c (filled, *p);
    else
      g_string_append (filled, word), p += 2;
  }
  return g_string_free (filled, FALSE);
}

void
texts_replace (char **text, const char *old, const char *new)
{
  if (*text == NULL)
    return;
  GString *changed = g_string_new (*text);
  g_string_replace (changed, old, new, 0);
  g_free (*text);
  *text = g_string_free (changed, FALSE);
}

gboolean
texts_mention (const CormDialect *dialect, const char *text, const char *name)
{
  g_autofree char *quoted = texts_quote (dialect, name);
  return text != NULL && strstr (text, quoted) != NULL;
}
