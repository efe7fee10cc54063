/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* See profile.h. A value is looked at once; nothing of it is kept but counts, ends of a range and the first example. */
#include "port/profile.h"

#include "base/error.h"
#include "port/cell.h"
#include "port/source.h"

#include <math.h>
#include <string.h>

#define FLOAT_DIGITS (G_GINT64_CONSTANT (1) << 53)
#define JULIAN_FIRST 1721425.5 /* 0001-01-01 */
#define JULIAN_LAST 5373484.5  /* 9999-12-31 */

/* Numbers of seconds since 1970 with 9 to 11 digits, 1973 to 5138; milliseconds have three more, and so on. */
#define SECONDS_FIRST G_GINT64_CONSTANT (100000000)
#define SECONDS_LAST G_GINT64_CONSTANT (100000000000)

typedef struct {
  const CormPair *pair;
  const CormValue *row;
  CormColumnProfile *profiles;
  guint64 number;
  GString *scratch;
} Look;

static void
found_clear (CormFound *found)
{
  g_free (found->key);
  g_free (found->value);
  g_free (found->reason);
}

void
corm_column_profile_clear (CormColumnProfile *profile)
{
  found_clear (&profile->misfits);
  found_clear (&profile->smalls);
  found_clear (&profile->bytes);
}

/* @why: NULL, or its first word counts; taken. */
static void
found (const Look *look, guint column, CormFound *found, GError *why)
{
  g_autoptr (GError) owned = why;
  if (found->n++ > 0)
    return;
  const CormValue *value = &look->row[column];
  g_autoptr (GString) text = g_string_new (NULL);
  if (!value->is_null)
    corm_value_append_text (value, text);
  found->key = corm_cell_key_text (look->pair, look->row, look->number);
  found->value = value->is_null ? g_strdup ("NULL") : corm_error_quote (text->str, (gssize) text->len);
  found->reason = g_strdup (owned != NULL ? owned->message : "");
  found->code = owned != NULL ? (CormError) owned->code : CORM_ERROR_CONVERSION;
}

/* --- every value ---------------------------------------------------------------------------------------------- */

static void
count_integer (CormColumnProfile *profile, gint64 i)
{
  if (profile->integers == 0)
    profile->least = profile->greatest = i;
  profile->integers++;
  profile->least = MIN (profile->least, i);
  profile->greatest = MAX (profile->greatest, i);
  profile->long_integers += i > FLOAT_DIGITS || i < -FLOAT_DIGITS;
}

static void
count_real (CormColumnProfile *profile, double d)
{
  if (profile->reals == 0)
    profile->lowest = profile->highest = d;
  profile->reals++;
  profile->lowest = MIN (profile->lowest, d);
  profile->highest = MAX (profile->highest, d);
}

static void
count (CormColumnProfile *profile, const CormValue *value)
{
  profile->rows++;
  if (value->is_null) {
    profile->nulls++;
  } else if (value->type == CORM_TYPE_INT64) {
    count_integer (profile, value->i);
  } else if (value->type == CORM_TYPE_FLOAT64) {
    count_real (profile, value->d);
  } else {
    profile->texts += value->type == CORM_TYPE_TEXT;
    profile->blobs += value->type == CORM_TYPE_BYTES;
    profile->longest = MAX (profile->longest, value->size);
  }
}

/* --- does it fit? --------------------------------------------------------------------------------------------- */

static gboolean
fits_surely (const CormColumnProfile *profile, const CormValue *value)
{
  CormType type = profile->want.type.type;
  return profile->conversion == 0 && !value->is_null && value->type == type &&
         (type == CORM_TYPE_INT64 || type == CORM_TYPE_FLOAT64);
}

static void
look_fit (const Look *look, guint i)
{
  CormValue converted, value;
  GError *why = NULL;
  CormColumnProfile *profile = &look->profiles[i];
  if (fits_surely (profile, &look->row[i]))
    return;
  if (!corm_conversion_apply (profile->conversion, &look->row[i], look->scratch, &converted, &why) ||
      !corm_cell_convert (&converted, &profile->want, look->scratch, &value, &why))
    found (look, i, &profile->misfits, why);
}

/* --- which times? --------------------------------------------------------------------------------------------- */

static GError *
no_time (const char *reason)
{
  return g_error_new_literal (CORM_ERROR, CORM_ERROR_CONVERSION, reason);
}

static void
look_number (const Look *look, guint i, const CormValue *value)
{
  CormColumnProfile *profile = &look->profiles[i];
  CormValue time;
  GError *why = NULL;
  double size = fabs (value->type == CORM_TYPE_FLOAT64 ? value->d : (double) value->i);
  guint conversion = CORM_CONVERSION_SECONDS;
  guint64 *kind = NULL;
  if (value->type == CORM_TYPE_FLOAT64 && value->d >= JULIAN_FIRST && value->d < JULIAN_LAST) {
    kind = &profile->julian;
    conversion = CORM_CONVERSION_JULIAN;
  } else if (size < SECONDS_FIRST) {
    kind = &profile->small;
    profile->small_days += value->i > JULIAN_FIRST && value->i < JULIAN_LAST;
    found (look, i, &profile->smalls, no_time ("a number so small may count anything"));
  } else if (size < SECONDS_LAST) {
    kind = value->type == CORM_TYPE_FLOAT64 ? &profile->fractions : &profile->seconds;
  } else if (size < SECONDS_LAST * 1000.0) {
    kind = &profile->milliseconds;
    conversion = CORM_CONVERSION_MILLISECONDS;
  } else {
    kind = &profile->microseconds;
    conversion = CORM_CONVERSION_MICROSECONDS;
  }
  if (!corm_conversion_apply (conversion, value, look->scratch, &time, &why)) {
    found (look, i, &profile->misfits, why);
    return;
  }
  ++*kind;
  profile->has_hours |= time.i % (G_TIME_SPAN_DAY) != 0;
}

static void
look_time_text (const Look *look, guint i, const CormValue *value)
{
  CormColumnProfile *profile = &look->profiles[i];
  CormDate date;
  gint64 us = 0;
  gboolean had_zone = FALSE;
  CormValue number = { .type = CORM_TYPE_INT64 };
  if (corm_text_to_date (value->data, value->size, &date)) {
    profile->dates++;
  } else if (corm_text_to_timestamp (value->data, value->size, &us, &had_zone)) {
    profile->has_hours = TRUE; /* it says so, even at midnight */
    if (had_zone)
      profile->zoned++;
    else
      profile->locals++;
  } else if (corm_text_to_int (value->data, value->size, &number.i)) {
    look_number (look, i, &number);
  } else {
    found (look, i, &profile->misfits,
           no_time ("a time is written YYYY-MM-DD HH:MM:SS, in the years 0001 to 9999"));
  }
}

static void
look_time (const Look *look, guint i)
{
  const CormValue *value = &look->row[i];
  CormColumnProfile *profile = &look->profiles[i];
  if (value->is_null && profile->want.not_null)
    found (look, i, &profile->misfits,
           g_error_new_literal (CORM_ERROR, CORM_ERROR_NOT_NULL, "the column takes no NULL"));
  if (value->is_null)
    return;
  if (value->type == CORM_TYPE_INT64 || value->type == CORM_TYPE_FLOAT64)
    look_number (look, i, value);
  else if (value->type == CORM_TYPE_TEXT)
    look_time_text (look, i, value);
  else
    found (look, i, &profile->misfits, no_time ("bytes are no time"));
}

/* --- which kinds? --------------------------------------------------------------------------------------------- */

static void
look_free (const Look *look, guint i)
{
  static const CormTableColumn text = { .type = { .type = CORM_TYPE_TEXT } };
  const CormValue *value = &look->row[i];
  CormColumnProfile *profile = &look->profiles[i];
  CormValue converted;
  GError *why = NULL;
  if (value->is_null || (value->type != CORM_TYPE_TEXT && value->type != CORM_TYPE_BYTES) ||
      corm_cell_convert (value, &text, look->scratch, &converted, &why))
    return;
  found (look, i, value->type == CORM_TYPE_TEXT ? &profile->misfits : &profile->bytes, why);
}

/* --- the table ------------------------------------------------------------------------------------------------ */

static void
look_row (Look *look)
{
  static void (*const looks[]) (const Look *look, guint i) = {
    [CORM_LOOK_FIT] = look_fit,
    [CORM_LOOK_TIMES] = look_time,
    [CORM_LOOK_FREE] = look_free,
  };
  for (guint i = 0; i < look->pair->n_columns; i++) {
    if (look->profiles[i].look == CORM_LOOK_NONE)
      continue;
    count (&look->profiles[i], &look->row[i]);
    looks[look->profiles[i].look](look, i);
  }
}

gboolean
corm_profile_range (CormConnection *conn, const CormWalk *walk, const CormKeyValues *after,
                    const CormKeyValues *until, CormColumnProfile *profiles, GError **error)
{
  CormStep step;
  g_autoptr (GString) scratch = g_string_new (NULL);
  Look look = { .pair = walk->pair, .profiles = profiles, .scratch = scratch };
  g_autoptr (CormStatement) statement = corm_source_walk (conn, walk, after, until, error);
  if (statement == NULL)
    return corm_error_prefix (error, "look at %s", walk->pair->source->name);
  while ((step = corm_statement_step (statement, &look.row, error)) == CORM_STEP_ROW) {
    look.number = corm_walk_number (walk, look.row, look.number + 1);
    look_row (&look);
  }
  return step == CORM_STEP_DONE || corm_error_prefix (error, "look at %s", walk->pair->source->name);
}

/* --- in words --------------------------------------------------------------------------------------------------- */

static void
append (GString *text, guint64 n, const char *one, const char *many)
{
  if (n > 0)
    g_string_append_printf (text, "%s%" G_GUINT64_FORMAT " %s", text->len > 0 ? ", " : "", n,
                            n == 1 ? one : many);
}

static void
append_times (GString *text, const CormColumnProfile *profile)
{
  g_autoptr (GString) times = g_string_new (NULL);
  append (times, profile->dates, "date", "dates");
  append (times, profile->locals, "date with a time", "dates with a time");
  append (times, profile->zoned, "time with a zone", "times with a zone");
  append (times, profile->seconds + profile->fractions, "number of seconds", "numbers of seconds");
  append (times, profile->milliseconds, "number of milliseconds", "numbers of milliseconds");
  append (times, profile->microseconds, "number of microseconds", "numbers of microseconds");
  append (times, profile->julian, "Julian day", "Julian days");
  append (times, profile->small, "small number", "small numbers");
  append (times, profile->misfits.n, "value that is no time", "values that are no time");
  g_string_append (text, times->str);
}

char *
corm_column_profile_describe (const CormColumnProfile *profile)
{
  GString *text = g_string_new (NULL);
  if (profile->look == CORM_LOOK_TIMES) {
    append_times (text, profile);
    append (text, profile->nulls, "NULL", "NULL");
    return g_string_free (text, FALSE);
  }
  append (text, profile->integers, "whole number", "whole numbers");
  if (profile->integers > 0)
    g_string_append_printf (text, " from %" G_GINT64_FORMAT " to %" G_GINT64_FORMAT, profile->least,
                            profile->greatest);
  append (text, profile->reals, "float", "floats");
  if (profile->reals > 0)
    g_string_append_printf (text, " from %g to %g", profile->lowest, profile->highest);
  append (text, profile->texts, "text", "texts");
  append (text, profile->blobs, "value of bytes", "values of bytes");
  if (profile->texts + profile->blobs > 0)
    g_string_append_printf (text, " of at most %" G_GSIZE_FORMAT " bytes", profile->longest);
  append (text, profile->nulls, "NULL", "NULL");
  return g_string_free (text, FALSE);
}
