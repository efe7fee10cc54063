/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Names that are cut, or that nobody can write without quotes. Each rule looks at the names that an action gives. */
#include "lint/rule.h"

#include <string.h>

typedef gboolean (*NameFunc) (const CormLint *lint, const CormToken *name);

/* The first name that @is_bad is true of, into {d}. */
static gboolean
find (CormLint *lint, const CormLintAction *action, NameFunc is_bad)
{
  for (guint i = 0; i < action->names->len; i++) {
    const CormToken *name = action->names->pdata[i];
    if (!is_bad (lint, name))
      continue;
    g_free (lint->detail);
    lint->detail = g_strdup (name->text);
    return TRUE;
  }
  return FALSE;
}

static gboolean
is_long (const CormLint *lint, const CormToken *name)
{
  return lint->dialect->max_identifier > 0 && strlen (name->text) > lint->dialect->max_identifier;
}

static gboolean
has_case (G_GNUC_UNUSED const CormLint *lint, const CormToken *name)
{
  gboolean upper = FALSE;
  for (const char *p = name->text; *p != '\0'; p++)
    upper = upper || g_ascii_isupper (*p);
  return name->kind == CORM_TOKEN_NAME && upper;
}

static gboolean
has_odd_sign (G_GNUC_UNUSED const CormLint *lint, const CormToken *name)
{
  gboolean odd = name->text[0] == '\0' || g_ascii_isdigit (name->text[0]);
  for (const char *p = name->text; *p != '\0'; p++)
    odd = odd || (!g_ascii_isalnum (*p) && *p != '_' && (guchar) *p < 0x80);
  return name->kind == CORM_TOKEN_NAME && odd;
}

static gboolean
is_reserved (const CormLint *lint, const CormToken *name)
{
  g_autofree char *folded = g_ascii_strdown (name->text, -1);
  return name->kind == CORM_TOKEN_NAME && lint->dialect->reserved != NULL &&
         g_strv_contains (lint->dialect->reserved, folded);
}

static gboolean
has_long_name (CormLint *lint, const CormLintAction *action)
{
  return find (lint, action, is_long);
}

static gboolean
has_mixed_name (CormLint *lint, const CormLintAction *action)
{
  return find (lint, action, has_case);
}

static gboolean
has_odd_name (CormLint *lint, const CormLintAction *action)
{
  return find (lint, action, has_odd_sign);
}

static gboolean
has_reserved_name (CormLint *lint, const CormLintAction *action)
{
  return find (lint, action, is_reserved);
}

#define NAMING(name, dialects, reason, advice, bad, safe, func, text) \
  { \
    .rule = { name, CORM_LINT_NAMING, CORM_SEVERITY_NOTE, dialects, reason, advice, bad, safe }, \
    .on = ~G_GUINT64_CONSTANT (0), .new_too = TRUE, .when = func, .says = text \
  }

/* clang-format off */
static const CormLintCheck checks[] = {
  { .rule = { "name-too-long", CORM_LINT_NAMING, CORM_SEVERITY_WARNING, "pgsql",
      "PostgreSQL cuts a name after 63 bytes without an error: it is stored as another one, and two long names may become "
      "the same.",
      "63 bytes at most",
      "CREATE TABLE the_jobs_that_were_sent_to_the_cluster_in_the_basement_by_the_night (id int);",
      "CREATE TABLE jobs_sent_by_the_night (id int);" },
    .on = ~G_GUINT64_CONSTANT (0), .new_too = TRUE, .when = has_long_name,
    .says = "the name {d} is longer than 63 bytes and will be cut" },
  { .rule = { "name-too-long", CORM_LINT_NAMING, CORM_SEVERITY_ERROR, "mysql",
      "MariaDB refuses names of more than 64 characters; other databases cut them after 63 bytes.",
      "63 bytes at most",
      "CREATE TABLE the_jobs_that_were_sent_to_the_cluster_in_the_basement_by_the_night (id int);",
      "CREATE TABLE jobs_sent_by_the_night (id int);" },
    .on = ~G_GUINT64_CONSTANT (0), .new_too = TRUE, .when = has_long_name,
    .says = "the name {d} is too long" },
  NAMING ("mixed-case-name", "pgsql",
      "A name in quotes keeps its capitals, and from then on every query has to quote it: without quotes it is folded to "
      "small letters and not found.",
      "small letters and underscores",
      "CREATE TABLE \"JobLogs\" (id int);",
      "CREATE TABLE job_logs (id int);",
      has_mixed_name, "{d} is not found unless every query quotes it"),
  NAMING ("reserved-name", "sqlite3 pgsql",
      "A reserved word as a name has to be quoted in every query, by people and programs that will forget.",
      "another word",
      "CREATE TABLE lists (id int, \"order\" int);",
      "CREATE TABLE lists (id int, position int);",
      has_reserved_name, "{d} is a reserved word: every query has to quote it"),
  NAMING ("reserved-name", "mysql",
      "A reserved word as a name has to be quoted in every query, by people and programs that will forget.",
      "another word",
      "CREATE TABLE lists (id int, `order` int);",
      "CREATE TABLE lists (id int, position int);",
      has_reserved_name, "{d} is a reserved word: every query has to quote it"),
  NAMING ("odd-name", "sqlite3 pgsql",
      "A blank, a dash or a digit in front makes a name that every query has to quote.",
      "letters, digits and underscores",
      "CREATE TABLE \"job logs\" (id int);",
      "CREATE TABLE job_logs (id int);",
      has_odd_name, "every query has to quote the name {d}"),
  NAMING ("odd-name", "mysql",
      "A blank, a dash or a digit in front makes a name that every query has to quote.",
      "letters, digits and underscores",
      "CREATE TABLE `job logs` (id int);",
      "CREATE TABLE job_logs (id int);",
      has_odd_name, "every query has to quote the name {d}"),
};
/* clang-format on */

const CormLintTable corm_lint_naming = { checks, G_N_ELEMENTS (checks) };
