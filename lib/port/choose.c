/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* See choose.h. A declared type that is understood is kept, as wide as the data need it; a misfit of the data never changes
 * it, but is named. Only where nothing is declared, or a time is kept in another form, the data decide. */
#include "port/choose.h"

#include "base/error.h"
#include "port/guess.h"
#include "port/profile.h"
#include "render/ddl.h"
#include "value/check.h"

#include <stdio.h>
#include <string.h>

typedef struct {
  CormChoosing *choosing;
  CormPair *pair;
  CormColumnProfile *profiles;
  CormGuess *guesses;
} Choose;

static void
choose_clear (Choose *choose)
{
  for (guint i = 0; choose->profiles != NULL && i < choose->pair->n_columns; i++) {
    corm_column_profile_clear (&choose->profiles[i]);
    g_free (choose->guesses[i].reason);
  }
  g_free (choose->profiles);
  g_free (choose->guesses);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Choose, choose_clear)

static const char *
declared_of (const CormTableColumn *column)
{
  return column->type_sql != NULL ? column->type_sql : corm_type_name (column->type.type);
}

static gboolean
is_moment (CormType type)
{
  return type == CORM_TYPE_DATE || type == CORM_TYPE_TIMESTAMP || type == CORM_TYPE_LOCAL_TIMESTAMP;
}

/* --- before the look ------------------------------------------------------------------------------------------ */

/* What the mapping file says. A conversion to another kind of value brings its type where none is given. */
static void
apply_rule (const Choose *choose, guint i, const CormPortRule *rule)
{
  CormGuess *guess = &choose->guesses[i];
  CormColumnProfile *profile = &choose->profiles[i];
  gboolean fixed = choose->choosing->fixed;
  if (rule->has_type && !fixed)
    guess->type = rule->type;
  else if ((rule->conversion & CORM_CONVERSION_TEXT) != 0 && !fixed)
    guess->type = (CormSqlType){ .type = CORM_TYPE_TEXT };
  else if ((rule->conversion & CORM_CONVERSION_TIMES) != 0 && !fixed && !is_moment (guess->type.type))
    guess->type = (CormSqlType){ .type = CORM_TYPE_TIMESTAMP };
  guess->conversion = rule->conversion;
  profile->look = rule->conversion == 0 && is_moment (guess->type.type) ? CORM_LOOK_TIMES : CORM_LOOK_FIT;
  guess->is_settled = TRUE;
  guess->reason = g_strdup_printf ("the mapping file says so, line %u", rule->line);
}

/* Between two databases that let anything live anywhere: a column whose type says little keeps its cells as they are. */
static gboolean
keeps_cells (const CormTableColumn *from)
{
  return from->type.type == CORM_TYPE_NONE || from->type.type == CORM_TYPE_RAW || is_moment (from->type.type);
}

/* How column @i is to be looked at, if the source lets anything live anywhere. */
static void
plan_look (const Choose *choose, guint i, gboolean loose)
{
  const CormTableColumn *from = choose->pair->source_columns[i], *to = choose->pair->target_columns[i];
  CormGuess *guess = &choose->guesses[i];
  CormColumnProfile *profile = &choose->profiles[i];
  const CormPortRule *rule = corm_port_mapping_find (choose->choosing->mapping, choose->pair->source->name,
                                                     from->name, declared_of (from));
  gboolean is_free = from->type.type == CORM_TYPE_NONE || from->type.type == CORM_TYPE_RAW;
  guess->declared = guess->type = to->type;
  profile->want = *to;
  if (rule != NULL)
    apply_rule (choose, i, rule);
  else if (!loose || (choose->choosing->same && keeps_cells (from)))
    profile->look = CORM_LOOK_NONE;
  else if (is_free && !choose->choosing->fixed)
    profile->look = CORM_LOOK_FREE;
  else if (is_moment (guess->type.type))
    profile->look = CORM_LOOK_TIMES;
  else
    profile->look = choose->choosing->times_only ? CORM_LOOK_NONE : CORM_LOOK_FIT;
  profile->conversion = guess->conversion;
  profile->want.type = guess->type;
  if (loose && profile->look == CORM_LOOK_NONE && choose->choosing->same)
    guess->type.type = CORM_TYPE_NONE;
  if (!choose->choosing->fixed && !guess->is_settled)
    corm_guess_widest (&profile->want.type);
}

/* A text of any length is one of so many characters where the target needs it for a key: no longer one has a place then. */
static void
plan_key (const Choose *choose, guint i)
{
  guint most = 0;
  const CormTableColumn *to = choose->pair->target_columns[i];
  const char *type = corm_render_key_type (choose->choosing->target, choose->pair->target, to);
  if (choose->choosing->fixed || choose->guesses[i].is_settled || to->type.type != CORM_TYPE_TEXT ||
      type == NULL || sscanf (type, "varchar(%u)", &most) != 1)
    return;
  choose->guesses[i].type.length = choose->profiles[i].want.type.length = most;
  choose->profiles[i].look = CORM_LOOK_FIT;
}

/* --- after it ------------------------------------------------------------------------------------------------- */

static void
settle (const Choose *choose, guint i)
{
  const CormTableColumn *from = choose->pair->source_columns[i];
  CormColumnProfile *profile = &choose->profiles[i];
  CormGuess *guess = &choose->guesses[i];
  gboolean fixed = choose->choosing->fixed;
  if (profile->look == CORM_LOOK_TIMES)
    corm_guess_time (guess, profile, fixed || guess->is_settled);
  else if (profile->look == CORM_LOOK_FREE)
    corm_guess_free (guess, profile, from->type_sql,
                     corm_connection_get_dialect (choose->choosing->from)->affinity);
  else if (profile->look == CORM_LOOK_FIT && !fixed && !guess->is_settled)
    corm_guess_width (guess, profile);
  if (guess->reason == NULL)
    guess->reason =
        g_strdup (fixed                              ? "the target's column is so"
                  : choose->choosing->same           ? "as in the source"
                  : from->type.type == CORM_TYPE_RAW ? "only the source has this type; text holds it"
                                                     : "as declared");
}

/* Between two databases that let anything live anywhere, column @i has the same words for its type: a cell that fits stays what
 * it is, '10:00' and a blob in a column of texts too. Integers are themselves. */
static gboolean
stays (const Choose *choose, guint i, gboolean loose)
{
  const CormTableColumn *from = choose->pair->source_columns[i], *to = choose->pair->target_columns[i];
  const CormColumnProfile *profile = &choose->profiles[i];
  const CormGuess *guess = &choose->guesses[i];
  if (!loose || !choose->choosing->same || guess->is_settled || guess->conversion != 0 ||
      corm_type_is_integer (to->type.type) || from->type_sql == NULL ||
      g_strcmp0 (from->type_sql, to->type_sql) != 0)
    return FALSE;
  if (choose->choosing->times_only) /* 0.5 and 0.50 are one decimal, in whatever way they came */
    return to->type.type != CORM_TYPE_DECIMAL && to->type.type != CORM_TYPE_JSON;
  if (profile->look == CORM_LOOK_NONE)
    return keeps_cells (from);
  /* Through libdbi bytes are written where the type says so alone. */
  gboolean is_native = (choose->choosing->target->caps & CORM_CAP_STREAMING) != 0;
  if (profile->look != CORM_LOOK_FIT || profile->misfits.n > 0 || (profile->blobs > 0 && !is_native))
    return FALSE;
  return to->type.type == CORM_TYPE_TEXT    ? profile->blobs > 0
         : to->type.type == CORM_TYPE_BYTES ? profile->texts + profile->integers + profile->reals > 0
                                            : TRUE;
}

/* The type in the target's words, as CREATE TABLE says it. */
static char *
type_text (const Choose *choose, guint i)
{
  GString *text = g_string_new (NULL);
  const CormTableColumn *column = choose->pair->target_columns[i];
  const char *of_key = corm_render_key_type (choose->choosing->target, choose->pair->target, column);
  if (of_key != NULL)
    g_string_append (text, of_key);
  else
    corm_render_type (text, choose->choosing->target, column);
  return g_string_free (text, FALSE);
}

static char *
misfit_text (const CormFound *found)
{
  if (found->n == 0)
    return NULL;
  return g_strdup_printf ("%" G_GUINT64_FORMAT " %s not fit, first %s at %s: %s", found->n,
                          found->n == 1 ? "value does" : "values do", found->value, found->key,
                          found->reason);
}

static void
report (const Choose *choose, guint i)
{
  const CormGuess *guess = &choose->guesses[i];
  CormPortChoice *choice = g_new0 (CormPortChoice, 1);
  choice->table = g_strdup (choose->pair->source->name);
  choice->column = g_strdup (choose->pair->source_columns[i]->name);
  choice->declared = g_strdup (declared_of (choose->pair->source_columns[i]));
  choice->type = type_text (choose, i);
  choice->conversion = corm_conversion_name (guess->conversion);
  choice->reason = g_strdup (guess->reason);
  if (choose->profiles[i].look != CORM_LOOK_NONE)
    choice->found = corm_column_profile_describe (&choose->profiles[i]);
  if (guess->misfits != NULL) {
    choice->misfits = guess->misfits->n;
    choice->misfit = misfit_text (guess->misfits);
  }
  g_ptr_array_add (choose->choosing->choices, choice);
}

static void
keep_misfit (const Choose *choose, guint i)
{
  const CormFound *found = choose->guesses[i].misfits;
  if (choose->choosing->misfit != NULL || found == NULL || found->n == 0)
    return;
  choose->choosing->misfit = g_error_new (
      CORM_ERROR, (int) found->code,
      "%s, %s, column %s: the value %s does not fit %s: %s (%" G_GUINT64_FORMAT " such %s); mend it in the "
      "source, choose another type in a mapping file, or pass a reject file",
      choose->pair->source->name, found->key, choose->pair->source_columns[i]->name, found->value,
      corm_type_name (choose->guesses[i].type.type), found->reason, found->n,
      found->n == 1 ? "value" : "values");
}

gboolean
corm_choose_compared (CormConnection *from, CormConnection *to, CormPortMapping *mapping, CormPair *pair,
                      GError **error)
{
  const CormDialect *source = corm_connection_get_dialect (from), *target = corm_connection_get_dialect (to);
  CormChoosing choosing = {
    .from = from,
    .target = target,
    .mapping = mapping,
    .same = strcmp (source->name, target->name) == 0,
    .fixed = TRUE,
    .times_only = TRUE,
  };
  gboolean done = corm_choose_pair (&choosing, pair, error);
  g_clear_error (&choosing.misfit); /* it is a difference */
  return done;
}

gboolean
corm_choose_pair (CormChoosing *choosing, CormPair *pair, GError **error)
{
  gboolean loose = corm_connection_get_dialect (choosing->from)->loose_types, any = FALSE;
  g_auto (Choose) choose = {
    .choosing = choosing,
    .pair = pair,
    .profiles = g_new0 (CormColumnProfile, pair->n_columns + 1),
    .guesses = g_new0 (CormGuess, pair->n_columns + 1),
  };
  for (guint i = 0; i < pair->n_columns; i++) {
    plan_look (&choose, i, loose);
    plan_key (&choose, i);
    any |= choose.profiles[i].look != CORM_LOOK_NONE;
  }
  if (any && !corm_profile_table (choosing->from, choosing->crew, pair, choose.profiles, error))
    return FALSE;
  for (guint i = 0; i < pair->n_columns; i++) {
    if (choose.profiles[i].look == CORM_LOOK_FIT)
      choose.guesses[i].misfits = &choose.profiles[i].misfits;
    settle (&choose, i);
    pair->conversions[i] = choose.guesses[i].conversion;
    CormTableColumn *column = (CormTableColumn *) pair->target_columns[i];
    gboolean keeps = choose.guesses[i].type.type == CORM_TYPE_NONE && column->type.type == CORM_TYPE_RAW;
    if (!choosing->fixed || keeps)
      column->type = choose.guesses[i].type;
    else if (choosing->times_only && choose.profiles[i].zoned > 0 &&
             column->type.type == CORM_TYPE_LOCAL_TIMESTAMP) /* a database without zones keeps them in UTC */
      column->type.type = CORM_TYPE_TIMESTAMP;
    if (!choosing->fixed && choose.guesses[i].is_settled)
      g_clear_pointer (&column->type_sql, g_free); /* the source's word */
    keep_misfit (&choose, i);
    if (choosing->choices != NULL)
      report (&choose, i);
    if (stays (&choose, i, loose))
      column->type.type = CORM_TYPE_NONE;
  }
  return TRUE;
}
