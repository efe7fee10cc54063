/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* A column's definition in a database that takes the whole of it for every change (CormDialect.modifies_whole). It starts
 * from what is there and takes the traits that changes have come to by then, so that nothing goes that nobody has spoken
 * of: an ON UPDATE, a comment, a check behind the column. */
#include "evolve/modify.h"
#include "render/ddl.h"

static gboolean
is_trait (const CormChange *change)
{
  switch (change->kind) {
  case CORM_OP_SET_TYPE:
  case CORM_OP_SET_NOT_NULL:
  case CORM_OP_DROP_NOT_NULL:
  case CORM_OP_SET_DEFAULT:
  case CORM_OP_DROP_DEFAULT:
  case CORM_OP_SET_GENERATED:
  case CORM_OP_DROP_GENERATED:
  case CORM_OP_SET_IDENTITY:
  case CORM_OP_SET_OPTIONS:
    return change->name != NULL;
  case CORM_OP_SET_COMMENT:
    return change->on == CORM_COMMENT_ON_COLUMN;
  default:
    return FALSE;
  }
}

gboolean
corm_planner_modifies (const CormPlanner *planner, const CormChange *change)
{
  return planner->dialect->modifies_whole && planner->diff != NULL && is_trait (change);
}

static void
take_type (CormTableColumn *column, const CormTableColumn *from)
{
  column->type = from->type;
  column->type_sql = from->type_sql;
  column->collation = from->collation;
  column->enum_type = from->enum_type;
  column->labels = from->labels;
  column->raw = from->raw;
}

static void
take_default (CormTableColumn *column, const CormTableColumn *from)
{
  column->default_kind = from->default_kind;
  column->default_text = from->default_text;
  column->default_sql = from->default_sql;
}

/* Borrows from the change's column. */
static void
take (CormTableColumn *column, const CormChange *change)
{
  const CormTableColumn *from = change->part;
  switch (change->kind) {
  case CORM_OP_SET_TYPE:
    take_type (column, from);
    break;
  case CORM_OP_SET_NOT_NULL:
  case CORM_OP_DROP_NOT_NULL:
    column->not_null = from->not_null;
    break;
  case CORM_OP_SET_DEFAULT:
  case CORM_OP_DROP_DEFAULT:
    take_default (column, from);
    break;
  case CORM_OP_SET_GENERATED:
  case CORM_OP_DROP_GENERATED:
    column->generated_sql = from->generated_sql;
    column->generated_stored = from->generated_stored;
    break;
  case CORM_OP_SET_IDENTITY:
    column->auto_increment = from->auto_increment;
    column->identity_always = from->identity_always;
    break;
  case CORM_OP_SET_OPTIONS:
    column->options = from->options;
    break;
  default:
    column->comment = (char *) change->comment;
  }
}

/* The changes that have been made when @change is: those before it, and where it is not the one to undo itself. */
GPtrArray *
corm_modify_made (const CormPlanner *planner, const CormChange *change)
{
  const CormChange *at = planner->undoes != NULL ? planner->undoes : change;
  GPtrArray *made = g_ptr_array_new ();
  for (guint i = 0; i < planner->diff->changes->len; i++) {
    const CormChange *other = planner->diff->changes->pdata[i];
    gboolean last = other == at;
    if (last && planner->undoes != NULL)
      break;
    if (other->live == at->live && corm_planner_allows (planner, planner->diff, other))
      g_ptr_array_add (made, (gpointer) other);
    if (last)
      break;
  }
  return made;
}

static gboolean
is_dropped (const GPtrArray *made, const CormCheck *check)
{
  for (guint i = 0; i < made->len; i++) {
    const CormChange *change = made->pdata[i];
    if (change->kind == CORM_OP_DROP_CHECK && change->is == check)
      return TRUE;
  }
  return FALSE;
}

/* What the column @name was called before; itself where it keeps its name. */
static const char *
former_name (const CormPlanner *planner, const CormTable *live, const char *name)
{
  for (guint i = 0; i < planner->diff->changes->len; i++) {
    const CormChange *change = planner->diff->changes->pdata[i];
    if (change->kind == CORM_OP_RENAME_COLUMN && change->live == live &&
        corm_diff_same_name (planner->diff, change->name, name))
      return change->was;
  }
  return name;
}

/* A check behind a column goes by the column's name. */
static gboolean
is_of_column (const CormPlanner *planner, const CormTable *live, const CormCheck *check, const char *column)
{
  return check->name != NULL && corm_diff_find_column (planner->diff, live, column) != NULL &&
         g_ascii_strcasecmp (check->name, former_name (planner, live, column)) == 0;
}

static gboolean
is_check_of_column (const CormPlanner *planner, const CormChange *change)
{
  return planner->undoes == NULL && change->kind == CORM_OP_DROP_CHECK && change->name != NULL &&
         is_of_column (planner, change->live, change->is, change->name);
}

const CormTable *
corm_modify_live (const CormPlanner *planner, const CormChange *change)
{
  return planner->undoes != NULL ? planner->undoes->live : change->live;
}

static gboolean
is_first (GStrv columns, const char *name)
{
  return columns != NULL && columns[0] != NULL && g_ascii_strcasecmp (columns[0], name) == 0;
}

gboolean
corm_modify_is_gone (const GPtrArray *made, gconstpointer part)
{
  for (guint i = 0; i < made->len; i++)
    if (((const CormChange *) made->pdata[i])->is == part &&
        ((const CormChange *) made->pdata[i])->part == NULL)
      return TRUE;
  return FALSE;
}

static gboolean
index_leads_with (const CormTableIndex *index, const char *name)
{
  return g_ascii_strcasecmp (((const CormIndexPart *) index->parts->pdata[0])->sql, name) == 0;
}

/* A column numbers itself only while it leads a key. */
static gboolean
leads_a_key (const CormTable *live, const GPtrArray *made, const char *name)
{
  gboolean leads = live->primary_key != NULL && is_first (live->primary_key->columns, name);
  for (guint i = 0; i < made->len; i++) {
    const CormChange *change = made->pdata[i];
    if (change->kind == CORM_OP_DROP_PRIMARY_KEY)
      leads = FALSE;
    if (change->kind == CORM_OP_ADD_PRIMARY_KEY)
      leads = is_first (((const CormKey *) change->part)->columns, name);
  }
  for (guint i = 0; i < live->uniques->len; i++)
    leads = leads || (is_first (((const CormKey *) live->uniques->pdata[i])->columns, name) &&
                      !corm_modify_is_gone (made, live->uniques->pdata[i]));
  for (guint i = 0; i < live->indexes->len; i++)
    leads = leads || (index_leads_with (live->indexes->pdata[i], name) &&
                      !corm_modify_is_gone (made, live->indexes->pdata[i]));
  return leads;
}

/* The column @name as it stands by then; FALSE: there is none. It borrows. */
static gboolean
merge (const CormPlanner *planner, const CormTable *live, const GPtrArray *made, const char *name,
       CormTableColumn *column)
{
  const CormTableColumn *is = corm_diff_find_column (planner->diff, live, name);
  if (is == NULL)
    return FALSE;
  *column = *is;
  for (guint i = 0; i < made->len; i++) {
    const CormChange *change = made->pdata[i];
    if (is_trait (change) && corm_diff_same_name (planner->diff, change->name, name))
      take (column, change);
  }
  return TRUE;
}

static char *
define (const CormPlanner *planner, const CormTable *live, const GPtrArray *made, const CormTableColumn *as,
        GError **error)
{
  g_autoptr (GString) text = g_string_new (NULL);
  CormTableColumn column = *as;
  column.auto_increment = column.auto_increment && leads_a_key (live, made, column.name);
  if (!corm_render_column (text, planner->dialect, &column, FALSE, error)) {
    g_prefix_error (error, "column %s.%s: ", live->name, column.name);
    return NULL;
  }
  for (guint i = 0; i < live->checks->len; i++) {
    const CormCheck *check = live->checks->pdata[i];
    if (is_of_column (planner, live, check, column.name) && !is_dropped (made, check))
      g_string_append_printf (text, " CHECK (%s)", check->sql);
  }
  return g_string_free (g_steal_pointer (&text), FALSE);
}

char *
corm_planner_modified (const CormPlanner *planner, const CormChange *change, GError **error)
{
  const CormTable *live = corm_modify_live (planner, change);
  g_autoptr (GPtrArray) made = corm_modify_made (planner, change);
  CormTableColumn column;
  g_return_val_if_fail (merge (planner, live, made, change->name, &column), NULL);
  return define (planner, live, made, &column, error);
}

/* --- changes that take more than their template */

void
corm_modify_add_statement (const CormPlanner *planner, const CormTable *table, const char *words,
                           GPtrArray *sql)
{
  GString *text = g_string_new ("ALTER TABLE ");
  corm_sql_append_identifier (text, planner->dialect, table->name);
  g_string_append_printf (text, " %s", words);
  g_ptr_array_add (sql, g_string_free (text, FALSE));
}

static gboolean
drop_column_check (const CormPlanner *planner, const CormChange *change, GPtrArray *sql, GError **error)
{
  g_autofree char *definition = corm_planner_modified (planner, change, error);
  g_autofree char *words = g_strconcat ("MODIFY COLUMN ", definition, NULL);
  if (definition != NULL)
    corm_modify_add_statement (planner, change->live, words, sql);
  return definition != NULL;
}

/* One statement for the key and for the column that numbers itself by it. */
gboolean
corm_modify_key (const CormPlanner *planner, const CormChange *change, GPtrArray *sql, GError **error)
{
  const CormTable *live = corm_modify_live (planner, change);
  g_autoptr (GPtrArray) made = corm_modify_made (planner, change);
  char mark;
  if (!corm_planner_alter (planner, change, sql, &mark, error))
    return FALSE;
  for (guint i = 0; sql->len > 0 && i < live->columns->len; i++) {
    CormTableColumn column;
    if (!merge (planner, live, made, ((const CormTableColumn *) live->columns->pdata[i])->name, &column) ||
        !column.auto_increment)
      continue;
    g_autofree char *definition = define (planner, live, made, &column, error);
    g_autofree char *before = g_ptr_array_steal_index (sql, sql->len - 1);
    if (definition == NULL)
      return FALSE;
    g_ptr_array_add (sql, g_strconcat (before, ", MODIFY COLUMN ", definition, NULL));
  }
  return TRUE;
}

static gboolean
is_virtual (const CormTableColumn *column)
{
  return column->generated_sql != NULL && !column->generated_stored;
}

/* What is computed when it is read cannot come to be kept, or the other way round. */
static gboolean
needs_another_column (const CormChange *change)
{
  const CormTableColumn *is = change->is, *should = change->part;
  return (change->kind == CORM_OP_SET_GENERATED || change->kind == CORM_OP_DROP_GENERATED) && is != NULL &&
         should != NULL && is_virtual (is) != is_virtual (should);
}

/* Dropped and added in one statement, in its place, it keeps its indexes. What was computed is kept on the way from an
 * expression to a plain column. */
static gboolean
replace_column (const CormPlanner *planner, const CormChange *change, GPtrArray *sql, GError **error)
{
  const CormTable *live = corm_modify_live (planner, change);
  const CormTableColumn *is = change->is, *should = change->part, *before = NULL;
  g_autoptr (GPtrArray) made = corm_modify_made (planner, change);
  CormTableColumn column;
  for (guint i = 1; i < live->columns->len; i++)
    if (corm_diff_same_name (planner->diff, ((CormTableColumn *) live->columns->pdata[i])->name,
                             change->name))
      before = live->columns->pdata[i - 1];
  g_return_val_if_fail (merge (planner, live, made, change->name, &column), FALSE);
  g_autofree char *last = define (planner, live, made, &column, error);
  column.generated_sql = should->generated_sql != NULL ? should->generated_sql : is->generated_sql;
  column.generated_stored = should->generated_sql == NULL || should->generated_stored;
  column.not_null = FALSE;
  g_autofree char *first = last != NULL ? define (planner, live, made, &column, error) : NULL;
  if (first == NULL)
    return FALSE;
  g_autoptr (GString) words = g_string_new ("DROP COLUMN ");
  corm_sql_append_identifier (words, planner->dialect, column.name);
  g_string_append_printf (words, ", ADD COLUMN %s %s", first, before != NULL ? "AFTER " : "FIRST");
  if (before != NULL)
    corm_sql_append_identifier (words, planner->dialect, before->name);
  corm_modify_add_statement (planner, live, words->str, sql);
  g_autofree char *modify = g_strconcat ("MODIFY COLUMN ", last, NULL);
  if (should->generated_sql == NULL)
    corm_modify_add_statement (planner, live, modify, sql);
  return TRUE;
}

/* The index that the server made for a foreign key goes with it, unless another one stands on the same columns. */
static gboolean
drop_foreign_key (const CormPlanner *planner, const CormChange *change, GPtrArray *sql, GError **error)
{
  const CormForeignKey *key = change->is;
  gboolean needed = FALSE;
  char mark;
  if (!corm_planner_alter (planner, change, sql, &mark, error))
    return FALSE;
  for (guint i = 0; change->table != NULL && i < change->table->foreign_keys->len; i++) {
    const CormForeignKey *other = change->table->foreign_keys->pdata[i];
    needed = needed || is_first (other->columns, key->columns[0]);
  }
  if (!needed && sql->len > 0)
    corm_render_drop_index (sql, planner->dialect, change->live, key->index);
  return TRUE;
}

static const CormTableIndex *
find_index (const CormTable *table, const char *name)
{
  for (guint i = 0; i < table->indexes->len; i++)
    if (g_ascii_strcasecmp (((const CormTableIndex *) table->indexes->pdata[i])->name, name) == 0)
      return table->indexes->pdata[i];
  return NULL;
}

/* The way back of a key that is added: the server may have made an index of its name, which nobody asked for. */
static gboolean
take_back_foreign_key (const CormPlanner *planner, const CormChange *change, GPtrArray *sql, GError **error)
{
  char mark;
  if (!corm_planner_alter (planner, change, sql, &mark, error))
    return FALSE;
  g_autofree char *name = corm_planner_name (change);
  if (find_index (change->live, name) != NULL)
    return TRUE;
  const CormAlterParts parts = { .table = change->live->name, .name = name };
  corm_render_alter (sql, planner->dialect, "DROP INDEX IF EXISTS {n} ON {t}", &parts);
  return TRUE;
}

/* An index over a column keeps the length that its old type had: it goes before and comes back behind. */
static gboolean
set_indexes_aside (const CormPlanner *planner, const CormTable *live, const GPtrArray *made, const char *name,
                   GPtrArray *drop, GPtrArray *make, GError **error)
{
  for (guint i = 0; i < live->indexes->len; i++) {
    const CormTableIndex *index = live->indexes->pdata[i];
    gboolean has = FALSE;
    for (guint p = 0; p < index->parts->len; p++)
      has = has || g_ascii_strcasecmp (((const CormIndexPart *) index->parts->pdata[p])->sql, name) == 0;
    if (!has || corm_modify_is_gone (made, index))
      continue;
    corm_render_drop_index (drop, planner->dialect, live, index->name);
    if (!corm_render_create_index (make, planner->dialect, live, index, error))
      return FALSE;
  }
  return TRUE;
}

/* Rows get the value of an expression. A text can hold it in the column as it is; for others a column beside computes it
 * from the row as it was, and the column is made anew from that one, in its place and with its indexes. */
static gboolean
convert_column (const CormPlanner *planner, const CormChange *change, GPtrArray *sql, GError **error)
{
  const CormTable *live = change->live;
  const CormTableColumn *is = change->is, *before = NULL;
  g_autoptr (GPtrArray) made = corm_modify_made (planner, change);
  g_autofree char *value = corm_planner_conversion (planner, change);
  g_autoptr (GString) type = g_string_new (NULL);
  g_autoptr (GString) name = g_string_new (NULL);
  g_autoptr (GString) words = g_string_new (NULL);
  g_autoptr (GPtrArray) make = g_ptr_array_new ();
  CormTableColumn column;
  for (guint i = 1; i < live->columns->len; i++)
    if (corm_diff_same_name (planner->diff, ((CormTableColumn *) live->columns->pdata[i])->name,
                             change->name))
      before = live->columns->pdata[i - 1];
  g_return_val_if_fail (merge (planner, live, made, change->name, &column), FALSE);
  g_autofree char *last = define (planner, live, made, &column, error);
  if (last == NULL || (is->type.type != CORM_TYPE_TEXT &&
                       !set_indexes_aside (planner, live, made, change->name, sql, make, error)))
    return FALSE;
  corm_sql_append_identifier (name, planner->dialect, column.name);
  corm_render_type (type, planner->dialect, &column);
  if (column.collation != NULL)
    g_string_append_printf (type, " COLLATE %s", column.collation);
  if (is->type.type == CORM_TYPE_TEXT) {
    g_string_append (words, "UPDATE ");
    corm_sql_append_identifier (words, planner->dialect, live->name);
    g_string_append_printf (words, " SET %s = %s", name->str, value);
    g_ptr_array_add (sql, g_strdup (words->str));
  } else {
    g_string_printf (words, "ADD COLUMN corm_new %s AS (%s) STORED", type->str, value);
    corm_modify_add_statement (planner, live, words->str, sql);
    g_string_printf (words, "MODIFY COLUMN corm_new %s", type->str);
    corm_modify_add_statement (planner, live, words->str, sql);
    g_string_printf (words, "DROP COLUMN %s, ADD COLUMN %s %s AS (corm_new) STORED %s", name->str, name->str,
                     type->str, before != NULL ? "AFTER " : "FIRST");
    if (before != NULL)
      corm_sql_append_identifier (words, planner->dialect, before->name);
    corm_modify_add_statement (planner, live, words->str, sql);
  }
  g_string_printf (words, "MODIFY COLUMN %s", last);
  corm_modify_add_statement (planner, live, words->str, sql);
  if (is->type.type != CORM_TYPE_TEXT)
    corm_modify_add_statement (planner, live, "DROP COLUMN corm_new", sql);
  for (guint i = 0; i < make->len; i++)
    g_ptr_array_add (sql, make->pdata[i]);
  return TRUE;
}

gboolean
corm_planner_modify (const CormPlanner *planner, const CormChange *change, GPtrArray *sql, gboolean *done,
                     GError **error)
{
  const CormForeignKey *key = change->is;
  gboolean whole = planner->dialect->modifies_whole && planner->diff != NULL;
  GError *local = NULL;
  /* The indexes of a new table go with it: foreign keys may stand on them. */
  *done = whole && (corm_modify_live (planner, change) != NULL ||
                    (planner->undoes != NULL && planner->undoes->kind == CORM_OP_CREATE_INDEX));
  if (!*done || corm_modify_live (planner, change) == NULL)
    return TRUE;
  if (corm_modify_drop_served (planner, change, sql, &local))
    return TRUE;
  if (local != NULL) {
    g_propagate_error (error, local);
    return FALSE;
  }
  if (change->kind == CORM_OP_ADD_PRIMARY_KEY || change->kind == CORM_OP_DROP_PRIMARY_KEY)
    return corm_modify_key (planner, change, sql, error);
  if (needs_another_column (change))
    return replace_column (planner, change, sql, error);
  if (change->kind == CORM_OP_SET_TYPE && planner->undoes == NULL &&
      ((const CormTableColumn *) change->part)->convert != NULL)
    return convert_column (planner, change, sql, error);
  if (corm_modify_widen (planner, change, sql, &local))
    return TRUE;
  if (local != NULL) {
    g_propagate_error (error, local);
    return FALSE;
  }
  if (is_check_of_column (planner, change))
    return drop_column_check (planner, change, sql, error);
  if (change->kind == CORM_OP_DROP_FOREIGN_KEY && planner->undoes == NULL && key->index != NULL)
    return drop_foreign_key (planner, change, sql, error);
  if (change->kind == CORM_OP_DROP_FOREIGN_KEY && planner->undoes != NULL && change->live != NULL)
    return take_back_foreign_key (planner, change, sql, error);
  *done = FALSE;
  return TRUE;
}
