/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* The rows of one range, from a streaming read to a bulk load, one row in memory. */
#pragma once

#include "port/flow.h"

/* From where @step has come to, to the end of its range; @step counts. Errors: CONVERSION and NOT_NULL with table, key,
 * column, value and reason; UNIQUE and the like where the target refuses a row; CANCELLED when the crew was stopped; those of the databases. */
gboolean corm_copy_range (const CormCopy *copy, CormHand *hand, const CormPair *pair, guint64 rows_total,
                          CormPortStep *step, GError **error);
