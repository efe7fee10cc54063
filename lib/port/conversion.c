/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* See conversion.h. A number that lies between two microseconds (or, as a Julian day, is none that SQLite makes of a
 * millisecond) is refused: its moment would be another one than it says. */
#include "port/conversion.h"

#include <corm/error.h>
#include <corm/sys/text.h>

#include <math.h>
#include <string.h>

#define US_PER_S G_GINT64_CONSTANT (1000000)
#define MS_PER_DAY 86400000.0
#define EPOCH_MS G_GINT64_CONSTANT (210866760000000) /* 1970 as a Julian day, in milliseconds */
#define MOST_MS G_GINT64_CONSTANT (1000000000000000) /* beyond all years that there are */

static const struct {
  const char *name;
  guint flag;
} names[] = {
  { "unix-seconds", CORM_CONVERSION_SECONDS },
  { "unix-milliseconds", CORM_CONVERSION_MILLISECONDS },
  { "unix-microseconds", CORM_CONVERSION_MICROSECONDS },
  { "julian", CORM_CONVERSION_JULIAN },
  { "trim", CORM_CONVERSION_TRIM },
  { "empty-to-null", CORM_CONVERSION_EMPTY },
  { "text", CORM_CONVERSION_TEXT },
};

static guint
find_flag (const char *name)
{
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    if (strcmp (names[i].name, name) == 0)
      return names[i].flag;
  return 0;
}

gboolean
corm_conversion_parse (const char *text, guint *conversion)
{
  g_auto (GStrv) words = g_strsplit (text, ",", -1);
  *conversion = 0;
  for (guint i = 0; words[i] != NULL; i++) {
    guint flag = find_flag (g_strstrip (words[i]));
    if (flag == 0)
      return FALSE;
    *conversion |= flag;
  }
  guint unix_times = *conversion & CORM_CONVERSION_TIMES & ~(guint) CORM_CONVERSION_JULIAN;
  return (unix_times & (unix_times - 1)) == 0; /* at most one of them */
}

char *
corm_conversion_name (guint conversion)
{
  GString *text = g_string_new (NULL);
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    if ((conversion & names[i].flag) != 0)
      g_string_append_printf (text, "%s%s", text->len > 0 ? ", " : "", names[i].name);
  return g_string_free (text, text->len == 0);
}

/* --- times ---------------------------------------------------------------------------------------------------- */

static const char *
from_units (double d, gint64 us_per_unit, gint64 *us)
{
  double exact = d * (double) us_per_unit;
  if (!(fabs (exact) < (double) MOST_MS * 1000))
    return "it is no time that a calendar has";
  *us = (gint64) rint (exact);
  return (double) *us / (double) us_per_unit == d ? NULL : "it lies between two microseconds";
}

static const char *
from_julian (double day, gint64 *us)
{
  if (!(fabs (day * MS_PER_DAY) < (double) MOST_MS))
    return "it is no Julian day that a calendar has";
  gint64 ms = (gint64) rint (day * MS_PER_DAY);
  *us = (ms - EPOCH_MS) * 1000;
  return (double) ms / MS_PER_DAY == day ? NULL : "it is no Julian day of a whole millisecond";
}

static gint64
unit_of (guint conversion)
{
  return (conversion & CORM_CONVERSION_SECONDS) != 0        ? US_PER_S
         : (conversion & CORM_CONVERSION_MILLISECONDS) != 0 ? 1000
         : (conversion & CORM_CONVERSION_MICROSECONDS) != 0 ? 1
                                                            : 0;
}

/* FALSE: @from is no number. */
static gboolean
read_number (const CormValue *from, CormValue *number)
{
  *number = *from;
  if (from->type == CORM_TYPE_INT64 || from->type == CORM_TYPE_FLOAT64)
    return TRUE;
  if (from->type != CORM_TYPE_TEXT)
    return FALSE;
  number->type = CORM_TYPE_INT64;
  if (corm_text_to_int (from->data, from->size, &number->i))
    return TRUE;
  number->type = CORM_TYPE_FLOAT64;
  return corm_text_to_double (from->data, from->size, &number->d) && isfinite (number->d);
}

static gboolean
apply_time (guint conversion, const CormValue *from, CormValue *to, GError **error)
{
  CormValue number;
  gint64 us = 0, unit = unit_of (conversion);
  const char *reason = NULL;
  *to = *from;
  if (!read_number (from, &number))
    return TRUE;
  gboolean is_real = number.type == CORM_TYPE_FLOAT64;
  if ((conversion & CORM_CONVERSION_JULIAN) != 0 && (is_real || unit == 0))
    reason = from_julian (is_real ? number.d : (double) number.i, &us);
  else if (is_real)
    reason = from_units (number.d, unit, &us);
  else if (number.i > MOST_MS * 1000 / unit || number.i < -MOST_MS * 1000 / unit)
    reason = "it is no time that a calendar has";
  else
    us = number.i * unit;
  if (reason != NULL)
    g_set_error_literal (error, CORM_ERROR, CORM_ERROR_CONVERSION, reason);
  *to = (CormValue){ .type = CORM_TYPE_LOCAL_TIMESTAMP, .i = us };
  return reason == NULL;
}

/* --- texts ---------------------------------------------------------------------------------------------------- */

static void
trim (CormValue *value)
{
  while (value->size > 0 && g_ascii_isspace (value->data[0])) {
    value->data++;
    value->size--;
  }
  while (value->size > 0 && g_ascii_isspace (value->data[value->size - 1]))
    value->size--;
}

static void
spell (const CormValue *from, GString *scratch, CormValue *to)
{
  g_string_truncate (scratch, 0);
  corm_value_append_text (from, scratch);
  *to = (CormValue){ .type = CORM_TYPE_TEXT };
  to->data = scratch->str;
  to->size = scratch->len;
}

gboolean
corm_conversion_apply (guint conversion, const CormValue *from, GString *scratch, CormValue *to,
                       GError **error)
{
  *to = *from;
  if (from->is_null)
    return TRUE;
  gboolean is_text = from->type == CORM_TYPE_TEXT;
  if (is_text && (conversion & CORM_CONVERSION_TRIM) != 0)
    trim (to);
  if (is_text && to->size == 0 && (conversion & CORM_CONVERSION_EMPTY) != 0) {
    *to = corm_value_null ();
    return TRUE;
  }
  if ((conversion & CORM_CONVERSION_TIMES) != 0) {
    CormValue before = *to;
    return apply_time (conversion, &before, to, error);
  }
  if (!is_text && (conversion & CORM_CONVERSION_TEXT) != 0)
    spell (from, scratch, to);
  return TRUE;
}
