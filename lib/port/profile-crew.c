/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* A large table is looked at by all hands, a range of its keys each; what they find is added up in the order of the keys,
 * so that the first example is the same however many looked. */
#include "port/profile.h"
#include "port/source.h"

#include <string.h>

#ifdef CORM_TINY
enum { LARGE = 10 };
#else
enum { LARGE = 50000 };
#endif

/* A hand that meets longer rows than others gets fewer of them. */
enum { RANGES_PER_HAND = 4 };

typedef struct {
  CormKeyValues *after, *until;
  CormColumnProfile *profiles;
} Range;

typedef struct {
  CormWalk walk;
  const CormColumnProfile *wanted; /* one a column of the pair */
  GPtrArray *ranges;
} Survey;

/* --- adding up ------------------------------------------------------------------------------------------------ */

static void
add_found (CormFound *sum, CormFound *part)
{
  guint64 n = sum->n + part->n;
  if (sum->n == 0) {
    *sum = *part;
    *part = (CormFound){ 0 };
  }
  sum->n = n;
}

void
corm_column_profile_add (CormColumnProfile *sum, CormColumnProfile *part)
{
  if (part->integers > 0) {
    sum->least = sum->integers > 0 ? MIN (sum->least, part->least) : part->least;
    sum->greatest = sum->integers > 0 ? MAX (sum->greatest, part->greatest) : part->greatest;
  }
  if (part->reals > 0) {
    sum->lowest = sum->reals > 0 ? MIN (sum->lowest, part->lowest) : part->lowest;
    sum->highest = sum->reals > 0 ? MAX (sum->highest, part->highest) : part->highest;
  }
  sum->longest = MAX (sum->longest, part->longest);
  sum->has_hours |= part->has_hours;
  sum->rows += part->rows;
  sum->nulls += part->nulls;
  sum->integers += part->integers;
  sum->long_integers += part->long_integers;
  sum->reals += part->reals;
  sum->texts += part->texts;
  sum->blobs += part->blobs;
  sum->dates += part->dates;
  sum->locals += part->locals;
  sum->zoned += part->zoned;
  sum->seconds += part->seconds;
  sum->milliseconds += part->milliseconds;
  sum->microseconds += part->microseconds;
  sum->small += part->small;
  sum->small_days += part->small_days;
  sum->fractions += part->fractions;
  sum->julian += part->julian;
  add_found (&sum->misfits, &part->misfits);
  add_found (&sum->smalls, &part->smalls);
  add_found (&sum->bytes, &part->bytes);
}

/* --- sharing out ------------------------------------------------------------------------------------------------ */

static CormKeyValues *
key_of (gint64 key)
{
  g_autofree char *text = corm_walk_key_of_int (key);
  return corm_key_values_parse (text, NULL);
}

/* From the table's first row to its last, whatever was written outside of the ends in between. */
static void
add_ranges (Survey *survey, gint64 least, gint64 greatest, guint n)
{
  guint64 span = (guint64) greatest - (guint64) least;
  guint n_columns = survey->walk.pair->n_columns;
  for (guint i = 0; i < n; i++) {
    Range *range = g_new0 (Range, 1);
    range->after = i > 0 ? key_of ((gint64) ((guint64) least + span / n * i)) : NULL;
    range->until = i + 1 < n ? key_of ((gint64) ((guint64) least + span / n * (i + 1))) : NULL;
    range->profiles = g_new0 (CormColumnProfile, n_columns);
    for (guint c = 0; c < n_columns; c++) {
      range->profiles[c].look = survey->wanted[c].look;
      range->profiles[c].want = survey->wanted[c].want;
      range->profiles[c].conversion = survey->wanted[c].conversion;
    }
    g_ptr_array_add (survey->ranges, range);
  }
}

static void
survey_clear (Survey *survey)
{
  for (guint i = 0; i < survey->ranges->len; i++) {
    Range *range = g_ptr_array_index (survey->ranges, i);
    for (guint c = 0; c < survey->walk.pair->n_columns; c++)
      corm_column_profile_clear (&range->profiles[c]);
    g_clear_pointer (&range->after, corm_key_values_free);
    g_clear_pointer (&range->until, corm_key_values_free);
    g_free (range->profiles);
    g_free (range);
  }
  g_ptr_array_unref (survey->ranges);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Survey, survey_clear)

static gboolean
look_at (CormHand *hand, gpointer piece, gpointer data, GError **error)
{
  const Range *range = piece;
  const Survey *survey = data;
  return corm_profile_range (hand->from, &survey->walk, range->after, range->until, range->profiles, error);
}

gboolean
corm_profile_table (CormConnection *conn, CormCrew *crew, const CormPair *pair, CormColumnProfile *profiles,
                    GError **error)
{
  gint64 least = 0, greatest = 0;
  gboolean any = FALSE;
  guint n_hands = crew != NULL ? crew->hands->len : 1;
  g_auto (Survey) survey = { .wanted = profiles, .ranges = g_ptr_array_new () };
  corm_walk_init (&survey.walk, pair, corm_connection_get_dialect (conn));
  if (n_hands > 1 && survey.walk.is_integer &&
      !corm_source_ends (conn, survey.walk.pair->source, corm_walk_key_name (&survey.walk, 0), &least,
                         &greatest, &any, error))
    return FALSE;
  if (survey.walk.kind != CORM_WALK_ROW_KEY) /* nobody asks in which order the rows come */
    survey.walk.kind = CORM_WALK_ONCE;
  if (!any || (guint64) greatest - (guint64) least < LARGE)
    return corm_profile_range (conn, &survey.walk, NULL, NULL, profiles, error);
  add_ranges (&survey, least, greatest, n_hands * RANGES_PER_HAND);
  if (!corm_crew_run (crew, survey.ranges, look_at, NULL, &survey, error))
    return FALSE;
  for (guint i = 0; i < survey.ranges->len; i++)
    for (guint c = 0; c < pair->n_columns; c++)
      corm_column_profile_add (&profiles[c], &((Range *) g_ptr_array_index (survey.ranges, i))->profiles[c]);
  return TRUE;
}
