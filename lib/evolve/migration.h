/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* A migration as it was read, and the set of them in the order of their versions. */
#pragma once

#include <corm/migrations.h>
#include <corm/sys/driver.h>

typedef enum { CORM_MIGRATION_UP, CORM_MIGRATION_DOWN, CORM_N_DIRECTIONS } CormMigrationDirection;

/* A run of lines between two marks. */
typedef struct {
  char *sql;
  guint line;     /* of its first character, from 1 */
  GStrv only;     /* dialects; NULL: all */
  gboolean whole; /* one statement, whatever semicolons are in it */
} CormMigrationSection;

typedef struct {
  GPtrArray *sections; /* CormMigrationSection; empty and not given: there is no such part */
  gboolean given;
  gboolean no_transaction;
  CormMigrationFunc function; /* instead of sections */
} CormMigrationPart;

typedef struct {
  char *version, *name;
  char *file;     /* for messages; NULL: functions */
  char *checksum; /* SHA-256, in hex, of the normalised text */
  char *after;
  GStrv only;            /* dialects; on others it does nothing and counts as applied; NULL: all */
  GStrv replaces;        /* of a checkpoint: versions, each followed by its checksum; NULL: none */
  gboolean foreign_keys; /* its statements rely on the actions of foreign keys */
  gboolean repeatable;
  CormMigrationPart parts[CORM_N_DIRECTIONS];
} CormMigration;

struct _CormMigrations {
  GPtrArray *all;             /* CormMigration, by version */
  CormMigrationOptions hooks; /* of the set's own, and their data */
};

typedef struct {
  char *sql;
  guint line;
} CormMigrationStatement;

CormMigration *corm_migration_new (const char *version, const char *name, const char *file);
void corm_migration_free (gpointer migration);
/* Appends a section to one of its parts; @only is taken. */
CormMigrationSection *corm_migration_add_section (CormMigration *migration, CormMigrationDirection direction,
                                                  guint line, char *sql);
/* The text of a file becomes the migration. Errors: INVALID, with file and line. */
gboolean corm_migration_parse (CormMigration *migration, const char *text, gsize size, GError **error);
/* The text of a file that is one way alone; the way back, where there is one, comes first. */
gboolean corm_migration_add_way (CormMigration *migration, CormMigrationDirection direction, const char *text,
                                 gsize size, GError **error);
/* sections.c: CormMigrationStatement in order, for @dialect. Errors: those of corm_script_split(). */
GPtrArray *corm_migration_get_statements (const CormMigration *migration, CormMigrationDirection direction,
                                          const CormDialect *dialect, GError **error);
/* Whether it leads there at all: not where there is nothing but the mark, while the other part has statements. */
gboolean corm_migration_has_way (const CormMigration *migration, CormMigrationDirection direction);
/* "0003_add_jobs.sql", or "0003 add_jobs" of a function; borrowed. */
const char *corm_migration_describe (const CormMigration *migration);
/* @text without a byte order mark, carriage returns and blanks at the end of lines; free with g_free(). */
char *corm_migration_normalise (const char *text, gsize size);
char *corm_migration_checksum (const char *normalised);

/* rivals.c: reads @lines where they bear the marks of goose or dbmate; else @is_theirs is FALSE. Errors: INVALID. */
gboolean corm_rivals_parse (CormMigration *migration, char **lines, gboolean *is_theirs, GError **error);

/* version.c: digits and dots, compared as numbers. */
gboolean corm_version_is_valid (const char *version);
int corm_version_compare (const char *a, const char *b);
/* NULL when there is none. */
CormMigration *corm_migrations_find (const CormMigrations *set, const char *version);
/* Adds it at its place; takes it. Errors: INVALID when its version is taken. */
gboolean corm_migrations_add (CormMigrations *set, CormMigration *migration, GError **error);
/* A version, or the only one that begins so, "head", "base": its version, NULL for "base" (and for the head of an empty set).
 * Borrowed. Errors: INVALID. "+N" and "-N" count in @applied, versions in order. */
gboolean corm_migrations_resolve (const CormMigrations *set, const GPtrArray *applied, const char *target,
                                  const char **version, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CormMigration, corm_migration_free)
