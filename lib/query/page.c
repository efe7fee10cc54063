/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Pages by key: the next page are the rows that sort behind the last one seen. A token holds that row's values of the
 * order, and a digest of them and of the order itself, in base64url. It is no secret and gives no rights: its values are
 * bound as parameters, and whoever knows the models can make one. */
#include "query/resolve.h"

#include "query/group.h"

#include <corm/error.h>
#include <string.h>

enum { DIGEST = 12, HEAD = 6, MAX_TOKEN = 65536 };

/* --- which order ----------------------------------------------------------------------------------------------- */

static const CormModel *
base_of (const CormModel *model)
{
  return model->alias_of != NULL ? model->alias_of : model;
}

static const CormColumn *
find_column (const CormModel *model, gsize offset)
{
  const CormModel *base = base_of (model);
  for (gsize i = 0; i < base->n_columns; i++)
    if (base->columns[i].offset == offset)
      return &base->columns[i];
  return NULL;
}

/* The member of a row of the result that holds what the term sorts by; NULL: none does. */
static const CormColumn *
find_member (const CormQuery *query, const CormOrder *term)
{
  const CormOutput *outputs = query->outputs.items;
  CormExpr column = { .kind = CORM_EXPR_COLUMN, .model = term->model, .offset = term->offset };
  const CormExpr *expr = term->expr != NULL ? term->expr : &column;
  if (query->outputs.n == 0)
    return expr->kind == CORM_EXPR_COLUMN && expr->model == query->model
               ? find_column (query->model, expr->offset)
               : NULL;
  for (guint i = 0; i < query->outputs.n; i++)
    if (outputs[i].model != NULL && ((outputs[i].model == term->model && outputs[i].offset == term->offset) ||
                                     corm_expr_equal (&outputs[i].expr, expr)))
      return find_column (outputs[i].model, outputs[i].offset);
  return NULL;
}

/* What the digest is keyed with: another order gives other tokens. */
static void
append_order (const CormQuery *query, GString *text)
{
  g_string_append_printf (text, "corm 1 %s", query->model->table);
  for (guint i = 0; i < query->order.n; i++) {
    const CormOrder *term = &CORM_QUERY_ITEMS (query->order, CormOrder)[i];
    const CormColumn *member = find_member (query, term);
    g_string_append_printf (text, " %s %d %d", member != NULL ? member->name : "?", term->descending,
                            (int) term->nulls);
  }
}

static void
digest (const CormQuery *query, const guint8 *data, gsize size, guint8 *out)
{
  guint8 buffer[32];
  gsize n = sizeof buffer;
  g_autoptr (GString) order = g_string_new (NULL);
  append_order (query, order);
  GHmac *hmac = g_hmac_new (G_CHECKSUM_SHA256, (const guchar *) order->str, order->len);
  g_hmac_update (hmac, data, (gssize) size);
  g_hmac_get_digest (hmac, buffer, &n);
  g_hmac_unref (hmac);
  memcpy (out, buffer, DIGEST);
}

/* --- writing a token --------------------------------------------------------------------------------------------- */

static char *
encode (const guint8 *data, gsize size)
{
  char *text = g_base64_encode (data, size);
  g_strdelimit (text, "+", '-');
  g_strdelimit (text, "/", '_');
  text[strcspn (text, "=")] = '\0';
  return text;
}

/* Type, whether it is NULL, length, text. */
static void
append_value (GByteArray *bytes, const CormValue *value)
{
  g_autoptr (GString) text = g_string_new (NULL);
  gboolean raw = !value->is_null && value->type == CORM_TYPE_BYTES;
  if (raw)
    g_string_append_len (text, value->data, (gssize) value->size);
  else if (!value->is_null)
    corm_value_append_text (value, text);
  guint32 size = GUINT32_TO_BE ((guint32) text->len);
  guint8 head[2] = { (guint8) value->type, value->is_null };
  g_byte_array_append (bytes, head, sizeof head);
  g_byte_array_append (bytes, (const guint8 *) &size, sizeof size);
  g_byte_array_append (bytes, (const guint8 *) text->str, (guint) text->len);
}

static gboolean
append_member (const CormQuery *query, const CormOrder *term, gconstpointer row, GByteArray *bytes,
               GError **error)
{
  CormField field = { 0 };
  CormValue value;
  const CormMapping mapping = { .model = query->model };
  const CormColumn *column = find_member (query, term);
  if (column == NULL) {
    g_set_error (error, CORM_ERROR, CORM_ERROR_INVALID,
                 "page of %s: its rows do not hold what it is sorted by; add that to the outputs",
                 query->model->table);
    return FALSE;
  }
  corm_field_init (&field, column);
  if (!corm_field_get (&mapping, &field, row, &value, error))
    return FALSE;
  append_value (bytes, &value);
  return TRUE;
}

char *
corm_query_page_token (CormQuery *query, gconstpointer row, GError **error)
{
  guint8 room[DIGEST] = { 0 };
  g_return_val_if_fail (query != NULL && row != NULL, NULL);
  if (!corm_query_check_made (query, error))
    return NULL;
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  g_byte_array_append (bytes, room, sizeof room);
  for (guint i = 0; i < query->order.n; i++)
    if (!append_member (query, &CORM_QUERY_ITEMS (query->order, CormOrder)[i], row, bytes, error))
      return NULL;
  if (bytes->len > MAX_TOKEN / 4 * 3) {
    g_set_error (
        error, CORM_ERROR, CORM_ERROR_INVALID,
        "page of %s: a row's values in its order take %u bytes, too many for a token; order by shorter ones",
        query->model->table, bytes->len);
    return NULL;
  }
  digest (query, bytes->data + DIGEST, bytes->len - DIGEST, bytes->data);
  return encode (bytes->data, bytes->len);
}

/* --- reading one ------------------------------------------------------------------------------------------------- */

static gboolean
refuse_token (const CormQuery *query, const char *reason, GError **error)
{
  g_set_error (
      error, CORM_ERROR, CORM_ERROR_INVALID,
      "page of %s: the token %s; take it from corm_query_page_token(), or ask for the first page with NULL",
      query->model->table, reason);
  return FALSE;
}

/* NULL when @token is not what encode() makes. */
static guint8 *
decode (const char *token, gsize *size)
{
  gsize length = strlen (token);
  if (length == 0 || length > MAX_TOKEN)
    return NULL;
  g_autofree char *padded = g_strconcat (token, &"==="[3 - (4 - length % 4) % 4], NULL);
  g_strdelimit (padded, "-", '+');
  g_strdelimit (padded, "_", '/');
  g_autofree guint8 *data = g_base64_decode (padded, size);
  g_autofree char *again = encode (data, *size);
  return strcmp (again, token) == 0 ? g_steal_pointer (&data) : NULL;
}

static gboolean
read_value (const guint8 **at, const guint8 *end, CormArena *arena, CormValue *value)
{
  guint32 size;
  const CormSqlType type = { .type = (CormType) (*at)[0] };
  if (end - *at < HEAD || type.type >= CORM_N_TYPES)
    return FALSE;
  gboolean is_null = (*at)[1] != 0;
  memcpy (&size, *at + 2, sizeof size);
  size = GUINT32_FROM_BE (size);
  *at += HEAD;
  if (size > (gsize) (end - *at))
    return FALSE;
  const char *text = corm_arena_copy (arena, *at, size);
  *at += size;
  *value = (CormValue){ .type = type.type, .is_null = is_null };
  if (is_null)
    return size == 0;
  if (type.type == CORM_TYPE_BYTES || type.type == CORM_TYPE_ENUM || type.type == CORM_TYPE_RAW) {
    value->data = text;
    value->size = size;
    return TRUE;
  }
  return corm_value_parse (&type, text, size, value, NULL);
}

static CormValue *
read_token (const CormQuery *query, CormArena *arena, GError **error)
{
  gsize size = 0;
  guint8 want[DIGEST];
  g_autofree guint8 *data = decode (query->token, &size);
  if (data == NULL || size < DIGEST)
    return refuse_token (query, "is no page token", error), NULL;
  digest (query, data + DIGEST, size - DIGEST, want);
  if (memcmp (data, want, DIGEST) != 0)
    return refuse_token (query, "was changed, or is one of another query or order", error), NULL;
  CormValue *values = corm_arena_alloc (arena, (query->order.n + 1) * sizeof *values);
  const guint8 *at = data + DIGEST, *end = data + size;
  for (guint i = 0; i < query->order.n; i++)
    if (end - at < HEAD || !read_value (&at, end, arena, &values[i]))
      return refuse_token (query, "is no page token", error), NULL;
  if (at != end)
    return refuse_token (query, "is no page token", error), NULL;
  return values;
}

/* --- the rows behind it -------------------------------------------------------------------------------------------- */

static const CormExpr never = { .kind = CORM_EXPR_ANY,
                                .operands = &(const CormExpr){ .kind = CORM_EXPR_END } };

static CormExpr *
new_list (CormArena *arena, guint n)
{
  CormExpr *list = corm_arena_alloc (arena, (n + 1) * sizeof *list);
  list[n].kind = CORM_EXPR_END;
  return list;
}

static CormExpr
compare (CormArena *arena, CormFunction function, const CormExpr *expr, const CormValue *value)
{
  CormExpr *operands = new_list (arena, value != NULL ? 2 : 1);
  operands[0] = *expr;
  if (value != NULL)
    operands[1] = (CormExpr){ .kind = CORM_EXPR_VALUE, .value = *value };
  return (CormExpr){ .kind = CORM_EXPR_CALL, .function = function, .operands = operands };
}

static CormExpr
join (CormArena *arena, CormExprKind kind, CormExpr a, CormExpr b)
{
  CormExpr *operands = new_list (arena, 2);
  operands[0] = a;
  operands[1] = b;
  return (CormExpr){ .kind = kind, .operands = operands };
}

/* The rows whose term sorts behind @value. */
static CormExpr
behind (CormArena *arena, const CormOrder *term, const CormExpr *expr, const CormValue *value)
{
  gboolean nulls_last =
      term->nulls == CORM_NULLS_LAST || (term->nulls == CORM_NULLS_SMALLEST && term->descending);
  if (value->is_null)
    return nulls_last ? never : compare (arena, CORM_FUNCTION_PRESENT, expr, NULL);
  CormExpr further =
      compare (arena, term->descending ? CORM_FUNCTION_LESS : CORM_FUNCTION_GREATER, expr, value);
  return nulls_last ? join (arena, CORM_EXPR_ANY, further, compare (arena, CORM_FUNCTION_MISSING, expr, NULL))
                    : further;
}

static CormExpr
alike (CormArena *arena, const CormExpr *expr, const CormValue *value)
{
  return value->is_null ? compare (arena, CORM_FUNCTION_MISSING, expr, NULL)
                        : compare (arena, CORM_FUNCTION_EQUAL, expr, value);
}

const CormExpr *
corm_page_new_predicate (const CormResolved *resolved, const CormScope *scope, GError **error)
{
  CormArena *arena = scope->arena;
  guint n = resolved->query->order.n;
  const CormValue *values = read_token (resolved->query, arena, error);
  if (values == NULL)
    return NULL;
  CormExpr *made = corm_arena_alloc (arena, sizeof *made);
  *made = never;
  for (guint i = n; i > 0; i--) {
    const CormOrder *term = &resolved->order[i - 1];
    CormExpr column = { .kind = CORM_EXPR_COLUMN, .model = term->model, .offset = term->offset };
    const CormExpr *expr = term->expr != NULL ? term->expr : &column;
    CormExpr further = behind (arena, term, expr, &values[i - 1]);
    *made = i == n ? further
                   : join (arena, CORM_EXPR_ANY, further,
                           join (arena, CORM_EXPR_ALL, alike (arena, expr, &values[i - 1]), *made));
  }
  GError *said = NULL;
  if (corm_condition_check (scope, made, CORM_ALLOW_AGGREGATE, &said))
    return made;
  g_clear_error (&said);
  refuse_token (resolved->query, "holds a value that its order can't have", error);
  return NULL;
}
