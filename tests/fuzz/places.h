/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* The places of a statement that a string of the caller's can come to. */
#pragma once

#include <corm/sys/driver.h>

typedef struct {
  const char *name;
  const char *harmless; /* a string that it takes; NULL: it refuses all */
  gboolean is_name;     /* an identifier: bare where it is plain, else quoted */
  /* Appends the statement that @string makes; FALSE where it is refused. */
  gboolean (*render) (GString *sql, const CormDialect *dialect, const char *string, GError **error);
} Place;

extern const Place places[];
extern const guint n_places;
