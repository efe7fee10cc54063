/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* The migrations of the program, and what stops one of them. */
#pragma once

#include <corm/corm.h>

/* The migrations of the program. 003 is refused where rows point to no row; @registry, its models, outlives the set. */
CormMigrations *pix_migrations_open (CormRegistry *registry, GError **error);
