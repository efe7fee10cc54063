/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* From what a column holds to its type: the rules, without a database. */
#pragma once

#include "port/profile.h"

typedef struct {
  CormSqlType declared; /* as it was understood */
  CormSqlType type;     /* in: the declared or the mapped one; out: the chosen one */
  guint conversion;
  gboolean is_settled;      /* the mapping file has spoken */
  char *reason;             /* a sentence; NULL: as declared; g_free() */
  const CormFound *misfits; /* of the profile; NULL: none */
} CormGuess;

/* The widest of its kind, which holds all that could be made to fit: any integer is INT64. */
void corm_guess_widest (CormSqlType *type);
/* An integer as wide as the data need it. */
void corm_guess_width (CormGuess *guess, const CormColumnProfile *profile);
/* A column that is declared as a time: in whichever forms they are kept. @fixed: only the conversion. */
void corm_guess_time (CormGuess *guess, const CormColumnProfile *profile, gboolean fixed);
/* A column whose declared type says nothing, or what @affinity (NULL: nothing) reads out of it. */
void corm_guess_free (CormGuess *guess, const CormColumnProfile *profile, const char *declared,
                      CormType (*affinity) (const char *declared));
