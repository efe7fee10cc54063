/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* For the table of entries by model and key. */
#pragma once

#include <glib.h>

guint corm_entry_hash (gconstpointer data);
gboolean corm_entry_equal (gconstpointer a, gconstpointer b);
