/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Loading relations: one query for each, whatever the number of owners. */
#pragma once

#include "store/rows.h"

/* Fills the slots named in @with (offsets ended by G_MAXSIZE) of all @rows. The related rows live in the arena of @rows. */
gboolean corm_relation_load (CormConnection *conn, CormRows *rows, const gsize *with, GError **error);
