/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Did a statement run, whose end nobody recorded? A server does a statement that changes the schema wholly or not at all: so
 * what the statement names in the schema is summed up before it is begun, and looked at again. */
#include "base/error.h"
#include "engine/connection.h"
#include "evolve/runner.h"
#include "evolve/scratch.h"
#include "render/ddl.h"

#include <string.h>

static gboolean
is_one_of (const char *word, const char *const *words)
{
  for (; *words != NULL; words++)
    if (g_ascii_strcasecmp (word, *words) == 0)
      return TRUE;
  return FALSE;
}

CormStatementKind
corm_doubt_get_kind (const char *statement)
{
  static const char *const rows[] = { "insert", "update", "delete", "replace", "merge",
                                      "with",   "select", "values", NULL };
  static const char *const structure[] = { "create", "alter", "drop", "rename", NULL };
  static const char *const repeatable[] = { "truncate", "vacuum",  "analyze", "reindex", "optimize",
                                            "refresh",  "cluster", "comment", "grant",   "revoke",
                                            "pragma",   "set",     "use",     "flush",   NULL };
  gsize size = strspn (statement, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ");
  g_autofree char *word = g_strndup (statement, size);
  if (is_one_of (word, rows))
    return CORM_STATEMENT_ROWS;
  if (is_one_of (word, structure))
    return CORM_STATEMENT_STRUCTURE;
  return is_one_of (word, repeatable) ? CORM_STATEMENT_REPEATABLE : CORM_STATEMENT_OPAQUE;
}

/* --- what a statement names ------------------------------------------------------------------------------------- */

/* Without quotes and capitals. */
static char *
plain (const char *text)
{
  g_autofree char *folded = g_utf8_casefold (text, -1);
  GString *bare = g_string_new (NULL);
  for (const char *p = folded; *p != '\0'; p++)
    if (strchr ("\"`[]", *p) == NULL)
      g_string_append_c (bare, *p);
  return g_string_free (bare, FALSE);
}

/* @statement is plain. Of a function, whose name bears its arguments, the part in front of them. */
static gboolean
names (const char *statement, const char *name)
{
  if (name == NULL)
    return FALSE;
  g_autofree char *bare = plain (name);
  char *arguments = strchr (bare, '(');
  if (arguments != NULL && arguments > bare)
    *arguments = '\0';
  return strstr (statement, bare) != NULL;
}

static gboolean
names_part (const char *statement, const CormTable *table)
{
  gboolean found = table->primary_key != NULL && names (statement, table->primary_key->name);
  for (guint i = 0; i < table->indexes->len && !found; i++)
    found = names (statement, ((const CormTableIndex *) table->indexes->pdata[i])->name);
  for (guint i = 0; i < table->uniques->len && !found; i++)
    found = names (statement, ((const CormKey *) table->uniques->pdata[i])->name);
  for (guint i = 0; i < table->foreign_keys->len && !found; i++)
    found = names (statement, ((const CormForeignKey *) table->foreign_keys->pdata[i])->name);
  for (guint i = 0; i < table->checks->len && !found; i++)
    found = names (statement, ((const CormCheck *) table->checks->pdata[i])->name);
  for (guint i = 0; i < table->columns->len && !found; i++)
    found = names (statement, ((const CormTableColumn *) table->columns->pdata[i])->enum_type);
  return found;
}

static void
keep_named (CormSchema *schema, const char *statement)
{
  g_autofree char *bare = plain (statement);
  for (guint i = schema->tables->len; i-- > 0;) {
    const CormTable *table = schema->tables->pdata[i];
    if (!names (bare, table->name) && !names_part (bare, table))
      g_ptr_array_remove_index (schema->tables, i);
  }
  for (guint i = schema->objects->len; i-- > 0;) {
    const CormSchemaObject *object = schema->objects->pdata[i];
    if (!names (bare, object->name) && !names (bare, object->table))
      g_ptr_array_remove_index (schema->objects, i);
  }
}

static CormSchema *
inspect_named (CormConnection *conn, const char *statement, GError **error)
{
  CormSchema *schema = corm_schema_inspect (conn, error);
  if (schema != NULL)
    keep_named (schema, statement);
  return schema;
}

char *
corm_doubt_look (CormConnection *conn, const char *statement, GError **error)
{
  if (corm_connection_get_driver (conn)->inspect == NULL)
    return NULL;
  g_autoptr (CormSchema) schema = inspect_named (conn, statement, error);
  return schema != NULL ? corm_schema_fingerprint (schema) : NULL;
}

gboolean
corm_doubt_drop_invalid (CormConnection *conn, const char *statement, GError **error)
{
  g_autoptr (GPtrArray) sql = g_ptr_array_new_with_free_func (g_free);
  if (corm_connection_get_driver (conn)->inspect == NULL)
    return TRUE;
  g_autoptr (CormSchema) schema = inspect_named (conn, statement, error);
  g_autofree char *bare = plain (statement);
  for (guint i = 0; schema != NULL && i < schema->tables->len; i++) {
    const CormTable *table = schema->tables->pdata[i];
    for (guint x = 0; x < table->indexes->len; x++) {
      const CormTableIndex *index = table->indexes->pdata[x];
      if (index->invalid && names (bare, index->name))
        corm_render_drop_index (sql, corm_connection_get_dialect (conn), table, index->name);
    }
  }
  for (guint i = 0; i < sql->len; i++)
    if (!corm_connection_run (conn, sql->pdata[i], error))
      return corm_error_prefix (error, "drop an index that was not built to its end");
  return schema != NULL;
}
