/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Cells as PostgreSQL sends them, in its binary form and as text. The first byte chooses the type, the second what is
 * asked for, the third the form; the rest is the cell. */
#include "config.h"

#include "target.h"

#ifdef HAVE_PGSQL
#include "../../drivers/pgsql/pgsql.h"

#include <string.h>

static const Oid oids[] = { CORM_PGSQL_BOOL,
                            CORM_PGSQL_BYTEA,
                            CORM_PGSQL_INT8,
                            CORM_PGSQL_INT2,
                            CORM_PGSQL_INT4,
                            CORM_PGSQL_TEXT,
                            CORM_PGSQL_JSON,
                            CORM_PGSQL_FLOAT4,
                            CORM_PGSQL_FLOAT8,
                            CORM_PGSQL_BPCHAR,
                            CORM_PGSQL_DATE,
                            CORM_PGSQL_TIME,
                            26,
                            CORM_PGSQL_UUID,
                            CORM_PGSQL_JSONB,
                            CORM_PGSQL_TIMESTAMP,
                            CORM_PGSQL_TIMESTAMPTZ,
                            CORM_PGSQL_NUMERIC };

enum { BYTEA = 1, TIME = 11, TIMESTAMPTZ = 16 }; /* of these */

/* What is within a type's limits, whoever sent it. */
static void
check_limits (const CormValue *value, const char *text)
{
  const gint64 day = CORM_PGSQL_US_PER_DAY;
  gboolean ok = TRUE;
  switch (value->type) {
  case CORM_TYPE_BOOLEAN:
    ok = value->i == 0 || value->i == 1;
    break;
  case CORM_TYPE_DATE:
    ok = value->i >= CORM_FIRST_DAY && value->i <= CORM_LAST_DAY;
    break;
  case CORM_TYPE_TIME:
    ok = value->i >= 0 && value->i < day;
    break;
  case CORM_TYPE_TIMESTAMP:
  case CORM_TYPE_LOCAL_TIMESTAMP:
    ok = value->i >= CORM_PGSQL_US_FIRST && value->i < CORM_PGSQL_US_END;
    break;
  default:
    break;
  }
  if (!ok)
    fuzz_complain ("a value outside its type", text);
}

/* Sent back it is the same value. */
static void
check_sent (const CormPgsqlType *type, const CormValue *value, const char *text)
{
  CormPgsqlCell cell = { 0 };
  CormValue again = { .type = type->type };
  g_autoptr (GString) scratch = g_string_new (NULL);
  if (value->type != type->type || type->encode (value, &cell) != NULL)
    return;
  if (type->decode (cell.data, cell.size, scratch, &again) != NULL || !corm_value_equal (value, &again))
    fuzz_complain ("sent back it is another value", text);
  corm_pgsql_cell_clear (&cell);
}

static void
check_cell (const guint8 *data, gsize size)
{
  if (size < 3)
    return;
  const CormPgsqlType *type = corm_pgsql_type_builtin (oids[data[0] % G_N_ELEMENTS (oids)]);
  CormSqlType wanted = { .type = (CormType) (data[1] % CORM_N_TYPES) };
  gboolean is_text = data[2] % 2 == 1;
  g_autofree char *cell = g_strndup ("", size - 3); /* libpq puts a NUL behind it too */
  memcpy (cell, data + 3, size - 3);
  g_autoptr (GError) error = NULL;
  CormPgsqlColumn column = { 0 };
  CormValue value;
  corm_pgsql_column_init (&column, "c", type, &wanted, is_text);
  gboolean ok = corm_pgsql_column_decode (&column, cell, (int) (size - 3), &value, &error);
  fuzz_check_error (ok, error, cell);
  if (ok) {
    g_autoptr (GString) shown = g_string_new (NULL);
    check_limits (&value, cell);
    corm_value_append_text (&value, shown);
    check_sent (type, &value, cell);
  }
  corm_pgsql_column_clear (&column);
}

static void
add_cell (GPtrArray *inputs, guint type, const char *cell, gsize size, gboolean is_text)
{
  GByteArray *input = g_byte_array_new ();
  const guint8 head[] = { (guint8) type, 0, (guint8) is_text };
  g_byte_array_append (input, head, sizeof head);
  g_byte_array_append (input, (const guint8 *) cell, (guint) size);
  g_ptr_array_add (inputs, g_byte_array_free_to_bytes (input));
}

/* A value of each type, in both forms; and what no server should send. */
static void
seed_cells (GPtrArray *inputs)
{
  static const char *const texts[] = { "t",
                                       "\\x00ff",
                                       "-5",
                                       "7",
                                       "123456",
                                       "a\xc3\xa9",
                                       "{\"a\": [1]}",
                                       "1.5",
                                       "-0.1",
                                       "ab",
                                       "2026-01-02",
                                       "03:04:05.678",
                                       "26",
                                       "6f2c1c1e-0b5a-4c3a-9a57-2b8f1d0e4c11",
                                       "[null, true]",
                                       "2026-01-02 03:04:05.678",
                                       "2026-01-02 03:04:05+00",
                                       "-12345678901234567890.0500" };
  G_STATIC_ASSERT (G_N_ELEMENTS (texts) == G_N_ELEMENTS (oids));
  for (guint i = 0; i < G_N_ELEMENTS (oids); i++) {
    const CormPgsqlType *type = corm_pgsql_type_builtin (oids[i]);
    const CormSqlType of_value = { .type = type->type };
    CormPgsqlCell cell = { 0 };
    CormValue value;
    add_cell (inputs, i, texts[i], strlen (texts[i]), TRUE);
    if (corm_value_parse (&of_value, texts[i], -1, &value, NULL) && type->encode (&value, &cell) == NULL)
      add_cell (inputs, i, cell.data, (gsize) cell.size, FALSE);
    corm_pgsql_cell_clear (&cell);
  }
  add_cell (inputs, BYTEA, "\\xzz", 4, TRUE);
  add_cell (inputs, TIME, "\xff\xff\xff\xff\xff\xff\xff\xff", 8, FALSE); /* a µs before 00:00 */
  add_cell (inputs, TIMESTAMPTZ, "\x80\0\0\0\0\0\0\1", 8, FALSE); /* the day before has no number of µs */
}

const FuzzTarget fuzz_cell_targets[] = { { "cell", check_cell, seed_cells, NULL },
                                         { NULL, NULL, NULL, NULL } };
#else
const FuzzTarget fuzz_cell_targets[] = { { NULL, NULL, NULL, NULL } };
#endif
