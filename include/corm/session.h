/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* A unit of work: read rows, change them like any struct, add and delete some, and let one call write it all.
 *
 *   g_autoptr (CormSession) session = corm_session_new (conn);
 *   Team *team = corm_session_get (Team, session, &error, .id = 5);         the same row is the same struct
 *   team->name = "Red";                                                     noticed by comparing with the row as read
 *   Member member = { .name = "Ann", .team = team };                        the key flows from the parent
 *   corm_session_add (Member, session, &member, &error);
 *   corm_session_commit (session, &error);                                  few statements, parents before children
 *
 * Ownership: what get, find and merge return is the session's and goes with it, its text and related rows too; a row that
 * is added stays yours, with its text, and has to live until the session is freed or the row detached. Text that you assign
 * to a row of the session's has to live until the flush that writes it, and may be that of another of its rows. What the session writes into your row (keys that flow,
 * refresh, rollback) has its text in the session's memory. The session holds each row twice and its text once; detach what you are done with.
 * A session belongs to one thread, as its connection does, which must outlive it. */
#pragma once

#include <corm/db.h>
#include <corm/store.h>

G_BEGIN_DECLS

typedef struct _CormSession CormSession;

CORM_PUBLIC CormSession *corm_session_new (CormConnection *conn) CORM_MUST_USE;
/* Rolls back what is not committed. */
CORM_PUBLIC void corm_session_free (CormSession *session);

/* The row with the key that @key's members hold: from memory when the session has it, else read. Errors: NOT_FOUND, also of
 * one that the session is to delete. */
CORM_PUBLIC gpointer corm_session_get_row (const CormModel *model, CormSession *session, gconstpointer key,
                                           GError **error) CORM_MUST_USE;
/* The list is yours, its rows the session's. A row that the session has already stays as it is in memory; one that it is to
 * delete is left out. The database looks for what is written: flush first. */
CORM_PUBLIC CormRows *corm_session_find_rows (const CormModel *model, CormSession *session, GError **error,
                                              const CormFind *find) CORM_MUST_USE;
/* @row is new and inserted by the next flush. So is a row with an automatic key of 0 that its CORM_BELONGS_TO and
 * CORM_HAS_ONE members point to. Errors: INVALID, when the session has this very row, or one of the database with that key; of two new
 * rows with one key the flush says so. */
CORM_PUBLIC gboolean corm_session_add_row (const CormModel *model, CormSession *session, gpointer row,
                                           GError **error);
/* A row of the session, deleted (or marked, as corm_delete_row() does) by the next flush; a new one is detached, and comes in again where a
 * slot still holds it. */
CORM_PUBLIC gboolean corm_session_delete_row (const CormModel *model, CormSession *session, gpointer row,
                                              GError **error);
/* Copies the columns of @row, from a form or another session, to the session's row with its key, read where it has to be; with
 * no such row to a new one. Errors: STALE, when @row has a version and it is another. */
CORM_PUBLIC gpointer corm_session_merge_row (const CormModel *model, CormSession *session, gconstpointer row,
                                             GError **error) CORM_MUST_USE;
/* Reads @row again, over what was changed in it. Errors: NOT_FOUND. */
CORM_PUBLIC gboolean corm_session_refresh_row (const CormModel *model, CormSession *session, gpointer row,
                                               GError **error);
/* The session forgets @row. One that it owns stays readable until the session is freed. */
CORM_PUBLIC gboolean corm_session_detach_row (const CormModel *model, CormSession *session, gpointer row,
                                              GError **error);
/* From now on get and find read each unchanged row again, once. */
CORM_PUBLIC void corm_session_expire (CormSession *session);

typedef enum {
  CORM_ROW_DETACHED, /* not the session's */
  CORM_ROW_NEW,
  CORM_ROW_CLEAN,
  CORM_ROW_CHANGED,
  CORM_ROW_DELETED,
} CormRowState;
CORM_PUBLIC CormRowState corm_session_get_state (CormSession *session, gconstpointer row);

/**
 * corm_session_flush:
 *
 * Writes all changes, in one transaction that lasts until commit or rollback: inserts, parents first; updates; deletes, children
 * first; each in as few statements as the database takes. Columns that were not changed are not written. Before any SQL is
 * sent every row is checked, and one error names all that is wrong with a row. On an error nothing of it is written,
 * the rows are as they were before the call, and corm_session_get_failed() is the one to blame: mend it and flush
 * again, or roll back. Errors: those of an insert, update and delete; STALE names the key; INVALID, as of every call, when what was
 * flushed before was rolled back with a transaction of yours.
 */
CORM_PUBLIC gboolean corm_session_flush (CormSession *session, GError **error);
/* Flushes and commits. Rows stay as they are in memory. */
CORM_PUBLIC gboolean corm_session_commit (CormSession *session, GError **error);
/* Back to the last commit: loaded rows hold what they held then, added ones are detached, deleted ones are back. Rows that were read
 * since the first flush that is undone are expired. Errors: INVALID, when the last commit was within a transaction of yours that was
 * rolled back since, or a statement has ended the session's transaction: free the session. */
CORM_PUBLIC gboolean corm_session_rollback (CormSession *session, GError **error);
/* The row for which the last flush failed, NULL when that is not known; @model (nullable): its model. */
CORM_PUBLIC gpointer corm_session_get_failed (CormSession *session, const CormModel **model);

typedef enum {
  CORM_BEFORE_INSERT, /* a before hook may change the row's own columns, and FALSE with an error refuses the flush */
  CORM_AFTER_INSERT, /* an after hook runs behind the SQL of the whole flush, which FALSE undoes */
  CORM_BEFORE_UPDATE,
  CORM_AFTER_UPDATE,
  CORM_BEFORE_DELETE,
  CORM_AFTER_DELETE,
  CORM_AFTER_LOAD,   /* what it changes counts as loaded */
  CORM_AFTER_COMMIT, /* once a commit that wrote something, without a row; too late to refuse */
} CormHookPoint;
typedef gboolean (*CormHook) (CormSession *session, CormHookPoint point, const CormModel *model, gpointer row,
                              gpointer data, GError **error);
/* @model: NULL for all. In the order in which they are added. A hook of a flush must not call the session. */
CORM_PUBLIC void corm_session_add_hook (CormSession *session, CormHookPoint point, const CormModel *model,
                                        CormHook hook, gpointer data);

/* For the macros: notes where the next query of the session's connection is written (see corm_connection_at()). Returns
 * @session. */
CORM_PUBLIC CormSession *corm_session_at (CormSession *session, const char *file, int line);

#ifndef __cplusplus
/* clang-format off */
#define CORM_SESSION_HERE(session) corm_session_at ((session), __FILE__, __LINE__)
#define CORM_OWN_ROW(T, row) _Generic ((row), T *: (row))
#define corm_session_get(T, session, error, ...) \
  ((T *) corm_session_get_row (&T##_model, CORM_SESSION_HERE (session), &(const T) { __VA_ARGS__ }, (error)))
#define corm_session_find(T, session, error, ...) \
  corm_session_find_rows (&T##_model, CORM_SESSION_HERE (session), (error), &(const CormFind) { __VA_ARGS__ })
#define corm_session_add(T, session, row, error) \
  corm_session_add_row (&T##_model, (session), CORM_OWN_ROW (T, row), (error))
#define corm_session_delete(T, session, row, error) \
  corm_session_delete_row (&T##_model, (session), CORM_OWN_ROW (T, row), (error))
#define corm_session_merge(T, session, row, error) \
  ((T *) corm_session_merge_row (&T##_model, CORM_SESSION_HERE (session), CORM_ROW_OF (T, row), (error)))
#define corm_session_refresh(T, session, row, error) \
  corm_session_refresh_row (&T##_model, CORM_SESSION_HERE (session), CORM_OWN_ROW (T, row), (error))
#define corm_session_detach(T, session, row, error) \
  corm_session_detach_row (&T##_model, (session), CORM_OWN_ROW (T, row), (error))
/* clang-format on */
#endif

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CormSession, corm_session_free)

G_END_DECLS
