/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* The row by which a transaction is known to be committed: its key is random and written along with the transaction. */
#pragma once

#include "engine/connection.h"

#define CORM_TOKEN_TABLE "corm_transactions" /* no part of anybody's schema */
#define CORM_TOKEN_SIZE 37

typedef enum { CORM_TOKEN_COMMITTED, CORM_TOKEN_ROLLED_BACK, CORM_TOKEN_UNDECIDED } CormTokenState;

/* Makes the table where it is missing, and deletes rows of long ago. Outside of a transaction. */
gboolean corm_token_make_table (CormConnection *conn, GError **error);
/* Writes a new token inside the transaction; it is put into @token. */
gboolean corm_token_write (CormConnection *conn, char token[CORM_TOKEN_SIZE], GError **error);
/* Behind the commit: its row is no longer needed, and goes with others, some time. */
void corm_token_forget (CormConnection *conn, const char *token);
/* On another connection: what became of it. UNDECIDED sets @error. */
CormTokenState corm_token_look_up (CormConnection *conn, const char *token, GError **error);
