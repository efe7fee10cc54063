/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* The server's types: what their values are here, and who reads and writes their binary form. A type that is not in
 * the table and is no enum of the database travels as text. */
#include "pgsql.h"

#define BIT(t) (1u << CORM_TYPE_##t)
#define INTEGERS (BIT (INT16) | BIT (INT32) | BIT (INT64))
#define FLOATS (BIT (FLOAT32) | BIT (FLOAT64))
#define TEXTS (BIT (TEXT) | BIT (ENUM) | BIT (RAW) | BIT (JSON))

#define READS(x) corm_pgsql_encode_##x, corm_pgsql_decode_##x

/* By oid. (FLOAT64 in a numeric, or INT64 in a real, are no matter of bytes: they are converted first.) */
static const CormPgsqlType types[] = {
  { CORM_PGSQL_BOOL, CORM_TYPE_BOOLEAN, BIT (BOOLEAN), READS (bool) },
  { CORM_PGSQL_BYTEA, CORM_TYPE_BYTES, BIT (BYTES), READS (bytes) },
  { 18, CORM_TYPE_TEXT, TEXTS, READS (bytes) }, /* "char" */
  { 19, CORM_TYPE_TEXT, TEXTS, READS (bytes) }, /* name */
  { CORM_PGSQL_INT8, CORM_TYPE_INT64, INTEGERS, READS (int8) },
  { CORM_PGSQL_INT2, CORM_TYPE_INT16, INTEGERS, READS (int2) },
  { CORM_PGSQL_INT4, CORM_TYPE_INT32, INTEGERS, READS (int4) },
  { CORM_PGSQL_TEXT, CORM_TYPE_TEXT, TEXTS, READS (bytes) },
  { 26, CORM_TYPE_INT64, INTEGERS, READS (oid) }, /* oid */
  { 28, CORM_TYPE_INT64, INTEGERS, READS (oid) }, /* xid */
  { 29, CORM_TYPE_INT64, INTEGERS, READS (oid) }, /* cid */
  { CORM_PGSQL_JSON, CORM_TYPE_JSON, TEXTS, READS (bytes) },
  { CORM_PGSQL_FLOAT4, CORM_TYPE_FLOAT32, FLOATS, READS (float4) },
  { CORM_PGSQL_FLOAT8, CORM_TYPE_FLOAT64, FLOATS, READS (float8) },
  { 705, CORM_TYPE_TEXT, TEXTS, READS (bytes) }, /* unknown */
  { CORM_PGSQL_BPCHAR, CORM_TYPE_TEXT, TEXTS, corm_pgsql_encode_bytes, corm_pgsql_decode_padded },
  { CORM_PGSQL_VARCHAR, CORM_TYPE_TEXT, TEXTS, READS (bytes) },
  { CORM_PGSQL_DATE, CORM_TYPE_DATE, BIT (DATE), READS (date) },
  { CORM_PGSQL_TIME, CORM_TYPE_TIME, BIT (TIME), READS (time) },
  { CORM_PGSQL_TIMESTAMP, CORM_TYPE_LOCAL_TIMESTAMP, BIT (LOCAL_TIMESTAMP), READS (timestamp) },
  { CORM_PGSQL_TIMESTAMPTZ, CORM_TYPE_TIMESTAMP, BIT (TIMESTAMP), READS (timestamp) },
  { CORM_PGSQL_NUMERIC, CORM_TYPE_DECIMAL, BIT (DECIMAL), READS (numeric) },
  { 2278, CORM_TYPE_TEXT, TEXTS, READS (bytes) }, /* void, empty */
  { CORM_PGSQL_UUID, CORM_TYPE_UUID, BIT (UUID), READS (uuid) },
  { CORM_PGSQL_JSONB, CORM_TYPE_JSON, TEXTS, READS (jsonb) },
};

/* Of the database's own: enums, and extensions' types that are sent as text (citext). */
static const CormPgsqlType enum_type = { 0, CORM_TYPE_ENUM, TEXTS, READS (bytes) };
static const CormPgsqlType text_type = { 0, CORM_TYPE_TEXT, TEXTS, READS (bytes) };

enum { FIRST_NORMAL_OID = 16384 }; /* below are the server's own: access/transam.h */

const CormPgsqlType *
corm_pgsql_type_builtin (Oid oid)
{
  guint low = 0, high = G_N_ELEMENTS (types);
  while (low < high) {
    guint middle = (low + high) / 2;
    if (types[middle].oid == oid)
      return &types[middle];
    if (types[middle].oid < oid)
      low = middle + 1;
    else
      high = middle;
  }
  return NULL;
}

static const CormPgsqlType *
ask (CormLink *link, Oid oid)
{
  char number[16];
  const char *params[] = { number };
  const CormPgsqlType *type = NULL;
  g_snprintf (number, sizeof number, "%u", oid);
  PGresult *result = PQexecParams (
      link->handle,
      "SELECT typtype, typsend = 'pg_catalog.textsend'::pg_catalog.regproc FROM pg_catalog.pg_type "
      "WHERE oid = $1::pg_catalog.oid",
      1, NULL, params, NULL, NULL, 0);
  if (PQresultStatus (result) == PGRES_TUPLES_OK && PQntuples (result) == 1) {
    if (*PQgetvalue (result, 0, 0) == 'e')
      type = &enum_type;
    else if (*PQgetvalue (result, 0, 1) == 't')
      type = &text_type;
  }
  PQclear (result);
  return type;
}

const CormPgsqlType *
corm_pgsql_type_find (CormLink *link, Oid oid)
{
  CormPgsqlLink *own = link->data;
  gpointer known;
  if (oid < FIRST_NORMAL_OID)
    return corm_pgsql_type_builtin (oid);
  if (g_hash_table_lookup_extended (own->types, GUINT_TO_POINTER (oid), NULL, &known))
    return known;
  const CormPgsqlType *type = ask (link, oid);
  g_hash_table_insert (own->types, GUINT_TO_POINTER (oid), (gpointer) type);
  return type;
}

Oid
corm_pgsql_type_oid (CormType type)
{
  static const Oid oids[CORM_N_TYPES] = {
    [CORM_TYPE_BOOLEAN] = CORM_PGSQL_BOOL,
    [CORM_TYPE_INT16] = CORM_PGSQL_INT2,
    [CORM_TYPE_INT32] = CORM_PGSQL_INT4,
    [CORM_TYPE_INT64] = CORM_PGSQL_INT8,
    [CORM_TYPE_FLOAT32] = CORM_PGSQL_FLOAT4,
    [CORM_TYPE_FLOAT64] = CORM_PGSQL_FLOAT8,
    [CORM_TYPE_DECIMAL] = CORM_PGSQL_NUMERIC,
    [CORM_TYPE_TEXT] = CORM_PGSQL_TEXT,
    [CORM_TYPE_BYTES] = CORM_PGSQL_BYTEA,
    [CORM_TYPE_DATE] = CORM_PGSQL_DATE,
    [CORM_TYPE_TIME] = CORM_PGSQL_TIME,
    [CORM_TYPE_TIMESTAMP] = CORM_PGSQL_TIMESTAMPTZ,
    [CORM_TYPE_LOCAL_TIMESTAMP] = CORM_PGSQL_TIMESTAMP,
    [CORM_TYPE_UUID] = CORM_PGSQL_UUID,
    [CORM_TYPE_JSON] = CORM_PGSQL_JSON,
  };
  return type < CORM_N_TYPES ? oids[type] : 0;
}
