/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Every kind of predicate on every type: four rows, three values in rising order and a NULL, and the set of rows that
 * each predicate must find. The values are such that an order of another type (numbers as text, text by a locale) shows. */
#include "every.h"

static const Every rows[] = {
  { .id = 1,
    .boolean = CORM_SOME (false),
    .int16 = CORM_SOME (-5),
    .int32 = CORM_SOME (-70000),
    .int64 = CORM_SOME (G_MININT64),
    .float32 = CORM_SOME (-0.5f),
    .float64 = CORM_SOME (-1e300),
    .decimal15 = { "-10" },
    .decimal38 = { "9" },
    .decimal = { "-0.5" },
    .text = "B",
    .varchar = "10",
    .bytes = { (const guint8 *) "", 0 },
    .date = { true, { -719162 } },
    .time = { true, { 0 } },
    .timestamp = { true, { -1 } },
    .local = { true, { G_GINT64_CONSTANT (-62135596800000000) } },
    .uuid = { true, { { 0 } } },
    .json = { "[1]" },
    .label = CORM_SOME (0),
    .enumeration = CORM_SOME (0) },
  { .id = 2,
    .boolean = CORM_SOME (true),
    .int16 = CORM_SOME (9),
    .int32 = CORM_SOME (9),
    .int64 = CORM_SOME (G_GINT64_CONSTANT (9007199254740993)),
    .float32 = CORM_SOME (0.1f),
    .float64 = CORM_SOME (0.1),
    .decimal15 = { "9.50" },
    .decimal38 = { "10.1" },
    .decimal = { "9.25" },
    .text = "a",
    .varchar = "9",
    .bytes = { (const guint8 *) "\0", 1 },
    .date = { true, { 9 } },
    .time = { true, { 1 } },
    .timestamp = { true, { G_GINT64_CONSTANT (1700000000000000) } },
    .local = { true, { G_GINT64_CONSTANT (1700000000100000) } },
    .uuid = { true, { { 0x7f, 0xff } } },
    .json = { "[2]" },
    .label = CORM_SOME (1),
    .enumeration = CORM_SOME (1) },
  { .id = 3,
    .boolean = CORM_SOME (true),
    .int16 = CORM_SOME (100),
    .int32 = CORM_SOME (70000),
    .int64 = CORM_SOME (G_GINT64_CONSTANT (9007199254740994)),
    .float32 = CORM_SOME (1e10f),
    .float64 = CORM_SOME (1e10),
    .decimal15 = { "10" },
    .decimal38 = { "1234567890123456789012345678.0000000001" },
    .decimal = { "10.0" },
    .text = "ä",
    .varchar = "a",
    .bytes = { (const guint8 *) "\xff", 1 },
    .date = { true, { 2932896 } },
    .time = { true, { G_GINT64_CONSTANT (86399999999) } },
    .timestamp = { true, { G_GINT64_CONSTANT (1700000000000001) } },
    .local = { true, { G_GINT64_CONSTANT (1700000000100001) } },
    .uuid = { true, { { 0xff } } },
    .json = { "[30]" },
    .label = CORM_SOME (2),
    .enumeration = CORM_SOME (2) },
  { .id = 4 },
};

static void
insert_rows (Suite *suite)
{
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    Every row = rows[i];
    assert_ok (corm_insert_row (&Every_model, suite->conn, &row, error));
  }
}

/* The ids of the rows that @where finds, in rising order: "1 3". */
static char *
find_ids (CormConnection *conn, CormExpr where)
{
  g_autoptr (CormRows) found = NULL;
  g_autoptr (GString) ids = g_string_new (NULL);
  assert_ok ((found = corm_find (Every, conn, error, .where = where,
                                 .order = CORM_ORDER (CORM_ASC (Every, id)))) != NULL);
  CORM_FOREACH (Every, row, found)
    g_string_append_printf (ids, "%s%d", ids->len > 0 ? " " : "", (int) row->id);
  return g_strdup (ids->str);
}

static void
assert_finds (CormConnection *conn, const char *what, CormExpr where, const char *want)
{
  g_autofree char *ids = find_ids (conn, where);
  if (!g_str_equal (ids, want))
    fail_msg ("%s finds \"%s\" instead of \"%s\"", what, ids, want);
}

#define FINDS(expr, want) assert_finds (suite->conn, #expr, expr, want)

/* What can be compared with <, by macros that check the types: m, and the second value. */
#define ORDERED(m, v1, v2, v3) \
  do { \
    FINDS (CORM_EQ (Every, m, v2), "2"); \
    FINDS (CORM_NE (Every, m, v2), "1 3"); \
    FINDS (CORM_LT (Every, m, v2), "1"); \
    FINDS (CORM_LE (Every, m, v2), "1 2"); \
    FINDS (CORM_GT (Every, m, v2), "3"); \
    FINDS (CORM_GE (Every, m, v2), "2 3"); \
    FINDS (CORM_BETWEEN (Every, m, v2, v3), "2 3"); \
    FINDS (CORM_BETWEEN (Every, m, v3, v1), ""); \
    FINDS (CORM_IN (Every, m, v1, v3), "1 3"); \
    FINDS (CORM_NOT (CORM_IN (Every, m, v1, v3)), "2"); \
    FINDS (CORM_NOT (CORM_LT (Every, m, v2)), "2 3"); \
    FINDS (CORM_IS_NULL (Every, m), "4"); \
    FINDS (CORM_IS_NOT_NULL (Every, m), "1 2 3"); \
    FINDS (CORM_ANY (CORM_EQ (Every, m, v1), CORM_IS_NULL (Every, m)), "1 4"); \
    assert_order (suite->conn, #m, (CormOrder) CORM_ASC (Every, m), "1 2 3"); \
    assert_order (suite->conn, #m, (CormOrder) CORM_DESC (Every, m), "3 2 1"); \
  } while (0)

static void
assert_order (CormConnection *conn, const char *what, CormOrder order, const char *want)
{
  g_autoptr (CormRows) found = NULL;
  g_autoptr (GString) ids = g_string_new (NULL);
  const CormOrder orders[] = { order, { 0 } };
  assert_ok ((found = corm_find (Every, conn, error, .where = CORM_LT (Every, id, 4), .order = orders)) !=
             NULL);
  CORM_FOREACH (Every, row, found)
    g_string_append_printf (ids, "%s%d", ids->len > 0 ? " " : "", (int) row->id);
  if (!g_str_equal (ids->str, want))
    fail_msg ("%s are in the order %s instead of %s", what, ids->str, want);
}

static void
numbers (Suite *suite)
{
  insert_rows (suite);
  ORDERED (int16, -5, 9, 100);
  ORDERED (int32, -70000, 9, 70000);
  ORDERED (int64, G_MININT64, G_GINT64_CONSTANT (9007199254740993), G_GINT64_CONSTANT (9007199254740994));
  ORDERED (float32, -0.5f, 0.1f, 1e10f);
  ORDERED (float64, -1e300, 0.1, 1e10);
}

static void
decimals (Suite *suite)
{
  insert_rows (suite);
#define D(t) ((CormDecimal){ t })
  ORDERED (decimal15, D ("-10"), D ("9.5"), D ("10.00"));
  if ((suite->caps & CORM_CAP_LONG_DECIMAL) == 0) {
    assert_fails (corm_find (Every, suite->conn, error, .where = CORM_LT (Every, decimal38, D ("1"))),
                  CORM_ERROR_UNSUPPORTED, "every", "decimal38", "15 digits");
    assert_fails (corm_find (Every, suite->conn, error, .order = CORM_ORDER (CORM_ASC (Every, decimal))),
                  CORM_ERROR_UNSUPPORTED, "every", "decimal", "15 digits");
    FINDS (CORM_IS_NULL (Every, decimal38), "4");
    return;
  }
  ORDERED (decimal, D ("-0.50"), D ("9.25"), D ("10"));
  ORDERED (decimal38, D ("9.00"), D ("10.1000"), D ("1234567890123456789012345678.0000000001"));
}

static void
texts (Suite *suite)
{
  insert_rows (suite);
  ORDERED (text, "B", "a", "ä");
  ORDERED (varchar, "10", "9", "a");
  FINDS (CORM_EQ (Every, text, "A"), "");
  FINDS (CORM_EQ (Every, text, "a "), "");
  FINDS (CORM_EQ (Every, text, "' OR 1 = 1 --"), "");
}

static void
bytes (Suite *suite)
{
  insert_rows (suite);
#define B(t) ((CormBytes){ (const guint8 *) (t), sizeof (t) - 1 })
  ORDERED (bytes, B (""), B ("\0"), B ("\xff"));
}

static void
times (Suite *suite)
{
  insert_rows (suite);
#define AT(T, v) ((T){ v })
  ORDERED (date, AT (CormDate, -719162), AT (CormDate, 9), AT (CormDate, 2932896));
  ORDERED (time, AT (CormTime, 0), AT (CormTime, 1), AT (CormTime, G_GINT64_CONSTANT (86399999999)));
  ORDERED (timestamp, AT (CormTimestamp, -1), AT (CormTimestamp, G_GINT64_CONSTANT (1700000000000000)),
           AT (CormTimestamp, G_GINT64_CONSTANT (1700000000000001)));
  ORDERED (local, AT (CormLocalTimestamp, G_GINT64_CONSTANT (-62135596800000000)),
           AT (CormLocalTimestamp, G_GINT64_CONSTANT (1700000000100000)),
           AT (CormLocalTimestamp, G_GINT64_CONSTANT (1700000000100001)));
}

static void
the_rest (Suite *suite)
{
  insert_rows (suite);
  const CormUuid low = { { 0 } }, middle = { { 0x7f, 0xff } }, high = { { 0xff } };
  ORDERED (uuid, low, middle, high);
  FINDS (CORM_EQ (Every, boolean, true), "2 3");
  FINDS (CORM_NE (Every, boolean, true), "1");
  FINDS (CORM_IN (Every, boolean, false), "1");
  FINDS (CORM_NOT (CORM_EQ (Every, boolean, false)), "2 3");
  FINDS (CORM_IS_NULL (Every, boolean), "4");
  FINDS (CORM_EQ (Every, json, (CormJson){ "[2]" }), "2");
  FINDS (CORM_NE (Every, json, (CormJson){ "[2]" }), "1 3");
  FINDS (CORM_IN (Every, json, { "[1]" }, { "[30]" }), "1 3");
  FINDS (CORM_IS_NULL (Every, json), "4");
}

static void
labels (Suite *suite)
{
  insert_rows (suite);
#define LABELLED(m) \
  do { \
    FINDS (CORM_EQ (Every, m, 1), "2"); \
    FINDS (CORM_NE (Every, m, 1), "1 3"); \
    FINDS (CORM_IN (Every, m, 0, 2, 5), "1 3"); \
    FINDS (CORM_NOT (CORM_IN (Every, m, 0, 2)), "2"); \
    FINDS (CORM_IS_NULL (Every, m), "4"); \
    FINDS (CORM_IS_NOT_NULL (Every, m), "1 2 3"); \
    assert_fails (corm_find (Every, suite->conn, error, .where = CORM_EQ (Every, m, 99)), \
                  CORM_ERROR_INVALID, #m, "99"); \
  } while (0)
  LABELLED (label);
  LABELLED (enumeration);
}

/* An IN of values that were made at run time. */
static void
lists_of_values (Suite *suite)
{
  insert_rows (suite);
  const CormValue values[] = { corm_value_text ("B"), corm_value_text ("ä"), corm_value_text ("none") };
  CormExpr in = CORM_IN_ARRAY (Every, text, (const char *const *) NULL, 0);
  FINDS (in, "");
  FINDS (CORM_NOT (in), "1 2 3 4");
  in.kind = CORM_EXPR_IN_VALUES;
  in.list = values;
  in.n_list = G_N_ELEMENTS (values);
  FINDS (in, "1 3");
}

static void
like (Suite *suite)
{
  static const char *const texts[] = { "scf.out", "SCF.out", "scf_out", "50%", "50",
                                       "a\\b",    "x[1]*?",  "Ähre",    "ä",   "" };
  for (guint i = 0; i < G_N_ELEMENTS (texts); i++) {
    Every row = { .id = i + 1, .text = texts[i] };
    assert_ok (corm_insert_row (&Every_model, suite->conn, &row, error));
  }
  static const struct {
    const char *pattern, *ids;
  } cases[] = {
    { "scf%", "1 3" },
    { "SCF%", "2" },
    { "scf_out", "1 3" },
    { "scf\\_out", "3" },
    { "50\\%", "4" },
    { "50%", "4 5" },
    { "%", "1 2 3 4 5 6 7 8 9 10" },
    { "", "10" },
    { "_", "9" },
    { "a\\\\b", "6" },
    { "x[1]*?", "7" },
    { "x[1]%", "7" },
    { "%*%", "7" },
    { "ä%", "9" },
    { "Ä%", "8" },
    { "_hre", "8" },
    { "%out", "1 2 3" },
    { "s%o_t", "1 3" },
    { "\\%", "" },
  };
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    assert_finds (suite->conn, cases[i].pattern, CORM_LIKE (Every, text, cases[i].pattern), cases[i].ids);
  FINDS (CORM_NOT (CORM_LIKE (Every, text, "%o%")), "4 5 6 7 8 9 10");
}

static void
joined_predicates (Suite *suite)
{
  insert_rows (suite);
  FINDS (CORM_ALL (), "1 2 3 4");
  FINDS (CORM_ANY (), "");
  FINDS (CORM_NOT (CORM_ALL ()), "");
  FINDS (CORM_ALL (CORM_GT (Every, int16, -5), CORM_LT (Every, int16, 100)), "2");
  FINDS (CORM_ANY (CORM_EQ (Every, int16, -5), CORM_EQ (Every, int16, 100)), "1 3");
  FINDS (CORM_ALL (CORM_ANY (CORM_EQ (Every, id, 1), CORM_EQ (Every, id, 2)), CORM_NE (Every, id, 1)), "2");
  FINDS (CORM_ANY (CORM_EQ (Every, id, 4),
                   CORM_ALL (CORM_EQ (Every, boolean, true), CORM_EQ (Every, text, "ä"))),
         "3 4");
  FINDS (CORM_NOT (CORM_ANY (CORM_EQ (Every, id, 1), CORM_EQ (Every, id, 2))), "3 4");
  FINDS (CORM_NOT (CORM_NOT (CORM_EQ (Every, id, 1))), "1");
}

int
main (void)
{
  static const SuiteCase cases[] = {
    { "numbers", numbers, 0 }, { "decimals", decimals, 0 },
    { "texts", texts, 0 },     { "bytes", bytes, 0 },
    { "times", times, 0 },     { "the rest", the_rest, 0 },
    { "labels", labels, 0 },   { "lists of values", lists_of_values, 0 },
    { "like", like, 0 },       { "joined predicates", joined_predicates, 0 },
  };
  return SUITE_RUN (every_models, cases);
}
