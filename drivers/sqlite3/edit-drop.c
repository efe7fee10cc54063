/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Columns and constraints taken out of a CREATE TABLE. A column takes with it what stands on it alone; what names it
 * beside others has to be dropped as well, or nothing is. */
#include "edit.h"

#include <string.h>

typedef struct {
  const CormSqlite3Edits *edits;
  const char *sql;
  const CormSqlite3Table *ddl;
  gboolean *columns;     /* of the table's: is it dropped? */
  gboolean *constraints; /* the same */
  GError **error;
} Drops;

static gboolean
refuse (const Drops *drops, const char *what, const char *name)
{
  g_set_error (drops->error, CORM_ERROR, CORM_ERROR_NOT_FOUND, "table %s has no %s%s%s to drop",
               drops->edits->live->name, what, name != NULL ? " " : "", name != NULL ? name : "");
  return FALSE;
}

/* --- what is named --------------------------------------------------------------------------------------------------- */

/* Constraints behind added columns are not among those that edits speak of. */
static int
find_nth (const Drops *drops, CormSqlite3ConstraintKind kind, guint n)
{
  for (guint i = 0; i < drops->ddl->constraints->len; i++) {
    const CormSqlite3Constraint *constraint = drops->ddl->constraints->pdata[i];
    if (constraint->kind == kind && constraint->column < (int) drops->edits->live->columns->len && n-- == 0)
      return (int) i;
  }
  return -1;
}

/* In the live table's list of its kind; keys and checks begin with their name. */
static int
find_part (const GPtrArray *parts, const CormTableEdit *edit)
{
  for (guint i = 0; edit->part != NULL && i < parts->len; i++)
    if (parts->pdata[i] == edit->part)
      return (int) i;
  for (guint i = 0; edit->name != NULL && i < parts->len; i++) {
    char *const *name = parts->pdata[i];
    if (*name != NULL && g_ascii_strcasecmp (*name, edit->name) == 0)
      return (int) i;
  }
  return -1;
}

static gboolean
mark_nth (const Drops *drops, const CormTableEdit *edit, CormSqlite3ConstraintKind kind,
          const GPtrArray *parts, const char *what)
{
  int n = find_part (parts, edit);
  int i = n >= 0 ? find_nth (drops, kind, (guint) n) : -1;
  if (i < 0)
    return refuse (drops, what, edit->name);
  drops->constraints[i] = TRUE;
  return TRUE;
}

static int
live_column (const CormTable *live, const char *name)
{
  for (guint i = 0; i < live->columns->len; i++)
    if (g_ascii_strcasecmp (((const CormTableColumn *) live->columns->pdata[i])->name, name) == 0)
      return (int) i;
  return -1;
}

static gboolean
same_columns (const Drops *drops, const CormSqlite3Constraint *constraint, char *const *names)
{
  if (constraint->columns->len != g_strv_length ((char **) names))
    return FALSE;
  for (guint i = 0; i < constraint->columns->len; i++)
    if (corm_sqlite3_table_find_column (drops->ddl, constraint->columns->pdata[i]) !=
        live_column (drops->edits->live, names[i]))
      return FALSE;
  return TRUE;
}

/* Said twice, it goes twice. */
static gboolean
mark_unique (const Drops *drops, const CormTableEdit *edit)
{
  const GPtrArray *uniques = drops->edits->live->uniques;
  int n = find_part (uniques, edit);
  const CormKey *key = n >= 0 ? uniques->pdata[n] : NULL;
  gboolean found = FALSE;
  for (guint i = 0; key != NULL && i < drops->ddl->constraints->len; i++) {
    const CormSqlite3Constraint *constraint = drops->ddl->constraints->pdata[i];
    if (constraint->kind == CORM_SQLITE3_UNIQUE &&
        constraint->column < (int) drops->edits->live->columns->len &&
        same_columns (drops, constraint, key->columns))
      found = drops->constraints[i] = TRUE;
  }
  return found || refuse (drops, "unique constraint", edit->name);
}

static gboolean
mark (const Drops *drops, const CormTableEdit *edit)
{
  const CormTable *live = drops->edits->live;
  int i;
  switch (edit->kind) {
  case CORM_OP_DROP_COLUMN:
    i = corm_sqlite3_edit_column (drops->edits, edit);
    if (i < 0)
      return refuse (drops, "column", edit->name);
    drops->columns[i] = TRUE;
    return TRUE;
  case CORM_OP_DROP_PRIMARY_KEY:
    i = find_nth (drops, CORM_SQLITE3_PRIMARY_KEY, 0);
    if (i < 0)
      return refuse (drops, "primary key", NULL);
    drops->constraints[i] = TRUE;
    return TRUE;
  case CORM_OP_DROP_UNIQUE:
    return mark_unique (drops, edit);
  case CORM_OP_DROP_FOREIGN_KEY:
    return mark_nth (drops, edit, CORM_SQLITE3_FOREIGN_KEY, live->foreign_keys, "foreign key");
  case CORM_OP_DROP_CHECK:
    return mark_nth (drops, edit, CORM_SQLITE3_CHECK, live->checks, "check");
  default:
    return TRUE;
  }
}

/* --- what goes with a column ------------------------------------------------------------------------------------------- */

/* It is dropped, and none of its name comes in its place. */
static gboolean
is_gone (const Drops *drops, guint column)
{
  const GPtrArray *columns = drops->ddl->columns;
  const char *name = ((const CormSqlite3Column *) columns->pdata[column])->name;
  for (guint i = drops->edits->live->columns->len; i < columns->len; i++)
    if (g_ascii_strcasecmp (((const CormSqlite3Column *) columns->pdata[i])->name, name) == 0)
      return FALSE;
  return drops->columns[column];
}

/* How many of the columns that it names are dropped, and how many stay. */
static void
count_named (const Drops *drops, const CormSqlite3Constraint *constraint, CormSqlite3Span expression,
             guint *dropped, guint *kept)
{
  *dropped = *kept = 0;
  for (guint c = 0; c < drops->ddl->columns->len; c++) {
    const CormSqlite3Column *column = drops->ddl->columns->pdata[c];
    gboolean named = expression.last > 0 &&
                     corm_sqlite3_names_column (drops->sql, drops->ddl->tokens, expression, column->name);
    for (guint i = 0; constraint != NULL && i < constraint->columns->len && expression.last == 0; i++)
      named = named || g_ascii_strcasecmp (constraint->columns->pdata[i], column->name) == 0;
    if (named && is_gone (drops, c))
      (*dropped)++;
    else if (named)
      (*kept)++;
  }
}

static gboolean
still_named (const Drops *drops, const char *what, CormSqlite3Span span)
{
  const CormSqlite3Token *tokens = (const CormSqlite3Token *) (gpointer) drops->ddl->tokens->data;
  gsize start = tokens[span.first].start, end = tokens[span.last - 1].end;
  g_autofree char *text = g_strndup (drops->sql + start, end - start);
  g_set_error (drops->error, CORM_ERROR, CORM_ERROR_SCHEMA,
               "dropping a column of table %s: %s names it beside others: %s; drop or change that too",
               drops->edits->live->name, what, text);
  return FALSE;
}

static gboolean
gets_another_expression (const Drops *drops, guint column)
{
  for (guint i = 0; i < drops->edits->n_edits; i++) {
    const CormTableEdit *edit = &drops->edits->edits[i];
    if ((edit->kind == CORM_OP_SET_GENERATED || edit->kind == CORM_OP_DROP_GENERATED) &&
        corm_sqlite3_edit_column (drops->edits, edit) == (int) column)
      return TRUE;
  }
  return FALSE;
}

static gboolean
mark_with_columns (const Drops *drops)
{
  static const char *const kinds[] = { "its primary key", "a unique constraint", "a foreign key", "a check" };
  guint dropped, kept;
  for (guint i = 0; i < drops->ddl->constraints->len; i++) {
    const CormSqlite3Constraint *constraint = drops->ddl->constraints->pdata[i];
    if (drops->constraints[i] || constraint->column >= (int) drops->edits->live->columns->len ||
        (constraint->column >= 0 && drops->columns[constraint->column]))
      continue;
    count_named (drops, constraint, constraint->expression, &dropped, &kept);
    if (dropped > 0 && kept > 0)
      return still_named (drops, kinds[constraint->kind], constraint->all);
    drops->constraints[i] = dropped > 0;
  }
  for (guint i = 0; i < drops->edits->live->columns->len; i++) {
    const CormSqlite3Column *column = drops->ddl->columns->pdata[i];
    if (drops->columns[i] || column->generated == NULL || gets_another_expression (drops, i))
      continue;
    count_named (drops, NULL, column->expression, &dropped, &kept);
    if (dropped > 0)
      return still_named (drops, "a generated column", column->all);
  }
  return TRUE;
}

/* --- taking it out ------------------------------------------------------------------------------------------------------- */

/* A constraint behind a column, with the DEFERRABLE that stands apart from it. */
static void
remove_behind (const Drops *drops, CormSqlite3Patches *patches, const CormSqlite3Constraint *constraint)
{
  const CormSqlite3Column *column = drops->ddl->columns->pdata[constraint->column];
  corm_patches_remove (patches, constraint->all);
  for (guint i = 0; constraint->kind == CORM_SQLITE3_FOREIGN_KEY && i < column->clauses->len; i++) {
    const CormSqlite3Clause *clause = &g_array_index (column->clauses, CormSqlite3Clause, i);
    if (clause->kind == CORM_SQLITE3_DEFERRABLE && clause->all.first >= constraint->all.last)
      corm_patches_remove (patches, clause->all);
  }
}

typedef struct {
  CormSqlite3Span all;
  gboolean dropped;
} Element;

static GArray *
list_elements (const Drops *drops)
{
  GArray *elements = g_array_new (FALSE, FALSE, sizeof (Element));
  for (guint i = 0; i < drops->ddl->columns->len; i++) {
    Element element = { ((const CormSqlite3Column *) drops->ddl->columns->pdata[i])->all, drops->columns[i] };
    g_array_append_val (elements, element);
  }
  for (guint i = 0; i < drops->ddl->constraints->len; i++) {
    const CormSqlite3Constraint *constraint = drops->ddl->constraints->pdata[i];
    Element element = { constraint->all, drops->constraints[i] };
    if (constraint->column < 0)
      g_array_append_val (elements, element);
  }
  return elements;
}

/* Between two elements that stay there is one comma, that behind the first of them; what goes from the end takes the comma
 * before it along. */
static void
remove_elements (const Drops *drops, CormSqlite3Patches *patches)
{
  g_autoptr (GArray) elements = list_elements (drops);
  guint n_kept = elements->len;
  while (n_kept > 0 && g_array_index (elements, Element, n_kept - 1).dropped)
    n_kept--;
  for (guint i = 0; i < elements->len; i++) {
    const Element *element = &g_array_index (elements, Element, i);
    if (!element->dropped)
      continue;
    guint comma = i < n_kept ? element->all.last : element->all.first - 1;
    gboolean has_comma =
        corm_sqlite3_token_is (drops->sql, &g_array_index (drops->ddl->tokens, CormSqlite3Token, comma), ",");
    if (i < n_kept && has_comma) {
      corm_patches_remove_element (patches, element->all);
      continue;
    }
    corm_patches_remove (patches, element->all);
    if (has_comma)
      corm_patches_replace (patches, (CormSqlite3Span){ comma, comma + 1 }, NULL);
  }
}

static char *
take_out (const Drops *drops)
{
  CormSqlite3Patches patches;
  corm_patches_init (&patches, drops->sql, drops->ddl->tokens);
  for (guint i = 0; i < drops->ddl->constraints->len; i++) {
    const CormSqlite3Constraint *constraint = drops->ddl->constraints->pdata[i];
    if (drops->constraints[i] && constraint->column >= 0 && !drops->columns[constraint->column])
      remove_behind (drops, &patches, constraint);
  }
  remove_elements (drops, &patches);
  return corm_patches_apply (&patches);
}

char *
corm_sqlite3_edit_drops (const CormSqlite3Edits *edits, const char *sql, GError **error)
{
  g_autoptr (CormSqlite3Table) ddl = corm_sqlite3_table_parse (sql, error);
  if (ddl == NULL)
    return NULL;
  g_autofree gboolean *columns = g_new0 (gboolean, ddl->columns->len);
  g_autofree gboolean *constraints = g_new0 (gboolean, ddl->constraints->len + 1);
  Drops drops = { edits, sql, ddl, columns, constraints, error };
  gboolean stays = FALSE;
  for (guint i = 0; i < edits->n_edits; i++)
    if (!mark (&drops, &edits->edits[i]))
      return NULL;
  for (guint i = 0; i < ddl->columns->len; i++)
    stays = stays || !columns[i];
  if (!stays) {
    g_set_error (error, CORM_ERROR, CORM_ERROR_SCHEMA, "table %s would have no column left: drop the table",
                 edits->live->name);
    return NULL;
  }
  return mark_with_columns (&drops) ? take_out (&drops) : NULL;
}
