/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Several threads, each with a connection to the source and one to the target, that share out pieces of work. All of
 * them read the source as it was at one moment. */
#pragma once

#include "engine/connection.h"

typedef struct _CormCrew CormCrew;

typedef struct {
  CormCrew *crew;
  CormConnection *from;
  CormConnection *to;
  CormTransaction *read; /* of from; open until the crew goes */
} CormHand;

struct _CormCrew {
  GPtrArray *hands; /* CormHand; the first has the connections that the crew was made with */
  gint stopped;     /* atomic: a piece has failed */
};

/* @n hands at most; fewer where the databases can't be opened more often or can't show several readers one moment, and
 * then says so in *@why (static). @from and @to stay the caller's. */
CormCrew *corm_crew_new (CormConnection *from, CormConnection *to, guint n, const char **why, GError **error);
void corm_crew_free (CormCrew *crew);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CormCrew, corm_crew_free)

/* In a thread of its own, one piece at a time. */
typedef gboolean (*CormCrewWork) (CormHand *hand, gpointer piece, gpointer data, GError **error);
/* TRUE: the database would let one of them wait for the other, or both for each other. */
typedef gboolean (*CormCrewClash) (gconstpointer piece, gconstpointer other, gpointer data);
/* Until all @pieces are done or one has failed: then the others end what they are at, and the first error is said. They are
 * begun in their order, but for those that clash with one that is under way, which come later; @clash NULL: none do. So the
 * hands never wait for each other in the database, and a lock that one of them waits for is a stranger's. */
gboolean corm_crew_run (CormCrew *crew, GPtrArray *pieces, CormCrewWork work, CormCrewClash clash,
                        gpointer data, GError **error);
/* TRUE when another piece has failed: work that takes long gives up then, with CORM_ERROR_CANCELLED. */
gboolean corm_crew_is_stopped (CormCrew *crew);
