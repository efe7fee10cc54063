/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* See condition.h. A check that lets other rows in than the source's, or refuses rows that the source has, is worse than
 * none: what is read by the grammar of plain.h moves, all else is told. */
#include "port/condition.h"

#include "port/build.h"
#include "port/expression.h"
#include "port/plain.h"

#include <string.h>

/* NULL: @sql, the source's, means the same in the target; else why it might not. Free with g_free(). */
static char *
find_reason (const CormPortJob *job, const CormPair *pair, const char *sql, gboolean is_condition)
{
  CormPlain value = { 0 };
  const CormDialect *from = corm_connection_get_dialect (job->from);
  g_autofree char *standard = from->standard_sql != NULL ? from->standard_sql (sql, pair->source) : NULL;
  g_auto (CormReading) reading = { 0 };
  corm_reading_init (&reading, standard != NULL ? standard : sql, from, corm_connection_get_dialect (job->to),
                     job->pairs);
  corm_reading_add_table (&reading, pair, pair->source->name, pair->target->name);
  reading.no_aggregates = TRUE;
  gboolean read = is_condition ? corm_plain_read_condition (&reading) : corm_plain_read (&reading, &value);
  if (read && !is_condition && value.class == CORM_PLAIN_OPAQUE)
    corm_reading_refuse (&reading, "values that each database may tell apart in another way");
  if (read && !is_condition && corm_plain_is_number (&value) && value.pair == NULL)
    corm_reading_refuse (&reading, "a number that is computed, whose bounds differ");
  if (read && corm_reading_peek (&reading)->kind != CORM_PORT_TOKEN_END)
    corm_reading_refuse (&reading, "words behind it");
  return g_steal_pointer (&reading.why);
}

static gboolean
is_made_of (const CormPortJob *job, const CormPair *pair, const char *made, const char *sql)
{
  g_autofree char *text = corm_expression_translate_named (sql, corm_connection_get_dialect (job->from),
                                                           corm_connection_get_dialect (job->to),
                                                           pair->source, job->names, FALSE);
  return g_strcmp0 (text, made) == 0;
}

static void
check_check (const CormPortJob *job, const CormPair *pair, const CormCheck *check)
{
  CormTable *target = (CormTable *) pair->target;
  g_autofree char *why = find_reason (job, pair, check->sql, TRUE);
  for (guint i = 0; why != NULL && i < target->checks->len; i++) {
    const CormCheck *made = g_ptr_array_index (target->checks, i);
    if (!is_made_of (job, pair, made->sql, check->sql))
      continue;
    g_ptr_array_add (job->report->not_moved,
                     g_strdup_printf ("check of %s: %s (%s)", pair->source->name, check->sql, why));
    g_ptr_array_remove_index (target->checks, i);
    return;
  }
}

static const CormIndexPart *
part_at (const CormTableIndex *index, guint i)
{
  return g_ptr_array_index (index->parts, i);
}

/* Which rows an index is over and what it makes of them decides what is unique. NULL: the same as in the source. */
static char *
find_index_reason (const CormPortJob *job, const CormPair *pair, const CormTableIndex *index)
{
  char *why = index->where != NULL ? find_reason (job, pair, index->where, TRUE) : NULL;
  for (guint i = 0; why == NULL && i < index->parts->len; i++)
    if (part_at (index, i)->is_expression && part_at (index, i)->collation != NULL)
      why = g_strdup_printf ("collation %s", part_at (index, i)->collation);
    else if (part_at (index, i)->is_expression)
      why = find_reason (job, pair, part_at (index, i)->sql, FALSE);
  return why;
}

static gboolean
is_index_made_of (const CormPortJob *job, const CormPair *pair, const CormTableIndex *made,
                  const CormTableIndex *index)
{
  if (!made->unique || made->parts->len != index->parts->len ||
      (made->where == NULL) != (index->where == NULL) ||
      (index->where != NULL && !is_made_of (job, pair, made->where, index->where)))
    return FALSE;
  for (guint i = 0; i < index->parts->len; i++)
    if (part_at (index, i)->is_expression &&
        !is_made_of (job, pair, part_at (made, i)->sql, part_at (index, i)->sql))
      return FALSE;
  return TRUE;
}

/* Of an index that only finds rows it does not matter. */
static void
check_index (const CormPortJob *job, const CormPair *pair, const CormTableIndex *index)
{
  CormTable *target = (CormTable *) pair->target;
  g_autofree char *why = index->unique ? find_index_reason (job, pair, index) : NULL;
  for (guint i = 0; why != NULL && i < target->indexes->len; i++) {
    if (!is_index_made_of (job, pair, g_ptr_array_index (target->indexes, i), index))
      continue;
    g_autofree char *what = corm_build_describe_index (pair->source, index);
    g_ptr_array_add (job->report->not_moved, g_strdup_printf ("%s (%s)", what, why));
    g_ptr_array_remove_index (target->indexes, i);
    return;
  }
}

void
corm_port_check_conditions (const CormPortJob *job, const CormPair *pair)
{
  for (guint i = 0; i < pair->source->checks->len; i++)
    check_check (job, pair, g_ptr_array_index (pair->source->checks, i));
  for (guint i = 0; i < pair->source->indexes->len; i++)
    check_index (job, pair, g_ptr_array_index (pair->source->indexes, i));
}
