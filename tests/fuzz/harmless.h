/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* The model that hostile strings are sent to, and the places that two files share out. */
#pragma once

#include "places.h"

#include <corm/corm.h>

typedef struct {
  gint64 id;
  const char *name;
  CormDecimal cost;
  CormBytes data;
  CormJson doc;
} Harmless;

static const CormColumn harmless_columns[] = {
  CORM_COLUMN (Harmless, id, .primary_key = true),
  CORM_COLUMN (Harmless, name),
  CORM_COLUMN (Harmless, cost),
  CORM_COLUMN (Harmless, data),
  CORM_COLUMN (Harmless, doc),
};
static const CormModel Harmless_model = CORM_MODEL (Harmless, "harmless", CORM_COLUMNS (harmless_columns));

/* places-query.c */
gboolean place_alias (GString *sql, const CormDialect *dialect, const char *string, GError **error);
gboolean place_output (GString *sql, const CormDialect *dialect, const char *string, GError **error);
gboolean place_shape (GString *sql, const CormDialect *dialect, const char *string, GError **error);
gboolean place_shape_column (GString *sql, const CormDialect *dialect, const char *string, GError **error);
gboolean place_token (GString *sql, const CormDialect *dialect, const char *string, GError **error);
gboolean place_set (GString *sql, const CormDialect *dialect, const char *string, GError **error);
gboolean place_having (GString *sql, const CormDialect *dialect, const char *string, GError **error);
