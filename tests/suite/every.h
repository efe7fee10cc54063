/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* A model with a column of every type. */
#pragma once

#include <math.h>

#include "../lib/suite.h"

typedef struct {
  gint64 id;
  CormOptBool boolean;
  CormOptInt16 int16;
  CormOptInt32 int32;
  CormOptInt64 int64;
  CormOptFloat float32;
  CormOptDouble float64;
  CormDecimal decimal15;
  CormDecimal decimal38;
  CormDecimal decimal;
  const char *text;
  const char *varchar;
  CormBytes bytes;
  CormOptDate date;
  CormOptTime time;
  CormOptTimestamp timestamp;
  CormOptLocalTimestamp local;
  CormOptUuid uuid;
  CormJson json;
  CormOptEnum label;
  CormOptEnum enumeration;
  const char *raw;
} Every;

static const char *const every_labels[] = { "plain", "it's",   "a \"b\"", "back\\slash",
                                            "µ 😀",   "100 %_", "",        NULL };
static const char *const enum_labels[] = { "plain", "it's", "a \"b\"", "back\\slash", "µ 😀", "100 %_", NULL };
static const CormRawType every_raw[] = {
  { "sqlite3", "TEXT" }, { "pgsql", "inet" }, { "mysql", "inet6" }, { NULL, NULL }
};

static const CormColumn every_columns[] = {
  CORM_COLUMN (Every, id, .primary_key = true),
  CORM_COLUMN (Every, boolean),
  CORM_COLUMN (Every, int16),
  CORM_COLUMN (Every, int32),
  CORM_COLUMN (Every, int64),
  CORM_COLUMN (Every, float32),
  CORM_COLUMN (Every, float64),
  CORM_COLUMN (Every, decimal15, .precision = 15, .scale = 2),
  CORM_COLUMN (Every, decimal38, .precision = 38, .scale = 10),
  CORM_COLUMN (Every, decimal),
  CORM_COLUMN (Every, text),
  CORM_COLUMN (Every, varchar, .max_length = 10),
  CORM_COLUMN (Every, bytes),
  CORM_COLUMN (Every, date),
  CORM_COLUMN (Every, time),
  CORM_COLUMN (Every, timestamp),
  CORM_COLUMN (Every, local),
  CORM_COLUMN (Every, uuid),
  CORM_COLUMN (Every, json),
  CORM_COLUMN (Every, label, .labels = every_labels),
  CORM_COLUMN (Every, enumeration, .labels = enum_labels, .enum_type = "every_enum"),
  CORM_COLUMN (Every, raw, .raw = every_raw),
};
static const CormModel Every_model = CORM_MODEL (Every, "every", CORM_COLUMNS (every_columns));
static const CormModel *const every_models[] = { &Every_model, NULL };

/* --- members ---------------------------------------------------------------------------------------------------- */

static inline G_GNUC_UNUSED const CormColumn *
every_column_at (gsize offset)
{
  for (guint i = 0; i < G_N_ELEMENTS (every_columns); i++)
    if (every_columns[i].offset == offset)
      return &every_columns[i];
  g_assert_not_reached ();
}

#define OPT(T, make) (((const T *) member)->is_set ? make (((const T *) member)->value) : corm_value_null ())

/* The member as a value, to the bit. */
static inline G_GNUC_UNUSED CormValue
every_value_of (const CormColumn *column, const Every *row)
{
  gconstpointer member = (const guint8 *) row + column->offset;
  switch ((int) column->ctype) {
  case CORM_C_OPT + CORM_C_BOOL:
    return OPT (CormOptBool, corm_value_bool);
  case CORM_C_OPT + CORM_C_INT16:
    return OPT (CormOptInt16, corm_value_int);
  case CORM_C_OPT + CORM_C_INT32:
    return OPT (CormOptInt32, corm_value_int);
  case CORM_C_OPT + CORM_C_UINT32:
    return OPT (CormOptEnum, corm_value_int);
  case CORM_C_OPT + CORM_C_INT64:
    return OPT (CormOptInt64, corm_value_int);
  case CORM_C_OPT + CORM_C_FLOAT:
    return OPT (CormOptFloat, corm_value_double);
  case CORM_C_OPT + CORM_C_DOUBLE:
    return OPT (CormOptDouble, corm_value_double);
  case CORM_C_OPT + CORM_C_DATE:
    return OPT (CormOptDate, corm_value_date);
  case CORM_C_OPT + CORM_C_TIME:
    return OPT (CormOptTime, corm_value_time);
  case CORM_C_OPT + CORM_C_TIMESTAMP:
    return OPT (CormOptTimestamp, corm_value_timestamp);
  case CORM_C_OPT + CORM_C_LOCAL_TIMESTAMP:
    return OPT (CormOptLocalTimestamp, corm_value_local_timestamp);
  case CORM_C_OPT + CORM_C_UUID:
    return OPT (CormOptUuid, corm_value_uuid);
  case CORM_C_TEXT:
    return corm_value_text (*(const char *const *) member);
  case CORM_C_BYTES:
    return corm_value_bytes (*(const CormBytes *) member);
  case CORM_C_DECIMAL:
    return corm_value_decimal (*(const CormDecimal *) member);
  case CORM_C_JSON:
    return corm_value_json (*(const CormJson *) member);
  case CORM_C_INT64:
    return corm_value_int (*(const gint64 *) member);
  default:
    g_assert_not_reached ();
  }
}

/* The same to the bit; decimals as numbers. */
static inline G_GNUC_UNUSED gboolean
every_same (const CormColumn *column, const Every *a, const Every *b)
{
  CormValue x = every_value_of (column, a), y = every_value_of (column, b);
  if (x.is_null || y.is_null)
    return x.is_null == y.is_null;
  switch ((int) column->ctype) {
  case CORM_C_TEXT:
  case CORM_C_BYTES:
  case CORM_C_JSON:
    return x.size == y.size && memcmp (x.data, y.data, x.size) == 0;
  case CORM_C_DECIMAL:
    return corm_value_equal (&x, &y);
  case CORM_C_OPT + CORM_C_UUID:
    return memcmp (&x.uuid, &y.uuid, sizeof x.uuid) == 0;
  case CORM_C_OPT + CORM_C_FLOAT:
  case CORM_C_OPT + CORM_C_DOUBLE:
    return (isnan (x.d) && isnan (y.d)) || memcmp (&x.d, &y.d, sizeof x.d) == 0;
  default:
    return x.i == y.i;
  }
}
