/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* What a struct is in the database: a CormModel is constant data beside the struct, written with the macros below.
 * The macros take every member by name, so that a misspelt member, or one of a C type that has no column,
 * does not compile. */
#pragma once

#include <corm/relation.h>
#include <corm/value.h>

G_BEGIN_DECLS

/* The C type of a member. CORM_C_OPT is added for the nullable form of a scalar. */
typedef enum {
  CORM_C_NONE,
  CORM_C_BOOL,
  CORM_C_INT16,
  CORM_C_INT32,
  CORM_C_UINT32,
  CORM_C_INT64,
  CORM_C_FLOAT,
  CORM_C_DOUBLE,
  CORM_C_TEXT,
  CORM_C_BYTES,
  CORM_C_DECIMAL,
  CORM_C_JSON,
  CORM_C_DATE,
  CORM_C_TIME,
  CORM_C_TIMESTAMP,
  CORM_C_LOCAL_TIMESTAMP,
  CORM_C_UUID,
  CORM_C_OPT = 0x20,
} CormCType;

/* As default_sql: the moment of the insert, in every database. */
#define CORM_NOW "corm:now"
/* As default_sql of a uuid column: a new one, made by the database. */
#define CORM_NEW_UUID "corm:uuid"
/* The name of a type in one dialect, for a column that no neutral type describes; a list ends with { NULL, NULL }. */
typedef struct {
  const char *dialect; /* "sqlite3", "pgsql", "mysql" */
  const char *type;
} CormRawType;

/* What Corm itself does with a column, in every insert, update, delete and query. */
typedef enum {
  CORM_ROLE_NONE,
  CORM_ROLE_VERSION, /* integer, not null: one more at each update, which fails with STALE when it has moved on */
  CORM_ROLE_CREATED_AT, /* timestamp: the moment of the insert */
  CORM_ROLE_UPDATED_AT, /* timestamp: the moment of the insert, and of each update */
  CORM_ROLE_DELETED_AT, /* nullable timestamp: set instead of deleting the row, which no query then finds */
  CORM_ROLE_TENANT,     /* not null: what corm_connection_set_tenant() says; rows of others are not there */
} CormRole;

/* A column. Set by CORM_COLUMN: name, offset, ctype; the rest are its options.
 * A member that can say "not set" (unset CormOpt…, NULL text, bytes, decimal and json, a zero key, uuid or
 * timestamp) takes the column's default on insert where there is one; any other member is sent as it stands. */
typedef struct {
  const char *name; /* of the column: the member's, or CORM_COLUMN_NAMED's */
  const char *member;
  gsize offset;
  CormCType ctype;
  bool primary_key;
  bool not_null; /* plain numbers, times and bool are NOT NULL anyway: they cannot say NULL */
  bool unique;
  guint max_length;          /* text, labels: characters of the column */
  guint precision;           /* decimal: digits in all … */
  guint scale;               /* … and behind the point */
  const char *const *labels; /* of an enum member: label i is the value i; NULL-terminated */
  const char *enum_type;  /* store labels in the database's own enum type of this name, where it has them */
  const CormRawType *raw; /* text or json member: the type's name per dialect */
  const char *default_value; /* a constant as text: "PENDING", "0", "true" */
  const char *default_sql;   /* an expression, CORM_NOW or CORM_NEW_UUID */
  const char *check;         /* SQL expression over this column */
  const char *check_name;    /* of the check that .check or else .labels makes; NULL: ck_TABLE_COLUMN */
  const char *references;    /* "table.column" */
  CormAction on_delete;
  CormAction on_update;
  const char *was; /* the column's former name */
  const char
      *convert; /* SQL over the table as it was, for rows that are there when type or NOT NULL change */
  const char *comment;
  CormRole role;
} CormColumn;

typedef struct {
  const char *name;
  const char *columns; /* "status, created_at desc"; an expression in parentheses is one too */
  const char *where;   /* partial: SQL predicate */
  bool unique;
} CormIndex;

/* A UNIQUE constraint, or with .references a foreign key, over several columns. */
typedef struct {
  const char *name;
  const char *columns;    /* "team_id, user_id" */
  const char *references; /* foreign key: "members (team_id, user_id)"; NULL: unique */
  CormAction on_delete;
  CormAction on_update;
} CormConstraint;

typedef struct {
  const char *name;
  const char *sql;
} CormModelCheck;

struct _CormModel {
  const char *type; /* the struct's name */
  const char *table;
  gsize size;
  const CormColumn *columns;
  gsize n_columns;
  const CormIndex *indexes;
  gsize n_indexes;
  const CormConstraint *constraints;
  gsize n_constraints;
  const CormModelCheck *checks;
  gsize n_checks;
  const CormRelation *relations;
  gsize n_relations;
  const char *was; /* the table's former name */
  const char *comment;
  const CormModel *alias_of; /* CORM_ALIAS: the model, whose rows this one reads under another name */
  bool is_shape;             /* CORM_SHAPE: columns of a result, without a table */
  bool is_strict;            /* CORM_STRICT … */
  gsize loaded;              /* … the offset of the CormLoaded member */
};

#ifndef __cplusplus /* C++ has no _Generic: it fills the structs above */
/* clang-format off */
#define CORM_MEMBER(T, m) (((T *) 0)->m)
#define CORM_CTYPE(T, m) _Generic (CORM_MEMBER (T, m), \
  bool: CORM_C_BOOL, gint16: CORM_C_INT16, gint32: CORM_C_INT32, guint32: CORM_C_UINT32, gint64: CORM_C_INT64, \
  float: CORM_C_FLOAT, double: CORM_C_DOUBLE, const char *: CORM_C_TEXT, CormBytes: CORM_C_BYTES, \
  CormDecimal: CORM_C_DECIMAL, CormJson: CORM_C_JSON, CormDate: CORM_C_DATE, CormTime: CORM_C_TIME, \
  CormTimestamp: CORM_C_TIMESTAMP, CormLocalTimestamp: CORM_C_LOCAL_TIMESTAMP, CormUuid: CORM_C_UUID, \
  CormOptBool: CORM_C_OPT + CORM_C_BOOL, CormOptInt16: CORM_C_OPT + CORM_C_INT16, \
  CormOptInt32: CORM_C_OPT + CORM_C_INT32, CormOptEnum: CORM_C_OPT + CORM_C_UINT32, \
  CormOptInt64: CORM_C_OPT + CORM_C_INT64, CormOptFloat: CORM_C_OPT + CORM_C_FLOAT, \
  CormOptDouble: CORM_C_OPT + CORM_C_DOUBLE, CormOptDate: CORM_C_OPT + CORM_C_DATE, \
  CormOptTime: CORM_C_OPT + CORM_C_TIME, CormOptTimestamp: CORM_C_OPT + CORM_C_TIMESTAMP, \
  CormOptLocalTimestamp: CORM_C_OPT + CORM_C_LOCAL_TIMESTAMP, CormOptUuid: CORM_C_OPT + CORM_C_UUID)
#define CORM_COLUMN(T, m, ...) CORM_COLUMN_NAMED (T, m, #m, __VA_ARGS__)
/* The same for a column whose name is not the member's. */
#define CORM_COLUMN_NAMED(T, m, column, ...) \
  { .name = column, .member = #m, .offset = offsetof (T, m), .ctype = (CormCType) (CORM_CTYPE (T, m)), __VA_ARGS__ }

#define CORM_COLUMNS(a) .columns = (a), .n_columns = G_N_ELEMENTS (a)
#define CORM_INDEXES(a) .indexes = (a), .n_indexes = G_N_ELEMENTS (a)
#define CORM_CONSTRAINTS(a) .constraints = (a), .n_constraints = G_N_ELEMENTS (a)
#define CORM_CHECKS(a) .checks = (a), .n_checks = G_N_ELEMENTS (a)
#define CORM_MODEL(T, t, ...) { .type = #T, .table = (t), .size = sizeof (T), __VA_ARGS__ }

/* What the command reads from a shared library: corm inspect models:./LIB.so */
#define CORM_EXPORT_MODELS(...) CORM_PUBLIC const CormModel *const corm_models[] = { __VA_ARGS__, NULL }

/* Declares T_model and, all typed, with conn first and GError ** last:
 *   gboolean p_insert (conn, T *row, e)        defaults and generated keys come back into the row
 *   gboolean p_update (conn, T *row, e)        every column, by key; NOT_FOUND when there is none
 *   gboolean p_upsert (conn, T *row, e)        insert, or update on the same primary key
 *   gboolean p_delete (conn, const T *row, e)
 *   T *      p_get (conn, const T *key, e)     the key's members of key are read; free with p_free()
 *   void     p_free (T *row)                   for what p_get returned; g_autoptr (T) works */
#define CORM_DECLARE_MODEL(T, p) \
  extern const CormModel T##_model; \
  static inline G_GNUC_UNUSED gboolean p##_insert (CormConnection *conn, T *row, GError **error) \
  { return corm_insert_row (&T##_model, conn, row, error); } \
  static inline G_GNUC_UNUSED gboolean p##_update (CormConnection *conn, T *row, GError **error) \
  { return corm_update_row (&T##_model, conn, row, NULL, error); } \
  static inline G_GNUC_UNUSED gboolean p##_upsert (CormConnection *conn, T *row, GError **error) \
  { return corm_upsert_row (&T##_model, conn, row, error); } \
  static inline G_GNUC_UNUSED gboolean p##_delete (CormConnection *conn, const T *row, GError **error) \
  { return corm_delete_row (&T##_model, conn, row, error); } \
  static inline G_GNUC_UNUSED T *p##_get (CormConnection *conn, const T *key, GError **error) \
  { return (T *) corm_get_row (&T##_model, conn, key, error); } \
  static inline G_GNUC_UNUSED void p##_free (T *row) { corm_row_free (row); } \
  G_DEFINE_AUTOPTR_CLEANUP_FUNC (T, p##_free)
/* clang-format on */
#endif

G_END_DECLS
