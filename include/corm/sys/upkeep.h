/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* What a database can say about itself and do for itself, as data. In templates {t} is a table, {n} a column, both quoted
 * where need be, {c} the table's name as a literal. NULL: there is no such thing. */
#pragma once

#include <corm/sys/driver.h>
#include <corm/upkeep.h>

G_BEGIN_DECLS

/* What gives a table its automatic keys. */
typedef struct {
  char *table;
  char *column;   /* NULL: the table's automatic one */
  char *sequence; /* quoted where need be; NULL: it has no name */
  gint64 next;    /* the key that comes next */
} CormNextKey;

/* One statement of a task; of each table where {t} or {c} stands in it. */
typedef struct {
  guint task;      /* CormMaintenance; 0: the end */
  const char *sql; /* NULL: there is none, */
  const char *why; /* and what does it instead */
  bool answers;    /* its rows go to CormUpkeepSql.answer */
} CormMaintainSql;

/* What a row of an answer says. */
typedef enum { CORM_ANSWER_FINE, CORM_ANSWER_DAMAGED, CORM_ANSWER_FAILED } CormAnswer;

/* A program to run. */
typedef struct {
  GPtrArray
      *argv; /* char *; "{secret}" in one of them becomes the path of a file that only its owner may read, */
  char *secret;       /* with this text; NULL: none */
  GPtrArray *env;     /* "NAME=value", not shown */
  bool reads_file;    /* the copy is its standard input */
  const char *ending; /* what stands at the end of a copy that is whole; NULL: the program itself finds out */
  const char *package; /* that has the program */
} CormTool;

struct _CormUpkeepSql {
  /* Query: texts, one a row, that say what is damaged; "ok": nothing. And what to do then, {c} the database. */
  const char *integrity, *repair;
  /* Condition: the text in {n} is no UTF-8, or has a NUL in it. NULL: the database lets none in. */
  const char *bad_text;
  /* Expressions: how many characters the text in {n} has; {n} as text. */
  const char *char_length, *as_text;
  /* Appends a condition for the rows whose value in @name, quoted, is none of the column's type. FALSE: there are none. */
  gboolean (*append_misfit) (GString *sql, const char *name, const CormTableColumn *column);
  /* Expression that tells a row of a table without a key, "rowid". */
  const char *row_name;
  /* A foreign key's target may be missing. */
  bool keys_dangle;
  /* Queries, the next one where the database refuses the one before: table, index, how often it was read, how often the
   * table was read in all. Ended by NULL. */
  const char *const *index_use;
  /* Appends (CormNextKey, which the array frees) what gives keys. */
  gboolean (*next_keys) (CormConnection *conn, GPtrArray *keys, GError **error);
  /* Statement: {v} is the last key of {t} that is taken, {u} the one behind it, {c} the sequence, or the table, as a
   * literal. @set_alone: it ends a transaction. */
  const char *set_next;
  bool set_alone;

  /* In the order to run. */
  const CormMaintainSql *maintain;
  /* The row that @cursor stands on; appends what is worth telling to @words. */
  CormAnswer (*answer) (guint task, CormCursor *cursor, GString *words);
  /* Query: why this role may not maintain {c}; NULL or no row: it may. */
  const char *may_not;

  /* Queries, the next one where the database refuses the one before; ended by NULL. Of a table: rows, whether they were
   * counted, bytes, bytes of its indexes, dead rows, free bytes, when it was analyzed. Of its indexes, a row each: name,
   * bytes, reads, rows that a key finds. NULL: not known. */
  const char *const *table_stats;
  const char *const *index_stats;

  /* Copies the whole database of @link over that in the file @path, which may be empty, while others use both; and lets the
   * copy check itself. NULL: a tool does it. */
  gboolean (*copy) (CormLink *link, const char *path, CormCopyFunc progress, gpointer data, GError **error);
  const char *copy_name; /* how it is called, "sqlite3_backup()" */
  const char *const
      *logs; /* endings of files that belong to the database's and stand beside it; ended by NULL */
  /* Fills in @tool, which writes the copy to @file, or restores it; @force: over what is there. */
  gboolean (*tool) (const CormUri *uri, const char *file, gboolean restore, gboolean force, CormTool *tool,
                    GError **error);
  /* Query: how many tables and other things of users the database has. */
  const char *count_objects;
};

G_END_DECLS
