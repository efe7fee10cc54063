/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* What makes the expressions of <corm/function.h> typed: a struct type for each family of column types around the same
 * CormExpr, and the macros that turn a C value or a column into one, or refuse it. A program needs none of these by
 * name, except to store an expression in a variable. */
#pragma once

#include <corm/expr.h>

G_BEGIN_DECLS

#ifndef __cplusplus
/* clang-format off */
/* The families. A boolean expression is a CormExpr as it stands: a predicate. */
#define CORM_FAMILY(Type, noun) \
  typedef struct Type { CormExpr expr; } Type; \
  static inline G_GNUC_UNUSED Type corm_##noun##_self (Type e) { return e; } \
  static inline G_GNUC_UNUSED CormExpr corm_##noun##_bare (Type e) { return e.expr; } \
  static inline G_GNUC_UNUSED Type corm_##noun##_column (const CormModel *model, gsize offset) \
  { return (Type) { { .kind = CORM_EXPR_COLUMN, .model = model, .offset = offset } }; }
CORM_FAMILY (CormNumberExpr, number)
CORM_FAMILY (CormTextExpr, text)
CORM_FAMILY (CormBytesExpr, bytes)
CORM_FAMILY (CormJsonExpr, json)
CORM_FAMILY (CormUuidExpr, uuid)
CORM_FAMILY (CormDateExpr, date)
CORM_FAMILY (CormTimeExpr, time)
CORM_FAMILY (CormTimestampExpr, timestamp)
CORM_FAMILY (CormLocalTimestampExpr, local_timestamp)
CORM_FAMILY (CormTupleExpr, tuple)
static inline G_GNUC_UNUSED CormExpr corm_bool_bare (CormExpr e) { return e; }
static inline G_GNUC_UNUSED CormExpr corm_bool_column (const CormModel *model, gsize offset)
{ return (CormExpr) { .kind = CORM_EXPR_COLUMN, .model = model, .offset = offset }; }

/* A C value as an expression of its family, and bare. */
#define CORM_LITERAL(Type, noun, name, ctype) \
  static inline G_GNUC_UNUSED CormExpr corm_bare_##name (ctype v) \
  { return (CormExpr) { .kind = CORM_EXPR_VALUE, .value = corm_value_##name (v) }; } \
  static inline G_GNUC_UNUSED Type corm_lift_##name (ctype v) { return (Type) { corm_bare_##name (v) }; }
CORM_LITERAL (CormNumberExpr, number, int, gint64)
CORM_LITERAL (CormNumberExpr, number, double, double)
CORM_LITERAL (CormNumberExpr, number, decimal, CormDecimal)
CORM_LITERAL (CormTextExpr, text, text, const char *)
CORM_LITERAL (CormBytesExpr, bytes, bytes, CormBytes)
CORM_LITERAL (CormJsonExpr, json, json, CormJson)
CORM_LITERAL (CormUuidExpr, uuid, uuid, CormUuid)
CORM_LITERAL (CormDateExpr, date, date, CormDate)
CORM_LITERAL (CormTimeExpr, time, time, CormTime)
CORM_LITERAL (CormTimestampExpr, timestamp, timestamp, CormTimestamp)
CORM_LITERAL (CormLocalTimestampExpr, local_timestamp, local_timestamp, CormLocalTimestamp)
static inline G_GNUC_UNUSED CormExpr corm_bare_bool (bool v)
{ return (CormExpr) { .kind = CORM_EXPR_VALUE, .value = corm_value_bool (v) }; }

/* The associations of the families: with what stands for each, an expression or a C value. */
#define CORM_NUMBERS(self, i, d, n) \
  CormNumberExpr: self, short: i, int: i, unsigned int: i, long: i, long long: i, float: d, double: d, CormDecimal: n
#define CORM_TEXTS(self, t) CormTextExpr: self, char *: t, const char *: t

/* A column as an expression of its family; T may be an alias (CORM_ALIAS). */
#define CORM_COL(T, m) _Generic (CORM_MEMBER (T, m), \
  bool: corm_bool_column, CormOptBool: corm_bool_column, \
  gint16: corm_number_column, gint32: corm_number_column, guint32: corm_number_column, gint64: corm_number_column, \
  CormOptInt16: corm_number_column, CormOptInt32: corm_number_column, CormOptEnum: corm_number_column, \
  CormOptInt64: corm_number_column, float: corm_number_column, double: corm_number_column, \
  CormOptFloat: corm_number_column, CormOptDouble: corm_number_column, CormDecimal: corm_number_column, \
  const char *: corm_text_column, CormBytes: corm_bytes_column, CormJson: corm_json_column, \
  CormDate: corm_date_column, CormOptDate: corm_date_column, CormTime: corm_time_column, CormOptTime: corm_time_column, \
  CormTimestamp: corm_timestamp_column, CormOptTimestamp: corm_timestamp_column, \
  CormLocalTimestamp: corm_local_timestamp_column, CormOptLocalTimestamp: corm_local_timestamp_column, \
  CormUuid: corm_uuid_column, CormOptUuid: corm_uuid_column) (&T##_model, offsetof (T, m))

/* What makes an expression of its family of each. */
#define CORM_LIFTS \
  CORM_NUMBERS (corm_number_self, corm_lift_int, corm_lift_double, corm_lift_decimal), \
  CORM_TEXTS (corm_text_self, corm_lift_text), CormBytesExpr: corm_bytes_self, CormBytes: corm_lift_bytes, \
  CormJsonExpr: corm_json_self, CormJson: corm_lift_json, CormUuidExpr: corm_uuid_self, CormUuid: corm_lift_uuid, \
  CormDateExpr: corm_date_self, CormDate: corm_lift_date, CormTimeExpr: corm_time_self, CormTime: corm_lift_time, \
  CormTimestampExpr: corm_timestamp_self, CormTimestamp: corm_lift_timestamp, \
  CormLocalTimestampExpr: corm_local_timestamp_self, CormLocalTimestamp: corm_lift_local_timestamp
/* e as an expression of its family: a boolean apart; a boolean too; and bare. */
#define CORM_LIFT(e) _Generic ((e), CORM_LIFTS, CormTupleExpr: corm_tuple_self) (e)
#define CORM_LIFT_ALL(e) _Generic ((e), CormExpr: corm_bool_bare, bool: corm_bare_bool, CORM_LIFTS) (e)
#define CORM_BARE(e) _Generic ((e), CormExpr: corm_bool_bare, bool: corm_bare_bool, \
  CORM_NUMBERS (corm_number_bare, corm_bare_int, corm_bare_double, corm_bare_decimal), \
  CORM_TEXTS (corm_text_bare, corm_bare_text), CormBytesExpr: corm_bytes_bare, CormBytes: corm_bare_bytes, \
  CormJsonExpr: corm_json_bare, CormJson: corm_bare_json, CormUuidExpr: corm_uuid_bare, CormUuid: corm_bare_uuid, \
  CormDateExpr: corm_date_bare, CormDate: corm_bare_date, CormTimeExpr: corm_time_bare, CormTime: corm_bare_time, \
  CormTimestampExpr: corm_timestamp_bare, CormTimestamp: corm_bare_timestamp, \
  CormLocalTimestampExpr: corm_local_timestamp_bare, CormLocalTimestamp: corm_bare_local_timestamp, \
  CormTupleExpr: corm_tuple_bare) (e)
/* e bare, when it is of a's family; else it does not compile. */
#define CORM_LIKE_FAMILY(a, e) _Generic ((a), \
  CORM_NUMBERS (corm_number_bare, corm_number_bare, corm_number_bare, corm_number_bare), \
  CORM_TEXTS (corm_text_bare, corm_text_bare), CormBytesExpr: corm_bytes_bare, CormBytes: corm_bytes_bare, \
  CormJsonExpr: corm_json_bare, CormJson: corm_json_bare, CormUuidExpr: corm_uuid_bare, CormUuid: corm_uuid_bare, \
  CormDateExpr: corm_date_bare, CormDate: corm_date_bare, CormTimeExpr: corm_time_bare, CormTime: corm_time_bare, \
  CormTimestampExpr: corm_timestamp_bare, CormTimestamp: corm_timestamp_bare, \
  CormLocalTimestampExpr: corm_local_timestamp_bare, CormLocalTimestamp: corm_local_timestamp_bare, \
  CormTupleExpr: corm_tuple_bare) (CORM_LIFT (e))
/* e bare, when it is of the family of the member m. */
#define CORM_MEMBER_FAMILY(T, m, e) _Generic (CORM_MEMBER (T, m), \
  bool: corm_bool_bare, CormOptBool: corm_bool_bare, \
  gint16: corm_number_bare, gint32: corm_number_bare, guint32: corm_number_bare, gint64: corm_number_bare, \
  CormOptInt16: corm_number_bare, CormOptInt32: corm_number_bare, CormOptEnum: corm_number_bare, \
  CormOptInt64: corm_number_bare, float: corm_number_bare, double: corm_number_bare, CormOptFloat: corm_number_bare, \
  CormOptDouble: corm_number_bare, CormDecimal: corm_number_bare, const char *: corm_text_bare, \
  CormBytes: corm_bytes_bare, CormJson: corm_json_bare, CormDate: corm_date_bare, CormOptDate: corm_date_bare, \
  CormTime: corm_time_bare, CormOptTime: corm_time_bare, CormTimestamp: corm_timestamp_bare, \
  CormOptTimestamp: corm_timestamp_bare, CormLocalTimestamp: corm_local_timestamp_bare, \
  CormOptLocalTimestamp: corm_local_timestamp_bare, CormUuid: corm_uuid_bare, CormOptUuid: corm_uuid_bare) (CORM_LIFT_ALL (e))
/* An operand of one family. */
#define CORM_NUMBER(e) _Generic ((e), CORM_NUMBERS (corm_number_bare, corm_bare_int, corm_bare_double, corm_bare_decimal)) (e)
#define CORM_TEXT(e) _Generic ((e), CORM_TEXTS (corm_text_bare, corm_bare_text)) (e)
#define CORM_BOOL(e) _Generic ((e), CormExpr: corm_bool_bare, bool: corm_bare_bool) (e)
#define CORM_MOMENTS \
  CormTimestampExpr: corm_timestamp_bare, CormTimestamp: corm_bare_timestamp, \
  CormLocalTimestampExpr: corm_local_timestamp_bare, CormLocalTimestamp: corm_bare_local_timestamp
#define CORM_DAY(e) _Generic ((e), CormDateExpr: corm_date_bare, CormDate: corm_bare_date, CORM_MOMENTS) (e)
#define CORM_CLOCK(e) _Generic ((e), CormTimeExpr: corm_time_bare, CormTime: corm_bare_time, CORM_MOMENTS) (e)
/* clang-format on */
#endif

G_END_DECLS
