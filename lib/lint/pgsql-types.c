/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* PostgreSQL: types, sequences and labels that do not do what they seem to. */
#include "lint/rule.h"

#include <string.h>

static gboolean
has_base (const CormLintAction *action, const char *const *types)
{
  g_autofree char *base = action->type != NULL ? corm_lint_type_base (action->type) : NULL;
  return base != NULL && g_strv_contains (types, base);
}

static gboolean
is_padded (G_GNUC_UNUSED CormLint *lint, const CormLintAction *action)
{
  static const char *const types[] = { "char", "character", "bpchar", NULL };
  return has_base (action, types) && !g_str_has_prefix (action->type, "character varying") &&
         corm_lint_type_length (action->type) > 1;
}

static gboolean
is_without_zone (G_GNUC_UNUSED CormLint *lint, const CormLintAction *action)
{
  static const char *const types[] = { "timestamp", NULL };
  return has_base (action, types) && strstr (action->type, "with time zone") == NULL;
}

static gboolean
is_money (G_GNUC_UNUSED CormLint *lint, const CormLintAction *action)
{
  static const char *const types[] = { "money", NULL };
  return has_base (action, types);
}

static gboolean
is_json (G_GNUC_UNUSED CormLint *lint, const CormLintAction *action)
{
  static const char *const types[] = { "json", NULL };
  return has_base (action, types);
}

static gboolean
is_float4 (G_GNUC_UNUSED CormLint *lint, const CormLintAction *action)
{
  static const char *const types[] = { "real", "float4", NULL };
  guint digits = corm_lint_type_length (action->type);
  return has_base (action, types) ||
         (g_str_has_prefix (action->type, "float(") && digits > 0 && digits <= 24);
}

static gboolean
is_serial (G_GNUC_UNUSED CormLint *lint, const CormLintAction *action)
{
  static const char *const types[] = { "serial",  "bigserial", "smallserial", "serial2",
                                       "serial4", "serial8",   NULL };
  return has_base (action, types);
}

/* An automatic key of four bytes or fewer. */
static gboolean
is_short_key (CormLint *lint, const CormLintAction *action)
{
  static const char *const serials[] = { "serial", "serial4", "smallserial", "serial2", NULL };
  static const char *const ints[] = { "int", "integer", "int4", "smallint", "int2", NULL };
  return has_base (action, serials) ||
         ((action->flags & CORM_FLAG_AUTO) && has_base (action, ints) && lint != NULL);
}

static gboolean
cycles (G_GNUC_UNUSED CormLint *lint, const CormLintAction *action)
{
  g_autofree char *text = action->text != NULL ? g_ascii_strdown (action->text, -1) : g_strdup ("");
  const char *at = strstr (text, "cycle");
  return at != NULL && !(at >= text + 3 && strncmp (at - 3, "no ", 3) == 0);
}

/* The label stands as a literal in a later statement of the same transaction. */
static gboolean
is_used_early (CormLint *lint, const CormLintAction *action)
{
  for (guint i = action->place + 1; action->transaction != 0 && i < lint->actions->len; i++) {
    const CormLintAction *later = lint->actions->pdata[i];
    if (later->transaction != action->transaction || later->kind == CORM_ACTION_ADD_LABEL)
      continue;
    for (guint j = 0; j < later->statement->tokens->len; j++) {
      const CormToken *token = later->statement->tokens->pdata[j];
      if (token->kind == CORM_TOKEN_STRING && g_strcmp0 (token->text, action->other) == 0)
        return TRUE;
    }
  }
  return FALSE;
}

/* clang-format off */
static const CormLintCheck checks[] = {
  { .rule = { "char-pads", CORM_LINT_TYPES, CORM_SEVERITY_WARNING, "pgsql",
      "char(n) fills every value up with blanks, which come back, take space, and do not count in comparisons.",
      "text or varchar(n)",
      "CREATE TABLE codes (code char(10));",
      "CREATE TABLE codes (code varchar(10));" },
    .on = CORM_ON (ADD_COLUMN) | CORM_ON (SET_TYPE), .new_too = TRUE, .when = is_padded,
    .says = "{t}.{n}: {y} fills its values up with blanks" },
  { .rule = { "timestamp-without-zone", CORM_LINT_TYPES, CORM_SEVERITY_WARNING, "pgsql",
      "timestamp without time zone keeps the digits of the clock that the session happened to have: two sessions in two "
      "zones store the same moment as two values.",
      "timestamptz, which keeps the moment",
      "CREATE TABLE events (at timestamp);",
      "CREATE TABLE events (at timestamptz);" },
    .on = CORM_ON (ADD_COLUMN) | CORM_ON (SET_TYPE), .new_too = TRUE, .when = is_without_zone,
    .says = "{t}.{n}: {y} keeps no moment, only the digits of somebody's clock" },
  { .rule = { "money-type", CORM_LINT_TYPES, CORM_SEVERITY_WARNING, "pgsql",
      "money rounds to the fraction that the server's locale has, and is read as another amount under another locale.",
      "numeric(12, 2), or an integer of the smallest unit",
      "CREATE TABLE prices (price money);",
      "CREATE TABLE prices (price numeric(12, 4));" },
    .on = CORM_ON (ADD_COLUMN) | CORM_ON (SET_TYPE), .new_too = TRUE, .when = is_money,
    .says = "{t}.{n}: money rounds, and means what the server's locale says" },
  { .rule = { "json-not-jsonb", CORM_LINT_TYPES, CORM_SEVERITY_WARNING, "pgsql",
      "json is kept as text: it has no equality, so DISTINCT, GROUP BY and UNION over it fail, and no index helps.",
      "jsonb",
      "CREATE TABLE settings (data json);",
      "CREATE TABLE settings (data jsonb);" },
    .on = CORM_ON (ADD_COLUMN) | CORM_ON (SET_TYPE), .new_too = TRUE, .when = is_json,
    .says = "{t}.{n}: json cannot be compared" },
  { .rule = { "float-loses-digits", CORM_LINT_TYPES, CORM_SEVERITY_WARNING, "pgsql",
      "Four bytes hold six digits: 16777217 comes back as 16777216, without an error.",
      "double precision, or numeric where digits count",
      "CREATE TABLE sizes (size real);",
      "CREATE TABLE sizes (size double precision);" },
    .on = CORM_ON (ADD_COLUMN) | CORM_ON (SET_TYPE), .new_too = TRUE, .when = is_float4,
    .says = "{t}.{n}: {y} keeps six digits" },
  { .rule = { "serial-takes-any-value", CORM_LINT_TYPES, CORM_SEVERITY_NOTE, "pgsql",
      "A serial column takes a value that a program gives it, and its sequence does not hear of it: the next automatic key "
      "is there already.",
      "bigint GENERATED ALWAYS AS IDENTITY, which refuses such values unless they are meant",
      "CREATE TABLE notes (id bigserial PRIMARY KEY, note text);",
      "CREATE TABLE notes (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, note text);" },
    .on = CORM_ON (ADD_COLUMN), .new_too = TRUE, .when = is_serial,
    .says = "{t}.{n}: a key that a program gives itself is in the way of a later automatic one" },
  { .rule = { "int-key-overflows", CORM_LINT_TYPES, CORM_SEVERITY_WARNING, "pgsql",
      "An automatic key of four bytes ends at 2 147 483 647; from then on every INSERT fails, and making it longer writes the "
      "table anew.",
      "bigint",
      "CREATE TABLE notes (id serial PRIMARY KEY, note text);",
      "CREATE TABLE notes (id bigserial PRIMARY KEY, note text);" },
    .on = CORM_ON (ADD_COLUMN), .new_too = TRUE, .when = is_short_key,
    .says = "{t}.{n}: the automatic key ends at 2 147 483 647" },
  { .rule = { "sequence-cycles", CORM_LINT_TYPES, CORM_SEVERITY_WARNING, "pgsql",
      "At its end, a sequence that cycles begins again, and gives keys that are taken.",
      "NO CYCLE, which is the default, and bigint",
      "CREATE SEQUENCE tickets MAXVALUE 3 CYCLE;",
      "CREATE SEQUENCE tickets MAXVALUE 3;" },
    .on = CORM_ON (CREATE_SEQUENCE), .new_too = TRUE, .when = cycles,
    .says = "sequence {n} gives its first values again after its last one" },
  { .rule = { "label-used-early", CORM_LINT_MISTAKE, CORM_SEVERITY_ERROR, "pgsql",
      "A label that ALTER TYPE … ADD VALUE adds cannot be used before the transaction has ended: the statement that does fails.",
      "commit between the two",
      "BEGIN;\nALTER TYPE mood ADD VALUE 'calm';\nINSERT INTO moods VALUES ('calm');\nCOMMIT;",
      "ALTER TYPE mood ADD VALUE 'calm';\nINSERT INTO moods VALUES ('calm');" },
    .on = CORM_ON (ADD_LABEL), .new_too = TRUE, .when = is_used_early,
    .says = "label {o} is used in the transaction that adds it" },
  { .rule = { "rename-label", CORM_LINT_INCOMPATIBLE, CORM_SEVERITY_WARNING, "pgsql",
      "The program's old version still says the old label, which the type then refuses: its queries fail.",
      "add the new label, let the program know both, change the rows, and leave the old label alone",
      "ALTER TYPE mood RENAME VALUE 'sad' TO 'blue';",
      "ALTER TYPE mood ADD VALUE 'blue';" },
    .on = CORM_ON (RENAME_LABEL), .new_too = TRUE,
    .says = "queries that say {o} fail from now on" },
};
/* clang-format on */

const CormLintTable corm_lint_pgsql_types = { checks, G_N_ELEMENTS (checks) };
