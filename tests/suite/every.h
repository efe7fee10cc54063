/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* A model with a column of every type. */
#pragma once

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
