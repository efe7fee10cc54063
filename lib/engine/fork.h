/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Life after fork(): a connection belongs to the process that made it. */
#pragma once

#include <glib.h>

/* Counts the forks that led to this process; differs from what a connection remembers once it has been inherited. */
extern guint corm_fork_generation;

/* From now on @mutex is free in a child, whoever held it at the fork; and the count above is kept. */
void corm_fork_guard (GMutex *mutex);
void corm_fork_unguard (GMutex *mutex);
