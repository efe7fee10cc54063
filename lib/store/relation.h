/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Loading relations: one query for each, whatever the number of owners. */
#pragma once

#include "store/rows.h"

/* Fills the slots that .with and .load of @find name in all @rows. The related rows live in the arena of @rows. */
gboolean corm_relation_load (CormConnection *conn, CormRows *rows, const CormFind *find, GError **error);
