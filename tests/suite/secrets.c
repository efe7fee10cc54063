/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Where a password can stand in a URI, a function each. */
#include "secrets.h"

#include <string.h>

enum { SHOWN = 6 }; /* characters that are a leak */

static guint
number (GRand *rand, guint below)
{
  return (guint) g_rand_int_range (rand, 0, (gint32) below);
}

#define PICK(rand, list) (list)[number (rand, G_N_ELEMENTS (list))]

/* Begins with a letter, so that it is no port. */
static void
append_run (GString *text, GRand *rand)
{
  static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
  guint size = 8 + number (rand, 5);
  g_string_append_c (text, letters[number (rand, 26)]);
  while (size-- > 1)
    g_string_append_c (text, letters[number (rand, sizeof letters - 1)]);
}

static char *
make_password (GRand *rand)
{
  static const char *const odd[] = { "@",      ":",          "/",  "?",  "#",   "&",    "=",    "+",
                                     " ",      "'",          "\"", "`",  "$",   ";",    ",",    "[",
                                     "]",      "<",          ">",  "|",  "\\",  "~",    "!",    "*",
                                     "(",      ")",          "{",  "\t", "\n",  "\x1b", "\x7f", "\u00e9",
                                     "\u2019", "\U0001f600", "%",  "@@", "://", "?a=b&" };
  GString *text = g_string_new (NULL);
  append_run (text, rand);
  for (guint n = number (rand, 4); n > 0; n--) {
    g_string_append (text, PICK (rand, odd));
    append_run (text, rand);
  }
  return g_string_free (text, FALSE);
}

/* All that has to be is percent-encoded, and now and then what need not be. */
static char *
encode (GRand *rand, const char *text)
{
  guint more = PICK (rand, ((const guint[]){ 0, 10, 100 }));
  GString *out = g_string_new (NULL);
  for (; *text != '\0'; text++)
    if (!g_ascii_isalnum (*text) || number (rand, 100) < more)
      g_string_append_printf (out, number (rand, 2) != 0 ? "%%%02X" : "%%%02x", (guchar) *text);
    else
      g_string_append_c (out, *text);
  return g_string_free (out, FALSE);
}

static char *
spell (GRand *rand, const char *password)
{
  return number (rand, 3) != 0 ? encode (rand, password) : g_strdup (password);
}

static const char *const schemes[] = { "postgresql", "postgres", "mysql", "mariadb", "MySQL" };
static const char *const hosts[] = { "127.0.0.1:1",
                                     "[::1]:1",
                                     "127.0.0.1:1,127.0.0.1:2",
                                     "%2Fnowhere%2Fat%2Fall",
                                     "",
                                     "127.0.0.1:port",
                                     "[::1",
                                     "127.0.0.1:99999",
                                     "%zz",
                                     "127.0.0.1:1,[::1]:1,%2Fnowhere" };
static const char *const tails[] = { "/db",
                                     "",
                                     "/db?sslmode=disable",
                                     "/d%zzb",
                                     "/db?nothing=x",
                                     "/db?connect_timeout=1",
                                     "/db?sslmode=nonsense",
                                     "/db?port=x",
                                     "/db?x" };

static char *
in_userinfo (GRand *rand, const char *spelt)
{
  const char *scheme = PICK (rand, schemes), *host = PICK (rand, hosts),
             *user = number (rand, 9) != 0 ? "u" : "";
  return g_strconcat (scheme, "://", user, ":", spelt, "@", host, PICK (rand, tails), NULL);
}

static char *
in_parameter (GRand *rand, const char *spelt)
{
  static const char *const names[] = { "password",       "PassWord", "pass%77ord", "sslpassword",
                                       "ssl_passphrase", "passwd",   "pwd",        "client_secret" };
  static const char *const before[] = { "", "user=u&", "sslmode=disable&", "connect_timeout=1&" };
  static const char *const behind[] = { "", "&user=u", "&sslmode=disable", "&x", "&port=x", "&a@b=c" };
  const char *scheme = PICK (rand, schemes), *host = PICK (rand, hosts), *name = PICK (rand, names);
  return g_strconcat (scheme, "://", number (rand, 2) != 0 ? "u@" : "", host, "/db?", PICK (rand, before),
                      name, "=", spelt, PICK (rand, behind), NULL);
}

static char *
in_both (GRand *rand, const char *spelt)
{
  return g_strconcat (PICK (rand, schemes), "://u:", spelt, "@127.0.0.1:1/db?password=", spelt, NULL);
}

static char *
generic (GRand *rand, const char *spelt)
{
  static const char *const drivers[] = { "pgsql", "mysql", "sqlite3", "nosuch", "pgsql://", "" };
  static const char *const options[] = { "&dbname=db", "&nothing=1", "&port=1", "&x", "&user=u" };
  return g_strconcat ("dbi:", PICK (rand, drivers), "?host=127.0.0.1&password=", spelt, PICK (rand, options),
                      NULL);
}

static char *
of_a_file (GRand *rand, const char *spelt)
{
  static const char *const heads[] = { "sqlite:/nowhere/x.db?password=", "sqlite::memory:?pwd=",
                                       "sqlite3:/nowhere/x.db?mode=ro&password=" };
  return number (rand, 2) != 0 ? g_strconcat (PICK (rand, heads), spelt, NULL)
                               : g_strconcat ("sqlite://u:", spelt, "@h/db", NULL);
}

/* What people type who know other libraries, and what is cut short. */
static char *
mistaken (GRand *rand, const char *spelt)
{
  static const char *const forms[] = {
    "oracle://u:{}@h/db",
    "u:{}@h/db",
    "jdbc:postgresql://h/db?user=u&password={}",
    "host=h user=u password={}",
    "host=h password = {}",
    "Server=h;Uid=u;Pwd={}",
    "postgresql:u:{}@h/db",
    "postgresql://u:{}",
    "postgresql://u:{}/db",
    "postgresql+psycopg://u:{}@h",
    "mysql://[u:{}@h",
    "dbi:mysql://u:{}@h/db",
    "postgresql://u:12?{}@h/db",
    "mysql://u:12?{}=x@h/db",
    "postgresql://u:12/{}@h/db",
  };
  g_autoptr (GString) text = g_string_new (PICK (rand, forms));
  /* A host that is missing cannot be told from what stands behind a '@' in the password. */
  g_autofree char *without_at = g_strdelimit (g_strdup (spelt), "@", '\'');
  gboolean has_host = strchr (text->str, '@') != NULL || strchr (text->str, '=') != NULL;
  g_string_replace (text, "{}", has_host ? spelt : without_at, 0);
  return g_strdup (text->str);
}

/* A server is there, and says that the password is wrong. */
static char *
refused (GRand *rand, const char *spelt, const char *pgsql, const char *mysql)
{
  gboolean first = number (rand, 2) != 0;
  if (first && pgsql != NULL)
    return g_strconcat ("postgresql://corm_password:", spelt, "@/corm_test?host=", pgsql, NULL);
  if (mysql != NULL)
    return g_strconcat (number (rand, 2) != 0 ? "mysql" : "mariadb", "://corm:", spelt,
                        "@/corm_test?socket=", mysql, NULL);
  return in_both (rand, spelt);
}

void
secret_make (Secret *secret, GRand *rand, const char *pgsql, const char *mysql)
{
  static char *(*const makers[]) (GRand * rand, const char *spelt) = { in_userinfo, in_parameter, in_both,
                                                                       generic,     of_a_file,    mistaken };
  secret->password = make_password (rand);
  secret->spelt = spell (rand, secret->password);
  if (number (rand, 20) == 0)
    secret->uri = refused (rand, secret->spelt, pgsql, mysql);
  else
    secret->uri = PICK (rand, makers) (rand, secret->spelt);
}

void
secret_clear (Secret *secret)
{
  g_clear_pointer (&secret->uri, g_free);
  g_clear_pointer (&secret->password, g_free);
  g_clear_pointer (&secret->spelt, g_free);
}

/* What can be decoded. */
static char *
decode (const char *text)
{
  GString *out = g_string_new (NULL);
  for (; *text != '\0'; text++)
    if (*text == '%' && g_ascii_isxdigit (text[1]) && g_ascii_isxdigit (text[2])) {
      g_string_append_c (out, (char) (g_ascii_xdigit_value (text[1]) * 16 + g_ascii_xdigit_value (text[2])));
      text += 2;
    } else {
      g_string_append_c (out, *text);
    }
  return g_string_free (out, FALSE);
}

char *
secret_find (const Secret *secret, const char *text)
{
  g_autofree char *decoded = decode (text);
  g_autofree char *beginning = g_strndup (secret->spelt, SHOWN);
  if (strstr (text, secret->password) != NULL || strstr (text, beginning) != NULL)
    return g_steal_pointer (&beginning);
  for (const char *p = secret->password; strlen (p) >= SHOWN; p++) {
    g_autofree char *piece = g_strndup (p, SHOWN);
    gsize plain = strspn (piece, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789");
    if (plain == SHOWN && (strstr (text, piece) != NULL || strstr (decoded, piece) != NULL))
      return g_steal_pointer (&piece);
  }
  return NULL;
}
