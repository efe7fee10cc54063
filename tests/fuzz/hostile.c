/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Pieces that mean something to a lexer, in any order, with single bytes between them. */
#include "hostile.h"

static const char *const pieces[] = {
  "'",
  "''",
  "\"",
  "\"\"",
  "`",
  "``",
  "[",
  "]",
  "\\",
  "\\'",
  "\\\"",
  "\\\\",
  ";",
  "--",
  "-- ",
  "#",
  "/*",
  "*/",
  "/*!",
  "/*M!",
  "$$",
  "$tag$",
  "$1",
  "?",
  "?1",
  ":p",
  ":name",
  "::",
  "@v",
  "%",
  "_",
  "\\%",
  "(",
  ")",
  ",",
  "{",
  "}",
  "{}",
  "{i}",
  "{t}",
  "%s",
  "%n",
  "=",
  " OR 1=1 ",
  "; DROP TABLE harmless; ",
  " UNION SELECT ",
  "NULL",
  "x'",
  "E'",
  "N'",
  "U&'",
  "\n",
  "\r",
  "\t",
  "\v",
  " ",
  "\x01",
  "\x1a",
  "\x7f",
  "$.",
  "$.a",
  "[0]",
  "\"a\"",
  "**",
  ".",
  "a",
  "select",
  "0",
  "-1",
  "1e9",
  "\xc3\xa9",
  "\xf0\x9f\x98\x80",
  "\xef\xbf\xbf",
  "\xe2\x80\x99",
  "\xca\xbc",
  "\xef\xbc\x87",
  "\xbf\x27",
  "\xbf\x5c",
  "\xc0\xa7",
  "\xff",
  "\xed\xa0\x80",
};

guint32
hostile_number (Hostile *hostile, guint32 below)
{
  guint64 x = hostile->state != 0 ? hostile->state : G_GUINT64_CONSTANT (0x9e3779b97f4a7c15);
  x ^= x << 13;
  x ^= x >> 7;
  x ^= x << 17;
  hostile->state = x;
  return (guint32) ((x >> 32) % below);
}

const char *
hostile_next (Hostile *hostile, GString *text)
{
  guint n = 1 + hostile_number (hostile, hostile_number (hostile, 50) == 0 ? 400 : 8);
  g_string_truncate (text, 0);
  for (guint i = 0; i < n; i++)
    if (hostile_number (hostile, 4) == 0)
      g_string_append_c (text, (char) (1 + hostile_number (hostile, 255)));
    else
      g_string_append (text, pieces[hostile_number (hostile, G_N_ELEMENTS (pieces))]);
  return text->str;
}
