/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Sorting more records than the memory holds: runs on the disk, merged while they are read. */
#pragma once

#include <glib.h>

typedef struct _CormSort CormSort;

CormSort *corm_sort_new (void);
void corm_sort_free (CormSort *sort);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CormSort, corm_sort_free)
/* Errors: FULL, FAILED. */
gboolean corm_sort_add (CormSort *sort, const GString *key, const GString *record, GError **error);
gboolean corm_sort_end (CormSort *sort, GError **error);
/* The next record by the bytes of its key, then its own; NULL at the end, then *@error is unset. */
const char *corm_sort_next (CormSort *sort, gsize *size, GError **error);
