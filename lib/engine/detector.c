/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* The detector of queries in a loop. A connection that has none pays for one comparison a query. A place is reported
 * once in the life of a CormDb, however many connections meet it. */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE /* dladdr() */
#endif
#include "config.h"

#include "engine/detector.h"
#include "base/error.h"
#include "engine/fork.h"

#include "engine/private.h"
#include "model/path.h"

#include <dlfcn.h>
#include <stdlib.h>

enum { REPEATS = 10 };

/* Where a query is written, and which of those that are written there. */
typedef struct {
  const char *file;
  int line;
  gconstpointer caller;
  guint query;
} Place;

struct _CormDetector {
  guint repeats;
  CormRepeatFunc func;
  gpointer data;
  Place place;        /* of the query that comes */
  GHashTable *counts; /* Place -> guint */
  GHashTable *told;   /* Place */
};

static GMutex mutex; /* of all told */

static guint
hash_place (gconstpointer data)
{
  const Place *place = data;
  return g_direct_hash (place->file) * 31 + (guint) place->line * 7919 + g_direct_hash (place->caller) +
         place->query;
}

static gboolean
equal_place (gconstpointer a, gconstpointer b)
{
  const Place *x = a, *y = b;
  return x->file == y->file && x->line == y->line && x->caller == y->caller && x->query == y->query;
}

guint
corm_detector_get_default (void)
{
  const char *wish = g_getenv ("CORM_DETECT");
  if (wish == NULL || wish[0] == '\0')
#ifdef CORM_DETECT
    return REPEATS;
#else
    return 0;
#endif
  guint64 n = g_ascii_strtoull (wish, NULL, 10);
  return n == 1 ? REPEATS : (guint) MIN (n, G_MAXUINT);
}

GHashTable *
corm_detector_new_told (void)
{
  return g_hash_table_new_full (hash_place, equal_place, g_free, NULL);
}

CormDetector *
corm_detector_new (const CormDbOptions *options)
{
  guint repeats = options->detect_repeats != 0 ? options->detect_repeats : corm_detector_get_default ();
  if (repeats == 0 || repeats == G_MAXUINT)
    return NULL;
  static gsize is_guarded;
  if (g_once_init_enter (&is_guarded)) {
    corm_fork_guard (&mutex);
    g_once_init_leave (&is_guarded, 1);
  }
  CormDetector *detector = g_new0 (CormDetector, 1);
  detector->repeats = repeats;
  detector->func = options->on_repeat;
  detector->data = options->on_repeat_data;
  detector->counts = corm_detector_new_told ();
  detector->told = corm_detector_new_told ();
  return detector;
}

void
corm_detector_free (CormDetector *detector)
{
  if (detector == NULL)
    return;
  g_hash_table_unref (detector->counts);
  g_hash_table_unref (detector->told);
  g_free (detector);
}

void
corm_detector_reset (CormConnection *conn)
{
  if (conn->detector != NULL)
    g_hash_table_remove_all (conn->detector->counts);
}

void
corm_detector_share (CormConnection *conn, GHashTable *told)
{
  if (conn->detector == NULL)
    return;
  g_hash_table_unref (conn->detector->told);
  conn->detector->told = g_hash_table_ref (told);
}

CormConnection *
corm_connection_at (CormConnection *conn, const char *file, int line)
{
  if (G_UNLIKELY (conn != NULL && conn->detector != NULL))
    conn->detector->place = (Place){ .file = file, .line = line };
  return conn;
}

void
corm_detector_called (CormConnection *conn, gconstpointer caller)
{
  if (G_UNLIKELY (conn->detector != NULL && conn->detector->place.file == NULL))
    conn->detector->place.caller = caller;
}

/* Whether nobody has been told of it. */
static gboolean
is_news (const CormDetector *detector, const Place *place)
{
  g_mutex_lock (&mutex);
  gboolean news = !g_hash_table_contains (detector->told, place);
  if (news)
    g_hash_table_add (detector->told, g_memdup2 (place, sizeof *place));
  g_mutex_unlock (&mutex);
  return news;
}

/* The column that @where compares for equality; without @where the key. */
static const CormField *
find_column (const CormMapping *mapping, const CormExpr *where)
{
  if (where == NULL)
    return mapping->n_keys > 0 ? &mapping->fields[mapping->keys[0]] : NULL;
  if (where->kind == CORM_EXPR_EQ && where->model == mapping->model)
    return corm_mapping_find_field (mapping, where->offset);
  const CormField *found = NULL;
  if (where->kind == CORM_EXPR_ALL && where->operands != NULL)
    for (const CormExpr *part = where->operands; part->kind != CORM_EXPR_END && found == NULL; part++)
      found = find_column (mapping, part);
  return found;
}

/* The relations that hold rows of @mapping over the column @field. */
static void
append_relations (GString *text, const CormMapping *mapping, const CormField *field)
{
  const CormModel *const *models =
      mapping->registry != NULL ? corm_registry_get_models (mapping->registry) : NULL;
  for (; models != NULL && *models != NULL; models++) {
    const CormMapping *owner = corm_registry_find_mapping (mapping->registry, *models);
    for (gsize i = 0; owner->paths != NULL && i < (*models)->n_relations; i++)
      if (owner->paths[i].target == mapping && owner->paths[i].through == NULL &&
          owner->paths[i].near_fields[0] == field)
        g_string_append_printf (text, "%s.with = CORM_WITH (%s, %s)",
                                text->len > 0 ? " or " : ": load it with its owner, ", (*models)->type,
                                (*models)->relations[i].name);
  }
}

static char *
describe_place (const Place *place)
{
  Dl_info info = { 0 };
  if (place->file != NULL)
    return g_strdup_printf ("%s:%d", place->file, place->line);
  if (dladdr ((gpointer) place->caller, &info) != 0 && info.dli_fname != NULL)
    return g_strdup_printf ("%s+0x%" G_GINTPTR_MODIFIER "x (addr2line says the line)", info.dli_fname,
                            (guintptr) place->caller - (guintptr) info.dli_fbase);
  return g_strdup ("somewhere");
}

static void
report (const CormDetector *detector, const Place *place, const CormMapping *mapping, const CormExpr *where)
{
  const CormField *field = find_column (mapping, where);
  g_autofree char *there = describe_place (place);
  g_autoptr (GString) mend = g_string_new (NULL);
  if (field != NULL)
    append_relations (mend, mapping, field);
  g_string_append (mend, mend->len > 0 ? "; or ask for all at once, " : ": ask for all at once, ");
  if (field != NULL)
    g_string_append_printf (mend, "CORM_IN (%s, %s, …)", mapping->model->type,
                            field->column->member != NULL ? field->column->member : field->name);
  else
    g_string_append (mend, "with CORM_IN or the relation's .with");
  g_autofree char *message = g_strdup_printf ("%s: the same query of table %s was run %u times in one go%s",
                                              there, mapping->model->table, detector->repeats, mend->str);
  CormRepeat repeat = { place->file, place->line, mapping->model->table, detector->repeats, message };
  if (detector->func != NULL)
    detector->func (&repeat, detector->data);
  else
    corm_note ("%s", message);
}

void
corm_detector_note (CormConnection *conn, const CormMapping *mapping, const CormExpr *where, const char *sql)
{
  CormDetector *detector = conn->detector;
  if (G_LIKELY (detector == NULL))
    return;
  Place place = detector->place;
  detector->place = (Place){ 0 };
  if (place.file == NULL && place.caller == NULL)
    return;
  place.query = sql != NULL ? g_str_hash (sql) : g_direct_hash (mapping);
  guint n = GPOINTER_TO_UINT (g_hash_table_lookup (detector->counts, &place)) + 1;
  g_hash_table_insert (detector->counts, g_memdup2 (&place, sizeof place), GUINT_TO_POINTER (n));
  if (n == detector->repeats && is_news (detector, &place))
    report (detector, &place, mapping, where);
}
