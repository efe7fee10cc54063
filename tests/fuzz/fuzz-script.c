/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Scripts mixed from what means something to a splitter: no byte is lost or made up, a statement by itself is one
 * statement, comments between statements change nothing, and what is refused is refused with a line of the script.
 * CORM_FUZZ_CASES (20 000) scripts from CORM_FUZZ_SEED (1), each in three dialects. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../../drivers/dialects.h"
#include "evolve/script.h"
#include "hostile.h"

#include <stdlib.h>
#include <string.h>

static const CormDialect *const dialects[] = { &corm_sqlite3_dialect, &corm_pgsql_dialect,
                                               &corm_mysql_dialect };

G_GNUC_UNUSED static const char *const pieces[] = {
  ";",
  ";\n",
  ";;",
  " ",
  "\n",
  "\t",
  "\r\n",
  "'",
  "''",
  "\"",
  "`",
  "[",
  "]",
  "$$",
  "$a$",
  "$1",
  "E'",
  "\\",
  "\\'",
  "\\N",
  "--",
  "-- ",
  "--x\n",
  "#",
  "/*",
  "*/",
  "/*!",
  "/*!50001 ",
  "/*M!",
  "(",
  ")",
  ",",
  ".",
  ":",
  "::",
  "@",
  "=",
  "a",
  "b1",
  "'x;y'",
  "/* ; */",
  "-- ;\n",
  "\n-- corm:x\n",
  "BEGIN",
  "END",
  "CASE",
  "WHEN",
  "THEN",
  "ELSE",
  "IF",
  "END IF",
  "LOOP",
  "END LOOP",
  "WHILE",
  "DO",
  "REPEAT",
  "UNTIL",
  "END REPEAT",
  "FOR EACH ROW",
  "BEGIN ATOMIC",
  "BEGIN NOT ATOMIC",
  "DECLARE EXIT HANDLER FOR SQLEXCEPTION",
  "CREATE",
  "CREATE TRIGGER",
  "CREATE OR REPLACE FUNCTION",
  "CREATE TABLE",
  "PROCEDURE",
  "ALTER EVENT",
  "SELECT",
  "INSERT INTO",
  "COPY t FROM stdin;\n",
  "\n\\.\n",
  "\n\\q\n",
  "\nDELIMITER //\n",
  "\ndelimiter ;\n",
  "//",
  "\xC3\xA9",
  "\xEF\xBB\xBF",
  "\xFF",
};

static gboolean any_delimiter; /* not only those of the pieces, which check_places() knows */
static guint64 n_split, n_refused, n_statements;

static void G_GNUC_NORETURN
complain (const char *what, guint dialect, const char *script)
{
  g_autofree char *shown = g_strescape (script, NULL);
  g_printerr ("%s: dialect %u: \"%s\"\n", what, dialect, shown);
  abort ();
}

/* Behind what may stand between two statements. */
static const char *
skip_between (const CormDialect *dialect, const char *p, const char *end)
{
  while (p < end) {
    gboolean hash = *p == '#' && dialect->lexis & CORM_LEX_HASH_COMMENT;
    if (g_ascii_isspace (*p) || *p == '\v' || *p == ';') {
      p++;
    } else if (g_str_has_prefix (p, "--") || hash || g_ascii_strncasecmp (p, "delimiter", 9) == 0) {
      p += strcspn (p, "\n");
    } else if (g_str_has_prefix (p, "/*")) {
      guint depth = 1;
      for (p += 2; p < end && depth > 0; p++)
        if (g_str_has_prefix (p, "*/")) {
          depth--;
          p++;
        } else if (dialect->lexis & CORM_LEX_NESTED_COMMENT && g_str_has_prefix (p, "/*")) {
          depth++;
          p++;
        }
    } else if (g_str_has_prefix (p, "//")) {
      p += 2;
    } else if (g_str_has_prefix (p, "\xEF\xBB\xBF")) {
      p += 3;
    } else {
      break;
    }
  }
  return p;
}

static void
check_places (guint d, const char *script, const GPtrArray *list)
{
  gsize at = 0;
  for (guint i = 0; i <= list->len; i++) {
    const CormScriptStatement *one = i < list->len ? list->pdata[i] : NULL;
    gsize start = one != NULL ? one->offset : strlen (script);
    if (start < at || skip_between (dialects[d], script + at, script + start) != script + start)
      complain ("lost between statements", d, script);
    if (one == NULL)
      return;
    if (one->size == 0 || one->size != strlen (one->sql) ||
        memcmp (script + start, one->sql, one->size) != 0 || one->from > start || one->from < at)
      complain ("not as in the script", d, script);
    at = start + one->size;
  }
}

/* Comments around each of them, and delimiters: the same again. */
static void
check_again (guint d, const char *script, const GPtrArray *list)
{
  g_autoptr (GString) text = g_string_new (NULL);
  for (guint i = 0; i < list->len; i++)
    g_string_append_printf (text, "/* ;' */ -- \"; x\n%s\n/* ` ; */;\n",
                            ((CormScriptStatement *) list->pdata[i])->sql);
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) again = corm_script_split (dialects[d], text->str, -1, NULL, &error);
  if (again == NULL || again->len != list->len)
    complain (error != NULL ? error->message : "another number of statements", d, script);
  for (guint i = 0; i < list->len; i++)
    if (!g_str_has_prefix (((CormScriptStatement *) again->pdata[i])->sql,
                           ((CormScriptStatement *) list->pdata[i])->sql))
      complain ("another statement", d, script);
}

/* "script:LINE: …" */
static void
check_error (guint d, const char *script, const GError *error)
{
  guint lines = 1;
  for (const char *p = script; *p != '\0'; p++)
    lines += *p == '\n';
  guint64 line =
      g_str_has_prefix (error->message, "script:") ? g_ascii_strtoull (error->message + 7, NULL, 10) : 0;
  if (line < 1 || line > lines)
    complain (error->message, d, script);
  n_refused++;
}

/* It may set another delimiter. */
static gboolean
has_delimiter (const char *script)
{
  g_autofree char *lower = g_ascii_strdown (script, -1);
  return strstr (lower, "delimiter") != NULL;
}

static void
try_script (const char *script)
{
  for (guint d = 0; d < G_N_ELEMENTS (dialects); d++) {
    const CormScriptOptions skip = { .skip_client = TRUE };
    g_autoptr (GError) error = NULL;
    g_autoptr (GPtrArray) list = corm_script_split (dialects[d], script, -1, NULL, &error);
    g_autoptr (GPtrArray) other = corm_script_split (dialects[d], script, -1, &skip, NULL);
    if (list == NULL) {
      check_error (d, script, error);
      continue;
    }
    if (other == NULL || other->len != list->len)
      complain ("skip_client changes what needs no client", d, script);
    if (!any_delimiter || !has_delimiter (script))
      check_places (d, script, list);
    if (!has_delimiter (script))
      check_again (d, script, list);
    n_split++;
    n_statements += list->len;
  }
}

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autofree char *script = g_strndup ((const char *) data, size);
  any_delimiter = TRUE;
  try_script (script);
  return 0;
}

#ifndef CORM_LIBFUZZER
static guint64
number_from (const char *variable, guint64 otherwise)
{
  const char *text = g_getenv (variable);
  return text != NULL ? g_ascii_strtoull (text, NULL, 10) : otherwise;
}

static void
scripts_keep_their_bytes (G_GNUC_UNUSED void **state)
{
  guint64 n = number_from ("CORM_FUZZ_CASES", 20000), seed = number_from ("CORM_FUZZ_SEED", 1);
  Hostile hostile = { seed };
  g_autoptr (GString) script = g_string_new (NULL);
  for (guint64 i = 0; i < n; i++) {
    g_string_truncate (script, 0);
    for (guint left = hostile_number (&hostile, 14); left > 0; left--) {
      g_string_append (script, pieces[hostile_number (&hostile, G_N_ELEMENTS (pieces))]);
      if (hostile_number (&hostile, 2) == 0)
        g_string_append_c (script, ' ');
    }
    try_script (script->str);
  }
  print_message ("# %" G_GUINT64_FORMAT " scripts from seed %" G_GUINT64_FORMAT
                 " in three dialects: %" G_GUINT64_FORMAT " split into %" G_GUINT64_FORMAT
                 " statements, %" G_GUINT64_FORMAT " refused\n",
                 n, seed, n_split, n_statements, n_refused);
  assert_true (n_split > n / 2 && n_refused > n / 2);
}

int
main (void)
{
  const struct CMUnitTest tests[] = { cmocka_unit_test (scripts_keep_their_bytes) };
  return cmocka_run_group_tests_name ("fuzz-script", tests, NULL, NULL);
}
#endif
