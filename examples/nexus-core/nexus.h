/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* What the files of the program share: an open database at its version, and the commands. */
#pragma once

#include "models.h"

#define NEWEST_VERSION 5
enum { VERSION_PRIORITY = 2, VERSION_NOTES = 3 };

typedef struct {
  const char *uri;
  guint client;    /* the version of the client, NEWEST_VERSION unless it plays an older one */
  gboolean manual; /* the database stays at the version that it has */
  gboolean new_peer;
  gint priority; /* --priority, --due, --for, --force */
  const char *due;
  const char *peer;

  CormMigrations *migrations;
  CormRegistry *registry;
  CormDb *db;
  CormConnection *conn;
  CormSync *sync;
  guint version; /* of the database; 0: nothing has been applied */
} Nexus;

/* 0 done, 1 failed (with @error) or a check found something. */
typedef int (*NexusFunc) (Nexus *nexus, char **arguments, GError **error);

/* --- database.c --- */
/* Opens the database, brings it to the client's version unless that is to be done by hand, and starts the sync. */
gboolean nexus_open (Nexus *nexus, GError **error);
void nexus_close (Nexus *nexus);
int nexus_current (Nexus *nexus, char **arguments, GError **error);
int nexus_history (Nexus *nexus, char **arguments, GError **error);
int nexus_migrate (Nexus *nexus, char **arguments, GError **error);
int nexus_downgrade (Nexus *nexus, char **arguments, GError **error);
int nexus_validate (Nexus *nexus, char **arguments, GError **error);

/* --- tasks.c --- */
int nexus_lists (Nexus *nexus, char **arguments, GError **error);
int nexus_add_list (Nexus *nexus, char **arguments, GError **error);
int nexus_tasks (Nexus *nexus, char **arguments, GError **error);
int nexus_add (Nexus *nexus, char **arguments, GError **error);
int nexus_edit (Nexus *nexus, char **arguments, GError **error);
int nexus_done (Nexus *nexus, char **arguments, GError **error);
int nexus_prioritize (Nexus *nexus, char **arguments, GError **error);
int nexus_remove (Nexus *nexus, char **arguments, GError **error);
int nexus_note (Nexus *nexus, char **arguments, GError **error);
int nexus_notes (Nexus *nexus, char **arguments, GError **error);

/* --- peers.c --- */
int nexus_write (Nexus *nexus, char **arguments, GError **error);
int nexus_read (Nexus *nexus, char **arguments, GError **error);
int nexus_serve (Nexus *nexus, char **arguments, GError **error);
int nexus_connect (Nexus *nexus, char **arguments, GError **error);
int nexus_peers (Nexus *nexus, char **arguments, GError **error);
int nexus_aside (Nexus *nexus, char **arguments, GError **error);
int nexus_compact (Nexus *nexus, char **arguments, GError **error);
