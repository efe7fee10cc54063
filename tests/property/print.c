/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* A pair as SQL that a person can run. */
#include "property.h"

#include <string.h>

static void
append_schema (GString *text, CormConnection *conn, const char *name, const CormSchema *schema)
{
  const CormMigrateOptions options = { .dry_run = true };
  g_autoptr (GError) error = NULL;
  g_autoptr (CormPlan) plan = corm_schema_migrate (conn, schema, &options, &error);
  g_autofree char *sql = plan != NULL ? corm_plan_to_sql (plan) : corm_schema_to_json (schema);
  g_string_append_printf (text, "--- %s%s%s\n%s\n", name, plan == NULL ? ", which gives no SQL: " : "",
                          plan == NULL ? error->message : "", sql);
}

/* What SQL cannot say: former names and conversions. */
static void
append_way (GString *text, const CormSchema *schema)
{
  for (guint t = 0; t < schema->tables->len; t++) {
    const CormTable *table = schema->tables->pdata[t];
    if (table->was != NULL)
      g_string_append_printf (text, "--- table %s was %s\n", table->name, table->was);
    for (guint i = 0; i < table->columns->len; i++) {
      const CormTableColumn *column = table->columns->pdata[i];
      if (column->was != NULL)
        g_string_append_printf (text, "--- column %s.%s was %s\n", table->name, column->name, column->was);
      if (column->convert != NULL)
        g_string_append_printf (text, "--- column %s.%s: convert %s\n", table->name, column->name,
                                column->convert);
    }
  }
}

char *
pair_print (const Pair *pair, const char *uri)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (CormConnection) conn = corm_connection_open_uri (uri, &error);
  GString *text = g_string_new (NULL);
  if (conn == NULL)
    g_error ("%s", error->message);
  append_schema (text, conn, "A", pair->a);
  g_string_append_printf (text, "--- %u rows in each table of A\n", pair->rows.n_rows);
  if (pair->b != NULL) {
    append_schema (text, conn, "B", pair->b);
    append_way (text, pair->b);
  }
  g_string_append_printf (text, "--- the way back: %s\n",
                          pair->by_reverse ? "reverse statements" : "a migration to A");
  return g_string_free (text, FALSE);
}
