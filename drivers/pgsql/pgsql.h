/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* What the files of this folder share. Values travel in the server's binary form wherever its type is in the table of
 * types.c, else as text: a type that nobody here knows is slower, never wrong. */
#pragma once

#include "../dialects.h"

#include <libpq-fe.h>

/* --- types.c: the server's types ------------------------------------------------------------------------------ */

/* Object identifiers of pg_type.dat that are named in more than one place. */
enum {
  CORM_PGSQL_BOOL = 16,
  CORM_PGSQL_BYTEA = 17,
  CORM_PGSQL_INT8 = 20,
  CORM_PGSQL_INT2 = 21,
  CORM_PGSQL_INT4 = 23,
  CORM_PGSQL_TEXT = 25,
  CORM_PGSQL_JSON = 114,
  CORM_PGSQL_FLOAT4 = 700,
  CORM_PGSQL_FLOAT8 = 701,
  CORM_PGSQL_BPCHAR = 1042,
  CORM_PGSQL_VARCHAR = 1043,
  CORM_PGSQL_DATE = 1082,
  CORM_PGSQL_TIME = 1083,
  CORM_PGSQL_TIMESTAMP = 1114,
  CORM_PGSQL_TIMESTAMPTZ = 1184,
  CORM_PGSQL_NUMERIC = 1700,
  CORM_PGSQL_UUID = 2950,
  CORM_PGSQL_JSONB = 3802,
};

/* Times count from 2000-01-01 there and from 1970-01-01 here, and end at the years 0001 and 9999. */
#define CORM_PGSQL_DAYS_TO_2000 10957
#define CORM_PGSQL_US_PER_DAY G_GINT64_CONSTANT (86400000000)
#define CORM_PGSQL_US_TO_2000 (CORM_PGSQL_US_PER_DAY * CORM_PGSQL_DAYS_TO_2000)
#define CORM_PGSQL_US_FIRST (CORM_PGSQL_US_PER_DAY * CORM_FIRST_DAY)
#define CORM_PGSQL_US_END (CORM_PGSQL_US_PER_DAY * (CORM_LAST_DAY + 1))

/* A value in the server's form. @data borrows from the value, from @fixed or from @scratch. */
typedef struct {
  const char *data; /* NULL: NULL */
  int size;
  char fixed[16];
  GString *scratch;   /* made when first needed */
  GString *converted; /* of a value that had to change its type first */
} CormPgsqlCell;

/* Both return NULL, or the reason why the value cannot be held. decode fills all but type and is_null. */
typedef const char *(*CormPgsqlEncode) (const CormValue *value, CormPgsqlCell *cell);
typedef const char *(*CormPgsqlDecode) (const char *data, int size, GString *scratch, CormValue *value);

typedef struct {
  Oid oid;
  CormType type; /* what its values are */
  guint accepts; /* bit 1 << CormType: encode takes such values as they are */
  CormPgsqlEncode encode;
  CormPgsqlDecode decode;
} CormPgsqlType;

/* NULL: the server's own types that only it can write down. */
const CormPgsqlType *corm_pgsql_type_builtin (Oid oid);
/* The same, and for types that were created in the database (enums), which it asks for once per connection. */
const CormPgsqlType *corm_pgsql_type_find (CormLink *link, Oid oid);
/* What a parameter of @type is declared as; 0: the server infers it from where it stands. */
Oid corm_pgsql_type_oid (CormType type);

/* --- numeric.c, encode.c, decode.c: values --------------------------------------------------------------------- */

const char *corm_pgsql_numeric_encode (const char *text, gsize size, GString *out);
const char *corm_pgsql_numeric_decode (const char *data, int size, GString *out);

const char *corm_pgsql_encode_bool (const CormValue *value, CormPgsqlCell *cell);
const char *corm_pgsql_encode_int2 (const CormValue *value, CormPgsqlCell *cell);
const char *corm_pgsql_encode_int4 (const CormValue *value, CormPgsqlCell *cell);
const char *corm_pgsql_encode_int8 (const CormValue *value, CormPgsqlCell *cell);
const char *corm_pgsql_encode_oid (const CormValue *value, CormPgsqlCell *cell);
const char *corm_pgsql_encode_float4 (const CormValue *value, CormPgsqlCell *cell);
const char *corm_pgsql_encode_float8 (const CormValue *value, CormPgsqlCell *cell);
const char *corm_pgsql_encode_numeric (const CormValue *value, CormPgsqlCell *cell);
const char *corm_pgsql_encode_bytes (const CormValue *value, CormPgsqlCell *cell);
const char *corm_pgsql_encode_jsonb (const CormValue *value, CormPgsqlCell *cell);
const char *corm_pgsql_encode_date (const CormValue *value, CormPgsqlCell *cell);
const char *corm_pgsql_encode_time (const CormValue *value, CormPgsqlCell *cell);
const char *corm_pgsql_encode_timestamp (const CormValue *value, CormPgsqlCell *cell);
const char *corm_pgsql_encode_uuid (const CormValue *value, CormPgsqlCell *cell);

/* The reason why a column of type @oid with @modifier (atttypmod, -1: none) cannot hold @value; NULL: it can. */
const char *corm_pgsql_check_limits (Oid oid, int modifier, const CormValue *value);

/* Where a value goes. */
typedef struct {
  const CormPgsqlType *type; /* NULL: unknown, so as text */
  int modifier;              /* of a table's column; -1: none */
  gboolean as_text;          /* the text form, with a NUL behind it */
} CormPgsqlTarget;

/* @value into @cell, in the form that @target asks for. Errors: CONVERSION. */
gboolean corm_pgsql_encode (const CormPgsqlTarget *target, const CormValue *value, CormPgsqlCell *cell,
                            GError **error);
void corm_pgsql_cell_clear (CormPgsqlCell *cell);

const char *corm_pgsql_decode_bool (const char *data, int size, GString *scratch, CormValue *value);
const char *corm_pgsql_decode_int2 (const char *data, int size, GString *scratch, CormValue *value);
const char *corm_pgsql_decode_int4 (const char *data, int size, GString *scratch, CormValue *value);
const char *corm_pgsql_decode_int8 (const char *data, int size, GString *scratch, CormValue *value);
const char *corm_pgsql_decode_oid (const char *data, int size, GString *scratch, CormValue *value);
const char *corm_pgsql_decode_float4 (const char *data, int size, GString *scratch, CormValue *value);
const char *corm_pgsql_decode_float8 (const char *data, int size, GString *scratch, CormValue *value);
const char *corm_pgsql_decode_numeric (const char *data, int size, GString *scratch, CormValue *value);
const char *corm_pgsql_decode_bytes (const char *data, int size, GString *scratch, CormValue *value);
const char *corm_pgsql_decode_padded (const char *data, int size, GString *scratch, CormValue *value);
const char *corm_pgsql_decode_jsonb (const char *data, int size, GString *scratch, CormValue *value);
const char *corm_pgsql_decode_date (const char *data, int size, GString *scratch, CormValue *value);
const char *corm_pgsql_decode_time (const char *data, int size, GString *scratch, CormValue *value);
const char *corm_pgsql_decode_timestamp (const char *data, int size, GString *scratch, CormValue *value);
const char *corm_pgsql_decode_uuid (const char *data, int size, GString *scratch, CormValue *value);

/* A column of a result, compiled once: from what the server sends to what is asked for. */
typedef struct {
  const char *name;          /* borrowed */
  const CormPgsqlType *type; /* NULL: raw */
  CormSqlType wanted;
  gboolean is_text;      /* the server sends text */
  gboolean is_direct;    /* what decode gives needs no conversion */
  gboolean is_asked;     /* the statement says which type it wants */
  CormPgsqlDecode plain; /* all that a cell needs, in the binary form; NULL: it needs more */
  GString *scratch, *converted;
} CormPgsqlColumn;

/* @wanted NULL: as the server has it. */
void corm_pgsql_column_init (CormPgsqlColumn *column, const char *name, const CormPgsqlType *type,
                             const CormSqlType *wanted, gboolean is_text);
void corm_pgsql_column_clear (CormPgsqlColumn *column);
/* Errors: CONVERSION, naming the column. */
gboolean corm_pgsql_column_decode (CormPgsqlColumn *column, const char *data, int size, CormValue *value,
                                   GError **error);

/* --- connection.c, explain.c, error.c --------------------------------------------------------------------------- */

typedef struct _CormPgsqlStatement CormPgsqlStatement;

/* The driver's part of a link. */
typedef struct {
  guint n_names;                 /* given to prepared statements so far */
  GPtrArray *dead;               /* names that are still prepared on the server and used no more */
  GHashTable *types;             /* Oid -> const CormPgsqlType *, of types created in the database */
  CormPgsqlStatement *streaming; /* its rows are on the wire: nothing else can be sent */
  gboolean
      untold; /* the transaction failed, behind rows that nobody wanted, in a way that is worth another run */
  gboolean pooled; /* a pooler gives each transaction another session of the server's: none keeps anything */
} CormPgsqlLink;

gboolean corm_pgsql_configure (const CormUri *uri, const CormDbOptions *options, CormSetOption set,
                               gpointer data, GError **error);
void corm_pgsql_explain (const CormUri *uri, const CormDbOptions *options, const char *text, GError **error);
gboolean corm_pgsql_connect (CormLink *link, GError **error);
void corm_pgsql_disconnect (CormLink *link);
gboolean corm_pgsql_ping (CormLink *link, GError **error);
gboolean corm_pgsql_is_alive (CormLink *link);
gboolean corm_pgsql_in_transaction (CormLink *link);
gboolean corm_pgsql_set_deadline (CormLink *link, guint ms, GError **error);
gboolean corm_pgsql_run (CormLink *link, const char *sql, GError **error);

/* TRUE when @result (NULL: nothing came) is a success; else sets @error. @sql is shown without its literals. */
gboolean corm_pgsql_check (CormLink *link, const PGresult *result, const char *doing, const char *sql,
                           GError **error);
/* Throws away what is still on the wire, and leaves COPY when a statement entered it. */
void corm_pgsql_drain (PGconn *conn);
/* Keeps in mind what a failed @result (nullable) means for the connection. TRUE: the transaction is worth another run. */
gboolean corm_pgsql_note_failure (CormLink *link, const PGresult *result);

/* --- statement.c, bulk.c ------------------------------------------------------------------------------------------ */

gpointer corm_pgsql_prepare (CormLink *link, const CormStatementSpec *spec, GError **error);
gboolean corm_pgsql_execute (CormLink *link, gpointer statement, const CormValue *params, gboolean stream,
                             GError **error);
guint corm_pgsql_n_columns (CormLink *link, gpointer statement);
const char *corm_pgsql_column_name (CormLink *link, gpointer statement, guint column);
CormStep corm_pgsql_step (CormLink *link, gpointer statement, CormValue *row, GError **error);
guint64 corm_pgsql_n_changed (CormLink *link, gpointer statement);
void corm_pgsql_reset (CormLink *link, gpointer statement);
void corm_pgsql_finalize (CormLink *link, gpointer statement);
/* Drops finalized statements on the server, when there are some. */
void corm_pgsql_bury (CormLink *link);
/* Takes the rows that are still on the wire off it, so that something else can be sent. */
void corm_pgsql_stop_streaming (CormLink *link);
/* Whether a transaction was open before @statement was sent. */
gboolean corm_pgsql_statement_in_transaction (const CormPgsqlStatement *statement);

gpointer corm_pgsql_bulk_begin (CormLink *link, const char *table, const char *const *columns,
                                const CormSqlType *types, guint n_columns, GError **error);
gboolean corm_pgsql_bulk_row (CormLink *link, gpointer bulk, const CormValue *row, GError **error);
gboolean corm_pgsql_bulk_end (CormLink *link, gpointer bulk, gboolean keep, guint64 *n_rows, GError **error);
