/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* One reader for both jobs: with an output it writes the canonical form while it checks. Written here, because
 * json-glib takes more than RFC 8259 (comments, single quotes) and reads numbers as doubles. */
#include "value/json.h"

#include "value/text.h"

#include <string.h>

#define MAX_DEPTH 2000 /* of arrays and objects, as in SQLite: the reader calls itself */

typedef struct {
  const char *start;
  const char *at;
  const char *end;
  const char *reason;
  guint depth;
} Reader;

/* The text of one member's name and value, both canonical. */
typedef struct {
  GString *name;
  GString *value;
} Member;

static gboolean read_value (Reader *reader, GString *out);

static gboolean
stop (Reader *reader, const char *reason)
{
  reader->reason = reason;
  return FALSE;
}

static void
skip_space (Reader *reader)
{
  while (reader->at < reader->end && strchr (" \t\r\n", *reader->at) != NULL && *reader->at != '\0')
    reader->at++;
}

static gboolean
next_is (Reader *reader, char c)
{
  skip_space (reader);
  if (reader->at == reader->end || *reader->at != c)
    return FALSE;
  reader->at++;
  return TRUE;
}

static void
append (GString *out, const char *text, gsize size)
{
  if (out != NULL)
    g_string_append_len (out, text, (gssize) size);
}

static gboolean
read_word (Reader *reader, const char *word, GString *out)
{
  gsize size = strlen (word);
  if ((gsize) (reader->end - reader->at) < size || memcmp (reader->at, word, size) != 0)
    return stop (reader, "an unknown word");
  reader->at += size;
  append (out, word, size);
  return TRUE;
}

static gboolean
skip_digits (Reader *reader)
{
  const char *start = reader->at;
  while (reader->at < reader->end && g_ascii_isdigit (*reader->at))
    reader->at++;
  return reader->at > start;
}

static gboolean
read_number (Reader *reader, GString *out)
{
  const char *start = reader->at;
  reader->at += *start == '-';
  gboolean leading_zero = reader->at < reader->end && *reader->at == '0';
  const char *digits = reader->at;
  if (!skip_digits (reader) || (leading_zero && reader->at > digits + 1))
    return stop (reader, "a number begins with one digit that is not 0, or is 0");
  if (reader->at < reader->end && *reader->at == '.') {
    reader->at++;
    if (!skip_digits (reader))
      return stop (reader, "digits are missing behind the point");
  }
  if (reader->at < reader->end && (*reader->at == 'e' || *reader->at == 'E')) {
    reader->at++;
    if (reader->at < reader->end && (*reader->at == '-' || *reader->at == '+'))
      reader->at++;
    if (!skip_digits (reader))
      return stop (reader, "digits are missing in the exponent");
  }
  gsize size = (gsize) (reader->at - start);
  if (out != NULL && !corm_decimal_append_canonical (start, size, 0, out))
    append (out, start, size);
  return TRUE;
}

static gboolean
read_hex4 (Reader *reader, gunichar *c)
{
  if (reader->end - reader->at < 4)
    return FALSE;
  *c = 0;
  for (int i = 0; i < 4; i++) {
    int digit = g_ascii_xdigit_value (*reader->at++);
    if (digit < 0)
      return FALSE;
    *c = *c << 4 | (gunichar) digit;
  }
  return TRUE;
}

/* Behind "\u". A lone surrogate is no character. */
static gboolean
read_unicode (Reader *reader, gunichar *c)
{
  gunichar low;
  if (!read_hex4 (reader, c) || (*c >= 0xdc00 && *c <= 0xdfff))
    return FALSE;
  if (*c < 0xd800 || *c > 0xdbff)
    return TRUE;
  if (reader->end - reader->at < 6 || reader->at[0] != '\\' || reader->at[1] != 'u')
    return FALSE;
  reader->at += 2;
  if (!read_hex4 (reader, &low) || low < 0xdc00 || low > 0xdfff)
    return FALSE;
  *c = 0x10000 + ((*c - 0xd800) << 10) + (low - 0xdc00);
  return TRUE;
}

static void
append_char (GString *out, gunichar c)
{
  static const char controls[] = "\b\t\n\f\r", letters[] = "btnfr";
  if (out == NULL)
    return;
  const char *control = c != 0 && c < 0x20 ? strchr (controls, (int) c) : NULL;
  if (control != NULL)
    g_string_append_printf (out, "\\%c", letters[control - controls]);
  else if (c < 0x20)
    g_string_append_printf (out, "\\u%04x", c);
  else if (c == '"' || c == '\\')
    g_string_append_printf (out, "\\%c", (char) c);
  else
    g_string_append_unichar (out, c);
}

static gboolean
read_escape (Reader *reader, GString *out)
{
  static const char letters[] = "\"\\/bfnrt", meanings[] = "\"\\/\b\f\n\r\t";
  char c = ++reader->at < reader->end ? *reader->at++ : '\0';
  gunichar unicode;
  if (c == 'u') {
    if (!read_unicode (reader, &unicode))
      return stop (reader, "\\u is followed by four hexadecimal digits, and surrogates come in pairs");
    append_char (out, unicode);
    return TRUE;
  }
  const char *letter = c != '\0' ? strchr (letters, c) : NULL;
  if (letter == NULL)
    return stop (reader, "an unknown escape");
  append_char (out, (gunichar) meanings[letter - letters]);
  return TRUE;
}

static gboolean
read_string (Reader *reader, GString *out)
{
  reader->at++;
  append (out, "\"", 1);
  while (reader->at < reader->end && *reader->at != '"') {
    const char *run = reader->at;
    while (reader->at < reader->end && (guchar) *reader->at >= 0x20 && *reader->at != '"' &&
           *reader->at != '\\')
      reader->at++;
    append (out, run, (gsize) (reader->at - run));
    if (reader->at == reader->end || *reader->at == '"')
      break;
    if (*reader->at != '\\')
      return stop (reader, "a control character in a string is written as an escape");
    if (!read_escape (reader, out))
      return FALSE;
  }
  if (reader->at == reader->end)
    return stop (reader, "a string has no end");
  reader->at++;
  append (out, "\"", 1);
  return TRUE;
}

static gboolean
read_array (Reader *reader, GString *out)
{
  reader->at++;
  append (out, "[", 1);
  for (gboolean first = TRUE; !next_is (reader, ']'); first = FALSE) {
    if (!first && !next_is (reader, ','))
      return stop (reader, "',' or ']' is missing in an array");
    append (out, ",", first ? 0 : 1);
    if (!read_value (reader, out))
      return FALSE;
  }
  append (out, "]", 1);
  return TRUE;
}

static void
member_clear (gpointer data)
{
  Member *member = data;
  g_string_free (member->name, TRUE);
  g_string_free (member->value, TRUE);
}

/* Takes the name and value of @member. */
static void
keep_member (GArray *members, Member member)
{
  guint low = 0, high = members->len;
  while (low < high) {
    guint middle = (low + high) / 2;
    Member *other = &g_array_index (members, Member, middle);
    int order = strcmp (other->name->str, member.name->str);
    if (order == 0) {
      member_clear (other);
      *other = member;
      return;
    }
    low = order < 0 ? middle + 1 : low;
    high = order < 0 ? high : middle;
  }
  g_array_insert_val (members, low, member);
}

static gboolean
read_member (Reader *reader, GString *name, GString *value)
{
  skip_space (reader);
  if (reader->at == reader->end || *reader->at != '"')
    return stop (reader, "the name of a member is a string in double quotes");
  if (!read_string (reader, name))
    return FALSE;
  return next_is (reader, ':') ? read_value (reader, value)
                               : stop (reader, "':' is missing behind a member's name");
}

static void
append_members (GString *out, GArray *members)
{
  g_string_append_c (out, '{');
  for (guint i = 0; i < members->len; i++) {
    const Member *member = &g_array_index (members, Member, i);
    g_string_append_printf (out, "%s%s:%s", i > 0 ? "," : "", member->name->str, member->value->str);
  }
  g_string_append_c (out, '}');
}

static gboolean
read_object (Reader *reader, GString *out)
{
  g_autoptr (GArray) members = g_array_new (FALSE, FALSE, sizeof (Member));
  g_array_set_clear_func (members, member_clear);
  reader->at++;
  for (gboolean first = TRUE; !next_is (reader, '}'); first = FALSE) {
    if (!first && !next_is (reader, ','))
      return stop (reader, "',' or '}' is missing in an object");
    if (out == NULL) {
      if (!read_member (reader, NULL, NULL))
        return FALSE;
      continue;
    }
    Member member = { g_string_new (NULL), g_string_new (NULL) };
    if (!read_member (reader, member.name, member.value)) {
      member_clear (&member);
      return FALSE;
    }
    keep_member (members, member);
  }
  if (out != NULL)
    append_members (out, members);
  return TRUE;
}

static gboolean
read_nested (Reader *reader, GString *out)
{
  if (++reader->depth > MAX_DEPTH)
    return stop (reader, "arrays and objects are nested too deep");
  gboolean ok = *reader->at == '[' ? read_array (reader, out) : read_object (reader, out);
  reader->depth--;
  return ok;
}

static gboolean
read_value (Reader *reader, GString *out)
{
  skip_space (reader);
  if (reader->at == reader->end)
    return stop (reader, "a value is missing");
  switch (*reader->at) {
  case '{':
  case '[':
    return read_nested (reader, out);
  case '"':
    return read_string (reader, out);
  case 't':
    return read_word (reader, "true", out);
  case 'f':
    return read_word (reader, "false", out);
  case 'n':
    return read_word (reader, "null", out);
  default:
    if (*reader->at == '-' || g_ascii_isdigit (*reader->at))
      return read_number (reader, out);
    return stop (reader, "this begins no value");
  }
}

static gboolean
read_all (Reader *reader, GString *out)
{
  if (!g_utf8_validate_len (reader->start, (gsize) (reader->end - reader->start), &reader->at))
    return stop (reader, "not UTF-8");
  reader->at = reader->start;
  if (!read_value (reader, out))
    return FALSE;
  skip_space (reader);
  return reader->at == reader->end || stop (reader, "something stands behind the value");
}

gboolean
corm_json_check (const char *text, gsize size, const char **reason, gsize *at)
{
  Reader reader = { .start = text, .at = text, .end = text + size };
  gboolean ok = read_all (&reader, NULL);
  *reason = reader.reason;
  *at = (gsize) (reader.at - text);
  return ok;
}

void
corm_json_append_canonical (const char *text, gsize size, GString *out)
{
  Reader reader = { .start = text, .at = text, .end = text + size };
  gsize length = out->len;
  if (read_all (&reader, out))
    return;
  g_string_truncate (out, length);
  g_string_append_len (out, text, (gssize) size);
}
