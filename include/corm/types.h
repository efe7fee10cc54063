/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* The names that every other public header starts from: the opaque types.
 *
 * Ownership, for the whole library: what a function named new, get, find or open returns is yours to free;
 * what you reach through it is borrowed. */
#pragma once

#include <corm/macros.h>
#include <glib.h>
#include <stdbool.h>
#include <stddef.h>

G_BEGIN_DECLS

#define CORM_MUST_USE G_GNUC_WARN_UNUSED_RESULT

typedef struct _CormRegistry CormRegistry;
typedef struct _CormDb CormDb;
typedef struct _CormConnection CormConnection;
typedef struct _CormTransaction CormTransaction;
typedef struct _CormCursor CormCursor;
typedef struct _CormRows CormRows;
typedef struct _CormQuery CormQuery;
typedef struct _CormModel CormModel;

G_END_DECLS
