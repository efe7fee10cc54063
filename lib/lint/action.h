/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* What a statement does, as a list of actions: ALTER TABLE with three clauses is three, CREATE TABLE is one and one more
 * for each of its columns and constraints. The reader knows enough SQL of all dialects to fill these members; what it
 * does not know is an action of kind OTHER, never an error. */
#pragma once

#include "lint/tokens.h"

typedef enum {
  CORM_ACTION_OTHER,
  CORM_ACTION_CREATE_TABLE,
  CORM_ACTION_DROP_TABLE,
  CORM_ACTION_RENAME_TABLE, /* other: the new name */
  CORM_ACTION_ADD_COLUMN,
  CORM_ACTION_DROP_COLUMN,
  CORM_ACTION_RENAME_COLUMN, /* other: the new name */
  CORM_ACTION_MODIFY_COLUMN, /* MODIFY, and CHANGE with the whole definition; other: the new name, or NULL */
  CORM_ACTION_SET_TYPE,
  CORM_ACTION_SET_NOT_NULL,
  CORM_ACTION_DROP_NOT_NULL,
  CORM_ACTION_SET_DEFAULT,
  CORM_ACTION_DROP_DEFAULT,
  CORM_ACTION_ADD_PRIMARY_KEY,
  CORM_ACTION_ADD_UNIQUE,
  CORM_ACTION_ADD_FOREIGN_KEY, /* other: the table that it points to */
  CORM_ACTION_ADD_CHECK,       /* text: the expression */
  CORM_ACTION_ADD_EXCLUSION,
  CORM_ACTION_DROP_PRIMARY_KEY,
  CORM_ACTION_DROP_CONSTRAINT,
  CORM_ACTION_VALIDATE,
  CORM_ACTION_CREATE_INDEX,
  CORM_ACTION_DROP_INDEX,
  CORM_ACTION_REINDEX,
  CORM_ACTION_SET_OPTION, /* of a table; name: "engine", "algorithm", "lock", "charset", "unlogged"; other: its value */
  CORM_ACTION_TRIGGERS, /* name: "disable" or "enable" */
  CORM_ACTION_CREATE_TYPE,
  CORM_ACTION_ADD_LABEL,    /* other: the label, as a literal */
  CORM_ACTION_RENAME_LABEL, /* other: the former one */
  CORM_ACTION_CREATE_VIEW,
  CORM_ACTION_REFRESH,
  CORM_ACTION_CREATE_SEQUENCE,
  CORM_ACTION_CREATE_TRIGGER,
  CORM_ACTION_CREATE_OTHER,
  CORM_ACTION_DROP_OTHER, /* object: "view", "schema", "database", "type", … */
  CORM_ACTION_TRUNCATE,
  CORM_ACTION_INSERT,
  CORM_ACTION_UPDATE,
  CORM_ACTION_DELETE,
  CORM_ACTION_LOCK,
  CORM_ACTION_VACUUM,
  CORM_ACTION_CLUSTER,
  CORM_ACTION_SET, /* a setting or a PRAGMA: name, other */
  CORM_ACTION_BEGIN,
  CORM_ACTION_COMMIT,
  CORM_ACTION_ROLLBACK,
  CORM_N_ACTIONS
} CormLintActionKind;

G_STATIC_ASSERT (CORM_N_ACTIONS <= 64); /* a rule holds a set of them */
#define CORM_ON(kind) (G_GUINT64_CONSTANT (1) << CORM_ACTION_##kind)

typedef enum {
  CORM_FLAG_CONCURRENTLY = 1 << 0,
  CORM_FLAG_IF_EXISTS = 1 << 1,
  CORM_FLAG_IF_NOT_EXISTS = 1 << 2,
  CORM_FLAG_CASCADE = 1 << 3,
  CORM_FLAG_NOT_VALID = 1 << 4,
  CORM_FLAG_USING_INDEX = 1 << 5,
  CORM_FLAG_UNIQUE = 1 << 6,
  CORM_FLAG_WHERE = 1 << 7,  /* UPDATE, DELETE or an index with one */
  CORM_FLAG_INLINE = 1 << 8, /* a constraint in a column's definition */
  CORM_FLAG_BODY = 1 << 9,   /* a part of CREATE TABLE */
  CORM_FLAG_TEMPORARY = 1 << 10,
  CORM_FLAG_NOT_NULL = 1 << 11,
  CORM_FLAG_NULL = 1 << 12, /* said in so many words */
  CORM_FLAG_AUTO = 1 << 13, /* an automatic key: AUTO_INCREMENT, AUTOINCREMENT, IDENTITY */
  CORM_FLAG_IDENTITY = 1 << 14,
  CORM_FLAG_GENERATED = 1 << 15,
  CORM_FLAG_STORED = 1 << 16,
  CORM_FLAG_PRIMARY = 1 << 17,
  CORM_FLAG_REFERENCES = 1 << 18,
  CORM_FLAG_COMMENT = 1 << 19,
  CORM_FLAG_ON_UPDATE = 1 << 20,
  CORM_FLAG_FULL = 1 << 21,   /* VACUUM FULL */
  CORM_FLAG_IGNORE = 1 << 22, /* INSERT IGNORE, OR IGNORE */
  CORM_FLAG_REPLACE = 1 << 23,
  CORM_FLAG_SPECIAL = 1 << 24, /* an index of another kind: FULLTEXT, SPATIAL, USING gin */
  CORM_FLAG_STRICT = 1 << 25,
  CORM_FLAG_WITHOUT_ROWID = 1 << 26,
  CORM_FLAG_UNLOGGED = 1 << 27,
  CORM_FLAG_AS_SELECT = 1 << 28,
} CormLintActionFlag;

typedef struct {
  char *text;
  guint line; /* of the script, from 1 */
  GPtrArray *tokens;
  GPtrArray *actions; /* CormLintAction, at least one */
  GPtrArray *ignored; /* names of rules that a comment in front of it turns off */
} CormLintStatement;

typedef struct {
  CormLintActionKind kind;
  const CormLintStatement *statement;
  guint from, to; /* its own tokens */
  guint flags;
  guint transaction; /* that it stands in, counted from 1; 0: none */
  guint place;       /* its index among all actions of the script */
  char *table;
  char *name; /* of the column, constraint, index, object or setting */
  char *other;
  char *object;
  char *type;         /* of a column: "varchar(20)", words in lower case */
  char *default_sql;  /* NULL: none */
  char *text;         /* an expression, or the attributes of a column in one line */
  GPtrArray *columns; /* char *: of a key, an index, a label list; an expression's is NULL */
  GPtrArray *targets; /* of a foreign key */
  GPtrArray *names;   /* CormToken, borrowed: identifiers that it gives to something new */
} CormLintAction;

CormLintStatement *corm_lint_statement_read (const CormDialect *dialect, const char *sql, guint line);
void corm_lint_statement_free (gpointer statement);
/* Whether @word stands among the action's own tokens, as a bare word. */
gboolean corm_action_has (const CormLintAction *action, const char *word);
