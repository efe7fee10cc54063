/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* The compliance suite: one list of cases, run on every backend that there is, through the public interface.
 *
 * A case never asks which backend it is on; it asks for a capability. It gets an empty database of its own, with the
 * tables of the program's models. CORM_TEST_BACKENDS=sqlite3,pgsql runs on these only, CORM_TEST_CASES=GLOB these
 * cases only, CORM_TEST_LEFT_OUT_CASES=GLOB without these. With CORM_TEST_ROLE=1 the cases work as a role that may read and
 * write rows, and make nothing. */
#pragma once

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include <corm/corm.h>
#include <corm/sys/driver.h>

typedef struct {
  const char *backend; /* for names in a report */
  guint caps;          /* CormCaps */
  char *uri;           /* of the case's own database */
  CormRegistry *registry;
  CormDb *db;
  CormConnection *conn; /* one of db's */
} Suite;

typedef void (*SuiteFunc) (Suite *suite);

typedef struct {
  const char *name;
  SuiteFunc run;
  guint needs; /* CormCaps, all of them */
} SuiteCase;

/* In SuiteCase.needs: a server that can go away. */
#define SUITE_NEEDS_SERVER (1u << 31)

/* Runs @cases on every backend; the exit status. @models: ended by NULL; NULL: no tables. */
int suite_run_all (const CormModel *const *models, const SuiteCase *cases, gsize n_cases);
#define SUITE_RUN(models, cases) suite_run_all (models, cases, G_N_ELEMENTS (cases))

/* A skip says why. Not in the middle of a case: what it holds would not be freed. */
void suite_skip (const char *reason) G_GNUC_NORETURN;
/* The same by a case that has not begun: what the suite opened for it is closed as behind any other. */
void suite_leave_out (const char *reason) G_GNUC_NORETURN;
/* Opens the case's database once more; free with corm_db_free(). */
CormDb *suite_open (Suite *suite, const CormDbOptions *options);
CormConnection *suite_connect (CormDb *db);
/* Gives the case's connection and pool back, for cases that want to be alone. */
void suite_close (Suite *suite);

/* The server ends its side of this connection, as in a restart. The case needs SUITE_NEEDS_SERVER. */
void suite_cut (CormConnection *conn);

/* Whether this program runs on the backend with this index of places_backends(). */
gboolean suite_runs_on (guint backend);

void suite_sql (CormConnection *conn, const char *sql);
gint64 suite_number (CormConnection *conn, const char *sql);
/* A trigger of @table leaves rows out for which @when is true ("new.size = 7"), until suite_keep_rows (). Leaves the case out on
 * MariaDB, whose triggers can't. */
void suite_drop_rows (const char *table, const char *when);
void suite_keep_rows (const char *table);
char *suite_text (CormConnection *conn, const char *sql); /* canonical; free with g_free() */

/* @call writes its error to `error`. */
#define assert_ok(call) \
  do { \
    g_autoptr (GError) assert_error = NULL; \
    GError **error = &assert_error; \
    if (!(call) || assert_error != NULL) \
      fail_msg ("%s: %s", #call, assert_error != NULL ? assert_error->message : "FALSE without an error"); \
  } while (0)

/* @call fails with @want_code and a message that holds all of @parts (strings). */
#define assert_fails(call, want_code, ...) \
  do { \
    g_autoptr (GError) assert_error = NULL; \
    GError **error = &assert_error; \
    if (call) \
      fail_msg ("%s: no failure", #call); \
    suite_check_error (#call, assert_error, want_code, (const char *const[]){ __VA_ARGS__, NULL }); \
  } while (0)

void suite_check_error (const char *call, const GError *error, CormError code, const char *const *parts);
