/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* What test-replicas.c and replica-faults.c share: a writer and a replica that is late on purpose. */
#pragma once

#include "config.h"

#include "../lib/suite.h"

#include "../lib/own-servers.h"
#include "../lib/place.h"

typedef struct {
  const char *name;
  char *writer, *reader; /* URIs; NULL: there is no such server */
  char *writer_admin, *reader_admin;
  const char *replica; /* of tests/lib/servers: "pg2" */
  guint delay_ms;
  guint n_pairs;
  const char *table;
} Site;

enum { PGSQL, MYSQL, DBI_PGSQL, DBI_MYSQL, N_SITES };
extern Site sites[N_SITES];

/* Skips the case where the server or the native driver is missing. */
void site_need (const Site *site);
/* @options NULL: the defaults, with room. Its reader is put in. */
CormDb *site_open (const Site *site, CormDbOptions options);
/* Until the replica has all that the writer has now. */
void site_catch_up (const Site *site);
/* Writes @n into the row @id; reads it back through a connection for reading, and says where it was. */
void site_write (const Site *site, CormDb *db, guint id, gint64 n);
gint64 site_read (const Site *site, CormDb *db, const char *position, guint id, gboolean *on_replica);
gboolean site_is_replica (const Site *site, CormConnection *conn);

/* replica-faults.c */
void a_dead_replica_is_left_alone (void **state);
void connections_that_died_are_passed_over (void **state);
void a_replica_too_far_behind_is_not_read_from (void **state);
void a_conflict_with_replaying_leads_elsewhere (void **state);
void a_pool_that_is_full_leads_elsewhere (void **state);
void what_can_be_no_reader_is_said_at_once (void **state);
void a_child_reads_from_the_replica (void **state);
void a_migration_is_waited_for_by_all (void **state);
void all_goes_wrong_at_once (void **state);
void without_the_writer_some_read_on (void **state);
