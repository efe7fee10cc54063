/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Rows in and out of tables. The lower-case macros take the struct's name and check at compile time; each ends in
 * the plain function above it. */
#pragma once

#include <corm/detect.h>
#include <corm/load.h>

G_BEGIN_DECLS

/* What corm_find and its kin take; every member may be left out. */
typedef struct {
  CormExpr where;
  const CormOrder *order; /* CORM_ORDER (…) */
  const gsize *with;      /* CORM_WITH (…) */
  const CormEdge *load;   /* CORM_LOAD (…): relations with predicate, order and limit, and theirs */
  gsize limit;            /* rows, 0: all */
  gsize offset;           /* rows passed over */
  bool with_deleted;      /* rows too that are marked as deleted (CORM_ROLE_DELETED_AT) */
  bool erase;             /* corm_delete_where: deletes the rows, where it would mark them */
} CormFind;

/**
 * corm_insert_row:
 * @model: the row's model
 * @row: the struct; a generated key, and the defaults that the database filled in, are written back into it,
 *   except text, bytes, decimals and json, which would need an owner: get the row to read those.
 *
 * Errors: UNIQUE, FOREIGN_KEY, NOT_NULL, CHECK, CONVERSION, BUSY, CONNECTION.
 */
CORM_PUBLIC gboolean corm_insert_row (const CormModel *model, CormConnection *conn, gpointer row,
                                      GError **error);
/* @members: offsets ended by G_MAXSIZE, NULL: all but the key and what roles keep. The version and the time of the update
 * come back into @row. Errors: NOT_FOUND and STALE (the row's version is another by now) beside those of an insert. */
CORM_PUBLIC gboolean corm_update_row (const CormModel *model, CormConnection *conn, gpointer row,
                                      const gsize *members, GError **error);
CORM_PUBLIC gboolean corm_upsert_row (const CormModel *model, CormConnection *conn, gpointer row,
                                      GError **error);
/* Marks the row as deleted, where the model has a column for that (CORM_ROLE_DELETED_AT), else deletes it. An update that
 * names that member brings it back. Errors: NOT_FOUND, STALE. */
/* What corm_upsert_on takes. */
typedef struct {
  const gsize *key; /* CORM_MEMBERS (…) of a unique key, or of the primary key */
  const gsize *set; /* CORM_MEMBERS (…) to change where the row is there; NULL: all but the keys */
} CormUpsertOn;
/* Changes the row with that key, or inserts one, in a transaction; numbers and times come back into @row. Errors: INVALID (no
 * unique key, a NULL in it) beside those of an insert, UNIQUE too, for another key. */
CORM_PUBLIC gboolean corm_upsert_row_on (const CormModel *model, CormConnection *conn, gpointer row,
                                         GError **error, const CormUpsertOn *on);
CORM_PUBLIC gboolean corm_delete_row (const CormModel *model, CormConnection *conn, gconstpointer row,
                                      GError **error);
/* Deletes the row, marked or not. */
CORM_PUBLIC gboolean corm_erase_row (const CormModel *model, CormConnection *conn, gconstpointer row,
                                     GError **error);
/* The row with the key that @key's key members hold; free with corm_row_free(). Errors: NOT_FOUND. */
CORM_PUBLIC gpointer corm_get_row (const CormModel *model, CormConnection *conn, gconstpointer key,
                                   GError **error) CORM_MUST_USE;
CORM_PUBLIC void corm_row_free (gpointer row);

/* @n structs side by side, in one transaction (or savepoint), the fastest way the database has. Generated keys do
 * not come back; every column is sent, unset members with a default excepted where all rows leave it unset. Errors: as of an
 * insert, with the row where the database tells; CHECK also where a trigger leaves a row out. */
CORM_PUBLIC gboolean corm_insert_rows (const CormModel *model, CormConnection *conn, gconstpointer rows,
                                       gsize n, GError **error);

CORM_PUBLIC CormRows *corm_find_rows (const CormModel *model, CormConnection *conn, GError **error,
                                      const CormFind *find) CORM_MUST_USE;
CORM_PUBLIC gboolean corm_count_rows (const CormModel *model, CormConnection *conn, guint64 *count,
                                      GError **error, const CormFind *find);
CORM_PUBLIC gboolean corm_exists_rows (const CormModel *model, CormConnection *conn, gboolean *exists,
                                       GError **error, const CormFind *find);
/* One row after the other in constant memory; .with is refused. Read with corm_cursor_next_row(). */
CORM_PUBLIC CormCursor *corm_cursor_rows (const CormModel *model, CormConnection *conn, GError **error,
                                          const CormFind *find) CORM_MUST_USE;
/* The next row, borrowed until the next call; NULL at the end (@error unset) or on an error. */
CORM_PUBLIC gconstpointer corm_cursor_next_row (CormCursor *cursor, const CormModel *model, GError **error);
/* UPDATE/DELETE of all rows that match; an empty where is refused with CORM_ERROR_INVALID. */
CORM_PUBLIC gboolean corm_delete_rows (const CormModel *model, CormConnection *conn, guint64 *n_deleted,
                                       GError **error, const CormFind *find);

#ifndef __cplusplus
/* clang-format off */
/* The connection, with a note of the line that is about to use it. */
#define CORM_HERE(conn) corm_connection_at ((conn), __FILE__, __LINE__)
#define CORM_ROW_OF(T, row) _Generic ((row), T *: (row), const T *: (row))
/* corm_get (Job, conn, &error, .id = 5): g_autoptr (Job) */
#define corm_get(T, conn, error, ...) ((T *) corm_get_row (&T##_model, CORM_HERE (conn), &(const T) { __VA_ARGS__ }, (error)))
/* corm_update (Job, conn, &job, &error, status, name): only these members */
#define corm_update(T, conn, row, error, ...) \
  corm_update_row (&T##_model, (conn), _Generic ((row), T *: (row)), CORM_MEMBERS (T, __VA_ARGS__), (error))
/* corm_upsert_on (Job, conn, &job, &error, .key = CORM_MEMBERS (Job, work_dir), .set = CORM_MEMBERS (Job, status)) */
#define corm_upsert_on(T, conn, row, error, ...) \
  corm_upsert_row_on (&T##_model, (conn), _Generic ((row), T *: (row)), (error), &(const CormUpsertOn) { __VA_ARGS__ })
#define corm_bulk_insert(T, conn, rows, n, error) \
  corm_insert_rows (&T##_model, (conn), CORM_ROW_OF (T, rows), (n), (error))
/* corm_find (Job, conn, &error, .where = …, .order = …, .with = …, .limit = …): g_autoptr (CormRows) */
#define corm_find(T, conn, error, ...) corm_find_rows (&T##_model, CORM_HERE (conn), (error), &(const CormFind) { __VA_ARGS__ })
#define corm_count(T, conn, count, error, ...) \
  corm_count_rows (&T##_model, CORM_HERE (conn), (count), (error), &(const CormFind) { __VA_ARGS__ })
#define corm_exists(T, conn, exists, error, ...) \
  corm_exists_rows (&T##_model, CORM_HERE (conn), (exists), (error), &(const CormFind) { __VA_ARGS__ })
#define corm_delete_where(T, conn, n_deleted, error, ...) \
  corm_delete_rows (&T##_model, (conn), (n_deleted), (error), &(const CormFind) { __VA_ARGS__ })
#define corm_cursor(T, conn, error, ...) \
  corm_cursor_rows (&T##_model, (conn), (error), &(const CormFind) { __VA_ARGS__ })
#define corm_next(T, cursor, error) ((const T *) corm_cursor_next_row ((cursor), &T##_model, (error)))

/* CORM_FOREACH (Job, row, rows) { … row->name … }; rows may be NULL */
#define CORM_FOREACH(T, v, rows) \
  for (gsize v##_i = 0, v##_once = 1; v##_once; v##_once = 0) \
    for (T *v; (v = (T *) corm_rows_get_as ((rows), &T##_model, v##_i)) != NULL; v##_i++)
/* clang-format on */
#endif

CORM_PUBLIC gsize corm_rows_get_length (const CormRows *rows);
/* Row @i, NULL behind the last one or when @rows is NULL; borrowed. */
CORM_PUBLIC gpointer corm_rows_get (const CormRows *rows, gsize i);
/* The same, and NULL with a g_critical() when the rows are not of @model: CORM_FOREACH reads them so. */
CORM_PUBLIC gpointer corm_rows_get_as (const CormRows *rows, const CormModel *model, gsize i);
CORM_PUBLIC void corm_rows_free (CormRows *rows);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CormRows, corm_rows_free)

G_END_DECLS
