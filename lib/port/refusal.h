/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* A row that the target refuses: which key of it is taken, or refers to nothing. */
#pragma once

#include "port/flow.h"

/* A key or a check of the target has refused what it was sent. */
gboolean corm_refusal_is (const GError *error);
/* @row alone was refused with @why, and stands converted in flow->values. It goes to the rejects, or into the error. */
gboolean corm_flow_refuse (CormFlow *flow, const CormValue *row, guint64 number, const GError *why,
                           GError **error);
