/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Edits of a CREATE TABLE: what is added comes first, so that there is always a column; then what goes; then each change
 * of a column in a text that has been read anew. */
#include "edit.h"

#include <string.h>

static gboolean
is_drop (CormOpKind kind)
{
  return kind == CORM_OP_DROP_COLUMN || kind == CORM_OP_DROP_PRIMARY_KEY || kind == CORM_OP_DROP_UNIQUE ||
         kind == CORM_OP_DROP_FOREIGN_KEY || kind == CORM_OP_DROP_CHECK;
}

static gboolean
is_new_constraint (CormOpKind kind)
{
  return kind == CORM_OP_ADD_PRIMARY_KEY || kind == CORM_OP_ADD_UNIQUE || kind == CORM_OP_ADD_FOREIGN_KEY ||
         kind == CORM_OP_ADD_CHECK;
}

static int
find_live (const CormTable *live, const char *name)
{
  for (guint i = 0; name != NULL && i < live->columns->len; i++)
    if (g_ascii_strcasecmp (((const CormTableColumn *) live->columns->pdata[i])->name, name) == 0)
      return (int) i;
  return -1;
}

int
corm_sqlite3_edit_column (const CormSqlite3Edits *edits, const CormTableEdit *edit)
{
  for (guint i = 0; edit->part != NULL && i < edits->live->columns->len; i++)
    if (edits->live->columns->pdata[i] == edit->part)
      return (int) i;
  if (edit->kind == CORM_OP_RENAME_COLUMN)
    return find_live (edits->live, edit->was);
  /* The name that it is going to have; a column that goes has none but the old one. */
  for (guint i = 0; edit->kind != CORM_OP_DROP_COLUMN && i < edits->n_edits; i++) {
    const CormTableEdit *rename = &edits->edits[i];
    if (rename->kind == CORM_OP_RENAME_COLUMN && edit->name != NULL &&
        g_ascii_strcasecmp (rename->name, edit->name) == 0)
      return find_live (edits->live, rename->was);
  }
  return find_live (edits->live, edit->name);
}

gboolean
corm_sqlite3_edits_drop (const CormSqlite3Edits *edits, guint column)
{
  for (guint i = 0; i < edits->n_edits; i++)
    if (edits->edits[i].kind == CORM_OP_DROP_COLUMN &&
        corm_sqlite3_edit_column (edits, &edits->edits[i]) == (int) column)
      return TRUE;
  return FALSE;
}

/* --- additions ----------------------------------------------------------------------------------------------------------- */

/* What stands between a comma and the last column: a new line with its indent, or one space. */
static char *
find_gap (const char *sql, const CormSqlite3Table *ddl)
{
  const CormSqlite3Column *last = ddl->columns->pdata[ddl->columns->len - 1];
  for (gsize i = last->gap; i < last->start; i++)
    if (!g_ascii_isspace (sql[i]))
      return g_strdup (" ");
  g_autofree char *gap = g_strndup (sql + last->gap, last->start - last->gap);
  return strchr (gap, '\n') != NULL ? g_steal_pointer (&gap) : g_strdup (" ");
}

static char *
add_all (const CormSqlite3Edits *edits, const char *sql, gboolean columns, GError **error)
{
  CormSqlite3Patches patches;
  g_autoptr (CormSqlite3Table) ddl = corm_sqlite3_table_parse (sql, error);
  if (ddl == NULL)
    return NULL;
  const CormSqlite3Column *last = ddl->columns->pdata[ddl->columns->len - 1];
  g_autofree char *gap = find_gap (sql, ddl);
  corm_patches_init (&patches, sql, ddl->tokens);
  for (guint i = 0; i < edits->n_edits; i++) {
    const CormTableEdit *edit = &edits->edits[i];
    if (columns ? edit->kind != CORM_OP_ADD_COLUMN : !is_new_constraint (edit->kind))
      continue;
    g_autofree char *text = g_strconcat (",", gap, edit->definition, NULL);
    corm_patches_insert (&patches, columns ? last->all.last : ddl->close, text, FALSE);
  }
  return corm_patches_apply (&patches);
}

/* --- changes of a column --------------------------------------------------------------------------------------------------- */

typedef struct {
  const CormSqlite3Table *ddl;
  const CormSqlite3Column *column;
  guint index; /* of the column */
  CormSqlite3Patches *patches;
} Change;

/* The first clause of a kind; the others go. */
static const CormSqlite3Clause *
keep_first (const Change *change, CormSqlite3ClauseKind kind)
{
  const CormSqlite3Clause *first = NULL;
  for (guint i = 0; i < change->column->clauses->len; i++) {
    const CormSqlite3Clause *clause = &g_array_index (change->column->clauses, CormSqlite3Clause, i);
    if (clause->kind != kind)
      continue;
    if (first == NULL)
      first = clause;
    else
      corm_patches_remove (change->patches, clause->all);
  }
  return first;
}

/* Writes a clause in the place of the first of its kind, or behind the type; NULL: takes them all away. */
static void
set_clause (const Change *change, CormSqlite3ClauseKind kind, const char *text)
{
  const CormSqlite3Clause *clause = keep_first (change, kind);
  if (clause == NULL && text != NULL)
    corm_patches_insert (change->patches, change->column->type.last, text, TRUE);
  else if (clause != NULL && text != NULL)
    corm_patches_replace (change->patches, clause->all, text);
  else if (clause != NULL)
    corm_patches_remove (change->patches, clause->all);
}

/* "TEXT", "TEXT COLLATE nocase": without a collation that of the column stays. */
static void
set_type (const Change *change, const char *definition)
{
  g_autoptr (GArray) tokens = corm_sqlite3_tokenize (definition);
  CormSqlite3Span type = change->column->type;
  gsize end = strlen (definition);
  for (guint i = 0; i < tokens->len; i++) {
    const CormSqlite3Token *token = &g_array_index (tokens, CormSqlite3Token, i);
    if (!corm_sqlite3_token_is (definition, token, "COLLATE"))
      continue;
    g_autofree char *name = corm_sqlite3_token_name (definition, token + 1);
    end = token->start;
    set_clause (change, CORM_SQLITE3_COLLATE,
                g_ascii_strcasecmp (name, "BINARY") == 0 ? NULL : definition + end);
    break;
  }
  g_autofree char *text = g_strchomp (g_strndup (definition, end));
  if (type.last == type.first && *text != '\0')
    corm_patches_insert (change->patches, type.first, text, TRUE);
  else if (type.last > type.first && *text != '\0')
    corm_patches_replace (change->patches, type, text);
  else if (type.last > type.first)
    corm_patches_remove (change->patches, type);
}

/* Behind DEFAULT stands one word, a number with its sign, or an expression in parentheses. */
static char *
default_clause (const char *definition)
{
  g_autoptr (GArray) tokens = corm_sqlite3_tokenize (definition);
  const CormSqlite3Token *token = (const CormSqlite3Token *) (gpointer) tokens->data;
  guint first = corm_sqlite3_token_is (definition, token, "DEFAULT") ? 1 : 0, n = tokens->len - 1 - first;
  const char *text = definition + token[first].start;
  gboolean is_signed = corm_sqlite3_token_is (definition, token + first, "-") ||
                       corm_sqlite3_token_is (definition, token + first, "+");
  CormDdlReader reader = { .sql = definition, .tokens = tokens, .at = first };
  gboolean bare =
      n == 1 || (n == 2 && is_signed && token[first + 1].kind == CORM_SQLITE3_NUMBER) ||
      (corm_ddl_at (&reader, "(") && corm_ddl_parentheses (&reader, NULL) && corm_ddl_at_end (&reader));
  return g_strconcat ("DEFAULT ", bare ? text : "(", bare ? NULL : text, ")", NULL);
}

static void
set_not_null (const Change *change, const char *definition)
{
  set_clause (change, CORM_SQLITE3_NULL, NULL);
  if (definition != NULL && *definition != '\0')
    set_clause (change, CORM_SQLITE3_NOT_NULL, definition);
  else if (keep_first (change, CORM_SQLITE3_NOT_NULL) == NULL)
    set_clause (change, CORM_SQLITE3_NOT_NULL, "NOT NULL");
}

/* AUTOINCREMENT stands at the end of the key behind the column, or in the parentheses of the table's. */
static void
set_identity (const Change *change, const char *definition)
{
  for (guint i = 0; i < change->ddl->constraints->len; i++) {
    const CormSqlite3Constraint *key = change->ddl->constraints->pdata[i];
    gboolean wanted = definition != NULL && *definition != '\0';
    if (key->kind != CORM_SQLITE3_PRIMARY_KEY)
      continue;
    if (!wanted && key->autoincrement > 0)
      corm_patches_remove (change->patches, (CormSqlite3Span){ key->autoincrement, key->autoincrement + 1 });
    else if (wanted && key->autoincrement == 0)
      corm_patches_insert (change->patches, key->column >= 0 ? key->all.last : key->names.last,
                           "AUTOINCREMENT", TRUE);
  }
}

/* What stands behind a column beside its traits: "AUTOINCREMENT NOT NULL ON CONFLICT FAIL". */
static void
set_column_options (const Change *change, const char *definition)
{
  static const char automatic[] = "AUTOINCREMENT";
  const char *text = definition != NULL ? definition : "";
  gboolean is_automatic = g_str_has_prefix (text, automatic);
  set_identity (change, is_automatic ? automatic : NULL);
  text += is_automatic ? strlen (automatic) : 0;
  text += strspn (text, " ");
  if (*text != '\0')
    set_clause (change, CORM_SQLITE3_NOT_NULL, text);
  else if (change->column->conflict != NULL)
    set_clause (change, CORM_SQLITE3_NOT_NULL, "NOT NULL");
}

static gboolean
change_column (const Change *change, const CormTableEdit *edit)
{
  g_autofree char *text = NULL;
  switch (edit->kind) {
  case CORM_OP_SET_TYPE:
    set_type (change, edit->definition);
    return TRUE;
  case CORM_OP_SET_NOT_NULL:
    set_not_null (change, edit->definition);
    return TRUE;
  case CORM_OP_DROP_NOT_NULL:
    set_clause (change, CORM_SQLITE3_NOT_NULL, NULL);
    return TRUE;
  case CORM_OP_SET_DEFAULT:
    text = default_clause (edit->definition);
    set_clause (change, CORM_SQLITE3_DEFAULT, text);
    return TRUE;
  case CORM_OP_DROP_DEFAULT:
    set_clause (change, CORM_SQLITE3_DEFAULT, NULL);
    return TRUE;
  case CORM_OP_SET_GENERATED:
    set_clause (change, CORM_SQLITE3_GENERATED, edit->definition);
    return TRUE;
  case CORM_OP_DROP_GENERATED:
    set_clause (change, CORM_SQLITE3_GENERATED, NULL);
    return TRUE;
  case CORM_OP_SET_IDENTITY:
    set_identity (change, edit->definition);
    return TRUE;
  case CORM_OP_SET_OPTIONS:
    set_column_options (change, edit->definition);
    return TRUE;
  default:
    return FALSE;
  }
}

static void
set_options (CormSqlite3Patches *patches, const CormSqlite3Table *ddl, const char *definition)
{
  guint end = ddl->tokens->len - 1;
  if (end > ddl->close + 1)
    corm_patches_remove (patches, (CormSqlite3Span){ ddl->close + 1, end });
  if (definition != NULL && *definition != '\0')
    corm_patches_insert (patches, ddl->close + 1, definition, TRUE);
}

static gboolean
not_there (const CormSqlite3Edits *edits, const char *what, const char *name, GError **error)
{
  g_set_error (error, CORM_ERROR, CORM_ERROR_NOT_FOUND, "table %s has no %s%s%s", edits->live->name, what,
               name != NULL ? " " : "", name != NULL ? name : "");
  return FALSE;
}

/* @names: what the live table's columns are called by now. */
static char *
change_one (const CormSqlite3Edits *edits, const CormTableEdit *edit, const CormSqlite3Table *names,
            const char *sql, GError **error)
{
  CormSqlite3Patches patches;
  g_autoptr (CormSqlite3Table) ddl = corm_sqlite3_table_parse (sql, error);
  if (ddl == NULL)
    return NULL;
  corm_patches_init (&patches, sql, ddl->tokens);
  if (edit->kind == CORM_OP_SET_OPTIONS && edit->name == NULL) {
    set_options (&patches, ddl, edit->definition);
    return corm_patches_apply (&patches);
  }
  int live = corm_sqlite3_edit_column (edits, edit);
  const char *name = live >= 0 ? ((const CormSqlite3Column *) names->columns->pdata[live])->name : edit->name;
  int i = name != NULL ? corm_sqlite3_table_find_column (ddl, name) : -1;
  gboolean found = i >= 0 || not_there (edits, "column", edit->name, error);
  Change change = { ddl, found ? ddl->columns->pdata[i] : NULL, (guint) i, &patches };
  if (found && !change_column (&change, edit)) {
    g_set_error (error, CORM_ERROR, CORM_ERROR_UNSUPPORTED, "table %s: a rebuild has no edit of kind %d",
                 edits->live->name, (int) edit->kind);
    found = FALSE;
  }
  g_autofree char *text = corm_patches_apply (&patches);
  return found ? g_steal_pointer (&text) : NULL;
}

/* The kinds that are no change of a column: done before, or not of the text. */
static gboolean
is_elsewhere (CormOpKind kind)
{
  return kind == CORM_OP_ADD_COLUMN || is_drop (kind) || is_new_constraint (kind) ||
         kind == CORM_OP_RENAME_TABLE || kind == CORM_OP_RENAME_COLUMN || kind == CORM_OP_DROP_INDEX ||
         kind == CORM_OP_DROP_OBJECT || kind == CORM_OP_BACKFILL;
}

static gboolean
take (char **text, char *next)
{
  if (next == NULL)
    return FALSE;
  g_free (*text);
  *text = next;
  return TRUE;
}

/* What stands behind the key has to wait for it, and the options of a column know best. */
static guint
turn_of (const CormTableEdit *edit)
{
  if (edit->kind == CORM_OP_SET_IDENTITY)
    return 1;
  return edit->kind == CORM_OP_SET_OPTIONS && edit->name != NULL ? 2 : 0;
}

char *
corm_sqlite3_edit (const CormSqlite3Edits *edits, const char *sql, GError **error)
{
  g_autofree char *text = g_strdup (sql);
  g_autoptr (CormSqlite3Table) names = corm_sqlite3_table_parse (sql, error);
  gboolean drops = FALSE;
  if (names == NULL || !take (&text, add_all (edits, text, TRUE, error)))
    return NULL;
  for (guint i = 0; i < edits->n_edits; i++)
    drops = drops || is_drop (edits->edits[i].kind);
  if ((drops && !take (&text, corm_sqlite3_edit_drops (edits, text, error))) ||
      !take (&text, add_all (edits, text, FALSE, error)))
    return NULL;
  for (guint turn = 0; turn < 3; turn++)
    for (guint i = 0; i < edits->n_edits; i++) {
      const CormTableEdit *edit = &edits->edits[i];
      if (!is_elsewhere (edit->kind) && turn_of (edit) == turn &&
          !take (&text, change_one (edits, edit, names, text, error)))
        return NULL;
    }
  return g_steal_pointer (&text);
}
