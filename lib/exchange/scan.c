/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* See scan.h. json-glib builds a tree of a whole file and reads numbers as doubles; this reads one token of any file. */
#include "exchange/scan.h"

#include <string.h>

#define MAX_DEPTH 200 /* of a nested value: the reader calls itself */
#define MAX_WORD 2000 /* bytes of a number */

void
corm_scan_space (CormInput *input)
{
  int c;
  while ((c = corm_input_peek (input)) == ' ' || c == '\n' || c == '\t' || c == '\r')
    corm_input_next (input);
}

gboolean
corm_scan_has (CormInput *input, char c)
{
  corm_scan_space (input);
  if (corm_input_peek (input) != c)
    return FALSE;
  corm_input_next (input);
  return TRUE;
}

gboolean
corm_scan_expect (CormInput *input, char c, GError **error)
{
  return corm_scan_has (input, c) || corm_input_fail (input, error, "'%c' is expected", c);
}

static gboolean
scan_hex4 (CormInput *input, gunichar *unicode)
{
  *unicode = 0;
  for (int i = 0; i < 4; i++) {
    int c = corm_input_peek (input);
    if (c == CORM_INPUT_END || !g_ascii_isxdigit ((char) c))
      return FALSE;
    *unicode = *unicode << 4 | (gunichar) g_ascii_xdigit_value ((char) corm_input_next (input));
  }
  return TRUE;
}

/* Behind "\u". A lone surrogate is no character. */
static gboolean
scan_unicode (CormInput *input, GString *text)
{
  gunichar high, low;
  if (!scan_hex4 (input, &high) || (high >= 0xdc00 && high <= 0xdfff))
    return FALSE;
  if (high >= 0xd800 && high <= 0xdbff) {
    if (corm_input_next (input) != '\\' || corm_input_next (input) != 'u' || !scan_hex4 (input, &low) ||
        low < 0xdc00 || low > 0xdfff)
      return FALSE;
    high = 0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00);
  }
  if (high == 0)
    g_string_append_c (text, '\0');
  else
    g_string_append_unichar (text, high);
  return TRUE;
}

static gboolean
scan_escape (CormInput *input, GString *text, GError **error)
{
  static const char letters[] = "\"\\/bfnrt", meanings[] = "\"\\/\b\f\n\r\t";
  int c = corm_input_next (input);
  if (c == 'u')
    return scan_unicode (input, text) ||
           corm_input_fail (input, error,
                            "\\u is followed by four hexadecimal digits, and surrogates come in pairs");
  const char *letter = c > 0 ? strchr (letters, c) : NULL;
  if (letter == NULL)
    return corm_input_fail (input, error, "an unknown escape in a string");
  g_string_append_c (text, meanings[letter - letters]);
  return TRUE;
}

gboolean
corm_scan_string (CormInput *input, GString *text, GError **error)
{
  corm_scan_space (input);
  if (corm_input_peek (input) != '"')
    return corm_input_fail (input, error, "a string in double quotes is expected");
  corm_input_next (input);
  for (;;) {
    int c = corm_input_peek (input);
    if (c == CORM_INPUT_END)
      return corm_input_fail (input, error, "a string has no end");
    if (c < 0x20)
      return corm_input_fail (input, error, "a control character in a string is written as an escape");
    corm_input_next (input);
    if (c == '"')
      return TRUE;
    if (c != '\\')
      g_string_append_c (text, (char) c);
    else if (!scan_escape (input, text, error))
      return FALSE;
  }
}

static const char *
skip_digits (const char *p)
{
  while (g_ascii_isdigit (*p))
    p++;
  return p;
}

static gboolean
is_number (const char *p)
{
  p += *p == '-';
  const char *digits = p;
  p = skip_digits (p);
  if (p == digits || (*digits == '0' && p > digits + 1))
    return FALSE;
  if (*p == '.') {
    digits = ++p;
    if ((p = skip_digits (p)) == digits)
      return FALSE;
  }
  if (*p == 'e' || *p == 'E') {
    p += p[1] == '-' || p[1] == '+' ? 2 : 1;
    digits = p;
    if ((p = skip_digits (p)) == digits)
      return FALSE;
  }
  return *p == '\0';
}

gboolean
corm_scan_word (CormInput *input, GString *text, GError **error)
{
  gsize start = text->len;
  int c;
  corm_scan_space (input);
  while ((c = corm_input_peek (input)) != CORM_INPUT_END &&
         (g_ascii_isalnum ((char) c) || strchr ("+-.", c) != NULL) && c != 0 && text->len - start < MAX_WORD)
    g_string_append_c (text, (char) corm_input_next (input));
  const char *word = text->str + start;
  if (strcmp (word, "true") == 0 || strcmp (word, "false") == 0 || strcmp (word, "null") == 0 ||
      is_number (word))
    return TRUE;
  if (*word == '\0')
    return corm_input_fail (input, error, "a value is expected");
  return corm_input_fail (input, error, "'%s' is no value: a text stands in double quotes", word);
}

/* --- any value, as it stands --------------------------------------------------------------------------------- */

static gboolean raw_value (CormInput *input, GString *text, guint depth, GError **error);

/* The string is checked, and copied with its escapes. */
static gboolean
raw_string (CormInput *input, GString *text, GError **error)
{
  static const char hex[] = "0123456789abcdef";
  g_autoptr (GString) plain = g_string_new (NULL);
  if (!corm_scan_string (input, plain, error))
    return FALSE;
  g_string_append_c (text, '"');
  for (gsize i = 0; i < plain->len; i++) {
    guchar c = (guchar) plain->str[i];
    if (c == '"' || c == '\\')
      g_string_append_printf (text, "\\%c", c);
    else if (c < 0x20)
      g_string_append_printf (text, "\\u00%c%c", hex[c >> 4], hex[c & 15]);
    else
      g_string_append_c (text, (char) c);
  }
  g_string_append_c (text, '"');
  return TRUE;
}

static gboolean
raw_nested (CormInput *input, GString *text, guint depth, GError **error)
{
  gboolean is_object = corm_input_peek (input) == '{';
  char end = is_object ? '}' : ']';
  if (depth >= MAX_DEPTH)
    return corm_input_fail (input, error, "arrays and objects are nested too deep");
  g_string_append_c (text, (char) corm_input_next (input));
  for (gboolean first = TRUE; !corm_scan_has (input, end); first = FALSE) {
    if (!first && !corm_scan_expect (input, ',', error))
      return FALSE;
    g_string_append (text, first ? "" : ",");
    if (is_object && (!raw_string (input, text, error) || !corm_scan_expect (input, ':', error)))
      return FALSE;
    g_string_append (text, is_object ? ":" : "");
    if (!raw_value (input, text, depth + 1, error))
      return FALSE;
  }
  g_string_append_c (text, end);
  return TRUE;
}

static gboolean
raw_value (CormInput *input, GString *text, guint depth, GError **error)
{
  corm_scan_space (input);
  int c = corm_input_peek (input);
  return c == '{' || c == '[' ? raw_nested (input, text, depth, error)
         : c == '"'           ? raw_string (input, text, error)
                              : corm_scan_word (input, text, error);
}

gboolean
corm_scan_raw (CormInput *input, GString *text, GError **error)
{
  return raw_value (input, text, 0, error);
}
