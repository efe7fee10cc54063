/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Copies of expressions: a predicate points to its caller's stack, a query outlives it. The copy holds all that it
 * needs in one arena. */
#include "query/select.h"

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

static gboolean
copy_list (const CormMapping *mapping, CormExpr *copy, CormArena *arena, GError **error)
{
  const CormField *field = corm_select_find_field (mapping, copy->model, copy->offset, error);
  if (field == NULL)
    return FALSE;
  if (copy->list == NULL || copy->n_list == 0)
    return TRUE;
  if (copy->kind == CORM_EXPR_IN_VALUES) {
    copy->list = copy_values (copy, arena);
    return TRUE;
  }
  char *list = corm_arena_copy (arena, copy->list, copy->n_list * corm_ctype_size (field->ctype));
  if (field->ctype == CORM_C_TEXT || field->ctype == CORM_C_DECIMAL || field->ctype == CORM_C_JSON)
    copy_texts ((const char **) (gpointer) list, copy->n_list, arena);
  else if (field->ctype == CORM_C_BYTES)
    copy_blobs ((CormBytes *) (gpointer) list, copy->n_list, arena);
  copy->list = list;
  return TRUE;
}

static gboolean copy_into (const CormMapping *mapping, const CormExpr *expr, CormExpr *copy, CormArena *arena,
                           GError **error);

static gboolean
copy_operands (const CormMapping *mapping, CormExpr *copy, CormArena *arena, GError **error)
{
  gsize n = 1;
  const CormExpr *operands = copy->operands;
  for (gsize i = 0; operands[i].kind != CORM_EXPR_END; i++)
    n++;
  CormExpr *copies = corm_arena_alloc (arena, n * sizeof *copies);
  for (gsize i = 0; i < n; i++)
    if (!copy_into (mapping, &operands[i], &copies[i], arena, error))
      return FALSE;
  copy->operands = copies;
  return TRUE;
}

static gboolean
copy_into (const CormMapping *mapping, const CormExpr *expr, CormExpr *copy, CormArena *arena, GError **error)
{
  *copy = *expr;
  copy_value (&copy->value, arena);
  copy_value (&copy->value2, arena);
  if (expr->kind == CORM_EXPR_IN || expr->kind == CORM_EXPR_IN_VALUES)
    return copy_list (mapping, copy, arena, error);
  return expr->operands == NULL || copy_operands (mapping, copy, arena, error);
}

CormExpr *
corm_expr_copy (const CormMapping *mapping, const CormExpr *expr, CormArena *arena, GError **error)
{
  CormExpr *copy = corm_arena_alloc (arena, sizeof *copy);
  return copy_into (mapping, expr, copy, arena, error) ? copy : NULL;
}
