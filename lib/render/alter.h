/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Changes to a table that is there, by the dialect's templates. */
#pragma once

#include <corm/sys/driver.h>

/* What fills the gaps of a template; NULL where a template has no such gap. All but the names are SQL text. */
typedef struct {
  const char *table;      /* {t} */
  const char *name;       /* {n} */
  const char *was;        /* {o} */
  const char *definition; /* {d} */
  const char *type;       /* {y} */
  const char *convert;    /* {u} */
  const char *value;      /* {v} */
  const char *comment;    /* {c}; its text, which becomes a literal; NULL: NULL */
  const char *place;      /* {p} */
  const char *columns;    /* {k} */
} CormAlterParts;

/* The template of @kind; NULL: this database has no such change. @online: that with the least locks. *@mark: '!' when it
 * has to stand alone, '*' when it is run again and again, else 0. */
const char *corm_render_alter_template (const CormDialect *dialect, CormOpKind kind, gboolean online,
                                        char *mark);
/* Appends the statements of @template to @sql. */
void corm_render_alter (GPtrArray *sql, const CormDialect *dialect, const char *template,
                        const CormAlterParts *parts);
/* COMMENT ON, of a table and its columns, of its constraints that have a name, of an index; nothing where comments stand in
 * the definitions. */
void corm_render_table_comments (GPtrArray *sql, const CormDialect *dialect, const CormTable *table);
void corm_render_constraint_comments (GPtrArray *sql, const CormDialect *dialect, const CormTable *table);
void corm_render_index_comment (GPtrArray *sql, const CormDialect *dialect, const CormTable *table,
                                const CormTableIndex *index);
/* DROP VIEW, DROP TRIGGER …; NULL text parts as above. */
void corm_render_drop_object (GPtrArray *sql, const CormDialect *dialect, const CormSchemaObject *object);
