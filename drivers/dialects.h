/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* What a native driver lends to the generic driver: its dialect, and the calls that speak SQL through corm_query()
 * alone. The files behind these names use no native library and are always compiled, also --without-NAME. */
#pragma once

#include <corm/sys/driver.h>

extern const CormDialect corm_sqlite3_dialect;  /* sqlite3/dialect.c */
extern const CormDialect corm_pgsql_dialect;    /* pgsql/dialect.c */
extern const CormDialect corm_mysql_dialect;    /* mysql/dialect.c */
extern const char *const corm_mysql_reserved[]; /* mysql/reserved.c */
/* NAME/upkeep.c */
extern const CormUpkeepSql corm_sqlite3_upkeep, corm_sqlite3_plain_upkeep; /* without functions of its own */
extern const CormUpkeepSql corm_pgsql_upkeep, corm_mysql_upkeep;
/* NAME/sync.c */
extern const CormSyncSql corm_sqlite3_sync, corm_pgsql_sync, corm_mysql_sync;

/* NAME/functions.c; the plain ones need no function of the native driver's. */
extern const CormFunctionSql corm_sqlite3_functions[], corm_sqlite3_plain_functions[];
extern const CormFunctionSql corm_pgsql_functions[], corm_mysql_functions[];
/* Whether the other side of an idle connection's socket is gone, as far as the kernel knows; FALSE for no socket: socket.c */
gboolean corm_socket_is_closed (int fd);

/* The file that a database was opened on, known to the whole process until it is closed: file.c */
typedef struct _CormFileMark CormFileMark;
/* Behind opening it. NULL: there is no such file (any more). */
CormFileMark *corm_file_mark (const char *path);
/* In front of closing it. */
void corm_file_unmark (CormFileMark *mark);
/* FALSE: it was removed, or its name is another file's. Of none, NULL, that is never said. */
gboolean corm_file_is_there (CormFileMark *mark);
/* Whether it had a log of what is written ahead, when it was seen to be there; and whether that is still beside it, or there was none. */
gboolean corm_file_has_log (const CormFileMark *mark);
gboolean corm_file_is_log_there (const CormFileMark *mark);
void corm_file_forget_log (CormFileMark *mark);
/* In front of opening @path: what lies beside it and belongs to the file that this process had opened there before. SQLite would
 * play it into this one. NULL: nothing. */
char *corm_file_find_strange_log (const char *path);
/* What to do about it; free with g_free(). */
char *corm_file_explain_strange_log (const char *log);

/* CormDialect.rebuild: sqlite3/rebuild.c */
gboolean corm_sqlite3_rebuild (const CormSchema *live, const CormTable *table, const CormTableEdit *edits,
                               guint n_edits, GPtrArray *sql, GPtrArray *reverse, GError **error);

/* A cell as @type (NULL or NONE: as it is): sqlite3/cell.c. What has to be made is put into *scratch, made when NULL;
 * @value may be @from. Errors: CONVERSION. */
gboolean corm_sqlite3_convert (const CormValue *from, const CormSqlType *type, GString **scratch,
                               CormValue *value, GError **error);

/* What MariaDB would round or take for 0 is a CONVERSION error. @type: of the parameter. */
gboolean corm_mysql_check_decimal (const CormSqlType *type, const CormValue *value, GError **error);
/* The session that the dialect's SQL is meant for: strict, standard strings, UTC. Behind SET NAMES utf8mb4. */
extern const char *const corm_mysql_session;

/* CormUpkeepSql.copy: sqlite3/backup.c, only with SQLite's library */
gboolean corm_sqlite3_copy (CormLink *link, const char *path, void (*progress) (gint64, gint64, gpointer),
                            gpointer data, GError **error);

/* CormDriver.inspect, .scratch_begin, .scratch_end: NAME/introspect.c */
gboolean corm_sqlite3_inspect (CormConnection *conn, gboolean scratch, CormSchema *schema, GError **error);
gboolean corm_sqlite3_scratch_begin (CormConnection *conn, CormConnection **other, GError **error);
void corm_sqlite3_scratch_end (CormConnection *conn, CormConnection *other);

gboolean corm_pgsql_inspect (CormConnection *conn, gboolean scratch, CormSchema *schema, GError **error);
gboolean corm_pgsql_scratch_begin (CormConnection *conn, CormConnection **other, GError **error);
void corm_pgsql_scratch_end (CormConnection *conn, CormConnection *other);

gboolean corm_mysql_inspect (CormConnection *conn, gboolean scratch, CormSchema *schema, GError **error);
gboolean corm_mysql_scratch_begin (CormConnection *conn, CormConnection **other, GError **error);
void corm_mysql_scratch_end (CormConnection *conn, CormConnection *other);

/* CormDialect.standard_sql: pgsql/standard.c */
char *corm_pgsql_standard_sql (const char *sql, const CormTable *table);
/* CormDriver.list_hidden: mysql/hidden.c */
gboolean corm_mysql_list_hidden (CormConnection *conn, GPtrArray *lines, GError **error);
/* CormDriver.last_number, .after_load: NAME/load.c */
gboolean corm_sqlite3_last_number (CormConnection *conn, const CormTable *table, gint64 *number,
                                   GError **error);
gboolean corm_sqlite3_after_load (CormConnection *conn, const CormTable *table, gint64 last, GError **error);
gboolean corm_pgsql_last_number (CormConnection *conn, const CormTable *table, gint64 *number,
                                 GError **error);
gboolean corm_pgsql_after_load (CormConnection *conn, const CormTable *table, gint64 last, GError **error);
gboolean corm_mysql_last_number (CormConnection *conn, const CormTable *table, gint64 *number,
                                 GError **error);
gboolean corm_mysql_after_load (CormConnection *conn, const CormTable *table, gint64 last, GError **error);
/* The column of automatic keys; NULL: none. And the number that is the answer to @sql, 0 for NULL or no row: number.c */
const CormTableColumn *corm_driver_numbered_column (const CormTable *table);
gboolean corm_driver_ask_number (CormConnection *conn, const char *sql, const CormParam *params,
                                 gint64 *number, GError **error);

/* CormDriver.lock_try, .lock_check, .lock_free: sqlite3/lock.c */
gpointer corm_sqlite3_lock_try (CormConnection *conn, const char *label, char **holder, GError **error);
gboolean corm_sqlite3_lock_check (gpointer lock);
void corm_sqlite3_lock_free (gpointer lock);

/* CormDriver.position, .later, .has_replayed: NAME/position.c */
char *corm_pgsql_position (CormConnection *conn, GError **error);
char *corm_pgsql_later (const char *a, const char *b, GError **error);
gboolean corm_pgsql_has_replayed (CormConnection *conn, const char *position, guint wait_ms,
                                  gboolean *replayed, GError **error);
char *corm_mysql_position (CormConnection *conn, GError **error);
char *corm_mysql_later (const char *a, const char *b, GError **error);
gboolean corm_mysql_has_replayed (CormConnection *conn, const char *position, guint wait_ms,
                                  gboolean *replayed, GError **error);

/* The driver for dbi:DRIVER?…: generic/driver.c. Never NULL. */
const CormDriver *corm_generic_find (const char *dbi_driver);
