/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* A table's options, as introspect-table.c writes them, changed to others by ALTER TABLE: what is not said any more has to
 * be set back, and versions and partitions are added and removed by words of their own. Engine, character set and
 * collation are Corm's own where nobody says others, whatever the server's are: keys between two tables need one collation. */
#include "catalogue.h"

#include <string.h>

#define VERSIONED "WITH SYSTEM VERSIONING"
#define PARTITIONED "PARTITION BY "

/* The words in front of partitions and versions, "ENGINE=InnoDB ROW_FORMAT=COMPRESSED". */
static GStrv
plain_options (const char *options)
{
  const char *end = strstr (options, PARTITIONED);
  const char *versions = strstr (options, VERSIONED);
  if (versions != NULL && (end == NULL || versions < end))
    end = versions;
  g_autofree char *plain = g_strndup (options, end != NULL ? (gsize) (end - options) : strlen (options));
  return g_strsplit (g_strstrip (plain), " ", -1);
}

/* Without its value. */
static gboolean
has_option (const GStrv options, const char *option)
{
  gsize size = strcspn (option, "=") + 1;
  for (guint i = 0; options[i] != NULL; i++)
    if (g_ascii_strncasecmp (options[i], option, size) == 0)
      return TRUE;
  return FALSE;
}

static void
append_reset (GString *sql, const char *option)
{
  static const char *const counted[] = {
    "MAX_ROWS", "MIN_ROWS", "AVG_ROW_LENGTH", "KEY_BLOCK_SIZE", "CHECKSUM", "DELAY_KEY_WRITE", NULL
  };
  g_autofree char *name = g_strndup (option, strcspn (option, "="));
  g_string_append_printf (sql, " %s=%s", name, g_strv_contains (counted, name) ? "0" : "DEFAULT");
}

/* @word stands in @options outside of quotes, as a whole word. */
static gboolean
says (const char *options, const char *word)
{
  gsize size = strlen (word);
  char quote = '\0';
  for (const char *p = options; *p != '\0'; p++) {
    gboolean begins = p == options || !(g_ascii_isalnum (p[-1]) || p[-1] == '_');
    if (quote != '\0')
      quote = *p == quote ? '\0' : quote;
    else if (*p == '\'' || *p == '"' || *p == '`')
      quote = *p;
    else if (begins && g_ascii_strncasecmp (p, word, size) == 0 && !g_ascii_isalnum (p[size]) &&
             p[size] != '_')
      return TRUE;
  }
  return FALSE;
}

/* In front: partitions have to come last. */
static char *
complete_options (const char *options)
{
  const char *own = corm_mysql_dialect.table_suffix + 1;
  const char *charset = strchr (own, ' ') + 1;
  gboolean has_charset =
      says (options, "charset") || says (options, "character") || says (options, "collate");
  g_autofree char *engine =
      says (options, "engine") ? g_strdup ("") : g_strndup (own, (gsize) (charset - own));
  return g_strconcat (engine, has_charset ? "" : charset, has_charset ? "" : " ", options, NULL);
}

char *
corm_mysql_change_options (const char *from, const char *to)
{
  const char *own = corm_mysql_dialect.table_suffix + 1;
  g_autofree char *complete = to != NULL ? complete_options (to) : NULL;
  if (from != NULL && from[0] == '\0' && to != NULL)
    return g_steal_pointer (&complete);
  const char *is = from != NULL ? from : own, *should = to != NULL ? complete : own;
  g_auto (GStrv) before = plain_options (is);
  g_auto (GStrv) after = plain_options (should);
  g_autoptr (GString) sql = g_string_new (NULL);
  g_autofree char *said = g_strjoinv (" ", after);
  gboolean was_versioned = strstr (is, VERSIONED) != NULL, versioned = strstr (should, VERSIONED) != NULL;
  const char *partitions = strstr (should, PARTITIONED), *were = strstr (is, PARTITIONED);
  g_string_append (sql, said);
  /* ENGINE, DEFAULT CHARSET and COLLATE are always said. */
  for (guint i = 0; before[i] != NULL; i++)
    if (strchr (before[i], '=') != NULL && !has_option (after, before[i]))
      append_reset (sql, before[i]);
  if (was_versioned != versioned)
    g_string_append (sql, versioned ? ", ADD SYSTEM VERSIONING" : ", DROP SYSTEM VERSIONING");
  if (partitions != NULL && (were == NULL || strcmp (partitions, were) != 0))
    g_string_append_printf (sql, " %s", partitions);
  else if (partitions == NULL && were != NULL)
    g_string_append (sql, " REMOVE PARTITIONING");
  return g_string_free (g_steal_pointer (&sql), FALSE);
}
