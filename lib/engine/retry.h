/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* How long to wait before a transaction is run again, and when to stop. Times are microseconds. */
#pragma once

#include <corm/transact.h>

/* Fills in the defaults of what is 0. */
CormTransactOptions corm_transact_options_complete (const CormTransactOptions *options);
/* The pause behind attempt number @done, @elapsed after the start of the first; -1: there is to be no other attempt.
 * @dice: any number. */
gint64 corm_retry_get_pause (const CormTransactOptions *options, guint done, gint64 elapsed, guint32 dice);
