/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* The edge values of each type: what test-types.c takes round. */
#pragma once

#include <float.h>
#include <math.h>

#include "every.h"

/* As the documentation calls them. */
static const struct {
  gsize offset;
  const char *type, *member;
} every_types[] = {
  { offsetof (Every, boolean), "boolean", "`bool`, `CormOptBool`" },
  { offsetof (Every, int16), "int16", "`gint16`, `CormOptInt16`" },
  { offsetof (Every, int32), "int32", "`gint32`, `CormOptInt32`" },
  { offsetof (Every, int64), "int64", "`gint64`, `CormOptInt64`" },
  { offsetof (Every, float32), "float32", "`float`, `CormOptFloat`" },
  { offsetof (Every, float64), "float64", "`double`, `CormOptDouble`" },
  { offsetof (Every, decimal15), "decimal(15,2)", "`CormDecimal`, `.precision`, `.scale`" },
  { offsetof (Every, decimal38), "decimal(38,10)", "`CormDecimal`, `.precision`, `.scale`" },
  { offsetof (Every, decimal), "decimal", "`CormDecimal`" },
  { offsetof (Every, text), "text", "`const char *`" },
  { offsetof (Every, varchar), "varchar(10)", "`const char *`, `.max_length`" },
  { offsetof (Every, bytes), "bytes", "`CormBytes`" },
  { offsetof (Every, date), "date", "`CormDate`, `CormOptDate`" },
  { offsetof (Every, time), "time", "`CormTime`, `CormOptTime`" },
  { offsetof (Every, timestamp), "timestamp", "`CormTimestamp`, `CormOptTimestamp`" },
  { offsetof (Every, local), "local timestamp", "`CormLocalTimestamp`, `CormOptLocalTimestamp`" },
  { offsetof (Every, uuid), "uuid", "`CormUuid`, `CormOptUuid`" },
  { offsetof (Every, json), "json", "`CormJson`" },
  { offsetof (Every, label), "enum", "`guint32` or a C enum, `CormOptEnum`, `.labels`" },
  { offsetof (Every, enumeration), "enum type", "the same, `.enum_type`" },
  { offsetof (Every, raw), "raw", "`const char *`, `.raw`" },
};

#define LONG_SIZE 1048577
static char long_text[LONG_SIZE + 1];
static guint8 long_bytes[LONG_SIZE], all_bytes[256];

static inline void
fill_long_values (void)
{
  for (guint i = 0; i < LONG_SIZE; i++) {
    long_text[i] = (char) ('a' + i % 26);
    long_bytes[i] = (guint8) (i * 7 + i / 256);
  }
  for (guint i = 0; i < 256; i++)
    all_bytes[i] = (guint8) i;
}

typedef struct {
  gsize offset;
  const char *value; /* for a reader */
  Every row;
} Cell;

#define CELL(m, text, ...) \
  { \
    .offset = offsetof (Every, m), .value = (text), .row = {.m = __VA_ARGS__ } \
  }
#define NONE(m) \
  { \
    .offset = offsetof (Every, m), .value = "NULL" \
  }
#define SOME(m, text, ...) CELL (m, text, { .is_set = true, .value = __VA_ARGS__ })
#define TEXT(m, t) CELL (m, t, t)
#define DECIMAL(m, t) CELL (m, t, { t })
#define JSON(t) CELL (json, t, { t })
#define BYTES(text, t) CELL (bytes, text, { (const guint8 *) (t), sizeof (t) - 1 })
#define DAY_US G_GINT64_CONSTANT (86400000000)
#define LEAST_DAY (-719162)
#define GREATEST_DAY 2932896
#define TIMES(m) \
  NONE (m), SOME (m, "0001-01-01 00:00:00", { LEAST_DAY * DAY_US }), \
      SOME (m, "9999-12-31 23:59:59.999999", { GREATEST_DAY * DAY_US + DAY_US - 1 }), \
      SOME (m, "1970-01-01 00:00:00", { 0 }), SOME (m, "1969-12-31 23:59:59.999999", { -1 }), \
      SOME (m, "1582-10-10 12:00:00", { -141418 * DAY_US + DAY_US / 2 }), \
      SOME (m, "2038-01-19 03:14:08", { G_GINT64_CONSTANT (2147483648000000) }), \
      SOME (m, "2026-03-29 02:30:00.000001", { G_GINT64_CONSTANT (1774751400000001) }), \
      SOME (m, "2024-02-29 23:59:59.5", { G_GINT64_CONSTANT (1709251199500000) }), \
      SOME (m, "a microsecond before year 1", { LEAST_DAY * DAY_US - 1 }), \
      SOME (m, "a microsecond after year 9999", { (GREATEST_DAY + 1) * DAY_US })
#define LABELS(m) \
  NONE (m), SOME (m, "plain", 0), SOME (m, "it's", 1), SOME (m, "a \"b\"", 2), SOME (m, "back\\slash", 3), \
      SOME (m, "µ 😀", 4), SOME (m, "100 %_", 5), SOME (m, "a number without label", 99), \
      SOME (m, "4294967295", G_MAXUINT32)

#define NINES_28 "9999999999999999999999999999"
#define ZEROS_30 "000000000000000000000000000000"

static const Cell cells[] = {
  NONE (boolean),
  SOME (boolean, "false", false),
  SOME (boolean, "true", true),

  NONE (int16),
  SOME (int16, "0", 0),
  SOME (int16, "-32768", G_MININT16),
  SOME (int16, "32767", G_MAXINT16),
  NONE (int32),
  SOME (int32, "0", 0),
  SOME (int32, "-2147483648", G_MININT32),
  SOME (int32, "2147483647", G_MAXINT32),
  NONE (int64),
  SOME (int64, "0", 0),
  SOME (int64, "-9223372036854775808", G_MININT64),
  SOME (int64, "9223372036854775807", G_MAXINT64),
  SOME (int64, "2^53 + 1", G_GINT64_CONSTANT (9007199254740993)),
  SOME (int64, "-2^53 - 1", -G_GINT64_CONSTANT (9007199254740993)),

  NONE (float32),
  SOME (float32, "0.0", 0.0f),
  SOME (float32, "-0.0", -0.0f),
  SOME (float32, "0.1", 0.1f),
  SOME (float32, "1 + the smallest step", 1 + FLT_EPSILON),
  SOME (float32, "2^24 - 1", 16777215.0f),
  SOME (float32, "greatest", FLT_MAX),
  SOME (float32, "least", -FLT_MAX),
  SOME (float32, "smallest normal", FLT_MIN),
  SOME (float32, "smallest denormal", FLT_TRUE_MIN),
  SOME (float32, "NaN", NAN),
  SOME (float32, "infinity", INFINITY),
  SOME (float32, "-infinity", -INFINITY),
  NONE (float64),
  SOME (float64, "0.0", 0.0),
  SOME (float64, "-0.0", -0.0),
  SOME (float64, "0.1 + 0.2", 0.1 + 0.2),
  SOME (float64, "1 + the smallest step", 1 + DBL_EPSILON),
  SOME (float64, "2^53", 9007199254740992.0),
  SOME (float64, "1e23", 1e23),
  SOME (float64, "greatest", DBL_MAX),
  SOME (float64, "least", -DBL_MAX),
  SOME (float64, "smallest normal", DBL_MIN),
  SOME (float64, "smallest denormal", DBL_TRUE_MIN),
  SOME (float64, "NaN", NAN),
  SOME (float64, "infinity", INFINITY),
  SOME (float64, "-infinity", -INFINITY),

  NONE (decimal15),
  DECIMAL (decimal15, "0"),
  DECIMAL (decimal15, "0.01"),
  DECIMAL (decimal15, "-1.50"),
  DECIMAL (decimal15, "9999999999999.99"),
  DECIMAL (decimal15, "-9999999999999.99"),
  DECIMAL (decimal15, "10000000000000"),
  DECIMAL (decimal15, "0.001"),
  DECIMAL (decimal15, "NaN"),
  NONE (decimal38),
  DECIMAL (decimal38, "0"),
  DECIMAL (decimal38, NINES_28 ".9999999999"),
  DECIMAL (decimal38, "-" NINES_28 ".9999999999"),
  DECIMAL (decimal38, "0.0000000001"),
  DECIMAL (decimal38, "1.5000"),
  DECIMAL (decimal38, "1" ZEROS_30),
  DECIMAL (decimal38, "0.00000000001"),
  DECIMAL (decimal38, "twelve"),
  DECIMAL (decimal38, ""),
  DECIMAL (decimal38, "NaN"),
  NONE (decimal),
  DECIMAL (decimal, "0"),
  DECIMAL (decimal, "-12.5"),
  DECIMAL (decimal, NINES_28 "9999999999"),
  DECIMAL (decimal, "0.000000000000000000000000001"),
  DECIMAL (decimal, "-Infinity"),
  DECIMAL (decimal, "1" ZEROS_30 ZEROS_30 ".1"),
  DECIMAL (decimal, "0." ZEROS_30 "1"),

  NONE (text),
  CELL (text, "empty", ""),
  CELL (text, "one blank", " "),
  CELL (text, "blanks at both ends", "  a  "),
  TEXT (text, "NULL"),
  TEXT (text, "it's \"a\" `b` \\ %_ ? :p $1 -- /* */ ;"),
  TEXT (text, "\\x41 \\0 \\n \\'"),
  CELL (text, "line ends, tab", "\n\r\n\r\t"),
  CELL (text, "control characters", "\x01\x1b\x7f"),
  TEXT (text, "😀𝄞 ßÄŁ 漢字"),
  CELL (text, "e + combining acute", "e\xcc\x81"),
  CELL (text, "U+10FFFF", "\xf4\x8f\xbf\xbf"),
  CELL (text, "U+FFFF", "\xef\xbf\xbf"),
  CELL (text, "1 048 577 characters", long_text),
  CELL (text, "no UTF-8: 0xff", "a\xff"),
  CELL (text, "no UTF-8: a surrogate", "\xed\xa0\x80"),
  NONE (varchar),
  CELL (varchar, "empty", ""),
  TEXT (varchar, "1234567890"),
  TEXT (varchar, "😀😀😀😀😀😀😀😀😀😀"),
  CELL (varchar, "7 letters, 3 blanks", "abcdefg   "),
  TEXT (varchar, "12345678901"),
  CELL (varchar, "10 letters, 1 blank", "abcdefghij "),

  NONE (bytes),
  BYTES ("empty", ""),
  BYTES ("00", "\0"),
  BYTES ("61 00 62", "a\0b"),
  BYTES ("'", "'"),
  BYTES ("\\x41", "\\x41"),
  BYTES ("ff fe", "\xff\xfe"),
  CELL (bytes, "every byte", { all_bytes, sizeof all_bytes }),
  CELL (bytes, "1 048 577 bytes", { long_bytes, sizeof long_bytes }),

  NONE (date),
  SOME (date, "0001-01-01", { LEAST_DAY }),
  SOME (date, "9999-12-31", { GREATEST_DAY }),
  SOME (date, "1970-01-01", { 0 }),
  SOME (date, "1969-12-31", { -1 }),
  SOME (date, "1582-10-10", { -141418 }),
  SOME (date, "2024-02-29", { 19782 }),
  SOME (date, "a day before year 1", { LEAST_DAY - 1 }),
  SOME (date, "a day after year 9999", { GREATEST_DAY + 1 }),
  NONE (time),
  SOME (time, "00:00:00", { 0 }),
  SOME (time, "00:00:00.000001", { 1 }),
  SOME (time, "12:34:56", { G_GINT64_CONSTANT (45296000000) }),
  SOME (time, "23:59:59.999999", { DAY_US - 1 }),
  SOME (time, "24:00:00", { DAY_US }),
  SOME (time, "-00:00:00.000001", { -1 }),
  TIMES (timestamp),
  TIMES (local),

  NONE (uuid),
  SOME (uuid, "00000000-0000-0000-0000-000000000000", { { 0 } }),
  SOME (uuid, "ffffffff-ffff-ffff-ffff-ffffffffffff",
        { { 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255 } }),
  SOME (
      uuid, "01234567-89ab-cdef-fedc-ba9876543210",
      { { 0x01, 0x23, 0x45, 0x67, 0x89, 0xab, 0xcd, 0xef, 0xfe, 0xdc, 0xba, 0x98, 0x76, 0x54, 0x32, 0x10 } }),

  NONE (json),
  JSON ("null"),
  JSON ("{}"),
  JSON ("[1, -0.5, 1e3, true, false, null]"),
  JSON ("\"it's 😀\""),
  JSON (" { \"b\" : 1 ,\t\"a\" : [ ] } "),
  JSON ("{\"a\":1,\"a\":2}"),
  JSON ("12345678901234567890123456789.000"),
  JSON ("\"\\u00e9 \\\\ \\\"\""),
  JSON ("{\"a\""),
  CELL (json, "empty", { "" }),

  LABELS (label),
  SOME (label, "empty", 6),
  LABELS (enumeration),
  NONE (raw),
  TEXT (raw, "::1"),
};
