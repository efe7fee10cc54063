/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* What an SQLSTATE means to a caller. Source: ISO/IEC 9075-2 (classes) and PostgreSQL's manual, appendix A.
 * A state of five characters goes before its class of two; both tables are short enough to walk. */
#include <corm/sys/driver.h>
#include <string.h>

typedef struct {
  const char *state;
  CormError code;
} Meaning;

static const Meaning states[] = {
  { "23502", CORM_ERROR_NOT_NULL },    { "23503", CORM_ERROR_FOREIGN_KEY },
  { "23001", CORM_ERROR_FOREIGN_KEY }, { "23505", CORM_ERROR_UNIQUE },
  { "23P01", CORM_ERROR_UNIQUE },      { "23514", CORM_ERROR_CHECK },
  { "22004", CORM_ERROR_NOT_NULL },    { "44000", CORM_ERROR_CHECK },
  { "25006", CORM_ERROR_DENIED },      { "40001", CORM_ERROR_BUSY },
  { "40P01", CORM_ERROR_BUSY },        { "40003", CORM_ERROR_CONNECTION },
  { "42501", CORM_ERROR_DENIED },      { "42601", CORM_ERROR_SYNTAX },
  { "42602", CORM_ERROR_SYNTAX },      { "42622", CORM_ERROR_SYNTAX },
  { "53100", CORM_ERROR_FULL },        { "53300", CORM_ERROR_BUSY },
  { "55006", CORM_ERROR_BUSY },        { "55P03", CORM_ERROR_BUSY },
  { "57014", CORM_ERROR_CANCELLED },   { "57P01", CORM_ERROR_CONNECTION },
  { "57P02", CORM_ERROR_CONNECTION },  { "57P03", CORM_ERROR_CONNECTION },
  { "57P04", CORM_ERROR_CONNECTION },  { "57P05", CORM_ERROR_CONNECTION },
  { "54023", CORM_ERROR_UNSUPPORTED }, { "2BP01", CORM_ERROR_SCHEMA },
  { "58030", CORM_ERROR_STORAGE },     { "XX001", CORM_ERROR_STORAGE },
  { "XX002", CORM_ERROR_STORAGE },
};

static const Meaning classes[] = {
  { "08", CORM_ERROR_CONNECTION },  { "0A", CORM_ERROR_UNSUPPORTED }, { "0L", CORM_ERROR_DENIED },
  { "0P", CORM_ERROR_DENIED },      { "22", CORM_ERROR_CONVERSION },  { "23", CORM_ERROR_CHECK },
  { "28", CORM_ERROR_DENIED },      { "2B", CORM_ERROR_SCHEMA },      { "3D", CORM_ERROR_CONNECTION },
  { "3F", CORM_ERROR_SCHEMA },      { "40", CORM_ERROR_BUSY },        { "42", CORM_ERROR_SCHEMA },
  { "54", CORM_ERROR_UNSUPPORTED },
};

CormError
corm_error_from_sqlstate (const char *sqlstate)
{
  if (sqlstate == NULL || strlen (sqlstate) != 5)
    return CORM_ERROR_FAILED;
  for (gsize i = 0; i < G_N_ELEMENTS (states); i++)
    if (strcmp (states[i].state, sqlstate) == 0)
      return states[i].code;
  for (gsize i = 0; i < G_N_ELEMENTS (classes); i++)
    if (strncmp (classes[i].state, sqlstate, 2) == 0)
      return classes[i].code;
  return CORM_ERROR_FAILED;
}
