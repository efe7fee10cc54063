/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* All that the author of a driver needs. A backend is one const CormDriver: a dialect, which is data, and the calls
 * that speak the native protocol on the handle that libdbi opened. A NULL call means the shared default.
 *
 * The engine calls a driver under one rule: a link is used by one thread at a time, and a statement is executed
 * again only after reset(). A driver reports an error with corm_driver_error() and never logs. */
#pragma once

#include <corm/error.h>
#include <corm/migrate.h>
#include <corm/sys/function.h>
#include <corm/sys/text.h>

G_BEGIN_DECLS

/* --- the dialect: how SQL is written ------------------------------------------------------------------------ */

typedef enum { CORM_PLACEHOLDER_QUESTION, CORM_PLACEHOLDER_DOLLAR } CormPlaceholder;

typedef enum {
  CORM_UPSERT_ON_CONFLICT,      /* INSERT … ON CONFLICT (key) DO UPDATE SET c = excluded.c */
  CORM_UPSERT_ON_DUPLICATE_KEY, /* INSERT … ON DUPLICATE KEY UPDATE c = VALUES (c) */
  CORM_UPSERT_NONE,
} CormUpsert;

/* UPDATE and DELETE of many rows, each with values of its own. */
typedef enum {
  CORM_BATCH_NONE, /* row by row */
  CORM_BATCH_FROM, /* UPDATE t SET … FROM (VALUES (…), (…)) AS v WHERE …; its columns are column1, column2, … */
  CORM_BATCH_JOIN, /* UPDATE (SELECT … UNION ALL VALUES (…), (…)) AS v STRAIGHT_JOIN t ON … SET … */
} CormBatchStyle;

/* What a database can do; tests ask for these and never for a name. */
typedef enum {
  CORM_CAP_RETURNING = 1 << 0, /* INSERT … RETURNING */
  CORM_CAP_TRANSACTIONAL_DDL = 1 << 1,
  CORM_CAP_ALTER_ADD_CONSTRAINT = 1 << 2,
  CORM_CAP_PARTIAL_INDEX = 1 << 3,
  CORM_CAP_EXPRESSION_INDEX = 1 << 4,
  CORM_CAP_NATIVE_ENUM = 1 << 5,
  CORM_CAP_DEFERRABLE = 1 << 6,
  CORM_CAP_STREAMING = 1 << 7, /* a cursor holds one row, whatever the size of the result */
  CORM_CAP_NAN = 1 << 8,
  CORM_CAP_INFINITY = 1 << 9,
  CORM_CAP_NEGATIVE_ZERO = 1 << 10,
  CORM_CAP_DESCENDING_INDEX = 1 << 11,
  CORM_CAP_VIRTUAL_COLUMN = 1 << 12, /* generated columns that are not stored */
  CORM_CAP_LONG_DECIMAL = 1 << 13,   /* compares and sorts DECIMAL of more than 15 digits as numbers */
  CORM_CAP_FULL_JOIN = 1 << 14,
  CORM_CAP_CHANGE_RETURNING = 1 << 15, /* UPDATE and DELETE … RETURNING */
  CORM_CAP_BOUND_VIEWS =
      1 << 16,                  /* a view holds on to the columns it reads: they can't be changed under it */
  CORM_CAP_LATE_KEYS = 1 << 17, /* rows lie in no order: a key that is made behind them takes less work */
  CORM_CAP_INDEXES_AT_ONCE =
      1 << 18, /* of one table, by several connections; a key has its table to itself */
} CormCaps;

/* What else may hide a colon or a semicolon, beside '…', "…", -- and slash-star comments, which all have. */
typedef enum {
  CORM_LEX_DOLLAR_QUOTE = 1 << 0,   /* $tag$…$tag$ */
  CORM_LEX_BACKSLASH = 1 << 1,      /* \' inside '…' and "…" */
  CORM_LEX_ESCAPE_STRING = 1 << 2,  /* \' inside E'…' */
  CORM_LEX_BACKTICK = 1 << 3,       /* `…` */
  CORM_LEX_BRACKET = 1 << 4,        /* […] */
  CORM_LEX_HASH_COMMENT = 1 << 5,   /* # to the line's end */
  CORM_LEX_NESTED_COMMENT = 1 << 6, /* comments in comments */
  CORM_LEX_CONDITIONAL = 1 << 7,    /* slash-star, exclamation mark: a comment that is run */
  CORM_LEX_DASH_BLANK = 1 << 8,     /* -- begins a comment only with a blank behind it */
  CORM_LEX_PARENTHESES = 1 << 9,    /* a semicolon in parentheses ends no statement: rules */
} CormLexis;

typedef enum {
  CORM_COMMENT_ON_TABLE,
  CORM_COMMENT_ON_COLUMN,
  CORM_COMMENT_ON_INDEX,
  CORM_COMMENT_ON_CONSTRAINT,
} CormCommentOn;

/* One change of a table that is rebuilt. Columns are named as they will be called after the renames (one that is dropped:
 * as it is called now); what @definition names, it names in the new way; @convert is over the table as it was.
 *
 *   ADD_COLUMN                       definition "name type …"; convert: what the rows get, NULL: its default
 *   ADD_PRIMARY_KEY, _UNIQUE, …      definition "CONSTRAINT name UNIQUE (a)"
 *   DROP_PRIMARY_KEY, _UNIQUE, …     part, else name; a unique constraint that is said twice goes twice
 *   DROP_COLUMN                      takes along what stands on it alone; with others beside it: an error
 *   SET_TYPE                         definition "TEXT" (the collation stays) or "TEXT COLLATE nocase" (BINARY: none);
 *                                    convert: the value, NULL: the old one with the new affinity
 *   SET_NOT_NULL                     definition NULL or "NOT NULL ON CONFLICT FAIL"; convert: for rows with NULL
 *   BACKFILL                         convert: for rows with NULL
 *   DROP_NOT_NULL, DROP_DEFAULT
 *   SET_DEFAULT                      definition: the value or expression
 *   SET_GENERATED                    definition "GENERATED ALWAYS AS (a + b) STORED"; NULL, as DROP_GENERATED:
 *                                    it keeps the values; convert: others
 *   SET_IDENTITY                     definition "AUTOINCREMENT"; NULL: without
 *   SET_OPTIONS                      definition "STRICT, WITHOUT ROWID"; "": none. With a name, of a column:
 *                                    "AUTOINCREMENT NOT NULL ON CONFLICT FAIL"
 *   RENAME_TABLE, RENAME_COLUMN      name: the new one; was: the old one. Whatever names it follows
 *   DROP_INDEX, DROP_OBJECT          name: of an index, a trigger or a view that the plan drops before the rebuild, so that
 *                                    it is neither in its way nor made again; the same holds for the way back */
typedef struct {
  CormOpKind kind;
  const char *name; /* NULL: an unnamed constraint, or the table */
  const char *was;
  const char *definition;
  const char *convert;
  gconstpointer part; /* the column, key or check as it is in the live table; NULL: it goes by its name */
} CormTableEdit;

/* How one migrator keeps the others out: a lock of the server's on a connection of its own, tried again and again, so that
 * nothing waits inside the server and the lock ends with the process. Queries take the text parameter :name. */
typedef struct {
  const char *name; /* query on the connection that migrates: what is locked, one text */
  const char *
      probe; /* query there: 1 when it is worth an attempt, so that those who wait have one connection each */
  const char *begin;   /* statement in front of each attempt; NULL: none */
  const char *attempt; /* query: 1 when got, without waiting */
  const char *give_up; /* statement behind an attempt that failed, and behind the last use; NULL: none */
  const char *publish; /* query when got, with :label, for those who ask who has it; NULL: none */
  const char *settle;  /* statement behind it, so that the server keeps an idle connection */
  const char *check;   /* query: 1 while it is held; NULL: as long as the transaction of begin is there */
  const char *holder;  /* query: who has it, one text; no row: not known */
  /* Query with :mark, the comment that all the holder's statements begin with: statements, one a row, that end what a
   * killed holder has left running. */
  const char *orphans;
  const char *work,
      *work_end; /* on the connection that migrates, in front and behind; may fail; NULL: none */
} CormLockSql;

/* The moment of an insert, as a default of another database may ask for it: as text ("2026-01-02 03:04:05", its date, its
 * time; UTC), as whole seconds since 1970, as a Julian day, by the clock on the wall; as a time without a zone, a date and a
 * time of day by UTC. */
typedef enum {
  CORM_MOMENT_TEXT,
  CORM_MOMENT_DATE,
  CORM_MOMENT_TIME,
  CORM_MOMENT_SECONDS,
  CORM_MOMENT_JULIAN,
  CORM_MOMENT_HERE,
  CORM_MOMENT_UTC,
  CORM_MOMENT_UTC_DATE,
  CORM_MOMENT_UTC_TIME,
  CORM_N_MOMENTS
} CormMoment;

/* A trigger for each row: {n} its name, {m} BEFORE or AFTER, {e} "UPDATE OF a", {t} the table, {c} its condition, {b} its
 * statements, each with a semicolon, {r} the row that it returns. */
typedef struct {
  const char *function;     /* in front of it, "n()" with the body; NULL: the trigger holds it */
  const char *plain, *when; /* without a condition, and with one */
  const char *assign;       /* "SET NEW.a =": how the row is changed before it is written; NULL: it is not */
  bool of_columns;          /* UPDATE OF a, b */
} CormTriggerSql;

typedef struct _CormUpkeepSql CormUpkeepSql; /* <corm/sys/upkeep.h> */
typedef struct _CormSyncSql CormSyncSql;     /* <corm/sys/sync.h> */
typedef struct _CormDialect CormDialect;
struct _CormDialect {
  const char *name; /* "sqlite3", "pgsql", "mysql" */
  char quote;       /* around identifiers; doubled inside */
  CormPlaceholder placeholder;
  CormUpsert upsert;
  CormBatchStyle batch;
  bool batch_casts;            /* the columns of VALUES have to be cast to the types of the table's */
  guint caps;                  /* CormCaps */
  guint lexis;                 /* CormLexis */
  guint max_params;            /* of one statement */
  guint max_identifier;        /* bytes, where longer names are cut or refused; 0: any */
  const char *const *reserved; /* lower case, sorted with strcmp, ended by NULL */

  /* Names of column types, by CormType; {n} {p} {s} stand for length, precision, scale. */
  const char *types[CORM_N_TYPES];
  const char *varchar;            /* TEXT with a length */
  const char *decimal_any;        /* DECIMAL without precision */
  guint any_precision, any_scale; /* what it holds; 0: any number */
  /* Where TEXT and BYTES of any length cannot stand in a key: their types in a primary or foreign key, and how many
   * characters of such a column a plain index takes, "name(191)". NULL and 0: no such limit. */
  const char *key_text, *key_bytes;
  guint index_prefix;
  /* Instead of the tables, for what they cannot say. Appends the type's name. NULL: the tables. */
  void (*append_type) (GString *sql, const CormTableColumn *column);
  const char *identity; /* behind an automatic key's type, " AUTO_INCREMENT"; may hold PRIMARY KEY (SQLite) */
  bool identity_is_key; /* identity says PRIMARY KEY itself */
  const char *table_suffix; /* behind the closing parenthesis of a CREATE TABLE without options */
  const char *now; /* CORM_NOW of a timestamp, of a local timestamp where it differs, of a date, of a time */
  const char *now_local;
  const char *now_date;
  const char *now_time;
  const char *new_uuid; /* CORM_NEW_UUID; NULL: it makes none */
  const char *true_text, *false_text;
  const char *like;            /* "{a} LIKE {b} ESCAPE '\\'", case-sensitive by bytes */
  const char *decimal_compare; /* behind a DECIMAL column in comparisons and ORDER BY; NULL: nothing */
  const char *json_compare;    /* behind a JSON column and what it is compared with; NULL: nothing */
  const char *param_cast[CORM_N_TYPES]; /* around a placeholder, "CAST({} AS numeric)"; NULL: bare */
  const char
      *select_cast[CORM_N_TYPES]; /* around a column that is read, each {}; NULL: bare (generic: to text) */
  const char *
      insert_default_row; /* behind INSERT INTO t when no column is sent: "DEFAULT VALUES" or "() VALUES ()" */
  /* In place of INSERT INTO for rows that must all be there: whatever the table says to do when a key is taken. NULL: that. */
  const char *insert_all;
  const CormFunctionSql *functions; /* CORM_N_TEMPLATES of them; NULL: what all have in common */
  CormListForm list_form;           /* of CORM_TEMPLATE_IN_LIST */
  gsize list_bytes;                 /* of one text of a list, as servers take so much at once; 0: any */
  bool nulls_largest;               /* ORDER BY puts NULL behind all values, and has NULLS FIRST and LAST */
  const char *nulls_first, *nulls_last; /* behind an item of ORDER BY; NULL: "{a} IS NULL" is one more item */
  bool order_by_locale;    /* a text without a collation of its own sorts by the locale, not by bytes */
  const char *order_bytes; /* behind a text expression so that it sorts by bytes: " COLLATE \"C\"" */

  /* Appends a literal. NULL: standard SQL. Errors: CONVERSION. */
  gboolean (*append_literal) (GString *sql, const CormValue *value, GError **error);

  const char *begin[3]; /* by CormTransactionMode; two statements may be parted by ';' */
  /* The same with a level of isolation: {b} is begin, {l} the level in the standard's words. "{b}": all transactions are
   * serializable. NULL: there are no levels. */
  const char *isolate;
  const char *deferrable; /* behind it: read only, and waits for a snapshot that cannot fail; NULL: nothing */
  bool in_process;        /* no server: one writer at a time, and the answer to a COMMIT cannot get lost */
  const char *end_read_only; /* behind the end of a READ_ONLY transaction; NULL: nothing */
  const CormLockSql *lock;   /* one migrator at a time; NULL: CormDriver.lock_try, or nothing */

  /* How a table that is there is changed, by CormOpKind; NULL: the standard's way, "": it cannot be. {t} the table; {n} the
   * column, constraint or index; {o} its former name; {d} its whole definition; {y} the type; {u} the value that a
   * row gets when the type changes; {v} the default, the expression, or a label; {c} the comment as a literal; {p} where a
   * label goes, "AFTER 'x'", or what stands between CREATE and INDEX, whose {d} is all behind that. Several statements are
   * parted by ";\n". */
  const char *alter[CORM_N_OP_KINDS];
  /* The same when others work on the database and little may be locked; NULL: as above. What is said there must stand
   * alone where it begins with "!", and is run for a part of the rows each time, until it changes none, where it begins with "*". {k}: a key's
   * columns in parentheses. */
  const char *alter_online[CORM_N_OP_KINDS];
  /* The lock that each takes, in the database's words; NULL: none to speak of. And what it does, CormHazard. Those of
   * alter_online, where they are others; those of an object's making: kind, lock, kind, lock, …, NULL. */
  const char *locks[CORM_N_OP_KINDS], *locks_online[CORM_N_OP_KINDS];
  guint hazards[CORM_N_OP_KINDS], hazards_online[CORM_N_OP_KINDS];
  const char *const *object_locks;
  /* A column of the type of @is gets that of @should without a look at the rows: there is no hazard in it. NULL: never. */
  gboolean (*keeps_rows) (const CormTableColumn *is, const CormTableColumn *should);
  /* Where options are more than stands in a definition: up to their first ";\n" they stand behind the table's closing
   * parenthesis, or behind the column ("(START WITH 5)" behind its identity, "bigserial" in place of type and identity);
   * what follows are clauses that ALTER TABLE or ALTER COLUMN adds when all else is there. Appends the statements that
   * lead from @from to @to (each nullable) for @table, or its column @column where that is not NULL. FALSE: there is no
   * way. NULL: options are one text, the {v} of alter. */
  gboolean (*alter_options) (const char *table, const char *column, const char *from, const char *to,
                             GPtrArray *sql);
  /* The strongest lock that statements of alter_options take. NULL: that of their kind in locks. */
  const char *(*options_lock) (const GPtrArray *sql);
  /* Appends the statements by which the column numbers itself as @should does, or no more, with what its options say of
   * that. FALSE: {v} of alter says it. NULL: always. */
  gboolean (*set_identity) (const char *table, const CormTableColumn *is, const CormTableColumn *should,
                            GPtrArray *sql);
  /* What leads from a table's options to others (each nullable), as the {v} of alter; from "" to all that has to be said of
   * a table that is new. Free with g_free(). NULL: the new ones, which take the place of all that were there. */
  char *(*change_options) (const char *from, const char *to);
  /* The {d} of a column that is there takes the place of all that stood there, its own check too. */
  bool modifies_whole;
  /* Appends a condition for the rows whose value would silently become another one when the type of a column changes,
   * @name being its name in quotes. FALSE: none would. NULL: the database refuses to change such a row. */
  gboolean (*append_loss) (GString *sql, const char *name, const CormTableColumn *from,
                           const CormTableColumn *to);
  /* Statement: from now on a statement waits {v} milliseconds for a lock (at least a second where it counts in
   * seconds); and as it was before. NULL: there is no such thing. */
  const char *lock_wait, *lock_wait_end;
  guint lock_wait_ms; /* how long where nobody says; 0: a second */
  /* Words, in lower case, by which a statement is known whose wait for a lock is in nobody's way: {v} is 0 for it, as long as
   * it takes. Ended by NULL. */
  const char *const *lock_harmless;
  /* Statement: takes a lock on {t} that is in nobody's way but ends what the server itself does there (PostgreSQL's
   * autovacuum). NULL: there is no such thing. */
  const char *make_way;
  /* Query: the pages of table {t}, whose name as a literal is {c}; and what stands behind the WHERE of an UPDATE so that it
   * looks at those from {p} on and in front of {v} only. NULL: an UPDATE that is run again and again limits itself. */
  const char *count_pages, *within_pages;
  /* Query: the rows of the table {t}, whose name as a literal is {c}, and its bytes; by statistics where there are some. */
  const char *table_size;
  /* Queries: the statement, if any, by which somebody else gives the connection's user the rights that it lacks to make
   * tables here ({v}: false, where it lacks so much that nothing says so); to do {v}, a literal like 'SELECT,INSERT', in the
   * table {t}, whose name as a literal is {c}. NULL: there are no users. */
  const char *grant_make, *grant_fill;
  /* Query: name and a sentence of each table with rows that corm_schema_inspect() does not see, though the role may read
   * it: "table s.t (5 rows by statistics) stands in another schema; …". A third column, nullable: not NULL, the row is
   * about no table. It is empty, and the sentence tells what else the schema leaves out; or it ends what a view that has
   * the name, and holds no rows, is made with. A name that is NULL: of the whole database. NULL: it sees all there is. */
  const char *elsewhere;
  /* How a comment is set, by CormCommentOn, with the gaps of alter; NULL: there is none. @comment_inline: columns and
   * tables say it in their definition too, " COMMENT 'text'". */
  const char *comment[4];
  bool comment_inline;
  bool index_method_first; /* CREATE FULLTEXT INDEX */
  /* How objects are dropped: kind, template, kind, template, …, NULL, with {n} and {t}; others by "DROP KIND {n}". */
  const char *const *drop_objects;
  /* What a table needs where ALTER cannot (SQLite): appends statements to @sql that rebuild @table, as it stands in
   * the database, with @edits, and to @reverse those that undo it. NULL: ALTER TABLE does it all. */
  gboolean (*rebuild) (const CormSchema *live, const CormTable *table, const CormTableEdit *edits,
                       guint n_edits, GPtrArray *sql, GPtrArray *reverse, GError **error);
  /* Where rebuild is set: run before and after a migration, outside its transaction (foreign keys off and on again), and
   * a query whose rows are violations, of which there may be no more at the end than at the beginning. */
  const char *before_rebuild, *after_rebuild, *check_rebuild;
  /* Within a transaction: foreign keys are checked at its end, for a load in any order of tables; NULL: constraints are
   * added behind the load. */
  const char *defer_keys;
  /* In front of a load in which rows refer to rows behind them, for each foreign key {n} of a table {t} that they do it
   * by: it is not looked at until release_key; {d} says when it was before. All rows have been checked by then.
   * hold_key_end: behind a rollback in between; NULL: the rollback does it. Several statements are parted by ";\n". */
  const char *hold_key, *release_key, *hold_key_end;
  /* Behind a SELECT, by CormLock: " FOR UPDATE OF {t}", {t} the first table's name; NULL: nothing, and lock_table is
   * run before, which takes the lock of the transaction ("DELETE FROM {t} WHERE 0"). */
  const char *lock_rows[5];
  const char *lock_table;
  const char *explain;    /* in front of a statement whose plan is asked for: "EXPLAIN " */
  const char *drop_index; /* "DROP INDEX {i} ON {t}"; NULL: "DROP INDEX {i}" */
  bool names_fold;        /* names that differ in case only are one name */
  bool columns_fold;      /* those of columns alone */
  /* A script for the database's own client: the line that makes it stop at an error; whether it ends a statement at every
   * semicolon unless a line DELIMITER names another end. */
  const char *script_begin;
  bool script_delimiter;
  /* Names by which the database's own integer key of a row goes where no column has them, ended by NULL; NULL: none. */
  const char *const *row_keys;
  /* How several connections read the same moment: a query that tells a running transaction's snapshot, and a statement
   * that takes it ({v} the literal). Or commit_mark, a query outside of transactions whose value stays the same until
   * somebody else has committed; take_snapshot then makes a transaction settle on its moment. NULL: it can't be had. */
  const char *share_snapshot, *take_snapshot;
  /* From here to the transaction's end a table gives all its rows, or an error: policies hide none. NULL: it has none. */
  const char *all_rows;
  const char *commit_mark;
  /* Statements for the connection, outside of transactions: rows may come before those that they refer to, and as it was;
   * check_rebuild tells what was broken then. NULL: keys are added behind the rows, or can't be set aside. */
  const char *keys_off, *keys_on;
  /* A statement for the transaction that makes an index over rows that are there: memory to sort them in; NULL: none. */
  const char *before_index;
  bool now_is_utc;     /* CURRENT_TIMESTAMP and its kin, as a default, whatever the clock on the wall */
  bool keys_same_type; /* a foreign key's columns have the very types of those that they refer to */
  bool loose_types;    /* a column's type is a hint: two names of the same neutral type are no difference */
  /* What a column tends to hold that is declared with words that name no type; NONE: anything. NULL: there is none such. */
  CormType (*affinity) (const char *declared);
  const char *moments[CORM_N_MOMENTS]; /* expressions, by CormMoment; NULL: it can't be said */
  /* Words (lower case) and operators that mean something else here than in other databases, ended by NULL: no expression
   * with one of them is taken over, in either direction. */
  const char *const *other_meaning;
  /* An expression over @table, as the catalogue writes it, in words that other databases know too, as far as it means the
   * same in them; free with g_free(). NULL: it is written so. */
  char *(*standard_sql) (const char *sql, const CormTable *table);
  const char *
      fold_case; /* around a text {}: the same for texts that differ in the case of ASCII letters; NULL: none */
  const CormTriggerSql *triggers; /* NULL: none that other databases' could become */
  /* Query: the statement (itself a query) after which a sequence {n}, whose name as a literal is {c}, goes on as it does
   * here. NULL: there are no sequences. */
  const char *sequence_state;
  const CormUpkeepSql *upkeep; /* what it says about itself and does for itself; NULL: nothing */
  const CormSyncSql *sync;     /* how it logs changes by itself; NULL: it cannot */
};

/* --- a link: one connection, as a driver sees it --------------------------------------------------------------- */

typedef struct _CormUri CormUri;
/* Parts of a URI, percent-decoded; NULL where absent; borrowed. */
CORM_PUBLIC const char *corm_uri_get_host (const CormUri *uri);
CORM_PUBLIC const char *corm_uri_get_user (const CormUri *uri);
CORM_PUBLIC const char *corm_uri_get_password (const CormUri *uri);
CORM_PUBLIC const char *
corm_uri_get_database (const CormUri *uri);             /* whole path of a SQLite file; name of a database */
CORM_PUBLIC int corm_uri_get_port (const CormUri *uri); /* 0: absent */
CORM_PUBLIC const char *corm_uri_get_parameter (const CormUri *uri, const char *name);
/* All parameters, in the URI's order: for (i = 0; corm_uri_get_nth_parameter (uri, i, &name, &value); i++) */
CORM_PUBLIC gboolean corm_uri_get_nth_parameter (const CormUri *uri, guint i, const char **name,
                                                 const char **value);
/* As given, with the password left out: for messages. */
CORM_PUBLIC const char *corm_uri_get_public_text (const CormUri *uri);
/* @text, a URI or not, with whatever may be a password left out: between the first ':' and the last '@' of a server's URI,
 * and behind every parameter with "pass", "pwd" or "secret" in its name. Free with g_free(). */
CORM_PUBLIC char *corm_uri_redact (const char *text);

typedef struct _CormDriver CormDriver;
typedef struct {
  const CormDriver *driver;
  const CormUri *uri;
  const CormDbOptions *options; /* all members filled in */
  gpointer dbi;                 /* dbi_conn */
  gpointer handle;              /* the native handle inside it; the generic driver has none */
  gpointer data;                /* the driver's own */
  char *server;                 /* "PostgreSQL 15.18"; g_malloc'd by connect() */
  /* execute() and bulk_row() say which value they refuse, counted from 1; the library names its column. */
  guint refused;
  /* The driver sets it with an error that another run of the whole transaction may be spared: a deadlock, a serialization
   * failure, a lock that was not to be had. */
  bool again;
  gint64 deadline; /* of all that is sent, monotonic µs; 0: none */
  bool sole; /* connect() says: the data live in this connection alone, which is kept and never doubled */
  /* A failing call says: this replica gave up the statement to go on replaying. Another is asked for a while. */
  bool set_aside;
  /* connect() says: many rows are better sent in parts of about so many bytes; 0: in any. */
  gsize part_bytes;
  /* bulk_row() and bulk_end() say which row of the load their error is of, counted from 1; with @n_refused_rows it is one of so many
   * from there on. 0: of none, or nobody knows. */
  guint64 refused_row, n_refused_rows;
} CormLink;

/* A statement to prepare. Types say how a parameter is sent and what a column must come back as; with n_columns 0
 * a column comes back as the type that the database gives it. */
typedef struct {
  const char *sql;
  guint n_params;
  const CormSqlType *params;
  guint n_columns;
  const CormSqlType *columns;
  bool as_found; /* a cell that its column's type can't hold comes as what it is: a date of month 0 as text */
} CormStatementSpec;

typedef enum { CORM_STEP_ERROR = -1, CORM_STEP_DONE, CORM_STEP_ROW } CormStep;

/* Sets one option of the libdbi connection; numeric where @text is NULL. */
typedef void (*CormSetOption) (const char *name, const char *text, int number, gpointer data);

struct _CormDriver {
  const char *name;     /* "sqlite3" */
  const char *dbi_name; /* of libdbi's driver; NULL: from the URI (generic) */
  const CormDialect *dialect;
  gconstpointer detail; /* the driver's own */
  bool
      one_by_one; /* executing a prepared statement again costs less than one for many rows, which has to be read anew */

  /* Before libdbi opens: says its options for @uri; here a missing folder or a wrong parameter gets its clear error.
   * May rewrite nothing on disk. */
  gboolean (*configure) (const CormUri *uri, const CormDbOptions *options, CormSetOption set, gpointer data,
                         GError **error);
  /* libdbi could not open: says why, from its words in @text and from a look of the driver's own. Sets @error. */
  void (*explain) (const CormUri *uri, const CormDbOptions *options, const char *text, GError **error);
  /* After libdbi opened: takes the handle (((dbi_conn_t *) link->dbi)->connection), sets session defaults,
   * fills server and data. */
  gboolean (*connect) (CormLink *link, GError **error);
  void (*disconnect) (CormLink *link); /* frees data; libdbi closes the handle */
  gboolean (*ping) (CormLink *link, GError **error);
  /* FALSE when the connection is past use (the server or the file went away): the pool drops it. Looks at the socket, but sends
   * nothing: what it says in front of a COMMIT decides whether that was ever sent. */
  gboolean (*is_alive) (CormLink *link);
  /* Whether the database is inside a transaction, without asking the server. Some end one by themselves after an
   * error (deadlock, disk full), and a program may have sent BEGIN by hand. NULL: unknown. */
  gboolean (*in_transaction) (CormLink *link);
  /* link->deadline is @ms from now: the database is to stop a statement by then, with CANCELLED. Called before a
   * transaction begins and once more when it has; when it has ended with 0, link->deadline is 0 then. NULL: nothing is
   * stopped, and between two statements the library looks itself. */
  gboolean (*set_deadline) (CormLink *link, guint ms, GError **error);

  /* One statement without parameters and rows: BEGIN, DDL. */
  gboolean (*run) (CormLink *link, const char *sql, GError **error);
  gpointer (*prepare) (CormLink *link, const CormStatementSpec *spec, GError **error);
  /* Sends it. @stream: rows come one by one with constant memory; else the driver may fetch them all at once.
   * @n_changed: rows inserted, updated or deleted, known when the statement has no rows or they are all read. */
  gboolean (*execute) (CormLink *link, gpointer statement, const CormValue *params, gboolean stream,
                       GError **error);
  guint (*n_columns) (CormLink *link, gpointer statement); /* after execute */
  const char *(*column_name) (CormLink *link, gpointer statement, guint column);
  /* The next row into @row (n_columns values), which borrows from the statement until the next step or reset. */
  CormStep (*step) (CormLink *link, gpointer statement, CormValue *row, GError **error);
  guint64 (*n_changed) (CormLink *link, gpointer statement);
  gint64 (*last_id) (CormLink *link); /* key of the last INSERT; NULL: only with RETURNING */
  /* Rows written since it was opened, by triggers too. NULL: not known. */
  guint64 (*n_writes) (CormLink *link);
  /* Whether @table is a view, whose triggers write what is inserted somewhere else, which n_changed() does not count. NULL: it does. */
  gboolean (*is_view) (CormLink *link, const char *table);
  void (*reset) (CormLink *link, gpointer statement); /* done with the rows; also in the middle of them */
  void (*finalize) (CormLink *link, gpointer statement);

  /* Bulk load into a table, inside the caller's transaction. NULL: prepared inserts. @types as in the table.
   * end() with FALSE for @keep gives up. */
  gpointer (*bulk_begin) (CormLink *link, const char *table, const char *const *columns,
                          const CormSqlType *types, guint n_columns, GError **error);
  gboolean (*bulk_row) (CormLink *link, gpointer bulk, const CormValue *row, GError **error);
  gboolean (*bulk_end) (CormLink *link, gpointer bulk, gboolean keep, guint64 *n_rows, GError **error);

  /* Reads the structure of the connection's database into @schema, with a constant number of catalogue queries,
   * through corm_query(). @scratch: of the scratch place instead. */
  gboolean (*inspect) (CormConnection *conn, gboolean scratch, CormSchema *schema, GError **error);
  /* Opens a scratch place, in which unqualified CREATE statements land, and closes it with all that is in it.
   * Either on @conn itself (*other left NULL) or as a connection of its own in *other. */
  gboolean (*scratch_begin) (CormConnection *conn, CormConnection **other, GError **error);
  void (*scratch_end) (CormConnection *conn, CormConnection *other);
  /* One attempt to get the migrator's lock, where CormDialect.lock is NULL, without waiting. It returns NULL without an
   * error when somebody else has it; *holder says who. @label is for those who ask later. FALSE from lock_check: it is
   * held no more. All three or none. */
  gpointer (*lock_try) (CormConnection *conn, const char *label, char **holder, GError **error);
  gboolean (*lock_check) (gpointer lock);
  void (*lock_free) (gpointer lock);
  /* The last automatic key that @table gave, its row deleted or not; 0: none, or nobody remembers. */
  gboolean (*last_number) (CormConnection *conn, const CormTable *table, gint64 *number, GError **error);
  /* What inspect () does not tell of the database's structure, a line each: kinds of things that the role may not see,
   * with the right that it lacks; what no statement says. NULL: it tells all. */
  gboolean (*list_hidden) (CormConnection *conn, GPtrArray *lines, GError **error);
  /* After a bulk load that gave keys: the next automatic key of the table lies behind the last one, and behind @last where
   * the database remembers such; statistics. */
  gboolean (*after_load) (CormConnection *conn, const CormTable *table, gint64 last, GError **error);

  /* Replicas; all three, or NULL: a CormDb takes no readers. A position says how far a database has come, in a text of
   * its own (an LSN, a list of GTIDs) of letters, digits, '-', '/' and ','; it may come from a stranger. */
  /* On the writer: a position behind all that has been committed; "": nothing yet. UNSUPPORTED: it keeps no log. */
  char *(*position) (CormConnection *conn, GError **error);
  /* A position that covers both; @b may be NULL, to check @a. INVALID: that is no position. */
  char *(*later) (const char *a, const char *b, GError **error);
  /* On a replica: whether all up to @position can be read there, after @wait_ms at most. */
  gboolean (*has_replayed) (CormConnection *conn, const char *position, guint wait_ms, gboolean *replayed,
                            GError **error);
};

/* --- what the library gives to a driver ------------------------------------------------------------------------ */

/* Sets @error; the message is "DOING: WORDS", with the hint behind it where there is one. @words are the
 * database's own, whitespace at their end is dropped. */
CORM_PUBLIC void corm_driver_error (GError **error, CormError code, const char *doing, const char *words,
                                    const char *hint);
/* "cannot run 'INSERT INTO jobs ...'": @sql on one line of bounded length, without what stands in quotes, which may be a
 * secret; free with g_free(). */
CORM_PUBLIC char *corm_driver_describe (const char *sql);
/* The code for an SQLSTATE (ISO 9075, PostgreSQL appendix A); CORM_ERROR_FAILED when unknown. */
CORM_PUBLIC CormError corm_error_from_sqlstate (const char *sqlstate);
/* The link of a connection, and a throw-away connection to another database through the same driver. */
CORM_PUBLIC CormLink *corm_connection_get_link (CormConnection *conn);
CORM_PUBLIC CormConnection *corm_connection_open_uri (const char *uri, GError **error) CORM_MUST_USE;
/* One more to the same database, which may be written to and must not outlive @conn. */
CORM_PUBLIC CormConnection *corm_connection_open_again (CormConnection *conn, GError **error) CORM_MUST_USE;
/* An identifier quoted where @dialect needs it; a literal. One place for both in the whole library. */
CORM_PUBLIC void corm_sql_append_identifier (GString *sql, const CormDialect *dialect, const char *name);
CORM_PUBLIC gboolean corm_sql_append_literal (GString *sql, const CormDialect *dialect,
                                              const CormValue *value, GError **error);
/* Behind the quoted text or the comment that starts at @p (an unended one ends with the text), or @p itself when neither
 * starts there. */
CORM_PUBLIC const char *corm_lexer_skip (const CormDialect *dialect, const char *p);
/* Reads a default of the catalogue, a literal, NULL, a form of now, or an expression, into kind and text. */
CORM_PUBLIC void corm_column_set_default (CormTableColumn *column, const char *sql);
/* The neutral type for a type's name as people write it, "varchar(20)", "int unsigned", "numeric(10,2)"; the widest
 * type that holds it exactly, in whichever database wrote it (INTEGER is INT64 as in SQLite, INT is INT32; REAL is
 * FLOAT64, FLOAT4 FLOAT32); RAW when there is none. */
CORM_PUBLIC CormSqlType corm_sql_type_parse (const char *name);

G_END_DECLS
