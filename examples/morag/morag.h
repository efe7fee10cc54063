/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* What the files of the program share. */
#pragma once

#include "models.h"

typedef struct {
  const char *uri;
  const char *folder; /* of migrations */
  CormRegistry *registry;
  CormDb *db;
  char **args; /* as many as the command takes */
} Morag;

typedef struct {
  const char *name, *arguments, *summary;
  guint n_args;
  const GOptionEntry *options;
  /* FALSE: status 1; without @error set it has said why. */
  gboolean (*run) (Morag *morag, GError **error);
} MoragCommand;

/* Each ended by one without a name. */
extern const MoragCommand database_commands[], job_commands[];

/* --- database.c */

/* Ten connections and twenty more in a rush, each asked before use, none older than an hour. With SQL_DEBUG=true in the
 * environment every statement is told on stderr. */
CormDb *morag_open (const char *uri, CormRegistry *registry, GError **error);

typedef gboolean (*MoragWork) (CormSession *session, gpointer data, GError **error);

/* Runs @work with a session, and commits what it changed, or nothing when it fails. After a loss against another program it
 * is run again, with a new session. */
gboolean morag_in_session (CormDb *db, MoragWork work, gpointer data, GError **error);
