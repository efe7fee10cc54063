/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* See grants.h. Asked only when something was refused, as a role may have what it needs in ways that nobody sees here. */
#include "port/grants.h"

#include "engine/cursor.h"
#include "render/alter.h"

#include <string.h>

/* Whatever goes wrong here is less than what went wrong before, which may have left @of in a broken transaction. */
static void
ask (CormConnection *of, const char *template, const CormAlterParts *parts, GPtrArray *grants)
{
  g_autoptr (GPtrArray) sql = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (CormConnection) conn = template != NULL ? corm_connection_open_again (of, NULL) : NULL;
  if (conn == NULL)
    return;
  corm_render_alter (sql, corm_connection_get_dialect (conn), template, parts);
  g_autoptr (CormCursor) cursor = corm_query (conn, g_ptr_array_index (sql, 0), NULL, NULL);
  while (cursor != NULL && corm_cursor_next (cursor, NULL)) {
    char *grant = corm_cursor_dup_text (cursor, 0);
    if (grant != NULL)
      g_ptr_array_add (grants, grant);
  }
}

static void
ask_for_tables (const CormPortJob *job, CormConnection *conn, const char *privileges, GPtrArray *grants)
{
  gboolean is_renamed = conn == job->to && job->names != NULL;
  for (guint i = 0; i < job->source->tables->len; i++) {
    const CormTable *table = g_ptr_array_index (job->source->tables, i);
    const CormAlterParts parts = { .comment =
                                       is_renamed ? corm_names_table (job->names, table->name) : table->name,
                                   .value = privileges };
    if (corm_globs_match (job->options->tables, table->name))
      ask (conn, corm_connection_get_dialect (conn)->grant_fill, &parts, grants);
  }
}

/* A sequence is granted as a table is. */
static void
ask_for_sequences (const CormPortJob *job, GPtrArray *grants)
{
  for (guint i = 0; i < job->report->objects->len; i++) {
    const CormPortObject *line = g_ptr_array_index (job->report->objects, i);
    const CormAlterParts parts = { .comment = line->name, .value = "'SELECT'" };
    if (strcmp (line->kind, "sequence") == 0)
      ask (job->from, corm_connection_get_dialect (job->from)->grant_fill, &parts, grants);
  }
}

static void
ask_all (const CormPortJob *job, gboolean denied, GPtrArray *grants)
{
  const CormAlterParts make = { .value = denied ? "true" : "false" };
  const char *fill = job->options->truncate ? "'SELECT,INSERT,DELETE'" : "'SELECT,INSERT'";
  if (denied) {
    ask_for_tables (job, job->from, "'SELECT'", grants);
    ask_for_sequences (job, grants);
  }
  if (!corm_port_is_fill (job->options))
    ask (job->to, corm_connection_get_dialect (job->to)->grant_make, &make, grants);
  else if (denied)
    ask_for_tables (job, job->to, fill, grants);
}

void
corm_port_tell_grants (const CormPortJob *job, GError *error)
{
  gboolean denied = g_error_matches (error, CORM_ERROR, CORM_ERROR_DENIED);
  gboolean homeless = g_error_matches (error, CORM_ERROR, CORM_ERROR_SCHEMA); /* none that it may see */
  if (job->to == NULL || job->source == NULL || !(denied || homeless))
    return;
  g_autoptr (GPtrArray) grants = g_ptr_array_new_with_free_func (g_free);
  ask_all (job, denied, grants);
  if (grants->len == 0)
    return;
  g_ptr_array_add (grants, NULL);
  g_autofree char *before = error->message, *all = g_strjoinv ("; ", (GStrv) grants->pdata);
  error->message = g_strdup_printf ("%s; what the role lacks: %s", before, all);
}
