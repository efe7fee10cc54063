/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* A statement of one dialect as tokens, for those who read it by a grammar. */
#pragma once

#include <corm/sys/driver.h>

typedef enum {
  CORM_PORT_TOKEN_END,
  CORM_PORT_TOKEN_WORD,   /* a name or key word without quotes */
  CORM_PORT_TOKEN_NAME,   /* a name in quotes */
  CORM_PORT_TOKEN_STRING, /* a text in single quotes */
  CORM_PORT_TOKEN_NUMBER,
  CORM_PORT_TOKEN_SIGN,
  CORM_PORT_TOKEN_OTHER /* what no dialect shares: $tag$…$tag$ */
} CormPortTokenKind;

typedef struct {
  CormPortTokenKind kind;
  const char *at; /* in the statement */
  gsize size;
  char *text; /* names and strings without their quotes, "<>" for "!=", "=" for "==", else as it stands */
} CormPortToken;

/* CormPortToken, with a last one of END; without comments and blanks. @sql has to outlive it. Free with g_array_unref(). */
GArray *corm_port_tokens_split (const char *sql, const CormDialect *dialect);
/* The token is this key word, or this sign. */
gboolean corm_port_token_is (const CormPortToken *token, const char *word);
/* A name, whether in quotes or not. */
gboolean corm_port_token_is_name (const CormPortToken *token);
