/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* People with all that belongs to them: made in one session, gone with one delete. */
#pragma once

#include "models.h"

typedef struct {
  const char *email;
  UserTier tier;
  guint n_chunks; /* of the job */
  guint n_images; /* of a chunk */
  gint32 job_id;  /* out */
} PixSeed;

/* A person with a row in every table and a crawl job to do. */
gboolean pix_seed (CormConnection *conn, PixSeed *seed, GError **error);
/* Deletes the person, and by the foreign keys everything down to the images; prints what each table lost. */
gboolean pix_remove (CormConnection *conn, const char *email, GError **error);
