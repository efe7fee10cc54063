/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* A URI as messages may show it. It works on the text as typed, not on its parts, because the URI that cannot be
 * parsed is the one that ends in a message. In doubt it hides too much: what one rule hides, no other shows. */
#include "base/uri.h"

#include <string.h>

#define HIDDEN "***"

/* A file has no password; "sqlite://user:password@host" is a server's URI with the wrong scheme. */
static const char *
behind_file (const char *rest)
{
  gboolean has_host = g_str_has_prefix (rest, "//") && rest[2] != '/' && rest[2] != '\0';
  return has_host && !g_str_has_prefix (rest, "//localhost/") ? rest + 2 : NULL;
}

static const char *
behind_scheme (const char *text)
{
  static const char *const servers[] = { "postgresql:", "postgres:", "mysql:", "mariadb:" };
  if (g_ascii_strncasecmp (text, "sqlite:", 7) == 0 || g_ascii_strncasecmp (text, "sqlite3:", 8) == 0)
    return behind_file (strchr (text, ':') + 1);
  const char *rest = text;
  if (g_ascii_strncasecmp (text, "dbi:", 4) == 0)
    rest = text + 4;
  for (gsize i = 0; i < G_N_ELEMENTS (servers); i++)
    if (g_ascii_strncasecmp (text, servers[i], strlen (servers[i])) == 0)
      rest = text + strlen (servers[i]);
  return rest + strspn (rest, "/");
}

/* Without a '@' there should be ports behind the colons: what else stands there is a password whose host was
 * forgotten. */
static const char *
find_stray (const char *rest)
{
  gboolean in_brackets = FALSE;
  for (const char *at = rest; *at != '\0' && strchr ("/?#", *at) == NULL; at++) {
    in_brackets = *at == '[' || (in_brackets && *at != ']');
    if (in_brackets || *at != ':')
      continue;
    if (strchr (",/?#", at[1 + strspn (at + 1, "0123456789")]) == NULL)
      return at;
  }
  return NULL;
}

/* @hidden has a byte for each of @text's. */
static void
hide_userinfo (char *hidden, const char *text, const char *rest)
{
  const char *at = strrchr (rest, '@');
  const char *colon = at != NULL ? strchr (rest, ':') : find_stray (rest);
  if (colon == NULL || (at != NULL && at <= colon + 1))
    return;
  const char *end = at != NULL ? at : text + strlen (text);
  memset (hidden + (colon + 1 - text), 1, (gsize) (end - colon - 1));
}

static gboolean
is_secret (const char *name, gsize size)
{
  g_autofree char *raw = g_strndup (name, size);
  g_autofree char *decoded = g_uri_unescape_string (raw, NULL);
  g_autofree char *lower = g_ascii_strdown (decoded != NULL ? decoded : raw, -1);
  return strstr (lower, "pass") != NULL || strstr (lower, "pwd") != NULL || strstr (lower, "secret") != NULL;
}

/* Whether a parameter begins at @text; else it is what stands behind a '&' in a password. */
static gboolean
is_parameter (const char *text)
{
  gsize size = strspn (text, "abcdefghijklmnopqrstuvwxyz_");
  return size > 0 && text[size] == '=';
}

static gsize
secret_length (const char *value)
{
  gsize length = strcspn (value, "&");
  while (value[length] == '&' && !is_parameter (value + length + 1))
    length += 1 + strcspn (value + length + 1, "&");
  return length;
}

/* Also in a text without '?', as when somebody gives a connection string of another kind: "user = u password = p". */
static void
hide_parameters (char *hidden, const char *text)
{
  const char *start = text;
  for (const char *p = text; *p != '\0'; p++) {
    const char *last = p;
    while (*p == '=' && last > text && strchr (" \t\n", last[-1]) != NULL)
      last--;
    if (last < p)
      for (start = last; start > text && strchr ("?&; \t\n", start[-1]) == NULL;)
        start--;
    if (*p == '=' && is_secret (start, (gsize) (last - start))) {
      gsize length = secret_length (p + 1);
      memset (hidden + (p + 1 - text), 1, length);
      p += length;
    } else if (strchr ("?&; \t\n", *p) != NULL) {
      start = p + 1;
    }
  }
}

char *
corm_uri_redact (const char *text)
{
  g_autofree char *hidden = g_malloc0 (strlen (text) + 1);
  const char *rest = behind_scheme (text);
  if (rest != NULL)
    hide_userinfo (hidden, text, rest);
  const char *slashes =
      rest != NULL ? strstr (rest, "://") : NULL; /* of a scheme that nobody knows, an option's value */
  if (slashes != NULL)
    hide_userinfo (hidden, text, slashes + strlen ("://"));
  hide_parameters (hidden, text);
  g_autoptr (GString) shown = g_string_new (NULL);
  for (gsize i = 0; text[i] != '\0'; i++)
    if (!hidden[i])
      g_string_append_c (shown, text[i]);
    else if (i == 0 || !hidden[i - 1])
      g_string_append (shown, HIDDEN);
  return g_utf8_make_valid (shown->str, (gssize) shown->len);
}
