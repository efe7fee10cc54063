/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* What a port leaves in its target until it is done: tables named corm_port…. Whoever works on a database asks here
 * whether it is a whole one, and none of them takes these tables for data. */
#pragma once

#include <corm/port.h>

/* TRUE for one of the port's own tables, by its name and its columns: people may have a corm_port of their own. */
gboolean corm_unfinished_owns (const CormTable *table);
/* Takes them out of @schema. */
void corm_unfinished_leave_out (CormSchema *schema);
/* corm_port_find_unfinished() for a structure that has been read, before they were left out. */
gboolean corm_unfinished_find (CormConnection *conn, const CormSchema *live, char **says, GError **error);
/* FALSE where there is one. @who: "the source", what holds it; @why: what follows from it. Errors: SCHEMA. */
gboolean corm_unfinished_refuse (CormConnection *conn, const CormSchema *live, const char *who,
                                 const char *why, GError **error);
