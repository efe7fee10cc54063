/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Turns :name into a placeholder, everywhere but in quotes, comments and casts (::type). Values are bound, never
 * written into the text. With numbered placeholders a name that stands twice is sent once. */
#include "engine/parameters.h"

#include <string.h>

typedef struct {
  CormParameters *out;
  const CormDialect *dialect;
  const CormParam *params;
  guint n_params;
  guint *numbers;          /* per param: of its first placeholder, 0: none yet */
  gboolean says_something; /* beside blanks, comments and semicolons */
} Resolver;

static gboolean
is_name_start (char c)
{
  return g_ascii_isalpha (c) || c == '_';
}

static gboolean
is_name (char c)
{
  return g_ascii_isalnum (c) || c == '_';
}

static int
find_param (const Resolver *r, const char *name, gsize length)
{
  for (guint i = 0; i < r->n_params; i++)
    if (strlen (r->params[i].name) == length && memcmp (r->params[i].name, name, length) == 0)
      return (int) i;
  return -1;
}

/* OR:name is a word and a parameter; OR$1 would be a word. */
static void
part_from_word (GString *sql)
{
  char last = sql->len > 0 ? sql->str[sql->len - 1] : ' ';
  if (is_name (last) || last == '$' || (guchar) last >= 0x80)
    g_string_append_c (sql, ' ');
}

static void
append_placeholder (Resolver *r, guint param)
{
  const CormValue *value = &r->params[param].value;
  CormSqlType type = { .type = value->type };
  gboolean numbered = r->dialect->placeholder == CORM_PLACEHOLDER_DOLLAR;
  if (!numbered || r->numbers[param] == 0) {
    g_array_append_vals (r->out->values, value, 1);
    g_array_append_val (r->out->types, type);
    g_ptr_array_add (r->out->names, (gpointer) r->params[param].name);
    r->numbers[param] = r->out->values->len;
  }
  if (numbered) {
    part_from_word (r->out->sql);
    g_string_append_printf (r->out->sql, "$%u", r->numbers[param]);
  } else
    g_string_append_c (r->out->sql, '?');
}

/* @p stands on the name. */
static const char *
resolve_name (Resolver *r, const char *p, GError **error)
{
  gsize length = 0;
  while (is_name (p[length]))
    length++;
  int param = find_param (r, p, length);
  if (param < 0) {
    g_set_error (
        error, CORM_ERROR, CORM_ERROR_INVALID,
        "the statement has a parameter :%.*s, for which no value was given: add CORM_PARAM (\"%.*s\", …)",
        (int) length, p, (int) length, p);
    return NULL;
  }
  append_placeholder (r, (guint) param);
  return p + length;
}

static const char *
resolve_char (Resolver *r, const char *p, GError **error)
{
  const char *end = corm_lexer_skip (r->dialect, p);
  gboolean is_comment = end != p && strchr ("-/#", *p) != NULL;
  r->says_something = r->says_something || !(is_comment || g_ascii_isspace (*p) || *p == ';');
  if (end == p && p[0] == ':' && is_name_start (p[1]))
    return resolve_name (r, p + 1, error);
  if (end == p && p[0] == '?' && r->dialect->placeholder == CORM_PLACEHOLDER_QUESTION) {
    g_set_error (error, CORM_ERROR, CORM_ERROR_INVALID,
                 "the statement has a bare '?': parameters have names, :name");
    return NULL;
  }
  if (end == p && p[0] == ':' && p[1] == ':')
    end = p + 2;
  else if (end == p && is_name (*p)) /* a whole word: an E in it starts no string */
    while (is_name (*end))
      end++;
  else if (end == p)
    end = p + 1;
  g_string_append_len (r->out->sql, p, end - p);
  return end;
}

static gboolean
check_params (Resolver *r, GError **error)
{
  if (!r->says_something) {
    g_set_error (error, CORM_ERROR, CORM_ERROR_INVALID, "there is no statement in the text");
    return FALSE;
  }
  for (guint i = 0; i < r->n_params; i++) {
    const char *name = r->params[i].name;
    if (find_param (r, name, strlen (name)) != (int) i) {
      g_set_error (error, CORM_ERROR, CORM_ERROR_INVALID, "the parameter :%s was given twice", name);
      return FALSE;
    }
    if (r->numbers[i] == 0) {
      g_set_error (error, CORM_ERROR, CORM_ERROR_INVALID,
                   "a value was given for :%s, which the statement does not have", name);
      return FALSE;
    }
  }
  return TRUE;
}

gboolean
corm_parameters_resolve (CormParameters *parameters, const CormDialect *dialect, const char *sql,
                         const CormParam *params, GError **error)
{
  Resolver r = { .out = parameters, .dialect = dialect, .params = params };
  while (params != NULL && params[r.n_params].name != NULL)
    r.n_params++;
  g_autofree guint *numbers = g_new0 (guint, r.n_params);
  r.numbers = numbers;
  parameters->sql = g_string_sized_new (strlen (sql) + 1);
  parameters->values = g_array_new (FALSE, FALSE, sizeof (CormValue));
  parameters->types = g_array_new (FALSE, FALSE, sizeof (CormSqlType));
  parameters->names = g_ptr_array_new ();
  while (*sql != '\0') {
    sql = resolve_char (&r, sql, error);
    if (sql == NULL)
      return FALSE;
  }
  return check_params (&r, error);
}

void
corm_parameters_clear (CormParameters *parameters)
{
  if (parameters->sql != NULL)
    g_string_free (parameters->sql, TRUE);
  g_clear_pointer (&parameters->values, g_array_unref);
  g_clear_pointer (&parameters->types, g_array_unref);
  g_clear_pointer (&parameters->names, g_ptr_array_unref);
  parameters->sql = NULL;
}
