/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* See details.h. Options are the source's own words, which no other dialect reads. */
#include "port/details.h"

#include "schema/words.h"

#include <string.h>

static void note (const CormDetails *details, const char *format, ...) G_GNUC_PRINTF (2, 3);

static void
note (const CormDetails *details, const char *format, ...)
{
  va_list args;
  va_start (args, format);
  g_ptr_array_add (details->not_moved, g_strdup_vprintf (format, args));
  va_end (args);
}

/* @comment, where the target has such; @format: of what. */
static char *keep_words (const CormDetails *details, CormCommentOn on, const char *comment,
                         const char *format, ...) G_GNUC_PRINTF (4, 5);

static char *
keep_words (const CormDetails *details, CormCommentOn on, const char *comment, const char *format, ...)
{
  va_list args;
  gboolean inlined = details->target->comment_inline && on != CORM_COMMENT_ON_CONSTRAINT;
  if (comment == NULL || inlined || details->target->comment[on] != NULL)
    return g_strdup (comment);
  va_start (args, format);
  g_autofree char *what = g_strdup_vprintf (format, args);
  va_end (args);
  note (details, "comment on the %s: %s", what, comment);
  return NULL;
}

/* Where the database made up the name, nobody knows it before it is there. */
static void
keep_comment (const CormDetails *details, const CormTable *table, const char *what, const char *name,
              const char *from, char **to)
{
  if (from != NULL && name == NULL && details->target->comment[CORM_COMMENT_ON_CONSTRAINT] != NULL)
    note (details, "comment on the %s of %s: %s", what, table->name, from);
  else
    *to = keep_words (details, CORM_COMMENT_ON_CONSTRAINT, from, "%s of %s", what, table->name);
}

/* MariaDB's tell letters and the like, of a table with transactions. */
static gboolean
are_plain (const CormDialect *dialect, const char *options)
{
  return dialect->alter_options == NULL && corm_words_mention (options, "INNODB") &&
         !corm_words_mention (options, "DIRECTORY") && !corm_words_mention (options, "VERSIONING");
}

/* An engine without transactions, a place of the source's server, who may see which rows: none of it may stand in a load's way. */
void
corm_details_table (const CormDetails *details, const CormTable *from, CormTable *to)
{
  gboolean inherits = from->options != NULL && (corm_words_mention (from->options, "INHERITS") ||
                                                corm_words_mention (from->options, "PARTITION"));
  to->comment = keep_words (details, CORM_COMMENT_ON_TABLE, from->comment, "table %s", from->name);
  if (inherits)
    note (details, "options of %s, which becomes a plain table: %s", from->name, from->options);
  else if (details->same && from->options != NULL && are_plain (details->target, from->options))
    to->options = g_strdup (from->options);
  else if (from->options != NULL && *from->options != '\0' &&
           (details->same || corm_words_mention (from->options, "SECURITY")))
    note (details, "options of %s: %s", from->name, from->options);
}

static gboolean
is_first_of (const CormKey *key, const char *name, gboolean alone)
{
  return key != NULL && key->columns != NULL && g_strcmp0 (key->columns[0], name) == 0 &&
         (!alone || key->columns[1] == NULL);
}

/* The one key, or else one whose key comes with its table, and before others of it. */
static gboolean
is_place_for_numbers (const CormDialect *target, const CormTable *table, const CormTableColumn *column)
{
  if (target->identity_is_key)
    return is_first_of (table->primary_key, column->name, TRUE);
  if ((target->caps & CORM_CAP_LATE_KEYS) != 0)
    return TRUE;
  const CormTableColumn *chosen = NULL;
  for (guint c = 0; c < table->columns->len; c++) {
    const CormTableColumn *other = g_ptr_array_index (table->columns, c);
    gboolean in_key = other->auto_increment && is_first_of (table->primary_key, other->name, FALSE);
    gboolean in_unique = FALSE;
    for (guint i = 0; i < table->uniques->len; i++)
      in_unique |= other->auto_increment && is_first_of (table->uniques->pdata[i], other->name, FALSE);
    if (in_key || (in_unique && chosen == NULL))
      chosen = other;
  }
  return column == chosen;
}

gboolean
corm_details_can_number (const CormDetails *details, const CormTable *table, const CormTableColumn *column)
{
  if (!column->auto_increment || details->same)
    return column->auto_increment;
  if (!is_place_for_numbers (details->target, table, column)) {
    note (details, "that %s.%s numbers itself: %s", table->name, column->name,
          column->options != NULL   ? column->options
          : column->identity_always ? "always"
                                    : "by default");
    return FALSE;
  }
  if (column->identity_always)
    note (details, "that %s.%s takes no number but its own", table->name, column->name);
  return TRUE;
}

void
corm_details_column (const CormDetails *details, const CormTable *table, const CormTableColumn *from,
                     CormTableColumn *to)
{
  const char *options = from->options;
  to->comment =
      keep_words (details, CORM_COMMENT_ON_COLUMN, from->comment, "column %s.%s", table->name, from->name);
  to->identity_always = details->same && from->identity_always;
  if (options == NULL || *options == '\0' || (from->auto_increment && !to->auto_increment))
    return;
  /* A type that numbers itself ("bigserial") comes as an identity, whose own options stand in parentheses. */
  gboolean in_words = details->target->alter_options == NULL || !from->auto_increment;
  if (details->same && (in_words || options[0] == '(') && !corm_words_mention (options, "GENERATED"))
    to->options = g_strdup (options);
  else if (corm_words_mention (options, "UPDATE") || corm_words_mention (options, "GENERATED") ||
           corm_words_mention (options, "INCREMENT") || corm_words_mention (options, "CONFLICT") ||
           corm_words_mention (options, "MAXVALUE") || corm_words_mention (options, "MINVALUE") ||
           corm_words_mention (options, "CYCLE"))
    note (details, "options of %s.%s: %s", table->name, from->name, options);
}

/* @options without the tablespace of @what, which another server need not have and which stands last; it is listed. */
static char *
leave_place (const CormDetails *details, const char *options, const char *what)
{
  static const char *const words[] = { "USING INDEX TABLESPACE ", "TABLESPACE " };
  for (guint i = 0; options != NULL && i < G_N_ELEMENTS (words); i++) {
    const char *at = g_strrstr (options, words[i]);
    if (at == NULL || (at > options && at[-1] != ' '))
      continue;
    note (details, "tablespace of the %s: %s", what, at + strlen (words[i]));
    g_autofree char *before = g_strchomp (g_strndup (options, (gsize) (at - options)));
    return *before != '\0' ? g_steal_pointer (&before) : NULL;
  }
  return g_strdup (options);
}

static gboolean
is_about_rows (const char *options)
{
  return options != NULL &&
         (corm_words_mention (options, "DISTINCT") || corm_words_mention (options, "CONFLICT") ||
          corm_words_mention (options, "ENFORCED"));
}

void
corm_details_key (const CormDetails *details, const CormTable *table, const char *what, const CormKey *from,
                  CormKey *to)
{
  g_autofree char *columns = g_strjoinv (", ", from->columns);
  to->deferrable = details->same ? from->deferrable : CORM_NOT_DEFERRABLE;
  if (from->deferrable != to->deferrable)
    note (details, "that the %s of %s (%s) is deferrable", what, table->name, columns);
  if (details->same) {
    g_autofree char *of = g_strdup_printf ("%s of %s (%s)", what, table->name, columns);
    to->options = leave_place (details, from->options, of);
    to->column_options = g_strdupv (from->column_options);
  } else if (is_about_rows (from->options))
    note (details, "options of the %s of %s (%s): %s", what, table->name, columns, from->options);
  for (guint i = 0; !details->same && from->column_options != NULL && from->columns[i] != NULL; i++)
    if (corm_words_mention (from->column_options[i], "COLLATE") &&
        !corm_words_mention (from->column_options[i], "BINARY") &&
        !corm_words_mention (from->column_options[i], "NOCASE"))
      note (details, "how the %s of %s compares %s: %s", what, table->name, from->columns[i],
            from->column_options[i]);
  keep_comment (details, table, what, table->primary_key == from ? "" : to->name, from->comment,
                &to->comment);
}

void
corm_details_check (const CormDetails *details, const CormTable *table, const CormCheck *from, CormCheck *to)
{
  if (details->same) {
    to->options = g_strdup (from->options);
    to->not_valid = from->not_valid;
  } else if (is_about_rows (from->options)) {
    note (details, "options of the check of %s (%s): %s", table->name, from->sql, from->options);
  }
  keep_comment (details, table, "check", to->name, from->comment, &to->comment);
}

void
corm_details_foreign_key (const CormDetails *details, const CormTable *table, const CormForeignKey *from,
                          CormForeignKey *to)
{
  g_autofree char *columns = g_strjoinv (", ", from->columns);
  gboolean defers = (details->target->caps & CORM_CAP_DEFERRABLE) != 0;
  to->deferrable = from->deferrable;
  if (from->deferrable != CORM_NOT_DEFERRABLE && !defers)
    note (details, "that the foreign key of %s (%s) is deferrable", table->name, columns);
  if (!defers && (from->on_delete == CORM_SET_DEFAULT || from->on_update == CORM_SET_DEFAULT))
    note (details, "SET DEFAULT of the foreign key of %s (%s)", table->name, columns);
  keep_comment (details, table, "foreign key", to->name, from->comment, &to->comment);
  if (details->same) {
    to->match_full = from->match_full;
    to->not_valid = from->not_valid;
    return;
  }
  if (from->match_full && from->columns[1] != NULL)
    note (details, "MATCH FULL of the foreign key of %s (%s)", table->name, columns);
  if (from->set_columns != NULL)
    note (details, "that deleting a row sets some columns only of the foreign key of %s (%s)", table->name,
          columns);
}

/* --- indexes --------------------------------------------------------------------------------------------------- */

/* Those that hold rows in order, or by their hash, find the same rows anywhere. */
static gboolean
is_usual (const char *method)
{
  return method == NULL || g_ascii_strcasecmp (method, "btree") == 0 ||
         g_ascii_strcasecmp (method, "hash") == 0;
}

gboolean
corm_details_can_index (const CormDetails *details, const CormTable *table, const CormTableIndex *from)
{
  if (details->same || is_usual (from->method))
    return TRUE;
  note (details, "%s index %s of %s%s%s", from->method, from->name, table->name,
        from->sql != NULL ? ": " : "", from->sql != NULL ? from->sql : "");
  return FALSE;
}

static void
keep_part (const CormIndexPart *from, CormIndexPart *to)
{
  to->nulls_otherwise = from->nulls_otherwise;
  to->prefix = from->prefix;
  to->operator_class = g_strdup (from->operator_class);
}

void
corm_details_index (const CormDetails *details, const CormTable *table, const CormTableIndex *from,
                    CormTableIndex *to)
{
  gboolean has_prefix = FALSE;
  to->comment =
      keep_words (details, CORM_COMMENT_ON_INDEX, from->comment, "index %s of %s", from->name, table->name);
  for (guint p = 0; p < from->parts->len; p++) {
    const CormIndexPart *part = g_ptr_array_index (from->parts, p);
    has_prefix |= part->prefix > 0;
    if (details->same)
      keep_part (part, g_ptr_array_index (to->parts, p));
  }
  if (details->same) {
    g_autofree char *of = g_strdup_printf ("index %s of %s", from->name, table->name);
    to->method = g_strdup (from->method);
    to->options = leave_place (details, from->options, of);
    return;
  }
  if (is_about_rows (from->options))
    note (details, "options of the index %s of %s: %s", from->name, table->name, from->options);
  if (from->unique && has_prefix)
    note (details, "that the index %s of %s is unique in the first characters alone", from->name,
          table->name);
}
