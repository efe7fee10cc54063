/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* One error domain for the library. A code says what a caller can do about it; the message says what was being
 * done, to which table and column, and the database's own words. */
#pragma once

#include <corm/types.h>

G_BEGIN_DECLS

/**
 * CormError:
 * @CORM_ERROR_NOT_FOUND: no row with that key
 * @CORM_ERROR_UNIQUE: a unique or primary key holds that value already
 * @CORM_ERROR_FOREIGN_KEY: a referenced row is missing, or a referencing row is left
 * @CORM_ERROR_NOT_NULL: NULL where the column allows none
 * @CORM_ERROR_CHECK: a CHECK of the table, or a check of the model (length, labels), refuses the value; or a trigger leaves the
 *   row out
 * @CORM_ERROR_CONVERSION: a value that the column, the member or the database cannot hold exactly
 * @CORM_ERROR_CONNECTION: the database cannot be opened, or went away
 * @CORM_ERROR_BUSY: locked by somebody else, deadlock, serialization failure, no free connection in time: worth another try
 * @CORM_ERROR_STALE: the row is no longer as it was read
 * @CORM_ERROR_UNSUPPORTED: this database cannot do it
 * @CORM_ERROR_SCHEMA: tables, models and the database do not fit together
 * @CORM_ERROR_SYNTAX: the database does not understand the statement
 * @CORM_ERROR_INVALID: the call itself is wrong: an argument, an option, a URI
 * @CORM_ERROR_DENIED: the role or the file system does not permit it
 * @CORM_ERROR_FULL: no space left, on the disk or in memory
 * @CORM_ERROR_CANCELLED: stopped on request
 * @CORM_ERROR_DIFFERENT: a verification found a difference
 * @CORM_ERROR_UNKNOWN_OUTCOME: the connection broke before the answer to COMMIT came, or to a statement that writes in
 *   no transaction: committed or not, nobody here knows
 * @CORM_ERROR_STORAGE: the disk can't be read or written, or what stands there is damaged
 * @CORM_ERROR_FAILED: everything else, in the database's own words
 *
 * Codes of the %CORM_ERROR domain.
 */
typedef enum {
  CORM_ERROR_FAILED,
  CORM_ERROR_NOT_FOUND,
  CORM_ERROR_UNIQUE,
  CORM_ERROR_FOREIGN_KEY,
  CORM_ERROR_NOT_NULL,
  CORM_ERROR_CHECK,
  CORM_ERROR_CONVERSION,
  CORM_ERROR_CONNECTION,
  CORM_ERROR_BUSY,
  CORM_ERROR_STALE,
  CORM_ERROR_UNSUPPORTED,
  CORM_ERROR_SCHEMA,
  CORM_ERROR_SYNTAX,
  CORM_ERROR_INVALID,
  CORM_ERROR_DENIED,
  CORM_ERROR_FULL,
  CORM_ERROR_CANCELLED,
  CORM_ERROR_DIFFERENT,
  CORM_ERROR_UNKNOWN_OUTCOME,
  CORM_ERROR_STORAGE,
} CormError;

#define CORM_ERROR (corm_error_quark ())

CORM_PUBLIC GQuark corm_error_quark (void);

/* The code's name as programs read it, "unique", "foreign-key", …: used by --format json. Never NULL. */
CORM_PUBLIC const char *corm_error_name (CormError code);

G_END_DECLS
