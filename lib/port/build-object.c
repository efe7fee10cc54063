/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* See build-object.h. Whatever the target does not take is listed with its words, and the port goes on: rows do not depend
 * on it. Only what may be gone the next time stops the port. */
#include "port/build-object.h"

#include "base/error.h"
#include "engine/cursor.h"
#include "port/numbers.h"
#include "port/object.h"
#include "render/alter.h"
#include "schema/diff.h"

#include <string.h>

static char *
key_of (const CormSchemaObject *object)
{
  return corm_port_object_key (object->kind, object->name, object->table);
}

static const CormSchemaObject *
find_object (const CormBuild *build, const char *key)
{
  for (guint i = 0; i < build->schema->objects->len; i++) {
    const CormSchemaObject *object = g_ptr_array_index (build->schema->objects, i);
    g_autofree char *own = key_of (object);
    if (strcmp (own, key) == 0)
      return object;
  }
  return NULL;
}

static gboolean
run_marked (const CormBuild *build, const char *sql, GError **error)
{
  g_autofree char *marked = g_strconcat (build->mark != NULL ? build->mark : "", sql, NULL);
  return corm_connection_run (build->conn, marked, error);
}

/* Runs @work; where it fails, what it had done is undone and it stands in not_moved. */
static gboolean
attempt (CormBuild *build, const CormSchemaObject *object,
         gboolean (*work) (const CormBuild *build, const CormSchemaObject *object, GError **error),
         GError **error)
{
  g_autoptr (GError) refused = NULL;
  gboolean can_undo = (corm_connection_get_dialect (build->conn)->caps & CORM_CAP_TRANSACTIONAL_DDL) != 0;
  g_autofree char *key = key_of (object);
  g_autoptr (CormTransaction) savepoint =
      can_undo ? corm_transaction_begin (build->conn, CORM_TRANSACTION_DEFAULT, error) : NULL;
  if (can_undo && savepoint == NULL)
    return FALSE;
  if (work (build, object, &refused))
    return savepoint == NULL || corm_transaction_commit (savepoint, error);
  if (corm_error_is_outside (refused)) {
    g_propagate_prefixed_error (error, g_steal_pointer (&refused), "%s: ", key);
    return FALSE;
  }
  g_ptr_array_add (build->not_moved, g_strdup_printf ("%s: %s (%s)", key, object->sql, refused->message));
  return savepoint == NULL || corm_transaction_rollback (savepoint, error);
}

static gboolean
make (const CormBuild *build, const CormSchemaObject *object, GError **error)
{
  return run_marked (build, object->sql, error);
}

static gboolean
is_early (const CormBuild *build, const CormSchemaObject *object)
{
  return corm_schema_object_is_early (build->schema, object);
}

gboolean
corm_build_early_objects (CormBuild *build, GError **error)
{
  for (guint i = 0; i < build->schema->objects->len; i++) {
    const CormSchemaObject *object = g_ptr_array_index (build->schema->objects, i);
    if (object->sql != NULL && is_early (build, object) && !attempt (build, object, make, error))
      return FALSE;
  }
  return TRUE;
}

/* --- sequences --------------------------------------------------------------------------------------------------- */

static gboolean
has_state (const CormBuild *build, const CormSchemaObject *object)
{
  return strcmp (object->kind, "sequence") == 0 &&
         corm_connection_get_dialect (build->conn)->sequence_state != NULL;
}

static char *
query_text (CormConnection *conn, const char *sql, GError **error)
{
  g_autoptr (CormCursor) cursor = corm_query (conn, sql, NULL, error);
  if (cursor == NULL || !corm_cursor_next (cursor, error))
    return NULL;
  return corm_cursor_dup_text (cursor, 0);
}

static gboolean
set_state (const CormBuild *build, const CormSchemaObject *object, GError **error)
{
  g_autofree char *statement = corm_numbers_state (build->from, object->name, error);
  g_autofree char *answer = statement != NULL ? query_text (build->conn, statement, error) : NULL;
  return answer != NULL || (error != NULL && *error == NULL); /* MariaDB: NULL where it was further already */
}

/* --- steps ------------------------------------------------------------------------------------------------------- */

void
corm_build_plan_objects (const CormBuild *build, GPtrArray *steps)
{
  for (guint i = 0; i < build->schema->objects->len; i++) {
    const CormSchemaObject *object = g_ptr_array_index (build->schema->objects, i);
    g_autofree char *key = key_of (object);
    if (object->sql != NULL && (!is_early (build, object) || has_state (build, object)))
      g_ptr_array_add (steps, corm_port_step_new (CORM_STEP_OBJECT, key, i));
  }
}

gboolean
corm_build_object (CormBuild *build, const CormPortStep *step, GError **error)
{
  const CormSchemaObject *object = find_object (build, step->table);
  if (object == NULL) {
    g_set_error (error, CORM_ERROR, CORM_ERROR_STALE,
                 "the port's steps speak of %s, which the source has no more", step->table);
    return FALSE;
  }
  return attempt (build, object, is_early (build, object) ? set_state : make, error);
}

gboolean
corm_build_has_object (const CormBuild *build, const CormPortStep *step, const CormSchema *live)
{
  const CormSchemaObject *object = find_object (build, step->table);
  for (guint i = 0; object != NULL && !is_early (build, object) && i < live->objects->len; i++) {
    const CormSchemaObject *there = g_ptr_array_index (live->objects, i);
    if (strcmp (there->kind, object->kind) == 0 && g_ascii_strcasecmp (there->name, object->name) == 0)
      return TRUE;
  }
  return FALSE;
}

/* --- back -------------------------------------------------------------------------------------------------------- */

/* "DROP VIEW v" with IF EXISTS in it; NULL: it goes with its table. */
static char *
drop_of (const CormDialect *dialect, const CormSchemaObject *object)
{
  g_autofree char *upper = g_ascii_strup (object->kind, -1), *own = g_strdup_printf ("DROP %s ", upper);
  const char *const beginnings[] = { own, "DROP TYPE ", "DROP TABLE " };
  g_autoptr (GPtrArray) sql = g_ptr_array_new_with_free_func (g_free);
  corm_render_drop_object (sql, dialect, object);
  const char *drop = sql->len == 1 ? g_ptr_array_index (sql, 0) : "";
  const char *word =
      g_str_has_prefix (drop, "SET STATEMENT ") ? strstr (drop, "DROP ") : drop; /* in a mode */
  for (guint i = 0; word != NULL && i < G_N_ELEMENTS (beginnings); i++)
    if (g_str_has_prefix (word, beginnings[i]))
      return g_strdup_printf ("%.*s%sIF EXISTS %s", (int) (word - drop), drop, beginnings[i],
                              word + strlen (beginnings[i]));
  return NULL;
}

gboolean
corm_build_undo_objects (const CormBuild *build, gboolean early, GString *text, GError **error)
{
  const CormDialect *dialect = corm_connection_get_dialect (build->conn);
  for (guint i = build->schema->objects->len; i-- > 0;) {
    const CormSchemaObject *object = g_ptr_array_index (build->schema->objects, i);
    g_autofree char *drop = is_early (build, object) == early ? drop_of (dialect, object) : NULL;
    if (drop == NULL)
      continue;
    if (strstr (drop, CORM_LEDGER_END) != NULL) {
      g_set_error (error, CORM_ERROR, CORM_ERROR_UNSUPPORTED, "%s %s: a name with a control character",
                   object->kind, object->name);
      return FALSE;
    }
    g_string_append_printf (text, "%s%s", drop, CORM_LEDGER_END);
  }
  return TRUE;
}
