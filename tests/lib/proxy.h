/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* A proxy between Corm and a server's Unix socket, which breaks a connection at the COMMIT that it is told to. */
#pragma once

#include <glib.h>

typedef enum {
  PROXY_PASS,
  PROXY_CUT_BEFORE_COMMIT,   /* the server never sees it */
  PROXY_CUT_BEHIND_COMMIT,   /* the server ran it; its answer is swallowed */
  PROXY_CUT_AND_COMMIT_LATE, /* the client is cut, and the server gets it half a second later */
} ProxyFault;

typedef struct _Proxy Proxy;

/* For the server of @uri; NULL when that is not reached by a Unix socket. */
Proxy *proxy_new (const char *uri);
/* The same database, by way of the proxy; borrowed. */
const char *proxy_get_uri (const Proxy *proxy);
/* What happens to the next COMMIT, once; then all pass. */
void proxy_arm (Proxy *proxy, ProxyFault fault);
/* From the next cut at a COMMIT on connections are refused for @ms; G_MAXUINT: for good. */
void proxy_refuse (Proxy *proxy, guint ms);
/* Cuts all connections that are open. */
void proxy_cut (Proxy *proxy);
void proxy_free (Proxy *proxy);
