/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* URIs with a password each, in every form that has one, well-formed or not; made from a seed. The password is runs of
 * letters and digits with odd characters between them: a run that shows is a leak, whatever stands around it. */
#pragma once

#include <glib.h>

typedef struct {
  char *uri;
  char *password;
  char *spelt; /* the password as it stands in the URI */
} Secret;

/* @server: (nullable): a socket's folder or file, where a server listens. */
void secret_make (Secret *secret, GRand *rand, const char *pgsql, const char *mysql);
void secret_clear (Secret *secret);
/* What @text shows of the password, six characters or more, raw or percent-encoded; NULL: nothing. Free with g_free(). */
char *secret_find (const Secret *secret, const char *text);
