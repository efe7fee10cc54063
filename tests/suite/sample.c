/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* The rows that the manual's tables of expressions are about. */
#include "sample.h"

static const char *const state_labels[] = { "new", "half done", "done", NULL };

static const CormColumn sample_columns[] = {
  CORM_COLUMN (Sample, id, .primary_key = true),
  CORM_COLUMN (Sample, yes),
  CORM_COLUMN (Sample, no),
  CORM_COLUMN (Sample, unsure),
  CORM_COLUMN (Sample, small),
  CORM_COLUMN (Sample, seven),
  CORM_COLUMN (Sample, two),
  CORM_COLUMN (Sample, zero),
  CORM_COLUMN (Sample, big),
  CORM_COLUMN (Sample, least),
  CORM_COLUMN (Sample, greatest),
  CORM_COLUMN (Sample, none),
  CORM_COLUMN (Sample, quarter),
  CORM_COLUMN (Sample, half),
  CORM_COLUMN (Sample, tenth),
  CORM_COLUMN (Sample, minus),
  CORM_COLUMN (Sample, nothing),
  CORM_COLUMN (Sample, price, .precision = 10, .scale = 2),
  CORM_COLUMN (Sample, loss, .precision = 10, .scale = 2),
  CORM_COLUMN (Sample, wide, .precision = 38, .scale = 10),
  CORM_COLUMN (Sample, unpriced, .precision = 10, .scale = 2),
  CORM_COLUMN (Sample, word),
  CORM_COLUMN (Sample, empty),
  CORM_COLUMN (Sample, padded),
  CORM_COLUMN (Sample, wild),
  CORM_COLUMN (Sample, exotic),
  CORM_COLUMN (Sample, missing),
  CORM_COLUMN (Sample, bytes),
  CORM_COLUMN (Sample, leap),
  CORM_COLUMN (Sample, first),
  CORM_COLUMN (Sample, last),
  CORM_COLUMN (Sample, never),
  CORM_COLUMN (Sample, clock),
  CORM_COLUMN (Sample, moment),
  CORM_COLUMN (Sample, before),
  CORM_COLUMN (Sample, earliest),
  CORM_COLUMN (Sample, latest),
  CORM_COLUMN (Sample, unset),
  CORM_COLUMN (Sample, local),
  CORM_COLUMN (Sample, uuid),
  CORM_COLUMN (Sample, doc),
  CORM_COLUMN (Sample, state, .labels = state_labels),
  CORM_COLUMN (Sample, mood, .labels = state_labels),
};
const CormModel Sample_model = CORM_MODEL (Sample, "samples", CORM_COLUMNS (sample_columns));

#define SAMPLE_DAY G_GINT64_CONSTANT (86400000000)
#define SAMPLE_FIRST (-719162)
#define SAMPLE_LAST 2932896

const Sample sample_row = {
  .id = 1,
  .yes = true,
  .no = false,
  .small = -7,
  .seven = 7,
  .two = 2,
  .zero = 0,
  .big = G_GINT64_CONSTANT (9007199254740993),
  .least = G_MININT64,
  .greatest = G_MAXINT64,
  .quarter = 0.25f,
  .half = 2.5,
  .tenth = 0.1,
  .minus = -2.5,
  .price = { "12.50" },
  .loss = { "-0.05" },
  .wide = { "9999999999999999999999999999.9999999999" },
  .word = "Corm",
  .empty = "",
  .padded = "  a b ",
  .wild = "100%_\\",
  .exotic = "Ä😀é漢",
  .bytes = { (const guint8 *) "\0\xff'", 3 },
  .leap = { 19782 },
  .first = { SAMPLE_FIRST },
  .last = { SAMPLE_LAST },
  .clock = { SAMPLE_DAY - 1 },
  .moment = { G_GINT64_CONSTANT (1709251199500000) },
  .before = { -1 },
  .earliest = { SAMPLE_FIRST * SAMPLE_DAY },
  .latest = { (SAMPLE_LAST + 1) * SAMPLE_DAY - 1 },
  .local = { G_GINT64_CONSTANT (-2203846155000000) },
  .uuid = { { 0x01, 0x23, 0x45, 0x67, 0x89, 0xab, 0xcd, 0xef, 0xfe, 0xdc, 0xba, 0x98, 0x76, 0x54, 0x32,
              0x10 } },
  .doc = { "{\"a\": {\"b\": [10, -2.5, \"x\"]}, \"t\": \"it's\", \"n\": null, \"yes\": true, \"odd key\": 1, "
           "\"a \\\"b\\\"\": 2, \"é\": 3, \"a.b\": 5, \"big\": 9007199254740993, \"o\": {\"k\": 1}, "
           "\"u\": \"\\u00e9😀\", \"number\": \"12\", \"e\": \"\"}" },
  .state = STATE_HALF_DONE,
};

static const CormColumn item_columns[] = {
  CORM_COLUMN (Item, id, .primary_key = true),
  CORM_COLUMN (Item, kind),
  CORM_COLUMN (Item, n),
  CORM_COLUMN (Item, price, .precision = 10, .scale = 2),
  CORM_COLUMN (Item, x),
  CORM_COLUMN (Item, name),
  CORM_COLUMN (Item, parent),
};
const CormModel Item_model = CORM_MODEL (Item, "items", CORM_COLUMNS (item_columns));

const Item item_rows[N_ITEMS] = {
  { 1, "a", CORM_SOME (10), { "1.50" }, CORM_SOME (1.5), "pear", { 0 } },
  { 2, "a", CORM_SOME (20), { "2.25" }, { 0 }, "Apple", CORM_SOME (1) },
  { 3, "b", { 0 }, { NULL }, CORM_SOME (2.5), "apple", CORM_SOME (1) },
  { 4, "b", CORM_SOME (-5), { "0.10" }, CORM_SOME (-1.0), "äpple", CORM_SOME (2) },
  { 5, NULL, CORM_SOME (20), { "0.20" }, CORM_SOME (0.5), "", CORM_SOME (9) },
};

static const CormColumn label_columns[] = {
  CORM_COLUMN (Label, id, .primary_key = true),
  CORM_COLUMN (Label, item),
  CORM_COLUMN (Label, label),
};
const CormModel Label_model = CORM_MODEL (Label, "labels", CORM_COLUMNS (label_columns));

const Label label_rows[N_LABELS] = {
  { 1, 1, "red" },
  { 2, 1, "blue" },
  { 3, 2, "red" },
  { 4, 7, "lost" },
};
