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

/* A port is digits: what else stands behind the ':' without a '@' to come is a password whose host was forgotten. */
static gsize
stray_length (const char *colon)
{
  gsize digits = strspn (colon + 1, "0123456789,");
  char stop = colon[1 + digits];
  if (stop == '\0' || strchr ("/?#:", stop) != NULL)
    return 0;
  return strlen (colon + 1);
}

static void
hide_userinfo (GString *text, const char *rest)
{
  if (*rest == '[') /* an IPv6 address has colons of its own */
    rest += strcspn (rest, "]");
  const char *colon = strchr (rest, ':');
  if (colon == NULL)
    return;
  const char *at = strrchr (colon, '@');
  gsize length = at != NULL ? (gsize) (at - colon - 1) : stray_length (colon);
  if (length == 0)
    return;
  gssize start = colon + 1 - text->str;
  g_string_erase (text, start, (gssize) length);
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
