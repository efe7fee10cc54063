/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* What corm_transact() asks of a transaction beyond what everybody can. */
#pragma once

#include "engine/connection.h"

typedef struct {
  CormTransactionMode mode;
  CormIsolation isolation;
  gboolean deferrable;
} CormTransactionKind;

CormTransaction *corm_transaction_begin_kind (CormConnection *conn, const CormTransactionKind *kind,
                                              GError **error);
/* From here on a table gives this connection's transaction all its rows, or an error: no policy hides one. */
gboolean corm_transaction_see_all (CormConnection *conn, GError **error);
/* One moment of whole tables, to be read. */
CormTransaction *corm_transaction_begin_whole (CormConnection *conn, GError **error);
/* FALSE for one that has ended, or that another one, begun inside, is still open in. */
gboolean corm_transaction_is_innermost (const CormTransaction *transaction);
/* By itself, or with one around it. */
gboolean corm_transaction_was_rolled_back (const CormTransaction *transaction);
/* Whether it is committed nobody knows: the answer did not come, or a statement inside of it ended it. */
gboolean corm_transaction_is_unknown (const CormTransaction *transaction);
