/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* A pair of schemas, the rows between them, and what has to hold. Everything about a pair follows from its seed and
 * from the two schemas themselves, so that a smaller pair keeps the rows of what is left. */
#pragma once

#include "random.h"

#include <corm/corm.h>
#include <corm/sys/driver.h>

/* --- texts.c: what only one database understands, a line each ---------------------------------------------------- */

typedef struct {
  const char *type;    /* as its catalogue says it */
  const char *sample;  /* a value; {i} is the row's number */
  const char *method;  /* of an index over it, with the operator class; NULL: the usual one */
  const char *exclude; /* operator of an exclusion constraint; NULL: none */
} RawKind;

typedef struct {
  const char *dialect;
  const char *
      left_out; /* features that a migration is known not to master yet, parted by commas: said at each run */
  const char *const *collations; /* of text */
  const RawKind *raws;           /* ended by one without a type */
  const char *const
      *strict; /* types of a STRICT table, for INT64, FLOAT64, TEXT and BYTES; NULL: no such tables */
  gboolean
      rich; /* deferrable uniques, MATCH FULL, covering indexes, index methods, NULLS FIRST in an index */
  gboolean set_default; /* a foreign key may set a default */
  gboolean comments;
  const char *const *table_options;
  const char *text_default; /* an expression */
  const char *number_default;
  const char *concat;  /* of {a} and {b} */
  const char *trigger; /* {n} its name, {e} INSERT or DELETE, {t} the table, {l} the log, {f} the function */
  const char *const *other_triggers; /* {n}, {t}, {l}, {c} one of its columns, {v} a view; NULL: none */
  const char *trigger_function;      /* {n}, {l}; NULL: none is needed */
  const char *function;              /* {n} */
  const char *function_arguments;
  const char *sequence;     /* {n} {v} */
  const char *domain;       /* {n} {v} */
  const char *materialized; /* "MATERIALIZED " */
  const char *
      empty; /* {t}, ended by the statement that goes back to before: deletes all rows whatever points to them */
  const char *empty_begin, *empty_end;
} Texts;

const Texts *texts_of (const CormDialect *dialect);
/* @name in the dialect's quotes, always. */
char *texts_quote (const CormDialect *dialect, const char *name);
/* Puts the words behind @text for their letters: texts_fill ("DROP {k} {n}", "k", "VIEW", "n", "\"v\"", NULL) */
char *texts_fill (const char *text, ...) G_GNUC_NULL_TERMINATED;
/* @old for every @new in *@text. */
void texts_replace (char **text, const char *old, const char *new);
gboolean texts_mention (const CormDialect *dialect, const char *text, const char *name);

/* --- the generator ------------------------------------------------------------------------------------------------ */

typedef struct {
  const CormDialect *dialect;
  const Texts *texts;
  Random random;
  CormSchema *schema;
  guint n_names;
} Gen;

#define AUDIT "audit" /* the table that triggers write to */

/* @n_names: names are counted from there on. */
CormSchema *generate_schema (const CormDialect *dialect, guint64 seed, guint n_names); /* generate.c */
char *generate_name (Gen *gen, const char *prefix);
/* So often, but never what CORM_TEST_WITHOUT=feature,feature leaves out. */
gboolean generate_wants (Gen *gen, const char *feature, guint percent);
void generate_table (Gen *gen);
CormTableColumn *generate_column (Gen *gen, CormTable *table); /* column.c */
void generate_default (Gen *gen, CormTableColumn *column);
gboolean column_can_be_key (const CormDialect *dialect, const CormTableColumn *column);
/* Neither in a key of any kind nor filled by the database: checks and expressions may speak of it. */
gboolean column_is_plain (const CormTable *table, const CormTableColumn *column);
CormTableColumn *column_pick (Gen *gen, const CormTable *table,
                              gboolean (*is) (Gen *, const CormTable *, const CormTableColumn *));
gboolean column_is_free (Gen *gen, const CormTable *table, const CormTableColumn *column);
gboolean column_is_indexable (Gen *gen, const CormTable *table, const CormTableColumn *column);
void generate_primary_key (Gen *gen, CormTable *table); /* constraint.c */
void generate_unique (Gen *gen, CormTable *table);
void generate_foreign_key (Gen *gen, CormTable *table);
void generate_check (Gen *gen, CormTable *table);
void generate_generated (Gen *gen, CormTable *table);
void generate_index (Gen *gen, CormTable *table);
void generate_objects (Gen *gen); /* object.c */
void generate_object (Gen *gen);
void generate_view (Gen *gen);
void generate_trigger (Gen *gen);

/* --- edit.c: changes that keep a schema whole ---------------------------------------------------------------------- */

CormSchema *schema_copy (const CormSchema *schema);
/* Takes out the foreign keys whose target is not there. */
void schema_repair (CormSchema *schema);
/* With everything that speaks of it. */
void schema_remove_table (const CormDialect *dialect, CormSchema *schema, CormTable *table);
void schema_remove_column (const CormDialect *dialect, CormSchema *schema, CormTable *table,
                           CormTableColumn *column);
void schema_remove_object (const CormDialect *dialect, CormSchema *schema, CormSchemaObject *object);
void schema_remove_primary_key (CormTable *table);
/* Takes out what speaks of the column, but not the column. */
void schema_forget_column (const CormDialect *dialect, CormSchema *schema, CormTable *table,
                           const char *name);
void schema_rename_table (const CormDialect *dialect, CormSchema *schema, CormTable *table, const char *name);
void schema_rename_column (const CormDialect *dialect, CormSchema *schema, CormTable *table,
                           CormTableColumn *column, const char *name);
/* Another table's foreign key, or the table's own, points to this key. */
gboolean schema_is_target (const CormSchema *schema, const CormTable *table, const CormKey *key);
/* What the table or column of @a is called in @b, or the other way round; NULL: it is not there. */
const CormTable *schema_find_successor (const CormSchema *b, const CormSchema *a, const CormTable *table);
const CormTableColumn *schema_find_next_column (const CormTable *b, const CormTable *a,
                                                const CormTableColumn *column);

/* --- rows.c: rows that satisfy a schema --------------------------------------------------------------------------- */

typedef struct {
  const CormDialect *dialect;
  guint64 seed;
  guint n_rows; /* of each table */
} Rows;

/* Text of the value in that row, NULL: NULL; free with g_free(). */
char *rows_value (const Rows *rows, const CormSchema *schema, const CormTable *table,
                  const CormTableColumn *column, guint row);
gboolean rows_fill (const Rows *rows, CormConnection *conn, const CormSchema *schema, GError **error);
gboolean rows_empty (CormConnection *conn, const CormSchema *schema, GError **error);
/* A value as a literal of the column's type. */
gboolean rows_append_literal (GString *sql, const CormDialect *dialect, const CormTableColumn *column,
                              const char *text, GError **error);

/* --- mutate.c, mutate-table.c, mutate-column.c: B by random changes of A ------------------------------------------- */

typedef struct {
  Gen gen; /* its schema is B */
  const CormSchema *a;
  const Rows *rows;
  CormError refusal; /* that the rows enforce; 0: none */
} Mutation;

typedef gboolean (*EditFunc) (Mutation *mutation);

/* @refusal: the error that the rows of A enforce; 0: none. */
CormSchema *mutate_schema (const CormDialect *dialect, const CormSchema *a, const Rows *rows,
                           CormError *refusal);
CormTable *mutate_pick_table (Mutation *mutation); /* never the one of the triggers; NULL: there is none */
gboolean mutate_any (Mutation *mutation, const EditFunc *edits);
/* A table of A that is in B, and what it is there. */
CormTable *mutate_pick_shared (Mutation *mutation, const CormTable **before);
/* The column of A that a column of B is, and its table; NULL: it is new. */
const CormTableColumn *mutate_find_former (Mutation *mutation, const CormTable *table,
                                           const CormTableColumn *column, const CormTable **before);
/* Each is ended by NULL; an edit that finds nothing to change returns FALSE. */
extern const EditFunc mutate_table_edits[], mutate_column_edits[], mutate_object_edits[], mutate_breaches[];

/* --- read.c: what is in a database -------------------------------------------------------------------------------- */

/* The rows of a table, one text a row, sorted; of these columns (SQL). NULL: @error. */
GPtrArray *read_rows (CormConnection *conn, const char *table, const GPtrArray *columns, GError **error);
/* Rows that point to no row, over all foreign keys of @schema. */
gboolean read_orphans (CormConnection *conn, const CormSchema *schema, gint64 *n, GError **error);
/* Everything: the structure as JSON and the rows of all tables. */
char *read_all (CormConnection *conn, GError **error);

/* --- faithful.c -------------------------------------------------------------------------------------------------- */

/* What was asked for and is not there, NULL: nothing; free with g_free(). */
char *faithful_find_loss (const CormDialect *dialect, const CormSchema *wanted, const CormSchema *is);

/* --- pair.c: what has to hold ------------------------------------------------------------------------------------- */

typedef enum {
  PAIR_HOLDS,
  PAIR_MAKE_A,
  PAIR_A_DIFFERS,
  PAIR_A_LACKS,
  PAIR_FILL,
  PAIR_MAKE_B,
  PAIR_B_DIFFERS,
  PAIR_ROWS,
  PAIR_ORPHANS,
  PAIR_NOT_REFUSED,
  PAIR_REFUSED_OTHERWISE,
  PAIR_NOT_AS_BEFORE,
  PAIR_BACK,
  PAIR_BACK_DIFFERS,
  PAIR_BACK_ROWS,
  PAIR_N_STAGES
} PairStage;

typedef struct {
  CormSchema *a, *b; /* b NULL: nothing but a */
  Rows rows;
  CormError refusal;   /* that B has to be refused with; 0: it has to be made */
  gboolean by_reverse; /* back by the reverse of each operation, else by a plan to A */
} Pair;

/* Makes the pair in the empty database at @uri. The stage that failed, with the reason in *@why. */
PairStage pair_run (const Pair *pair, const char *uri, char **why);
const char *pair_stage_name (PairStage stage);

/* --- shrink.c, print.c: a pair that fails -------------------------------------------------------------------------- */

/* The URI of an empty database; the one before it is gone. */
typedef char *(*PairPlace) (gpointer data);

/* As small as it gets in that time, for as long as it fails at @stage for a reason like @why. */
void pair_shrink (Pair *pair, PairStage stage, const char *why, guint seconds, PairPlace place,
                  gpointer data);
void pair_clear (Pair *pair);
/* As SQL; @uri: an empty database. Free with g_free(). */
char *pair_print (const Pair *pair, const char *uri);
