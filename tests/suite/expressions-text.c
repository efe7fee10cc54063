/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Functions of text. */
#include "expressions.h"

static void
letters (Table *table)
{
  TEXT ("corm", CORM_LOWER (S (word)));
  TEXT ("CORM", CORM_UPPER (S (word)));
  TEXT ("Ä😀é漢", CORM_LOWER (S (exotic)));
  TEXT ("Ä😀é漢", CORM_UPPER (S (exotic)));
  TEXT ("100%_\\", CORM_LOWER (S (wild)));
  TEXT ("ß", CORM_UPPER ("ß"));
  TEXT ("i", CORM_LOWER ("I"));
  TEXT ("", CORM_UPPER (S (empty)));
  NIL (CORM_LOWER (S (missing)));
  NIL (CORM_UPPER (S (missing)));
}

static void
parts (Table *table)
{
  INT (4, CORM_LENGTH (S (word)));
  INT (4, CORM_LENGTH (S (exotic)));
  INT (0, CORM_LENGTH (S (empty)));
  INT (6, CORM_LENGTH (S (padded)));
  INT (1, CORM_LENGTH ("😀"));
  NIL (CORM_LENGTH (S (missing)));
  TEXT ("Co", CORM_SUBSTR (S (word), 1, 2));
  TEXT ("orm", CORM_SUBSTR (S (word), 2, 3));
  TEXT ("m", CORM_SUBSTR (S (word), 4, 10));
  TEXT ("", CORM_SUBSTR (S (word), 5, 1));
  TEXT ("", CORM_SUBSTR (S (word), 100, 1));
  TEXT ("", CORM_SUBSTR (S (word), 2, 0));
  TEXT ("😀é", CORM_SUBSTR (S (exotic), 2, 2));
  TEXT ("or", CORM_SUBSTR (S (word), S (two), S (two)));
  NIL (CORM_SUBSTR (S (missing), 1, 1));
  NIL (CORM_SUBSTR (S (word), S (none), 1));
  TEXT ("a b", CORM_TRIM (S (padded)));
  TEXT ("Corm", CORM_TRIM (S (word)));
  TEXT ("", CORM_TRIM ("   "));
  TEXT ("\ta", CORM_TRIM (" \ta "));
  NIL (CORM_TRIM (S (missing)));
  INT (1, CORM_POSITION (S (word), "C"));
  INT (2, CORM_POSITION (S (word), "or"));
  INT (0, CORM_POSITION (S (word), "c"));
  INT (0, CORM_POSITION (S (word), "x"));
  INT (3, CORM_POSITION (S (exotic), "é"));
  INT (1, CORM_POSITION (S (word), ""));
  INT (0, CORM_POSITION (S (empty), "a"));
  INT (4, CORM_POSITION (S (wild), "%"));
  NIL (CORM_POSITION (S (word), S (missing)));
}

static void
whole (Table *table)
{
  TEXT ("C0rm", CORM_REPLACE (S (word), "o", "0"));
  TEXT ("Corm", CORM_REPLACE (S (word), "O", "0"));
  TEXT ("Crm", CORM_REPLACE (S (word), "o", ""));
  TEXT ("Corm", CORM_REPLACE (S (word), "", "x"));
  TEXT ("100__\\", CORM_REPLACE (S (wild), "%", "_"));
  TEXT ("Ä:é漢", CORM_REPLACE (S (exotic), "😀", ":"));
  TEXT ("xbxb", CORM_REPLACE ("abab", "a", "x"));
  NIL (CORM_REPLACE (S (word), S (missing), "x"));
  NIL (CORM_REPLACE (S (missing), "o", "x"));
  TEXT ("Corm!", CORM_CONCAT (S (word), "!"));
  TEXT ("Corm", CORM_CONCAT (S (word), S (missing)));
  TEXT ("Corm", CORM_CONCAT (S (missing), S (word)));
  TEXT ("", CORM_CONCAT (S (missing), S (missing)));
  TEXT ("", CORM_CONCAT (S (empty), S (empty)));
  TEXT ("ab", CORM_CONCAT ("a", "b"));
  TEXT ("12", CORM_CONCAT ("1", "2"));
  TEXT ("it's \"a\" `b` \\ %_ ? :p $1 -- /* */ ;",
        CORM_CONCAT ("it's \"a\" `b` \\ %_ ? :p $1 -- ", "/* */ ;"));
  TEXT ("CormÄ😀é漢", CORM_CONCAT (S (word), S (exotic)));
  TEXT ("c!", CORM_CONCAT (CORM_LOWER (CORM_SUBSTR (S (word), 1, 1)), "!"));
  INT (7, CORM_LENGTH (CORM_CONCAT (CORM_TRIM (S (padded)), S (word))));
}

void
expressions_text (Table *table)
{
  table_part (table, "Letters", &Sample_model,
              "Only A to Z and a to z change; other letters stay as they are.");
  letters (table);
  table_part (table, "Parts of text", &Sample_model,
              "Counted in characters, from 1. `CORM_TRIM` takes spaces away, and nothing else.");
  parts (table);
  table_part (table, "Replacing and joining", &Sample_model, "`CORM_CONCAT` reads NULL as empty text.");
  whole (table);
}
