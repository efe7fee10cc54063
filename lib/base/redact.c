/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* A URI as messages may show it. It works on the text as typed, not on its parts, because the URI that cannot be
 * parsed is the one that ends in a message. In doubt it hides too much. */
#include "base/uri.h"

#include <string.h>

#define HIDDEN "***"

static const char *
behind_scheme (const char *text)
{
  static const char *const servers[] = { "postgresql:", "postgres:", "mysql:", "mariadb:" };
  if (g_ascii_strncasecmp (text, "sqlite:", 7) == 0 || g_ascii_strncasecmp (text, "sqlite3:", 8) == 0)
    return NULL; /* a file has no password */
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

static void
hide_userinfo (GString *text, const char *rest)
{
  const char *at = strrchr (rest, '@');
  const char *colon = at != NULL ? strchr (rest, ':') : find_stray (rest);
  if (colon == NULL || (at != NULL && at <= colon + 1))
    return;
  gssize start = colon + 1 - text->str;
  g_string_erase (text, start, at != NULL ? at - colon - 1 : -1);
  g_string_insert (text, start, HIDDEN);
}

static gboolean
is_secret (const char *name, gsize size)
{
  g_autofree char *raw = g_strndup (name, size);
  g_autofree char *decoded = g_uri_unescape_string (raw, NULL);
  g_autofree char *lower = g_ascii_strdown (decoded != NULL ? decoded : raw, -1);
  return strstr (lower, "passw") != NULL || strstr (lower, "passphrase") != NULL ||
         strstr (lower, "pwd") != NULL || strstr (lower, "secret") != NULL;
}

/* Also in a text without '?', as when somebody gives a connection string of another kind. */
static void
hide_parameters (GString *text)
{
  gsize start = 0;
  for (gsize i = 0; i < text->len; i++) {
    char c = text->str[i];
    if (strchr ("?&; \t\n", c) != NULL)
      start = i + 1;
    if (c != '=' || !is_secret (text->str + start, i - start))
      continue;
    gsize length = strcspn (text->str + i + 1, "&");
    g_string_erase (text, (gssize) i + 1, (gssize) length);
    g_string_insert (text, (gssize) i + 1, HIDDEN);
    i += strlen (HIDDEN);
  }
}

char *
corm_uri_redact (const char *text)
{
  GString *shown = g_string_new (text);
  const char *rest = behind_scheme (shown->str);
  if (rest != NULL)
    hide_userinfo (shown, rest);
  hide_parameters (shown);
  char *valid = g_utf8_make_valid (shown->str, (gssize) shown->len);
  g_string_free (shown, TRUE);
  return valid;
}
