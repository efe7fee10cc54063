/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* A process that is killed in the middle of a flush, in front of each of its statements and at odd moments: the database is as
 * before or as after, never in between. */
#include "config.h"

#include "../lib/suite.h"

#include "../lib/knife.h"

/* A part lies within one of the level above; each level is a table, so a flush takes some statements for each. */
typedef struct Part Part;
struct Part {
  gint64 id;
  gint32 attempt;
  const char *name;
  gint32 size;
  CormOptInt64 within_id;
  Part *within;
};

typedef struct {
  const CormModel *model;
  /* The parts of an attempt by size, as the session's rows or with what they lie in. */
  CormRows *(*find) (CormSession *session, CormConnection *conn, gint32 attempt, GError **error);
} Level;

#define LEVEL(n, above) \
  typedef Part Part##n; \
  extern const CormModel Part##n##_model; \
  static const CormColumn part##n##_columns[] = { \
    CORM_COLUMN (Part##n, id, .primary_key = true), \
    CORM_COLUMN (Part##n, attempt), \
    CORM_COLUMN (Part##n, name, .not_null = true, .max_length = 40), \
    CORM_COLUMN (Part##n, size), \
    CORM_COLUMN (Part##n, within_id, .references = "parts" #above ".id"), \
  }; \
  static const CormIndex part##n##_indexes[] = { { .name = "idx_within" #n, .columns = "within_id" }, \
                                                 { .name = "idx_attempt" #n, .columns = "attempt" } }; \
  static const CormRelation part##n##_relations[] = { CORM_BELONGS_TO (Part##n, within, Part##above, \
                                                                       within_id) }; \
  const CormModel Part##n##_model = \
      CORM_MODEL (Part##n, "parts" #n, CORM_COLUMNS (part##n##_columns), CORM_INDEXES (part##n##_indexes), \
                  CORM_RELATIONS (part##n##_relations)); \
  static CormRows *find##n (CormSession *session, CormConnection *conn, gint32 attempt, GError **error) \
  { \
    CormFind find = { .where = CORM_EQ (Part##n, attempt, attempt), \
                      .order = CORM_ORDER (CORM_ASC (Part##n, size)) }; \
    if (session != NULL) \
      return corm_session_find_rows (&Part##n##_model, session, error, &find); \
    find.with = CORM_WITH (Part##n, within); \
    return corm_find_rows (&Part##n##_model, conn, error, &find); \
  }
/* clang-format off */
#define EACH_LEVEL(L) \
  L (0, 0) L (1, 0) L (2, 1) L (3, 2) L (4, 3) L (5, 4) L (6, 5) L (7, 6) L (8, 7) L (9, 8) L (10, 9) L (11, 10) \
  L (12, 11) L (13, 12) L (14, 13) L (15, 14) L (16, 15)
/* clang-format on */
#define MODEL_OF(n, above) &Part##n##_model,
#define LEVEL_OF(n, above) { &Part##n##_model, find##n },

EACH_LEVEL (LEVEL)

static const CormModel *const models[] = { EACH_LEVEL (MODEL_OF) NULL };
static const Level levels[] = { EACH_LEVEL (LEVEL_OF) };

enum { N_LEVELS = G_N_ELEMENTS (levels), N_OLD = 6, N_NEW = 3, N_ODD_MOMENTS = 20 };
/* Where a flush takes many more statements, and each a multiple of the time, every so many of them. */
#if defined CORM_TINY || defined CORM_SANITIZED
enum { STEP = 7 };
#else
enum { STEP = 1 };
#endif

/* --- the work ------------------------------------------------------------------------------------------------- */

static void
add_old_parts (CormConnection *conn, gint32 attempt)
{
  Part parts[N_LEVELS][N_OLD] = { 0 };
  g_autoptr (CormSession) session = corm_session_new (conn);
  for (guint l = 0; l < N_LEVELS; l++)
    for (guint i = 0; i < N_OLD; i++) {
      parts[l][i] = (Part){ .attempt = attempt, .name = "old", .size = (gint32) i };
      parts[l][i].within = l > 0 ? &parts[l - 1][0] : NULL;
      assert_ok (corm_session_add_row (levels[l].model, session, &parts[l][i], error));
    }
  assert_ok (corm_session_commit (session, error));
}

/* At each level new parts within new ones, changed parts, one that moves to a new one, and parts that go. */
static gboolean
work_on (CormSession *session, guint l, CormRows *old, Part *above, Part *new, gint32 attempt, GError **error)
{
  Part *changed = corm_rows_get (old, 1), *moved = corm_rows_get (old, 2);
  for (guint i = 0; i < N_NEW; i++) {
    new[i] = (Part){ .attempt = attempt, .name = "new", .size = 100 + (gint32) i };
    new[i].within = l > 0 ? &above[i] : NULL;
    if (!corm_session_add_row (levels[l].model, session, &new[i], error))
      return FALSE;
  }
  changed->name = "changed";
  moved->within = l > 0 ? &above[0] : &new[0];
  return corm_session_delete_row (levels[l].model, session, corm_rows_get (old, 4), error) &&
         corm_session_delete_row (levels[l].model, session, corm_rows_get (old, 5), error);
}

static gboolean
work (CormConnection *conn, gint32 attempt, GError **error)
{
  Part new[N_LEVELS][N_NEW] = { 0 };
  g_autoptr (CormSession) session = corm_session_new (conn);
  g_autoptr (GPtrArray) found = g_ptr_array_new_with_free_func ((GDestroyNotify) corm_rows_free);
  for (guint l = 0; l < N_LEVELS; l++) {
    CormRows *old = levels[l].find (session, NULL, attempt, error);
    if (old == NULL)
      return FALSE;
    g_ptr_array_add (found, old);
    if (!work_on (session, l, old, l > 0 ? new[l - 1] : NULL, new[l], attempt, error))
      return FALSE;
  }
  return corm_session_commit (session, error);
}

/* What the rows of an attempt say, but for their keys. */
static char *
describe (CormConnection *conn, gint32 attempt)
{
  g_autoptr (GString) text = g_string_new (NULL);
  for (guint l = 0; l < N_LEVELS; l++) {
    g_autoptr (CormRows) parts = NULL;
    assert_ok ((parts = levels[l].find (NULL, conn, attempt, error)) != NULL);
    for (gsize i = 0; i < corm_rows_get_length (parts); i++) {
      const Part *part = corm_rows_get (parts, i);
      g_string_append_printf (text, "%u: %s %d in %s %d\n", l, part->name, part->size,
                              part->within != NULL ? part->within->name : "none",
                              part->within != NULL ? part->within->size : 0);
    }
  }
  return g_string_free (g_steal_pointer (&text), FALSE);
}

/* --- the killing ---------------------------------------------------------------------------------------------- */

typedef struct {
  Suite *suite;
  gint32 attempt;
} Flush;

static gboolean
work_until (gconstpointer data, guint fatal, GError **error)
{
  const Flush *flush = data;
  g_autoptr (CormDb) db = corm_db_open (flush->suite->uri, flush->suite->registry, error);
  g_autoptr (CormConnection) conn = db != NULL ? corm_db_connect (db, error) : NULL;
  if (conn == NULL)
    return FALSE;
  knife_put (conn, fatal);
  gboolean ok = work (conn, flush->attempt, error);
  knife_take (corm_connection_get_link (conn));
  return ok;
}

static gboolean
work_and_die (Suite *suite, gint32 attempt, guint fatal, gulong after_us)
{
  const Flush flush = { suite, attempt };
  return knife_work_and_die (work_until, &flush, fatal, after_us);
}

typedef struct {
  char *before, *after; /* what the rows say */
  guint n_before, n_after;
} Outcome;

static void
judge (Outcome *outcome, CormConnection *conn, gint32 attempt)
{
  g_autofree char *now = describe (conn, attempt);
  if (strcmp (now, outcome->before) == 0)
    outcome->n_before++;
  else if (strcmp (now, outcome->after) == 0)
    outcome->n_after++;
  else
    fail_msg ("attempt %d left neither what was nor what was to be:\n%s", attempt, now);
}

static void
killed_at_each_statement (Suite *suite)
{
  Outcome outcome = { 0 };
  gint32 attempt = 0;
  add_old_parts (suite->conn, attempt);
  outcome.before = describe (suite->conn, attempt);
  gint64 start = g_get_monotonic_time ();
  const Flush whole = { suite, attempt };
  assert_ok (work_until (&whole, 0, error));
  gulong duration = (gulong) (g_get_monotonic_time () - start);
  guint n = knife.seen;
  outcome.after = describe (suite->conn, attempt);
  assert_string_not_equal (outcome.before, outcome.after);
  assert_true (n - N_LEVELS - 2 >= 50); /* but for finding, BEGIN and COMMIT */
  guint n_tried = 0;
  for (guint fatal = 1; fatal <= n; fatal += STEP, n_tried++) {
    add_old_parts (suite->conn, ++attempt);
    assert_true (work_and_die (suite, attempt, fatal, 0));
    judge (&outcome, suite->conn, attempt);
  }
  assert_int_equal (outcome.n_before, n_tried); /* the last one is COMMIT */
  assert_int_equal (outcome.n_after, 0);
  add_old_parts (suite->conn, ++attempt);
  assert_false (work_and_die (suite, attempt, n + 1, 0));
  judge (&outcome, suite->conn, attempt);
  assert_int_equal (outcome.n_after, 1);
  guint n_killed = 0;
  gint32 odd = attempt;
  for (guint i = 0; i < N_ODD_MOMENTS; i++) {
    add_old_parts (suite->conn, ++attempt);
    n_killed += work_and_die (suite, attempt, 0, duration * 3 * (i + 1) / (2 * N_ODD_MOMENTS));
    judge (&outcome, suite->conn, attempt);
  }
  Outcome later = { .before = outcome.before, .after = outcome.after };
  while (++odd <= attempt) /* a COMMIT that had reached the server may have ended since */
    judge (&later, suite->conn, odd);
  print_message (
      "# %s: %u statements, killed in front of them: %u as before; killed at %u odd moments of %u: "
      "%u as before, %u as after\n",
      suite->backend, n, n_tried, n_killed, N_ODD_MOMENTS, later.n_before, later.n_after);
  assert_true (n_killed > 0);
  g_free (outcome.before);
  g_free (outcome.after);
}

static const SuiteCase cases[] = {
  { "killed at each statement of a flush", killed_at_each_statement, 0 },
};

int
main (void)
{
  return SUITE_RUN (models, cases);
}
