/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Copies of expressions: a predicate points to its caller's stack, a query outlives it. The copy holds all that it
 * needs in one arena. */
#include "query/select.h"

#include <corm/error.h>

#include <string.h>

static void
copy_value (CormValue *value, CormArena *arena)
{
  switch (value->type) {
  case CORM_TYPE_TEXT:
  case CORM_TYPE_BYTES:
  case CORM_TYPE_DECIMAL:
  case CORM_TYPE_JSON:
  case CORM_TYPE_ENUM:
  case CORM_TYPE_RAW:
    if (!value->is_null && value->data != NULL)
      value->data = corm_arena_copy (arena, value->data, value->size);
    break;
  default:
    break;
  }
}

static gconstpointer
copy_values (const CormExpr *expr, CormArena *arena)
{
  CormValue *values =
      (CormValue *) (gpointer) corm_arena_copy (arena, expr->list, expr->n_list * sizeof *values);
  for (gsize i = 0; i < expr->n_list; i++)
    copy_value (&values[i], arena);
  return values;
}

/* The elements of a list of text, decimal or json are pointers. */
static void
copy_texts (const char **texts, gsize n, CormArena *arena)
{
  for (gsize i = 0; i < n; i++)
    if (texts[i] != NULL)
      texts[i] = corm_arena_copy (arena, texts[i], strlen (texts[i]));
}

static void
copy_blobs (CormBytes *blobs, gsize n, CormArena *arena)
{
  for (gsize i = 0; i < n; i++)
    if (blobs[i].data != NULL)
      blobs[i].data = (const guint8 *) corm_arena_copy (arena, blobs[i].data, blobs[i].size);
}

/* The model's own column: no registry is known yet, and a list's elements are as wide as the member. */
static const CormColumn *
find_column (const CormExpr *expr, GError **error)
{
  const CormModel *model = expr->model;
  while (model != NULL && model->alias_of != NULL)
    model = model->alias_of;
  for (gsize i = 0; model != NULL && i < model->n_columns; i++)
    if (model->columns[i].offset == expr->offset)
      return &model->columns[i];
  g_set_error (error, CORM_ERROR, CORM_ERROR_INVALID,
               "the member at byte %" G_GSIZE_FORMAT
               " of %s is no column of the model; add a CORM_COLUMN for it",
               expr->offset, model != NULL ? expr->model->type : "(no model)");
  return NULL;
}

static gboolean
copy_list (CormExpr *copy, CormArena *arena, GError **error)
{
  const CormColumn *column = find_column (copy, error);
  if (column == NULL)
    return FALSE;
  if (copy->list == NULL || copy->n_list == 0)
    return TRUE;
  if (copy->kind == CORM_EXPR_IN_VALUES) {
    copy->list = copy_values (copy, arena);
    return TRUE;
  }
  CormCType ctype = column->ctype & ~(guint) CORM_C_OPT;
  char *list = corm_arena_copy (arena, copy->list, copy->n_list * corm_ctype_size (ctype));
  if (ctype == CORM_C_TEXT || ctype == CORM_C_DECIMAL || ctype == CORM_C_JSON)
    copy_texts ((const char **) (gpointer) list, copy->n_list, arena);
  else if (ctype == CORM_C_BYTES)
    copy_blobs ((CormBytes *) (gpointer) list, copy->n_list, arena);
  copy->list = list;
  return TRUE;
}

static gboolean copy_into (const CormExpr *expr, CormExpr *copy, CormArena *arena, GError **error);

const CormExpr *
corm_expr_copy_list (const CormExpr *list, CormArena *arena, GError **error)
{
  gsize n = 1;
  while (list[n - 1].kind != CORM_EXPR_END)
    n++;
  CormExpr *copies = corm_arena_take (arena, n * sizeof *copies, CORM_ARENA_ALIGN);
  for (gsize i = 0; i < n; i++)
    if (!copy_into (&list[i], &copies[i], arena, error))
      return NULL;
  return copies;
}

static gboolean
copy_orders (const CormOrder **orders, CormArena *arena, GError **error)
{
  gsize n = 0;
  while ((*orders)[n].model != NULL || (*orders)[n].expr != NULL)
    n++;
  CormOrder *copies = (CormOrder *) (gpointer) corm_arena_copy (arena, *orders, (n + 1) * sizeof *copies);
  for (gsize i = 0; i < n; i++)
    if (copies[i].expr != NULL && (copies[i].expr = corm_expr_copy (copies[i].expr, arena, error)) == NULL)
      return FALSE;
  *orders = copies;
  return TRUE;
}

static const CormWindow *
copy_window (const CormWindow *window, CormArena *arena, GError **error)
{
  CormWindow *copy = (CormWindow *) (gpointer) corm_arena_copy (arena, window, sizeof *window);
  if (window->partition != NULL &&
      (copy->partition = corm_expr_copy_list (window->partition, arena, error)) == NULL)
    return NULL;
  return window->order == NULL || copy_orders (&copy->order, arena, error) ? copy : NULL;
}

static gboolean
copy_into (const CormExpr *expr, CormExpr *copy, CormArena *arena, GError **error)
{
  *copy = *expr;
  copy_value (&copy->value, arena);
  copy_value (&copy->value2, arena);
  if (expr->kind == CORM_EXPR_IN || expr->kind == CORM_EXPR_IN_VALUES)
    return copy_list (copy, arena, error);
  if (expr->window != NULL && (copy->window = copy_window (expr->window, arena, error)) == NULL)
    return FALSE;
  return expr->operands == NULL ||
         (copy->operands = corm_expr_copy_list (expr->operands, arena, error)) != NULL;
}

CormExpr *
corm_expr_copy (const CormExpr *expr, CormArena *arena, GError **error)
{
  CormExpr *copy = corm_arena_take (arena, sizeof *copy, CORM_ARENA_ALIGN);
  return copy_into (expr, copy, arena, error) ? copy : NULL;
}
