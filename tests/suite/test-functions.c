/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Every function with its edge values, on every backend. One row is there; a condition that holds finds it. What a
 * driver cannot compute exactly it says, by UNSUPPORTED, and it says nothing else. */
#include "../lib/suite.h"

static const char *const colours[] = { "red", "green", "blue", NULL };

typedef struct {
  gint64 id;
  gint16 small;
  gint32 medium;
  gint64 big;
  CormOptInt64 none;
  float narrow;
  double wide;
  CormDecimal price; /* few digits */
  CormDecimal exact; /* any number of them */
  const char *name;
  const char *nothing;
  guint32 colour;
  bool flag;
  CormDate date;
  CormTime time;
  CormTimestamp moment;
  CormLocalTimestamp local;
  CormUuid uuid;
  CormJson json;
  CormBytes bytes;
} Sample;

CORM_DECLARE_MODEL (Sample, sample)

static const CormColumn sample_columns[] = {
  CORM_COLUMN (Sample, id, .primary_key = true),
  CORM_COLUMN (Sample, small),
  CORM_COLUMN (Sample, medium),
  CORM_COLUMN (Sample, big),
  CORM_COLUMN (Sample, none),
  CORM_COLUMN (Sample, narrow),
  CORM_COLUMN (Sample, wide),
  CORM_COLUMN (Sample, price, .precision = 10, .scale = 2),
  CORM_COLUMN (Sample, exact),
  CORM_COLUMN (Sample, name),
  CORM_COLUMN (Sample, nothing),
  CORM_COLUMN (Sample, colour, .labels = colours),
  CORM_COLUMN (Sample, flag),
  CORM_COLUMN (Sample, date),
  CORM_COLUMN (Sample, time),
  CORM_COLUMN (Sample, moment),
  CORM_COLUMN (Sample, local),
  CORM_COLUMN (Sample, uuid),
  CORM_COLUMN (Sample, json),
  CORM_COLUMN (Sample, bytes),
};
const CormModel Sample_model = CORM_MODEL (Sample, "samples", CORM_COLUMNS (sample_columns));
static const CormModel *const models[] = { &Sample_model, NULL };

#define COL(m) CORM_COL (Sample, m)
#define DECIMAL(t) ((CormDecimal){ t })
#define US G_GINT64_CONSTANT (1000000)

static const Sample row = {
  .id = 1,
  .small = -7,
  .medium = 2147483647,
  .big = G_MAXINT64,
  .narrow = 0.1f,
  .wide = -2.5,
  .price = { "12.50" },
  .exact = { "123456789012345678901.5" },
  .name = "  Ärger Nord  ",
  .colour = 1,
  .flag = true,
  .date = { 20454 }, /* 2026-01-01, a Thursday */
  .time = { (3 * 3600 + 4 * 60 + 5) * G_GINT64_CONSTANT (1000000) + 678901 },
  .moment = { G_GINT64_CONSTANT (1798761599999901) }, /* 2026-12-31 23:59:59.999901, a Thursday */
  .local = { G_GINT64_CONSTANT (1798761599000000) },
  .uuid = { { 0x12, 0x34 } },
  .json = { "{\"a\": {\"b\": [10, \"x\", true, null, 2.5]}, \"odd key\": \"v\"}" },
  .bytes = { (const guint8 *) "\x01\xff", 2 },
};

static guint n_faults;

static void
find (Suite *suite, const char *what, CormExpr where, gboolean wanted)
{
  g_autoptr (GError) error = NULL;
  guint64 n = 0;
  if (corm_count_rows (&Sample_model, suite->conn, &n, &error, &(CormFind){ .where = where })) {
    if ((n == 1) == wanted)
      return;
    print_message ("%s: %s is %s\n", suite->backend, what, wanted ? "not true" : "true");
  } else if (g_error_matches (error, CORM_ERROR, CORM_ERROR_UNSUPPORTED) &&
             (suite->caps & CORM_CAP_LONG_DECIMAL) == 0)
    return;
  else
    print_message ("%s: %s: %s\n", suite->backend, what, error->message);
  n_faults++;
}

#define HOLDS(e) find (suite, #e, e, TRUE)
#define EQUALS(a, b) find (suite, #a " = " #b, CORM_EQUAL (a, b), TRUE)
#define IS_NULL(e) find (suite, #e " is NULL", CORM_MISSING (e), TRUE)
#define OVERFLOWS(e) overflows (suite, #e, CORM_PRESENT (e))

static void
overflows (Suite *suite, const char *what, CormExpr where)
{
  g_autoptr (GError) error = NULL;
  guint64 n = 0;
  if (!corm_count_rows (&Sample_model, suite->conn, &n, &error, &(CormFind){ .where = where }) &&
      g_error_matches (error, CORM_ERROR, CORM_ERROR_CONVERSION))
    return;
  print_message ("%s: %s: %s\n", suite->backend, what, error != NULL ? error->message : "no overflow");
  n_faults++;
}

static void
begin (Suite *suite)
{
  Sample sample = row;
  n_faults = 0;
  assert_ok (sample_insert (suite->conn, &sample, error));
}

static void
end (void)
{
  if (n_faults > 0)
    fail_msg ("%u expressions went wrong", n_faults);
}

static void
comparisons (Suite *suite)
{
  begin (suite);
  EQUALS (COL (small), -7);
  EQUALS (COL (small), COL (small));
  EQUALS (COL (small), 3.0 - 10);
  EQUALS (COL (medium), CORM_PLUS (COL (medium), 0));
  EQUALS (COL (narrow), 0.1);
  EQUALS (COL (price), DECIMAL ("12.5"));
  EQUALS (COL (price), 12.5);
  EQUALS (COL (exact), DECIMAL ("123456789012345678901.50"));
  EQUALS (COL (colour), 1);
  HOLDS (CORM_UNEQUAL (COL (colour), 2));
  HOLDS (CORM_ONE_OF (COL (colour), 0, 1));
  HOLDS (CORM_ONE_OF (COL (name), "x", "  Ärger Nord  "));
  HOLDS (CORM_LESS (COL (small), COL (medium)));
  HOLDS (CORM_LESS (COL (price), COL (exact)));
  HOLDS (CORM_GREATER (COL (exact), COL (price)));
  HOLDS (CORM_GREATER_EQUAL (COL (big), COL (medium)));
  HOLDS (CORM_LESS_EQUAL (COL (date), COL (date)));
  HOLDS (CORM_WITHIN (COL (wide), -2.5, -2.5));
  HOLDS (CORM_SAME (COL (none), COL (none)));
  HOLDS (CORM_NOT (CORM_SAME (COL (none), 5)));
  HOLDS (CORM_SAME (COL (nothing), (const char *) NULL));
  HOLDS (CORM_MISSING (COL (none)));
  HOLDS (CORM_PRESENT (COL (name)));
  HOLDS (CORM_EQUAL (CORM_TUPLE (COL (small), COL (colour)), CORM_TUPLE (-7, 1)));
  HOLDS (CORM_LESS (CORM_TUPLE (COL (small), COL (price)), CORM_TUPLE (-7, DECIMAL ("12.51"))));
  HOLDS (CORM_EQUAL (COL (uuid), ((CormUuid){ { 0x12, 0x34 } })));
  HOLDS (CORM_EQUAL (COL (bytes), ((CormBytes){ (const guint8 *) "\x01\xff", 2 })));
  HOLDS (CORM_EQUAL (COL (moment), ((CormTimestamp){ G_GINT64_CONSTANT (1798761599999901) })));
  HOLDS (COL (flag));
  HOLDS (CORM_NOT (CORM_NOT (COL (flag))));
  end ();
}

static void
integers (Suite *suite)
{
  begin (suite);
  EQUALS (CORM_PLUS (COL (medium), COL (medium)), G_GINT64_CONSTANT (4294967294));
  EQUALS (CORM_TIMES (COL (small), 10000), -70000);
  EQUALS (CORM_MINUS (COL (small), COL (medium)), G_GINT64_CONSTANT (-2147483654));
  EQUALS (CORM_DIVIDED (COL (small), 2), -3);
  EQUALS (CORM_DIVIDED (7, -2), -3);
  EQUALS (CORM_MODULO (COL (small), 4), -3);
  EQUALS (CORM_MODULO (7, -4), 3);
  IS_NULL (CORM_DIVIDED (COL (small), 0));
  IS_NULL (CORM_MODULO (COL (small), 0));
  IS_NULL (CORM_PLUS (COL (none), 1));
  EQUALS (CORM_NEGATED (COL (small)), 7);
  EQUALS (CORM_ABS (COL (small)), 7);
  EQUALS (CORM_ROUND (COL (small), 2), -7);
  EQUALS (CORM_ROUND (1250, -2), 1300);
  EQUALS (CORM_ROUND (-1250, -2), -1300);
  EQUALS (CORM_FLOOR (COL (small)), -7);
  EQUALS (CORM_CEIL (COL (small)), -7);
  EQUALS (CORM_TIMES (CORM_PLUS (COL (small), 1), CORM_MINUS (2, CORM_MINUS (1, 3))), -24);
  EQUALS (CORM_MODULO (CORM_PLUS (COL (small), -2), 5), -4);
  end ();
}

static void
overflow (Suite *suite)
{
  begin (suite);
  OVERFLOWS (CORM_PLUS (COL (big), 1));
  OVERFLOWS (CORM_MINUS (-2, COL (big)));
  OVERFLOWS (CORM_TIMES (COL (big), 2));
  OVERFLOWS (CORM_DIVIDED (CORM_MINUS (-1, COL (big)), -1));
  OVERFLOWS (CORM_NEGATED (CORM_MINUS (-1, COL (big))));
  OVERFLOWS (CORM_ABS (CORM_MINUS (-1, COL (big))));
  end ();
}

static void
floats (Suite *suite)
{
  begin (suite);
  EQUALS (CORM_PLUS (COL (wide), 1), -1.5);
  EQUALS (CORM_DIVIDED (COL (small), 2.0), -3.5);
  EQUALS (CORM_DIVIDED (7, COL (wide)), 7 / -2.5);
  IS_NULL (CORM_DIVIDED (COL (wide), 0));
  IS_NULL (CORM_DIVIDED (COL (wide), 0.0));
  EQUALS (CORM_TIMES (COL (narrow), 1.0), (double) 0.1f);
  EQUALS (CORM_NEGATED (COL (wide)), 2.5);
  EQUALS (CORM_ABS (COL (wide)), 2.5);
  EQUALS (CORM_ROUND (COL (wide), 0), -3.0);
  EQUALS (CORM_ROUND (0.5, 0), 1.0);
  EQUALS (CORM_ROUND (1.5, 0), 2.0);
  EQUALS (CORM_ROUND (2.5, 0), 3.0);
  EQUALS (CORM_ROUND (-0.5, 0), -1.0);
  EQUALS (CORM_ROUND (2.675, 2), 2.68);
  EQUALS (CORM_ROUND (1e300, 2), 1e300);
  EQUALS (CORM_ROUND (1250.0, -2), 1300.0);
  EQUALS (CORM_FLOOR (COL (wide)), -3.0);
  EQUALS (CORM_CEIL (COL (wide)), -2.0);
  EQUALS (CORM_FLOOR (2.0), 2.0);
  EQUALS (CORM_CEIL (1e300), 1e300);
  EQUALS (CORM_PLUS (DECIMAL ("0.5"), COL (wide)), -2.0);
  end ();
}

static void
decimals (Suite *suite)
{
  begin (suite);
  EQUALS (CORM_PLUS (COL (price), DECIMAL ("0.01")), DECIMAL ("12.51"));
  EQUALS (CORM_PLUS (COL (exact), DECIMAL ("0.0000000001")), DECIMAL ("123456789012345678901.5000000001"));
  EQUALS (CORM_MINUS (COL (exact), COL (exact)), DECIMAL ("0"));
  EQUALS (CORM_MINUS (COL (price), 13), DECIMAL ("-0.5"));
  EQUALS (CORM_TIMES (COL (price), COL (price)), DECIMAL ("156.25"));
  EQUALS (CORM_TIMES (COL (price), DECIMAL ("1.0000000001")), DECIMAL ("12.50000000125"));
  EQUALS (CORM_DIVIDED (COL (price), 3), DECIMAL ("4.166666666667"));
  EQUALS (CORM_DIVIDED (DECIMAL ("-1"), DECIMAL ("3")), DECIMAL ("-0.333333333333"));
  EQUALS (CORM_DIVIDED (DECIMAL ("1"), DECIMAL ("1000000000000")), DECIMAL ("0.000000000001"));
  IS_NULL (CORM_DIVIDED (COL (price), DECIMAL ("0.00")));
  EQUALS (CORM_MODULO (DECIMAL ("-7.5"), 2), DECIMAL ("-1.5"));
  EQUALS (CORM_NEGATED (COL (price)), DECIMAL ("-12.5"));
  EQUALS (CORM_ABS (CORM_NEGATED (COL (exact))), COL (exact));
  EQUALS (CORM_ROUND (DECIMAL ("2.345"), 2), DECIMAL ("2.35"));
  EQUALS (CORM_ROUND (DECIMAL ("-2.5"), 0), DECIMAL ("-3"));
  EQUALS (CORM_ROUND (DECIMAL ("1250"), -2), DECIMAL ("1300"));
  EQUALS (CORM_FLOOR (DECIMAL ("-2.1")), DECIMAL ("-3"));
  EQUALS (CORM_CEIL (DECIMAL ("-2.1")), DECIMAL ("-2"));
  EQUALS (CORM_CEIL (DECIMAL ("2.1")), DECIMAL ("3"));
  HOLDS (CORM_LESS (CORM_PLUS (COL (price), 0), DECIMAL ("100")));
  HOLDS (CORM_LESS (CORM_PLUS (COL (price), 0), COL (exact)));
  end ();
}

static void
texts (Suite *suite)
{
  begin (suite);
  EQUALS (CORM_LOWER (COL (name)), "  Ärger nord  ");
  EQUALS (CORM_UPPER ("äzß"), "äZß");
  EQUALS (CORM_LENGTH (COL (name)), 14);
  EQUALS (CORM_LENGTH (""), 0);
  EQUALS (CORM_LENGTH ("€😀"), 2);
  EQUALS (CORM_TRIM (COL (name)), "Ärger Nord");
  EQUALS (CORM_TRIM ("\t x "), "\t x");
  EQUALS (CORM_SUBSTR (COL (name), 3, 5), "Ärger");
  EQUALS (CORM_SUBSTR ("abc", 0, 2), "a");
  EQUALS (CORM_SUBSTR ("abcdef", -1, 4), "ab");
  EQUALS (CORM_SUBSTR ("abc", 2, 0), "");
  EQUALS (CORM_SUBSTR ("abc", 2, -5), "");
  EQUALS (CORM_SUBSTR ("abc", 4, 5), "");
  EQUALS (CORM_SUBSTR ("abc", 2, G_MAXINT64), "bc");
  EQUALS (CORM_REPLACE ("aXa", "a", "€"), "€X€");
  EQUALS (CORM_REPLACE ("aXa", "x", "y"), "aXa");
  EQUALS (CORM_REPLACE ("aXa", "", "y"), "aXa");
  EQUALS (CORM_POSITION (COL (name), "Nord"), 9);
  EQUALS (CORM_POSITION ("abc", "C"), 0);
  EQUALS (CORM_POSITION ("abc", ""), 1);
  EQUALS (CORM_CONCAT (COL (nothing), "x"), "x");
  EQUALS (CORM_CONCAT (COL (nothing), COL (nothing)), "");
  EQUALS (CORM_CONCAT (CORM_CONCAT ("a", "b"), "c"), "abc");
  IS_NULL (CORM_LOWER (COL (nothing)));
  HOLDS (CORM_MATCHES (COL (name), "%Nord%"));
  HOLDS (CORM_NOT (CORM_MATCHES (COL (name), "%nord%")));
  HOLDS (CORM_MATCHES_ANY_CASE (COL (name), "%nORD%"));
  HOLDS (CORM_NOT (CORM_MATCHES_ANY_CASE (COL (name), "%ärger%")));
  HOLDS (CORM_MATCHES ("50%", "50\\%"));
  HOLDS (CORM_NOT (CORM_MATCHES ("50x", "50\\%")));
  HOLDS (CORM_MATCHES_ANY_CASE ("A_b", "a\\_B"));
  HOLDS (CORM_NOT (CORM_MATCHES_ANY_CASE ("Axb", "a\\_B")));
  HOLDS (CORM_LESS (CORM_CONCAT ("B", ""), "a"));
  HOLDS (CORM_LESS ("B", "a"));
  HOLDS (CORM_LESS ("z", "ä"));
  HOLDS (CORM_UNEQUAL (CORM_IF (COL (flag), "yes", "no"), "YES"));
  HOLDS (CORM_MATCHES (CORM_LOWER (COL (name)), "%nord%"));
  HOLDS (CORM_MATCHES (CORM_CONCAT (COL (name), "x"), "%x"));
  HOLDS (CORM_MATCHES (COL (name), CORM_CONCAT ("%", "%")));
  EQUALS (CORM_LOWER (CORM_CONCAT (COL (name), "X")), "  Ärger nord  x");
  end ();
}

static void
choices (Suite *suite)
{
  begin (suite);
  EQUALS (CORM_COALESCE (COL (none), 5), 5);
  EQUALS (CORM_COALESCE (COL (none), 2.5), 2.5);
  EQUALS (CORM_DIVIDED (CORM_COALESCE (COL (small), 2.5), 2), -3.5);
  EQUALS (CORM_COALESCE (COL (nothing), "x"), "x");
  EQUALS (CORM_COALESCE (COL (price), COL (small)), DECIMAL ("12.5"));
  IS_NULL (CORM_NULL_IF (COL (small), -7));
  IS_NULL (CORM_NULL_IF (COL (price), DECIMAL ("12.5")));
  EQUALS (CORM_NULL_IF (COL (name), ""), "  Ärger Nord  ");
  EQUALS (CORM_IF (COL (flag), "yes", "no"), "yes");
  EQUALS (CORM_IF (CORM_LESS (COL (small), 0), 1, CORM_IF (CORM_LESS (COL (small), 9), 2, 3)), 1);
  EQUALS (CORM_IF (CORM_GREATER (COL (small), 0), 1, CORM_IF (CORM_LESS (COL (small), 9), 2, 3)), 2);
  EQUALS (CORM_IF (CORM_MISSING (COL (none)), COL (colour), 0), 1);
  IS_NULL (CORM_WHEN (CORM_PRESENT (COL (none)), COL (small)));
  end ();
}

static void
casts (Suite *suite)
{
  begin (suite);
  EQUALS (CORM_TO_TEXT (COL (big)), "9223372036854775807");
  EQUALS (CORM_TO_TEXT (COL (price)), "12.5");
  EQUALS (CORM_TO_TEXT (DECIMAL ("100")), "100");
  EQUALS (CORM_TO_TEXT (COL (exact)), "123456789012345678901.5");
  EQUALS (CORM_TO_TEXT (COL (flag)), "true");
  EQUALS (CORM_TO_TEXT (COL (colour)), "green");
  EQUALS (CORM_TO_TEXT (COL (date)), "2026-01-01");
  EQUALS (CORM_TO_TEXT (COL (uuid)), "12340000-0000-0000-0000-000000000000");
  EQUALS (CORM_TO_INT (COL (wide)), -2);
  EQUALS (CORM_TO_INT (COL (price)), 12);
  EQUALS (CORM_TO_INT ("-12"), -12);
  IS_NULL (CORM_TO_INT ("12x"));
  IS_NULL (CORM_TO_INT (""));
  EQUALS (CORM_TO_INT (COL (flag)), 1);
  EQUALS (CORM_TO_DOUBLE (COL (small)), -7.0);
  EQUALS (CORM_TO_DOUBLE (COL (price)), 12.5);
  EQUALS (CORM_TO_DECIMAL (COL (small), 5, 2), DECIMAL ("-7"));
  EQUALS (CORM_TO_DECIMAL (2.675, 5, 2), DECIMAL ("2.68"));
  EQUALS (CORM_TO_DECIMAL ("12.345", 10, 2), DECIMAL ("12.35"));
  IS_NULL (CORM_TO_DECIMAL ("1e3", 10, 2));
  EQUALS (CORM_TO_DECIMAL (COL (exact), 30, 0), DECIMAL ("123456789012345678902"));
  end ();
}

static void
times (Suite *suite)
{
  begin (suite);
  EQUALS (CORM_YEAR (COL (moment)), 2026);
  EQUALS (CORM_MONTH (COL (moment)), 12);
  EQUALS (CORM_DAY_OF (COL (moment)), 31);
  EQUALS (CORM_HOUR (COL (moment)), 23);
  EQUALS (CORM_MINUTE (COL (moment)), 59);
  EQUALS (CORM_SECOND (COL (moment)), 59);
  EQUALS (CORM_WEEKDAY (COL (moment)), 4);
  EQUALS (CORM_YEAR (COL (date)), 2026);
  EQUALS (CORM_WEEKDAY (COL (date)), 4);
  EQUALS (CORM_WEEKDAY (CORM_DATE_OF (COL (local))), 4);
  EQUALS (CORM_HOUR (COL (time)), 3);
  EQUALS (CORM_MINUTE (COL (time)), 4);
  EQUALS (CORM_SECOND (COL (time)), 5);
  EQUALS (CORM_YEAR (((CormDate){ -719162 })), 1);
  EQUALS (CORM_WEEKDAY (((CormDate){ 20457 })), 7);
  EQUALS (CORM_HOUR (((CormTimestamp){ 3600 * US })), 1);
  EQUALS (CORM_DATE_OF (COL (moment)), ((CormDate){ 20818 }));
  EQUALS (CORM_ADD_SECONDS (COL (moment), 1), ((CormTimestamp){ G_GINT64_CONSTANT (1798761600999901) }));
  EQUALS (CORM_ADD_SECONDS (COL (moment), -86400), ((CormTimestamp){ G_GINT64_CONSTANT (1798675199999901) }));
  EQUALS (CORM_ADD_SECONDS (COL (moment), DECIMAL ("0.000099")), ((CormTimestamp){ 1798761600 * US }));
  HOLDS (CORM_GREATER (CORM_CURRENT (), ((CormTimestamp){ 1700000000 * US })));
  HOLDS (CORM_LESS (CORM_CURRENT (), CORM_ADD_SECONDS (CORM_CURRENT (), 60)));
  end ();
}

static void
json (Suite *suite)
{
  begin (suite);
  EQUALS (CORM_JSON_TEXT (COL (json), "$.a.b[1]"), "x");
  EQUALS (CORM_JSON_TEXT (COL (json), "$.a.b[0]"), "10");
  EQUALS (CORM_JSON_TEXT (COL (json), "$.a.b[2]"), "true");
  EQUALS (CORM_JSON_TEXT (COL (json), "$.\"odd key\""), "v");
  IS_NULL (CORM_JSON_TEXT (COL (json), "$.a.b[3]"));
  IS_NULL (CORM_JSON_TEXT (COL (json), "$.a.b"));
  IS_NULL (CORM_JSON_TEXT (COL (json), "$.nowhere"));
  EQUALS (CORM_JSON_NUMBER (COL (json), "$.a.b[4]"), 2.5);
  EQUALS (CORM_JSON_NUMBER (COL (json), "$.a.b[0]"), 10);
  IS_NULL (CORM_JSON_NUMBER (COL (json), "$.a.b[1]"));
  end ();
}

int
main (void)
{
  static const SuiteCase cases[] = {
    { "comparisons", comparisons, 0 },
    { "integers", integers, 0 },
    { "overflow", overflow, 0 },
    { "floats", floats, 0 },
    { "decimals", decimals, 0 },
    { "texts", texts, 0 },
    { "choices", choices, 0 },
    { "casts", casts, 0 },
    { "times", times, 0 },
    { "json", json, 0 },
  };
  return SUITE_RUN (models, cases);
}
