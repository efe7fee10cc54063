/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* A struct with a member of every C type that Corm knows, and its mapping: for tests of the way in and out of one. */
#pragma once

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "model/mapping.h"

#include <corm/error.h>

typedef enum { RED, GREEN, BLUE } Color;
static const char *const all_labels[] = { "RED", "GREEN", "BLUE", NULL };
static const CormRawType all_raw[] = { { "pgsql", "inet" }, { NULL, NULL } };

typedef struct {
  bool b;
  gint16 i16;
  gint32 i32;
  guint32 u32;
  gint64 i64;
  float f;
  double d;
  const char *text;
  const char *needed;
  const char *raw;
  CormBytes bytes;
  CormDecimal decimal;
  CormDecimal any_decimal;
  CormJson json;
  CormDate date;
  CormTime time;
  CormTimestamp timestamp;
  CormLocalTimestamp local;
  CormUuid uuid;
  Color color;
  gint32 signed_color;
  CormOptBool opt_b;
  CormOptInt16 opt_i16;
  CormOptInt32 opt_i32;
  CormOptInt64 opt_i64;
  CormOptFloat opt_f;
  CormOptDouble opt_d;
  CormOptDate opt_date;
  CormOptTime opt_time;
  CormOptTimestamp opt_timestamp;
  CormOptLocalTimestamp opt_local;
  CormOptUuid opt_uuid;
  CormOptEnum opt_color;
  CormOptInt64 opt_needed;
} All;

static const CormColumn all_columns[] = {
  CORM_COLUMN (All, b),
  CORM_COLUMN (All, i16),
  CORM_COLUMN (All, i32),
  CORM_COLUMN (All, u32),
  CORM_COLUMN (All, i64, .primary_key = true),
  CORM_COLUMN (All, f),
  CORM_COLUMN (All, d),
  CORM_COLUMN (All, text, .max_length = 10),
  CORM_COLUMN (All, needed, .not_null = true),
  CORM_COLUMN (All, raw, .raw = all_raw),
  CORM_COLUMN (All, bytes),
  CORM_COLUMN (All, decimal, .precision = 8, .scale = 2),
  CORM_COLUMN (All, any_decimal),
  CORM_COLUMN (All, json),
  CORM_COLUMN (All, date),
  CORM_COLUMN (All, time),
  CORM_COLUMN (All, timestamp, .default_sql = CORM_NOW),
  CORM_COLUMN (All, local),
  CORM_COLUMN (All, uuid),
  CORM_COLUMN (All, color, .labels = all_labels),
  CORM_COLUMN (All, signed_color, .labels = all_labels),
  CORM_COLUMN (All, opt_b),
  CORM_COLUMN (All, opt_i16),
  CORM_COLUMN (All, opt_i32),
  CORM_COLUMN (All, opt_i64),
  CORM_COLUMN (All, opt_f),
  CORM_COLUMN (All, opt_d),
  CORM_COLUMN (All, opt_date),
  CORM_COLUMN (All, opt_time),
  CORM_COLUMN (All, opt_timestamp),
  CORM_COLUMN (All, opt_local),
  CORM_COLUMN (All, opt_uuid, .default_sql = "make_uuid ()"),
  CORM_COLUMN (All, opt_color, .labels = all_labels),
  CORM_COLUMN (All, opt_needed, .not_null = true),
};
static const CormModel all_model = CORM_MODEL (All, "every", CORM_COLUMNS (all_columns));

/* The mapping, as a test's state. */
static inline int
set_up_all (void **state)
{
  *state = corm_mapping_new (&all_model);
  return 0;
}

static inline int
tear_down_all (void **state)
{
  corm_mapping_free (*state);
  return 0;
}

#define FIELD(mapping, m) corm_mapping_find_field ((mapping), offsetof (All, m))

static inline void
assert_said (GError *error, CormError code, const char *message)
{
  assert_non_null (error);
  assert_string_equal (error->message, message);
  assert_int_equal (error->code, code);
  g_error_free (error);
}
