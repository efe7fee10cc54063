/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* SQLite's LIKE takes no notice of case, and PRAGMA case_sensitive_like would change what the CHECKs of a schema mean.
 * So queries use corm_like(). Decimal text is ordered as numbers by the collation corm_decimal; corm_is_text() is the
 * doctor's. None ever stands in a schema: other programs read and write the same file without Corm. */
#include "sqlite3.h"

/* One character of UTF-8; a byte where it is none. */
static const guchar *
next_char (const guchar *p)
{
  for (p++; (*p & 0xC0) == 0x80; p++)
    ;
  return p;
}

/* SQL's LIKE with ESCAPE '\', byte by byte. On a mismatch it goes back to the last %, one character further on:
 * an earlier % need not be tried again. */
static gboolean
is_like (const guchar *text, const guchar *pattern)
{
  const guchar *retry_text = NULL, *retry_pattern = NULL;
  for (;;) {
    if (*pattern == '%') {
      retry_pattern = ++pattern;
      retry_text = text;
      continue;
    }
    if (*pattern == '_' && *text != '\0') {
      pattern++;
      text = next_char (text);
      continue;
    }
    gboolean escaped = *pattern == '\\' && pattern[1] != '\0';
    guchar wanted = escaped ? pattern[1] : *pattern;
    if (*text == wanted && (escaped || wanted != '_')) {
      if (*text == '\0')
        return TRUE;
      text++;
      pattern += escaped ? 2 : 1;
      continue;
    }
    if (retry_pattern == NULL || *retry_text == '\0')
      return FALSE;
    text = retry_text = next_char (retry_text);
    pattern = retry_pattern;
  }
}

static void
like (sqlite3_context *context, G_GNUC_UNUSED int n, sqlite3_value **args)
{
  const guchar *text = sqlite3_value_text (args[0]);
  const guchar *pattern = sqlite3_value_text (args[1]);
  if (text != NULL && pattern != NULL)
    sqlite3_result_int (context, is_like (text, pattern));
}

/* Whether the bytes are text: UTF-8 without a NUL. */
static void
is_text (sqlite3_context *context, G_GNUC_UNUSED int n, sqlite3_value **args)
{
  const char *text = sqlite3_value_blob (args[0]);
  gsize size = (gsize) sqlite3_value_bytes (args[0]);
  sqlite3_result_int (context, size == 0 || g_utf8_validate_len (text, size, NULL));
}

static int
compare_decimals (G_GNUC_UNUSED void *data, int a_size, const void *a, int b_size, const void *b)
{
  return corm_decimal_compare (a, (gsize) a_size, b, (gsize) b_size);
}

int
corm_sqlite3_add_functions (sqlite3 *handle)
{
  int flags = SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_INNOCUOUS;
  int rc = sqlite3_create_function_v2 (handle, "corm_like", 2, flags, NULL, like, NULL, NULL, NULL);
  if (rc == SQLITE_OK)
    rc = sqlite3_create_function_v2 (handle, "corm_is_text", 1, flags, NULL, is_text, NULL, NULL, NULL);
  if (rc == SQLITE_OK)
    rc = corm_sqlite3_add_arithmetic (handle);
  if (rc != SQLITE_OK)
    return rc;
  return sqlite3_create_collation_v2 (handle, "corm_decimal", SQLITE_UTF8, NULL, compare_decimals, NULL);
}
