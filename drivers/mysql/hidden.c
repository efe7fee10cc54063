/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* What information_schema may keep from the role, without a word: read from what SHOW GRANTS says that it may do. And what
 * no statement says: the collation that a view's literals have from the session that made it. */
#include "catalogue.h"

#include <string.h>

typedef struct {
  char *database, *user; /* the user as GRANT takes it */
  GHashTable *rights;    /* on the whole database */
  GHashTable *tables;    /* `table`, of which it may read all columns */
  GPtrArray *parts;      /* `table`, of which it may read some */
} Grants;

/* The database of a grant is a pattern of LIKE. */
static gboolean
is_like (const char *text, const char *pattern)
{
  if (*pattern == '%')
    return is_like (text, pattern + 1) || (*text != '\0' && is_like (text + 1, pattern));
  if (*pattern == '\0' || *text == '\0')
    return *pattern == *text;
  if (*pattern == '_')
    return is_like (text + 1, pattern + 1);
  if (*pattern == '\\' && pattern[1] != '\0')
    pattern++;
  return *text == *pattern && is_like (text + 1, pattern + 1);
}

/* Of "`name`.rest": the name, and where the rest is. "*" is its own name. */
static char *
take_name (const char **text)
{
  const char *p = *text;
  g_autoptr (GString) name = g_string_new (NULL);
  if (*p != '`') {
    g_string_append_len (name, p, (gssize) strcspn (p, ". "));
    p += name->len;
  } else {
    for (p++; *p != '\0' && (*p != '`' || p[1] == '`'); p += *p == '`' ? 2 : 1)
      g_string_append_c (name, *p);
    p += *p == '`';
  }
  *text = p + (*p == '.');
  return g_string_free (g_steal_pointer (&name), FALSE);
}

/* " ON " outside of names. */
static const char *
find_object (const char *grant)
{
  gboolean quoted = FALSE;
  for (const char *p = grant; *p != '\0'; p++) {
    quoted ^= *p == '`';
    if (!quoted && g_str_has_prefix (p, " ON "))
      return p + strlen (" ON ");
  }
  return NULL;
}

static void
add_rights (Grants *grants, const char *words)
{
  g_auto (GStrv) rights = g_strsplit (words, ", ", -1);
  for (char **right = rights; *right != NULL; right++)
    g_hash_table_add (grants->rights, g_strdup (*right));
}

/* "GRANT SELECT (`id`), INSERT ON `shop`.`items` TO …" */
static void
read_grant (Grants *grants, const char *text)
{
  const char *object = g_str_has_prefix (text, "GRANT ") ? find_object (text) : NULL;
  if (object == NULL)
    return;
  g_autofree char *words =
      g_strndup (text + strlen ("GRANT "), (gsize) (object - text) - strlen ("GRANT  ON "));
  g_autofree char *database = take_name (&object);
  if (strcmp (database, "*") != 0 && !is_like (grants->database, database))
    return;
  g_autofree char *table = take_name (&object);
  if (strcmp (table, "*") == 0)
    add_rights (grants, words);
  else if (g_str_has_prefix (words, "SELECT (") || strstr (words, ", SELECT (") != NULL)
    g_ptr_array_add (grants->parts, g_strdup (table));
  else if (strstr (words, "SELECT") != NULL || strcmp (words, "ALL PRIVILEGES") == 0)
    g_hash_table_add (grants->tables, g_strdup (table));
}

static gboolean
read_grants (CormConnection *conn, Grants *grants, GError **error)
{
  GError *failure = NULL;
  g_autoptr (CormCursor) who = corm_query (
      conn, "SELECT DATABASE(), CONCAT('''', REPLACE(CURRENT_USER(), '@', '''@'''), '''')", NULL, error);
  if (who == NULL || !corm_cursor_next (who, error))
    return FALSE;
  grants->database = corm_mysql_cell (who, 0);
  grants->user = corm_mysql_cell (who, 1);
  g_clear_pointer (&who, corm_cursor_free);
  g_autoptr (CormCursor) cursor = corm_query (conn, "SHOW GRANTS", NULL, error);
  while (cursor != NULL && corm_cursor_next (cursor, &failure)) {
    g_autofree char *text = corm_mysql_cell (cursor, 0);
    read_grant (grants, text);
  }
  if (failure != NULL)
    g_propagate_error (error, failure);
  return cursor != NULL && failure == NULL;
}

static gboolean
has (const Grants *grants, const char *right)
{
  return g_hash_table_contains (grants->rights, right) ||
         g_hash_table_contains (grants->rights, "ALL PRIVILEGES");
}

static void
tell (const Grants *grants, GPtrArray *lines, const char *what, const char *right, const char *table)
{
  g_autoptr (GString) on = g_string_new (NULL);
  corm_mysql_append_name (on, grants->database);
  g_string_append_c (on, '.');
  if (table == NULL)
    g_string_append_c (on, '*');
  else
    corm_mysql_append_name (on, table);
  g_ptr_array_add (lines, g_strdup_printf ("%s: the role may not see them (GRANT %s ON %s TO %s)", what,
                                           right, on->str, grants->user));
}

static void
tell_all (const Grants *grants, GPtrArray *lines)
{
  gboolean runs = has (grants, "EXECUTE") || has (grants, "CREATE ROUTINE") || has (grants, "ALTER ROUTINE");
  gboolean reads = has (grants, "SELECT");
  for (guint i = 0; !reads && i < grants->parts->len; i++) {
    const char *table = grants->parts->pdata[i];
    g_autofree char *what = g_strdup_printf ("other columns of table %s", table);
    if (!g_hash_table_contains (grants->tables, table))
      tell (grants, lines, what, "SELECT", table);
  }
  if (!reads)
    tell (grants, lines, "other tables, if the source has any", "SELECT", NULL);
  if (!has (grants, "TRIGGER"))
    tell (grants, lines, "triggers, if the source has any", "TRIGGER", NULL);
  if (!runs)
    tell (grants, lines, "functions and procedures, if the source has any", "EXECUTE", NULL);
  if (!has (grants, "EVENT"))
    tell (grants, lines, "events, if the source has any", "EVENT", NULL);
}

/* A column of a view that is made of literals compares and sorts otherwise in a view that this session makes. */
static const char unsaid_sql[] =
    "SELECT CONCAT('collation ', collation_connection, ' of the literals in view ', table_name) FROM "
    "information_schema.views WHERE table_schema = DATABASE() AND collation_connection <> "
    "@@collation_connection AND view_definition LIKE '%''%' UNION ALL SELECT CONCAT('labels of ', "
    "table_name, "
    "'.', column_name, ', if a ? in them stands for a character of four bytes, which the server does not "
    "show: "
    "', column_type) FROM information_schema.columns WHERE table_schema = DATABASE() AND data_type IN "
    "('enum', "
    "'set') AND column_type LIKE '%?%' AND character_set_name = 'utf8mb4' ORDER BY 1";

static gboolean
tell_unsaid (CormConnection *conn, GPtrArray *lines, GError **error)
{
  GError *failure = NULL;
  g_autoptr (CormCursor) cursor = corm_query (conn, unsaid_sql, NULL, error);
  while (cursor != NULL && corm_cursor_next (cursor, &failure))
    g_ptr_array_add (lines, corm_mysql_cell (cursor, 0));
  if (failure != NULL)
    g_propagate_error (error, failure);
  return cursor != NULL && failure == NULL;
}

gboolean
corm_mysql_list_hidden (CormConnection *conn, GPtrArray *lines, GError **error)
{
  Grants grants = {
    .rights = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL),
    .tables = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL),
    .parts = g_ptr_array_new_with_free_func (g_free),
  };
  gboolean ok = read_grants (conn, &grants, error) && tell_unsaid (conn, lines, error);
  if (ok)
    tell_all (&grants, lines);
  g_hash_table_unref (grants.rights);
  g_hash_table_unref (grants.tables);
  g_ptr_array_unref (grants.parts);
  g_free (grants.database);
  g_free (grants.user);
  return ok;
}
