/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* What the files of the program share: a database that is opened and upgraded, and the table of commands. */
#pragma once

#include "models.h"

/* --- database.c */

/* The database at @uri, made or upgraded to the tables of @models, which are of @version. */
CormDb *crystal_open (const char *uri, const CormModel *const *models, gint32 version, gboolean verbose,
                      GError **error);
/* Brings one that is open to its models. @verbose: what is done, and what differs and is left alone, is told on stderr. */
gboolean crystal_upgrade (CormDb *db, gint32 version, gboolean verbose, GError **error);
/* The newest in schema_version. */
gboolean crystal_get_version (CormConnection *conn, gint32 *version, GError **error);

/* --- commands: jobs.c, clusters.c, workflow.c, doctor.c */

typedef struct {
  const char *uri;
  gboolean verbose;
  CormDb *db; /* open, and of this version; NULL for a command that opens it by itself */
  CormConnection *conn;
  char **args; /* as many as the command takes */
} Crystal;

typedef struct {
  const char *name, *arguments, *summary;
  guint n_args;
  gboolean opens_itself;
  const GOptionEntry *options;
  /* FALSE: status 1; without @error set it has said why. */
  gboolean (*run) (Crystal *crystal, GError **error);
} CrystalCommand;

/* Each ended by one without a name. */
extern const CrystalCommand job_commands[], cluster_commands[], workflow_commands[], doctor_commands[];

/* A number, or one of some words, as a user writes it. Errors: G_OPTION_ERROR. */
gboolean crystal_read_id (const char *text, gint64 *id, GError **error);
gboolean crystal_read_word (const char *text, const char *const *words, guint *word, GError **error);
/* NULL is fine: SQLite takes any text for JSON, and others would find it later. */
gboolean crystal_check_json (const char *option, const char *text, GError **error);
