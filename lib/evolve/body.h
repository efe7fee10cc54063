/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Does a semicolon end the statement, or does it stand in a body? */
#pragma once

#include <corm/sys/driver.h>

/* What is known of a statement so far. Begin with all zero. */
typedef struct {
  guint n_words;
  enum { CORM_BODY_UNDECIDED, CORM_BODY_NONE, CORM_BODY_HAS } kind;
  guint depth;        /* BEGIN, IF, LOOP, … that are open */
  guint parentheses;  /* that are open */
  guint cases;        /* CASE … END expressions that are open */
  const char *opened; /* the outermost of what is open */
  const char *last;   /* the word before, size bytes of it; NULL: last_char */
  gsize last_size;
  char last_char;         /* punctuation; '\'' for anything in quotes */
  gboolean handler;       /* within DECLARE … HANDLER FOR … */
  gboolean ended;         /* END was the word before, and closed something */
  gboolean copy;          /* COPY … */
  gboolean from_stdin;    /* … FROM stdin: rows follow it */
  gboolean circumstances; /* SET STATEMENT …, in front of FOR */
} CormBody;

/* One call for each word, each piece in quotes (@p on its quote), and each other character, comments and blanks left out. */
void corm_body_see_word (CormBody *body, const CormDialect *dialect, const char *p, gsize size);
void corm_body_see_quoted (CormBody *body);
void corm_body_see_char (CormBody *body, const CormDialect *dialect, const char *p);
/* Whether a semicolon that stands here is none of the statement's end. */
gboolean corm_body_is_open (const CormBody *body);
/* Behind blanks and comments. */
const char *corm_script_skip_blank (const CormDialect *dialect, const char *p);
