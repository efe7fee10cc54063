/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Nodes of any layer: a row of nodes and one of the layer's table, always both. */
#pragma once

#include "models.h"

/* @run: of a command, what it runs; else NULL. */
gboolean todo_add (CormConnection *conn, Node *node, const char *run, GError **error);
/* Makes the label where it is new. */
gboolean todo_label (CormConnection *conn, const char *id, const char *label, GError **error);
/* @child lies below @parent: a pair in the table that leads from layer to layer, or a row of links where there is none. */
gboolean todo_link (CormConnection *conn, const char *parent, const char *child, GError **error);
/* Prints the node, its labels, and what lies below it. */
gboolean todo_show (CormConnection *conn, const char *id, GError **error);
/* Runs a command by the shell; keeps its exit status and what it printed as an artifact. */
gboolean todo_run (CormConnection *conn, const char *id, GError **error);

/* Tasks of @owner that are planned or in progress. */
gboolean todo_print_active (CormConnection *conn, const char *owner, GError **error);
/* How many nodes there are of each layer and status. */
gboolean todo_print_summary (CormConnection *conn, GError **error);
