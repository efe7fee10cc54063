/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* The database as a whole: made, dropped, widened, repaired, written to YAML and read back. */
#pragma once

#include "models.h"

/* Makes what is missing, by the models: tables, columns, checks, indexes. A node of an older version, which knew the table
 * nodes alone, gets its row in the table of its layer. */
gboolean todo_init (CormDb *db, GError **error);
/* Drops the tables of the models, and nothing else. */
gboolean todo_drop (CormDb *db, GError **error);
/* A text column for nodes, where it has none of that name. */
gboolean todo_add_column (CormConnection *conn, const char *name, GError **error);
/* Progress into 0 to 100, an unknown status to planned; prints how many rows were changed. */
gboolean todo_repair (CormConnection *conn, GError **error);
/* @path "-": standard output. */
gboolean todo_export (CormDb *db, const char *path, GError **error);
/* Everything in the file fits the models, or each fault is printed and nothing is read in. @dry_run: look only. */
gboolean todo_import (CormDb *db, const char *path, gboolean dry_run, GError **error);
