/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* A statement under construction: its text, and the values and types of its parameters in order. Borrows the values. */
#pragma once

#include "query/select.h"

#include <corm/sys/driver.h>

typedef struct {
  const CormDialect *dialect;
  GString *text;
  GArray *params;  /* CormValue */
  GArray *types;   /* CormSqlType */
  GArray *columns; /* CormSqlType of the result's columns */
} CormSql;

CormSql *corm_sql_new (const CormDialect *dialect);
void corm_sql_free (CormSql *sql);
/* Appends a placeholder for @value. */
void corm_sql_append_param (CormSql *sql, const CormSqlType *type, const CormValue *value);
/* A column of @field as it is read, with the dialect's cast around it; its type goes to columns. */
void corm_sql_append_column (CormSql *sql, const CormField *field);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CormSql, corm_sql_free)

gboolean corm_render_select (CormSql *sql, const CormSelect *select, GError **error);
gboolean corm_render_where (CormSql *sql, const CormMapping *mapping, const CormExpr *expr, GError **error);

/* Writes of one row, by position in the mapping's fields; bit i of @mask: field i is sent. Placeholders only: the
 * values come with each execution. RETURNING, where asked for and able, lists the fields of @returning. */
void corm_render_insert (CormSql *sql, const CormMapping *mapping, const guint *fields, guint n_fields,
                         const guint *returning, guint n_returning);
void corm_render_upsert (CormSql *sql, const CormMapping *mapping, const guint *fields, guint n_fields,
                         const guint *returning, guint n_returning);
void corm_render_update (CormSql *sql, const CormMapping *mapping, const guint *fields, guint n_fields);
void corm_render_delete (CormSql *sql, const CormMapping *mapping);
void corm_render_get (CormSql *sql, const CormMapping *mapping);
