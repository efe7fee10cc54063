/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* A program of the database's own: found, run, and its words when it fails. */
#pragma once

#include <corm/sys/upkeep.h>

CormTool *corm_tool_new (void);
void corm_tool_free (CormTool *tool);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CormTool, corm_tool_free)

/* As a person would type it, with nothing secret in it; free with g_free(). */
char *corm_tool_show (const CormTool *tool, const char *input);
/* @input: the file that it reads, nullable. Errors: UNSUPPORTED (not installed), FAILED with its words. */
gboolean corm_tool_run (const CormTool *tool, const char *input, GError **error);
