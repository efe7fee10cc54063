/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* See guess.h. Invariant: a type is chosen in place of the declared one only where it holds all values exactly; values that
 * no type of the kind holds are left as misfits of the declared one. */
#include "port/guess.h"

static const char *
type_word (CormType type)
{
  return type == CORM_TYPE_INT16 ? "a small integer" : "an integer of 32 bits";
}

void
corm_guess_widest (CormSqlType *type)
{
  if (type->type == CORM_TYPE_INT16 || type->type == CORM_TYPE_INT32)
    type->type = CORM_TYPE_INT64;
}

void
corm_guess_width (CormGuess *guess, const CormColumnProfile *profile)
{
  gboolean is_narrow = guess->type.type == CORM_TYPE_INT16 || guess->type.type == CORM_TYPE_INT32;
  gint64 most = guess->type.type == CORM_TYPE_INT16 ? G_MAXINT16 : G_MAXINT32;
  if (!is_narrow || profile->integers == 0 || (profile->least >= -most - 1 && profile->greatest <= most))
    return;
  guess->reason = g_strdup_printf ("%s does not hold all from %" G_GINT64_FORMAT " to %" G_GINT64_FORMAT,
                                   type_word (guess->type.type), profile->least, profile->greatest);
  guess->type.type = CORM_TYPE_INT64;
}

/* --- times ---------------------------------------------------------------------------------------------------- */

/* The conversion that reads all numbers of the column; FALSE: no single one does. */
static gboolean
numbers_conversion (const CormColumnProfile *profile, guint *conversion)
{
  guint n = 0;
  *conversion = 0;
  if (profile->seconds + profile->fractions > 0) {
    *conversion |= CORM_CONVERSION_SECONDS;
    n++;
  }
  if (profile->milliseconds > 0) {
    *conversion |= CORM_CONVERSION_MILLISECONDS;
    n++;
  }
  if (profile->microseconds > 0) {
    *conversion |= CORM_CONVERSION_MICROSECONDS;
    n++;
  }
  if (profile->julian > 0)
    *conversion |= CORM_CONVERSION_JULIAN;
  gboolean two_floats = profile->julian > 0 && profile->fractions > 0;
  gboolean small_days = profile->julian > 0 && n == 0 && profile->small > profile->small_days;
  return n <= 1 && !two_floats && !small_days;
}

static char *
forms_text (const CormGuess *guess, const CormColumnProfile *profile)
{
  g_autofree char *name = corm_conversion_name (guess->conversion);
  gboolean has_texts = profile->dates + profile->locals + profile->zoned > 0;
  if (name == NULL)
    return NULL;
  return g_strdup_printf ("numbers are %s%s", name, has_texts ? ", texts are in ISO form" : "");
}

/* The type for the moments that were found, whatever form they have. */
static void
widen_time (CormGuess *guess, const CormColumnProfile *profile)
{
  if (guess->type.type == CORM_TYPE_DATE && profile->has_hours) {
    guess->type.type = CORM_TYPE_LOCAL_TIMESTAMP;
    guess->reason = g_strdup ("declared as a date, but there are times of day");
  }
  if (guess->type.type == CORM_TYPE_LOCAL_TIMESTAMP && profile->zoned > 0) {
    g_free (guess->reason);
    guess->type.type = CORM_TYPE_TIMESTAMP;
    guess->reason =
        g_strdup (profile->locals + profile->dates > 0 ? "there are times with a zone; those without are UTC"
                                                       : "the times have a zone");
  }
}

void
corm_guess_time (CormGuess *guess, const CormColumnProfile *profile, gboolean fixed)
{
  guint conversion = 0;
  gboolean is_one = numbers_conversion (profile, &conversion);
  gboolean only_small = conversion == 0 && profile->small > profile->small_days;
  guess->misfits = only_small && profile->misfits.n == 0 ? &profile->smalls : &profile->misfits;
  if (!is_one && !fixed && profile->misfits.n == 0) {
    guess->type = (CormSqlType){ .type = CORM_TYPE_TEXT };
    g_free (guess->reason);
    guess->reason = g_strdup ("the numbers count several things (seconds, milliseconds, days): no one "
                              "conversion reads them all, text holds them");
    return;
  }
  guess->conversion = is_one ? conversion : 0;
  if (fixed)
    return;
  widen_time (guess, profile);
  if (guess->reason == NULL)
    guess->reason = forms_text (guess, profile);
}

/* --- no type -------------------------------------------------------------------------------------------------- */

static void
choose_type (CormGuess *guess, CormType type, const char *declared, const char *why)
{
  guess->type = (CormSqlType){ .type = type };
  guess->reason = *declared != '\0' ? g_strdup_printf ("no type is called %s; %s", declared, why)
                                    : g_strdup_printf ("no type is declared; %s", why);
}

static void
choose_number (CormGuess *guess, const CormColumnProfile *profile, const char *declared)
{
  if (profile->reals == 0)
    choose_type (guess, CORM_TYPE_INT64, declared, "all values are whole numbers");
  else if (profile->long_integers == 0)
    choose_type (guess, CORM_TYPE_FLOAT64, declared, "all values are numbers, some with a fraction");
  else
    choose_type (guess, CORM_TYPE_TEXT, declared,
                 "there are floats, and whole numbers that no float holds: text holds both");
}

static void
choose_texts (CormGuess *guess, const CormColumnProfile *profile, const char *declared)
{
  gboolean has_numbers = profile->integers + profile->reals > 0;
  if (profile->blobs > 0 && !has_numbers && (profile->texts == 0 || profile->bytes.n > 0)) {
    choose_type (guess, CORM_TYPE_BYTES, declared,
                 profile->texts == 0 ? "all values are bytes" : "some values are bytes that are no text");
    return;
  }
  choose_type (guess, CORM_TYPE_TEXT, declared,
               has_numbers || profile->blobs > 0 ? "the values are of several kinds: text holds them"
                                                 : "all values are texts");
  guess->misfits = profile->misfits.n > 0 ? &profile->misfits : &profile->bytes;
}

void
corm_guess_free (CormGuess *guess, const CormColumnProfile *profile, const char *declared,
                 CormType (*affinity) (const char *declared))
{
  const char *word = declared != NULL ? declared : "";
  CormType tends = affinity != NULL ? affinity (word) : CORM_TYPE_NONE;
  gboolean is_empty = profile->nulls == profile->rows;
  gboolean only_numbers = profile->texts + profile->blobs == 0;
  if (is_empty && tends == CORM_TYPE_NONE)
    choose_type (guess, CORM_TYPE_TEXT, word, "there is no value to tell by");
  else if (tends == CORM_TYPE_INT64 && only_numbers && profile->reals == 0)
    choose_type (guess, tends, word, "the database reads it as an integer");
  else if (tends == CORM_TYPE_FLOAT64 && only_numbers && profile->long_integers == 0)
    choose_type (guess, tends, word, "the database reads it as a float");
  else if (is_empty)
    choose_type (guess, tends, word, "the database reads it so");
  else if (only_numbers)
    choose_number (guess, profile, word);
  else
    choose_texts (guess, profile, word);
}
