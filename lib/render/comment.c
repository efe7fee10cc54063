/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Comments as statements of their own, where a database has no place for them in its definitions. */
#include "render/alter.h"

static void
append (GPtrArray *sql, const CormDialect *dialect, const CormTable *table, CormCommentOn on,
        const char *name, const char *comment)
{
  const char *template = dialect->comment[on];
  const CormAlterParts parts = { .table = table->name, .name = name, .comment = comment };
  if (comment != NULL && template != NULL && !dialect->comment_inline)
    corm_render_alter (sql, dialect, template, &parts);
}

void
corm_render_table_comments (GPtrArray *sql, const CormDialect *dialect, const CormTable *table)
{
  append (sql, dialect, table, CORM_COMMENT_ON_TABLE, NULL, table->comment);
  for (guint i = 0; i < table->columns->len; i++) {
    const CormTableColumn *column = table->columns->pdata[i];
    append (sql, dialect, table, CORM_COMMENT_ON_COLUMN, column->name, column->comment);
  }
}

static void
append_constraint (GPtrArray *sql, const CormDialect *dialect, const CormTable *table, const char *name,
                   const char *comment)
{
  if (name != NULL)
    append (sql, dialect, table, CORM_COMMENT_ON_CONSTRAINT, name, comment);
}

void
corm_render_constraint_comments (GPtrArray *sql, const CormDialect *dialect, const CormTable *table)
{
  const CormKey *primary = table->primary_key;
  g_autofree char *made_up = g_strconcat (table->name, "_pkey", NULL);
  if (primary != NULL)
    append_constraint (sql, dialect, table, primary->name != NULL ? primary->name : made_up,
                       primary->comment);
  for (guint i = 0; i < table->uniques->len; i++) {
    const CormKey *key = table->uniques->pdata[i];
    append_constraint (sql, dialect, table, key->name, key->comment);
  }
  for (guint i = 0; i < table->foreign_keys->len; i++) {
    const CormForeignKey *key = table->foreign_keys->pdata[i];
    append_constraint (sql, dialect, table, key->name, key->comment);
  }
  for (guint i = 0; i < table->checks->len; i++) {
    const CormCheck *check = table->checks->pdata[i];
    append_constraint (sql, dialect, table, check->name, check->comment);
  }
}

void
corm_render_index_comment (GPtrArray *sql, const CormDialect *dialect, const CormTable *table,
                           const CormTableIndex *index)
{
  append (sql, dialect, table, CORM_COMMENT_ON_INDEX, index->name, index->comment);
}
