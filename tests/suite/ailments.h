/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* A database with seeded ailments: scripts whose names are quoted for whatever database runs them, and ways to ask a
 * diagnosis. */
#pragma once

#include "../lib/fresh.h"

static inline CormConnection *
open_place (void **state)
{
  g_autofree char *uri = fresh_uri (state);
  CormConnection *conn = NULL;
  assert_ok ((conn = corm_connection_open_uri (uri, error)) != NULL);
  return conn;
}

/* A skip leaves the case at once: what it holds goes before. */
static inline G_GNUC_UNUSED void
skip_place (CormConnection **conn, const char *why)
{
  g_clear_pointer (conn, corm_connection_free);
  print_message ("# skip %s\n", why);
  skip ();
}

static inline const CormDialect *
dialect_of (CormConnection *conn)
{
  return corm_connection_get_link (conn)->driver->dialect;
}

/* @sql with what stands in [brackets] as a quoted name; free with g_free(). */
static inline char *
quoted (CormConnection *conn, const char *sql)
{
  GString *text = g_string_new (NULL);
  for (const char *p = sql; *p != '\0'; p++) {
    const char *end = *p == '[' ? strchr (p, ']') : NULL;
    if (end == NULL) {
      g_string_append_c (text, *p);
      continue;
    }
    g_autofree char *name = g_strndup (p + 1, (gsize) (end - p - 1));
    corm_sql_append_identifier (text, dialect_of (conn), name);
    p = end;
  }
  return g_string_free (text, FALSE);
}

static inline void
run (CormConnection *conn, const char *script)
{
  g_auto (GStrv) statements = g_strsplit (script, ";\n", -1);
  for (char **statement = statements; *statement != NULL; statement++) {
    g_autofree char *sql = quoted (conn, *statement);
    if (*sql != '\0')
      fresh_run (conn, sql);
  }
}

static inline G_GNUC_UNUSED char *
ask (CormConnection *conn, const char *sql)
{
  g_autofree char *text = quoted (conn, sql);
  return fresh_text (conn, text);
}

/* The script for the database of @conn: dialect, script, …, NULL. NULL: it has no such thing. */
static inline const char *
script_for (CormConnection *conn, const char *const *scripts)
{
  for (; *scripts != NULL; scripts += 2)
    if (strcmp (*scripts, dialect_of (conn)->name) == 0)
      return scripts[1];
  return NULL;
}

static inline CormDiagnosis *
examine (CormConnection *conn, const CormDoctorOptions *options)
{
  CormDiagnosis *diagnosis = NULL;
  assert_ok ((diagnosis = corm_doctor (conn, options, error)) != NULL);
  return diagnosis;
}

static inline int
by_text (gconstpointer a, gconstpointer b)
{
  return strcmp (*(char *const *) a, *(char *const *) b);
}

/* "kind table (columns) part: count: first key\n…", sorted; free with g_free(). */
static inline char *
summary (const CormDiagnosis *diagnosis)
{
  g_autoptr (GPtrArray) lines = g_ptr_array_new_with_free_func (g_free);
  for (guint i = 0; i < diagnosis->ailments->len; i++) {
    const CormAilment *ailment = diagnosis->ailments->pdata[i];
    g_autofree char *columns = ailment->columns != NULL ? g_strjoinv (", ", ailment->columns) : g_strdup ("");
    g_autofree char *keys = NULL;
    g_ptr_array_add (ailment->keys, NULL);
    keys = g_strjoinv ("; ", (GStrv) ailment->keys->pdata);
    g_ptr_array_remove_index (ailment->keys, ailment->keys->len - 1);
    g_ptr_array_add (lines, g_strdup_printf ("%s %s (%s) %" G_GINT64_FORMAT " [%s]",
                                             corm_ailment_kind_name (ailment->kind),
                                             ailment->table != NULL ? ailment->table : "-", columns,
                                             ailment->count, keys));
    assert_true (strlen (ailment->reason) > 0 && strlen (ailment->advice) > 0);
  }
  for (guint i = 0; i < diagnosis->unseen->len; i++)
    g_ptr_array_add (lines, g_strdup_printf ("unseen: %s", (char *) diagnosis->unseen->pdata[i]));
  g_ptr_array_sort (lines, by_text);
  g_ptr_array_add (lines, NULL);
  return g_strjoinv ("\n", (GStrv) lines->pdata);
}

/* The diagnosis of @conn is @wanted, lines as summary() writes them; also behind the mends. */
static inline void
assert_ails (CormConnection *conn, const CormDoctorOptions *options, const char *wanted)
{
  g_autoptr (CormDiagnosis) diagnosis = examine (conn, options);
  g_autofree char *text = summary (diagnosis);
  assert_string_equal (text, wanted);
}
