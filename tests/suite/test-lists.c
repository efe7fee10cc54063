/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* IN with lists of every length and of every type: long ones travel as one text, and find what short ones find. */
#include "every.h"

enum { LONG = 1000, MILLION = 1000000 };

/* Keys in the longest lists: $CORM_TEST_KEYS, else a million, and a tenth through libdbi, which hands the same text on; of
 * texts, for which MariaDB takes a minute, a tenth of that. */
static guint
n_keys (const Suite *suite)
{
  const char *text = g_getenv ("CORM_TEST_KEYS");
  guint usual = g_str_has_prefix (suite->backend, "dbi:") ? MILLION / 10 : MILLION;
  return text != NULL ? (guint) MAX (g_ascii_strtoull (text, NULL, 10), LONG) : usual;
}

/* A fourth row without values is there too: it is in no list, and in no list's opposite. */
static const Every rows[] = {
  { .id = 1,
    .boolean = CORM_SOME (false),
    .int16 = CORM_SOME (-32768),
    .int32 = CORM_SOME (G_MININT32),
    .int64 = CORM_SOME (G_MININT64),
    .float32 = CORM_SOME (0.1f),
    .float64 = CORM_SOME (0.1),
    .decimal15 = { "-9.5" },
    .decimal38 = { "1234567890123456789012345678.0000000001" },
    .decimal = { "-0.50" },
    .text = "a \"quoted\\ {text}, with a 'comma\n\t",
    .varchar = "NULL",
    .bytes = { (const guint8 *) "\0\xff\\\"", 4 },
    .date = { true, { -719162 } },
    .time = { true, { G_GINT64_CONSTANT (86399999999) } },
    .timestamp = { true, { G_GINT64_CONSTANT (1700000000000001) } },
    .local = { true, { G_GINT64_CONSTANT (-62135596800000000) } },
    .uuid = { true, { { 0x7f, 0xff, 1 } } },
    .json = { "[1]" },
    .label = CORM_SOME (1),
    .enumeration = CORM_SOME (1) },
  { .id = 2,
    .boolean = CORM_SOME (true),
    .int16 = CORM_SOME (1),
    .int32 = CORM_SOME (1),
    .int64 = CORM_SOME (G_GINT64_CONSTANT (9007199254740993)),
    .float32 = CORM_SOME (2.0f),
    .float64 = CORM_SOME (1e300),
    .decimal15 = { "1" },
    .decimal38 = { "1" },
    .decimal = { "12345678901234567890" },
    .text = "",
    .varchar = "ä€😀",
    .bytes = { (const guint8 *) "", 0 },
    .date = { true, { 0 } },
    .time = { true, { 0 } },
    .timestamp = { true, { 0 } },
    .local = { true, { 0 } },
    .uuid = { true, { { 0 } } },
    .json = { "[2]" },
    .label = CORM_SOME (2),
    .enumeration = CORM_SOME (2) },
  { .id = 3 },
};

static void
begin (Suite *suite)
{
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    Every copy = rows[i];
    assert_ok (corm_insert_row (&Every_model, suite->conn, &copy, error));
  }
}

static guint64
count (Suite *suite, CormExpr where)
{
  guint64 n = 0;
  assert_ok (corm_count_rows (&Every_model, suite->conn, &n, error, &(CormFind){ .where = where }));
  return n;
}

/* A list of LONG times the other value with @value at its end finds row 1 alone, as does its opposite row 2. */
#define LISTS(member, value, other) \
  do { \
    __typeof__ (CORM_PLAIN (Every, member)) *list = g_new (__typeof__ (CORM_PLAIN (Every, member)), LONG); \
    for (guint i = 0; i < LONG; i++) \
      list[i] = (other); \
    list[LONG - 1] = (value); \
    const CormExpr in = CORM_IN_ARRAY (Every, member, list, LONG); \
    if (count (suite, in) != 1 || count (suite, CORM_ALL (in, CORM_EQ (Every, id, 1))) != 1 || \
        count (suite, CORM_NOT (in)) != 1 || \
        count (suite, CORM_ALL (CORM_NOT (in), CORM_EQ (Every, id, 2))) != 1) \
      fail_msg (#member ": the long list finds other rows"); \
    g_free (list); \
  } while (0)

static void
every_type (Suite *suite)
{
  begin (suite);
  LISTS (int16, rows[0].int16.value, 7);
  LISTS (int32, rows[0].int32.value, 7);
  LISTS (int64, rows[0].int64.value, G_GINT64_CONSTANT (9007199254740992));
  LISTS (float32, rows[0].float32.value, 7);
  LISTS (float64, rows[0].float64.value, 7);
  LISTS (decimal15, ((CormDecimal){ "-9.50" }), ((CormDecimal){ "7" }));
  LISTS (text, rows[0].text, "x");
  LISTS (varchar, rows[0].varchar, "x");
  LISTS (bytes, rows[0].bytes, ((CormBytes){ (const guint8 *) "\xff", 1 }));
  LISTS (date, rows[0].date.value, ((CormDate){ 5 }));
  LISTS (time, rows[0].time.value, ((CormTime){ 5 }));
  LISTS (timestamp, rows[0].timestamp.value, ((CormTimestamp){ 5 }));
  LISTS (local, rows[0].local.value, ((CormLocalTimestamp){ 5 }));
  LISTS (uuid, rows[0].uuid.value, ((CormUuid){ { 5 } }));
  LISTS (label, 1, 0);
  LISTS (enumeration, 1, 0);
}

static void
long_decimals (Suite *suite)
{
  begin (suite);
  LISTS (decimal38, ((CormDecimal){ "1234567890123456789012345678.00000000010" }), ((CormDecimal){ "7" }));
  LISTS (decimal, ((CormDecimal){ "-0.5" }), ((CormDecimal){ "7" }));
}

static void
a_million (Suite *suite)
{
  guint n = n_keys (suite);
  begin (suite);
  g_autofree gint64 *list = g_new (gint64, n);
  for (guint i = 0; i < n; i++)
    list[i] = 3 * (gint64) i;
  list[n / 2] = G_GINT64_CONSTANT (9007199254740993);
  assert_int_equal (count (suite, CORM_IN_ARRAY (Every, int64, list, n)), 1);
  assert_int_equal (count (suite, CORM_NOT (CORM_IN_ARRAY (Every, int64, list, n))), 1);
}

static void
many_texts (Suite *suite)
{
  guint n = n_keys (suite) / 10;
  begin (suite);
  g_autofree char *room = g_malloc ((gsize) n * 8);
  g_autofree const char **list = g_new (const char *, n);
  for (guint i = 0; i < n; i++) {
    g_snprintf (room + 8 * (gsize) i, 8, "%u", i);
    list[i] = room + 8 * (gsize) i;
  }
  list[n / 2] = "NULL";
  assert_int_equal (count (suite, CORM_IN_ARRAY (Every, varchar, list, n)), 1);
}

static void
no_elements (Suite *suite)
{
  begin (suite);
  const gint64 none[] = { 0 };
  assert_int_equal (count (suite, CORM_IN_ARRAY (Every, int64, none, 0)), 0);
  assert_int_equal (count (suite, CORM_NOT (CORM_IN_ARRAY (Every, int64, none, 0))), 3);
}

int
main (void)
{
  static const SuiteCase cases[] = {
    { "every type", every_type, 0 },   { "long decimals", long_decimals, CORM_CAP_LONG_DECIMAL },
    { "a million", a_million, 0 },     { "many texts", many_texts, 0 },
    { "no elements", no_elements, 0 },
  };
  return SUITE_RUN (every_models, cases);
}
