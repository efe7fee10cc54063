/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* A bounded pool of connections to one database, for any number of threads. */
#pragma once

#include "engine/connection.h"

typedef struct _CormPool CormPool;

/* Opens a connection for the pool. */
typedef CormConnection *(*CormPoolOpen) (gpointer data, GError **error);

/* Times and size of @options, which outlive the pool. */
CormPool *corm_pool_new (const CormDbOptions *options, const char *where, CormPoolOpen open, gpointer data);
/* Closes the idle ones. */
void corm_pool_free (CormPool *pool);
/* Errors: BUSY after pool_wait_ms, and those of opening. */
CormConnection *corm_pool_take (CormPool *pool, GError **error);
/* The same with another time in place of pool_wait_ms. */
CormConnection *corm_pool_take_within (CormPool *pool, guint wait_ms, GError **error);
void corm_pool_give (CormPool *pool, CormConnection *conn);
