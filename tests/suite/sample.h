/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* The rows that the expressions of the conformance table read: one Sample of edge values, five Items, four Labels. */
#pragma once

#include <corm/corm.h>

typedef enum { STATE_NEW, STATE_HALF_DONE, STATE_DONE } State;

typedef struct {
  gint64 id;
  bool yes;
  bool no;
  CormOptBool unsure;
  gint16 small;
  gint32 seven;
  gint64 two;
  gint64 zero;
  gint64 big;
  gint64 least;
  gint64 greatest;
  CormOptInt64 none;
  float quarter;
  double half;
  double tenth;
  double minus;
  CormOptDouble nothing;
  CormDecimal price;
  CormDecimal loss;
  CormDecimal wide;
  CormDecimal unpriced;
  const char *word;
  const char *empty;
  const char *padded;
  const char *wild;
  const char *exotic;
  const char *missing;
  CormBytes bytes;
  CormDate leap;
  CormDate first;
  CormDate last;
  CormOptDate never;
  CormTime clock;
  CormTimestamp moment;
  CormTimestamp before;
  CormTimestamp earliest;
  CormTimestamp latest;
  CormOptTimestamp unset;
  CormLocalTimestamp local;
  CormUuid uuid;
  CormJson doc;
  State state;
  CormOptEnum mood;
} Sample;

extern const CormModel Sample_model;

typedef struct {
  gint64 id;
  const char *kind;
  CormOptInt64 n;
  CormDecimal price;
  CormOptDouble x;
  const char *name;
  CormOptInt64 parent;
} Item;

extern const CormModel Item_model;

/* Labels of items; the last one's item is not there. */
typedef struct {
  gint64 id;
  gint64 item;
  const char *label;
} Label;

extern const CormModel Label_model;

#define N_SAMPLE_COLUMNS 43
#define N_ITEMS 5
#define N_LABELS 4
extern const Sample sample_row;
extern const Item item_rows[N_ITEMS];
extern const Label label_rows[N_LABELS];
