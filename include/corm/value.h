/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Types of columns, C types of members, and the tagged value that travels between a struct and a database.
 * Times are microseconds; a timestamp counts from 1970-01-01 00:00:00 UTC, a date is days from 1970-01-01
 * (proleptic Gregorian, year 0001 to 9999). Text is UTF-8. */
#pragma once

#include <corm/types.h>

G_BEGIN_DECLS

/* What a column holds, whatever the database calls it. */
typedef enum {
  CORM_TYPE_NONE,
  CORM_TYPE_BOOLEAN,
  CORM_TYPE_INT16,
  CORM_TYPE_INT32,
  CORM_TYPE_INT64,
  CORM_TYPE_FLOAT32,
  CORM_TYPE_FLOAT64,
  CORM_TYPE_DECIMAL, /* precision, scale */
  CORM_TYPE_TEXT,    /* length in characters, 0: any */
  CORM_TYPE_BYTES,
  CORM_TYPE_DATE,
  CORM_TYPE_TIME,            /* of day, no zone */
  CORM_TYPE_TIMESTAMP,       /* a moment, UTC */
  CORM_TYPE_LOCAL_TIMESTAMP, /* date and time of day without a zone */
  CORM_TYPE_UUID,
  CORM_TYPE_JSON,
  CORM_TYPE_ENUM, /* one of a list of labels */
  CORM_TYPE_RAW,  /* a type that only this database knows; its values travel as text */
  CORM_N_TYPES
} CormType;

/* A type with its modifiers. */
typedef struct {
  CormType type;
  guint length;    /* TEXT: characters, 0: any */
  guint precision; /* DECIMAL: digits in all, 0: any */
  guint scale;     /* DECIMAL: digits behind the point */
} CormSqlType;

/* C types of members beside bool, gint16, gint32, guint32 (an enum), gint64, float, double and const char *. */
typedef struct {
  const guint8 *data;
  gsize size;
} CormBytes; /* data NULL: NULL */
typedef struct {
  const char *text;
} CormDecimal; /* "-12.50"; NULL: NULL */
typedef struct {
  const char *text;
} CormJson; /* NULL: NULL */
typedef struct {
  gint32 days;
} CormDate;
typedef struct {
  gint64 us;
} CormTime;
typedef struct {
  gint64 us;
} CormTimestamp;
typedef struct {
  gint64 us;
} CormLocalTimestamp;
typedef struct {
  guint8 bytes[16];
} CormUuid; /* all zero: not set */

/* Nullable members: NULL unless is_set. */
typedef struct {
  bool is_set;
  bool value;
} CormOptBool;
typedef struct {
  bool is_set;
  gint16 value;
} CormOptInt16;
typedef struct {
  bool is_set;
  gint32 value;
} CormOptInt32;
typedef struct {
  bool is_set;
  guint32 value;
} CormOptEnum;
typedef struct {
  bool is_set;
  gint64 value;
} CormOptInt64;
typedef struct {
  bool is_set;
  float value;
} CormOptFloat;
typedef struct {
  bool is_set;
  double value;
} CormOptDouble;
typedef struct {
  bool is_set;
  CormDate value;
} CormOptDate;
typedef struct {
  bool is_set;
  CormTime value;
} CormOptTime;
typedef struct {
  bool is_set;
  CormTimestamp value;
} CormOptTimestamp;
typedef struct {
  bool is_set;
  CormLocalTimestamp value;
} CormOptLocalTimestamp;
typedef struct {
  bool is_set;
  CormUuid value;
} CormOptUuid;

#define CORM_SOME(v) \
  { \
    .is_set = true, .value = (v) \
  }

/* A value on its way: type, NULL or not, and the bytes. Text, bytes, decimal, json, enum and raw borrow @data;
 * integers, booleans, dates (days) and times (µs) are in @i; floats in @d. A value that came from a cursor
 * borrows from it until the next row. */
typedef struct {
  CormType type;
  bool is_null;
  union {
    gint64 i;
    double d;
    struct {
      const char *data;
      gsize size;
    };
    CormUuid uuid;
  };
} CormValue;

CORM_PUBLIC const char *corm_type_name (CormType type);
CORM_PUBLIC CormType corm_type_from_name (const char *name);

CORM_PUBLIC CormValue corm_value_null (void);
CORM_PUBLIC CormValue corm_value_bool (bool v);
CORM_PUBLIC CormValue corm_value_int (gint64 v);
CORM_PUBLIC CormValue corm_value_double (double v);
CORM_PUBLIC CormValue corm_value_text (const char *v);
CORM_PUBLIC CormValue corm_value_bytes (CormBytes v);
CORM_PUBLIC CormValue corm_value_decimal (CormDecimal v);
CORM_PUBLIC CormValue corm_value_json (CormJson v);
CORM_PUBLIC CormValue corm_value_date (CormDate v);
CORM_PUBLIC CormValue corm_value_time (CormTime v);
CORM_PUBLIC CormValue corm_value_timestamp (CormTimestamp v);
CORM_PUBLIC CormValue corm_value_local_timestamp (CormLocalTimestamp v);
CORM_PUBLIC CormValue corm_value_uuid (CormUuid v);

/* Same type and same canonical text: decimals compare as numbers (1.50 equals 1.5), JSON without spaces and order of
 * members, the rest by bytes; NULL equals NULL; -0.0 differs from 0.0 and NaN equals NaN. */
CORM_PUBLIC gboolean corm_value_equal (const CormValue *a, const CormValue *b);

/* Appends the canonical text of @value: what export, hashing and messages show, the same for the same value in every
 * database. true, false; integers; floats "2.0", "0.1", "1e300", "-0.0", "NaN", "Infinity"; decimals without exponent
 * and trailing zeros of the fraction; bytes as lower-case hex; "2026-01-02", "03:04:05.678",
 * "2026-01-02T03:04:05.678Z" (local: no Z); UUIDs in lower case; JSON without spaces, its members sorted. NULL gives
 * "NULL", which only is_null tells from a text of these letters. */
CORM_PUBLIC void corm_value_append_text (const CormValue *value, GString *text);

/* Reads @text (@size bytes, -1: to its NUL) as @type. The result borrows from @text where it is textual.
 * Errors: CORM_ERROR_CONVERSION, with the text (shortened) and the reason. */
CORM_PUBLIC gboolean corm_value_parse (const CormSqlType *type, const char *text, gssize size,
                                       CormValue *value, GError **error) CORM_MUST_USE;

/* Turns @from into @type where nothing is lost (INT64 5 -> TEXT "5", TEXT "2024-01-01" -> DATE, FLOAT64 2.0 -> INT16),
 * else CORM_ERROR_CONVERSION. Bytes that have to be made go to @scratch, which the result then borrows; @from must not
 * borrow from it, but @from and @value may be one. A float takes a decimal that it shows or equals; a date or timestamp
 * outside the years 0001 to 9999 is refused; text without a zone is UTC, text with one is no local timestamp. */
CORM_PUBLIC gboolean corm_value_convert (const CormValue *from, const CormSqlType *type, GString *scratch,
                                         CormValue *value, GError **error) CORM_MUST_USE;

/* Now, to the microsecond. */
CORM_PUBLIC CormTimestamp corm_timestamp_now (void);
/* ISO 8601, "2026-01-02T03:04:05.678901Z"; free with g_free(). */
CORM_PUBLIC char *corm_timestamp_to_text (CormTimestamp ts);
CORM_PUBLIC gboolean corm_timestamp_parse (const char *text, CormTimestamp *ts, GError **error) CORM_MUST_USE;
CORM_PUBLIC gboolean corm_date_from_ymd (int year, int month, int day, CormDate *date);
CORM_PUBLIC void corm_date_to_ymd (CormDate date, int *year, int *month, int *day);
/* A random (version 4) UUID, RFC 9562; and its text of 36 characters, free with g_free(). */
CORM_PUBLIC CormUuid corm_uuid_random (void);
CORM_PUBLIC char *corm_uuid_to_text (CormUuid uuid);
CORM_PUBLIC gboolean corm_uuid_parse (const char *text, CormUuid *uuid);

G_END_DECLS
