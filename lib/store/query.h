/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Steps that the runs of a CormQuery share. */
#pragma once

#include "engine/statement.h"
#include "render/query.h"
#include "store/draft.h"

/* Begins @draft, and @query ready to be rendered into it. */
const CormResolved *corm_query_draft (CormDraft *draft, CormQuery *query, CormConnection *conn,
                                      GError **error);
/* Prepares and executes what was rendered. */
CormStatement *corm_draft_run (CormDraft *draft, gboolean stream, GError **error);
