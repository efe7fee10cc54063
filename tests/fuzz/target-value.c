/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Any text as a value of every type: read, written and read again it is the same value, and what is converted to another
 * type and back is what it was. */
#include "target.h"

#include "../../drivers/dialects.h"
#include "value/json.h"

#include <corm/sys/text.h>

#include <string.h>

static const CormSqlType types[] = {
  { .type = CORM_TYPE_NONE },
  { .type = CORM_TYPE_BOOLEAN },
  { .type = CORM_TYPE_INT16 },
  { .type = CORM_TYPE_INT32 },
  { .type = CORM_TYPE_INT64 },
  { .type = CORM_TYPE_FLOAT32 },
  { .type = CORM_TYPE_FLOAT64 },
  { .type = CORM_TYPE_DECIMAL },
  { .type = CORM_TYPE_DECIMAL, .precision = 10, .scale = 2 },
  { .type = CORM_TYPE_TEXT },
  { .type = CORM_TYPE_TEXT, .length = 10 },
  { .type = CORM_TYPE_BYTES },
  { .type = CORM_TYPE_DATE },
  { .type = CORM_TYPE_TIME },
  { .type = CORM_TYPE_TIMESTAMP },
  { .type = CORM_TYPE_LOCAL_TIMESTAMP },
  { .type = CORM_TYPE_UUID },
  { .type = CORM_TYPE_JSON },
  { .type = CORM_TYPE_ENUM },
  { .type = CORM_TYPE_RAW },
};

static void
complain (const char *what, const CormSqlType *from, const CormSqlType *to, const char *text)
{
  g_autofree char *whole =
      g_strdup_printf ("%s: %s, %s", what, corm_type_name (from->type), corm_type_name (to->type));
  fuzz_complain (whole, text);
}

/* Bytes are written as hex, and read as they are. */
static void
check_again (const CormSqlType *type, const CormValue *value, const char *text)
{
  g_autoptr (GString) written = g_string_new (NULL);
  g_autoptr (GError) error = NULL;
  CormValue again;
  corm_value_append_text (value, written);
  if (value->type == CORM_TYPE_BYTES)
    return;
  if (!corm_value_parse (type, written->str, (gssize) written->len, &again, &error))
    complain (error->message, type, type, text);
  if (!corm_value_equal (value, &again))
    complain ("read again it is another value", type, type, text);
}

/* Of one value there is more than one text. */
static gboolean
has_spellings (CormType type)
{
  return type == CORM_TYPE_NONE || type == CORM_TYPE_TEXT || type == CORM_TYPE_ENUM || type == CORM_TYPE_RAW;
}

/* A float takes a decimal that it equals, and shows another with fewer digits. */
static gboolean
is_shown (CormType from, CormType to)
{
  return from == CORM_TYPE_DECIMAL && (to == CORM_TYPE_FLOAT32 || to == CORM_TYPE_FLOAT64);
}

static void
check_conversions (const CormSqlType *type, const CormValue *value, const char *text)
{
  g_autoptr (GString) there = g_string_new (NULL), back = g_string_new (NULL);
  for (guint i = 0; i < G_N_ELEMENTS (types); i++) {
    g_autoptr (GError) error = NULL;
    CormValue to, from;
    gboolean ok = corm_value_convert (value, &types[i], there, &to, &error);
    fuzz_check_error (ok, error, text);
    if (!ok)
      continue;
    g_autoptr (GString) shown = g_string_new (NULL);
    corm_value_append_text (&to, shown);
    if (!has_spellings (type->type) && !is_shown (type->type, types[i].type) &&
        corm_value_convert (&to, type, back, &from, NULL) && !corm_value_equal (value, &from))
      complain ("converted and back it is another value", type, &types[i], text);
  }
}

/* SQLite stores any text in any column: the driver reads it as the column's type. */
static void
check_cell (const CormSqlType *type, const CormValue *value, const char *text)
{
  g_autoptr (GError) error = NULL;
  GString *scratch = NULL;
  CormValue to;
  gboolean ok = corm_sqlite3_convert (value, type, &scratch, &to, &error);
  fuzz_check_error (ok, error, text);
  if (ok) {
    g_autoptr (GString) shown = g_string_new (NULL);
    corm_value_append_text (&to, shown);
  }
  if (scratch != NULL)
    g_string_free (scratch, TRUE);
}

/* Its one form is that of itself, and is the same number. */
static void
check_decimal (const char *bytes, gsize size, const char *text)
{
  g_autoptr (GString) one = g_string_new (NULL), two = g_string_new (NULL);
  if (!corm_decimal_append_canonical (bytes, size, 0, one))
    return;
  if (!corm_decimal_append_canonical (one->str, one->len, 0, two) || !g_string_equal (one, two) ||
      corm_decimal_compare (bytes, size, one->str, one->len) != 0)
    fuzz_complain ("no canonical decimal", text);
}

static void
check_json (const char *bytes, gsize size, const char *text)
{
  const char *reason = NULL;
  gsize at = 0;
  g_autoptr (GString) one = g_string_new (NULL), two = g_string_new (NULL);
  if (!corm_json_check (bytes, size, &reason, &at)) {
    if (reason == NULL || at > size)
      fuzz_complain ("refused for no reason", text);
    return;
  }
  corm_json_append_canonical (bytes, size, one);
  if (!corm_json_check (one->str, one->len, &reason, &at))
    fuzz_complain ("its canonical form is no JSON", text);
  corm_json_append_canonical (one->str, one->len, two);
  fuzz_check_same ("no canonical JSON", one->str, two->str, text);
}

static void
check_value (const guint8 *data, gsize size)
{
  g_autofree char *text = g_strndup ((const char *) data, size);
  g_autofree char *bytes = g_memdup2 (data, size); /* without a NUL behind it */
  const char *start = bytes != NULL ? bytes : "";
  CormValue stored = { .type = CORM_TYPE_TEXT, .data = start, .size = size };
  check_decimal (start, size, text);
  check_json (start, size, text);
  for (guint i = 0; i < G_N_ELEMENTS (types); i++) {
    g_autoptr (GError) error = NULL;
    CormValue value;
    gboolean ok = corm_value_parse (&types[i], start, (gssize) size, &value, &error);
    fuzz_check_error (ok, error, text);
    check_cell (&types[i], &stored, text);
    if (!ok)
      continue;
    check_again (&types[i], &value, text);
    check_conversions (&types[i], &value, text);
  }
}

const FuzzTarget fuzz_value_targets[] = { { "value", check_value, NULL, NULL }, { NULL, NULL, NULL, NULL } };
