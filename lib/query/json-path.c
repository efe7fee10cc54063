/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* The paths into JSON that every database reads alike. */
#include "query/call.h"

static const char *
skip_name (const char *p, const char *end)
{
  const char *start = p;
  if (p < end && *p == '"') {
    for (p++; p < end && *p != '"' && *p != '\\' && *p != '\0'; p++)
      ;
    return p < end && *p == '"' ? p + 1 : NULL;
  }
  while (p < end && (g_ascii_isalnum (*p) || *p == '_'))
    p++;
  return p > start && !g_ascii_isdigit (*start) ? p : NULL;
}

static const char *
skip_index (const char *p, const char *end)
{
  const char *start = p;
  while (p < end && g_ascii_isdigit (*p))
    p++;
  return p > start && p - start < 9 && p < end && *p == ']' ? p + 1 : NULL;
}

gboolean
corm_json_path_check (const char *path, gsize size)
{
  const char *p = path, *end = path + size;
  if (size == 0 || *p++ != '$' || !g_utf8_validate_len (path, size, NULL))
    return FALSE;
  while (p != NULL && p < end) {
    char c = *p++;
    if (c != '.' && c != '[')
      return FALSE;
    p = c == '.' ? skip_name (p, end) : skip_index (p, end);
  }
  return p != NULL;
}
