/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/*
 * The version, at compile time and at run time. configure.ac reads CORM_VERSION_STRING from this file, so the number
 * is written down once.
 */
#pragma once

#include <corm/macros.h>

G_BEGIN_DECLS

#define CORM_VERSION_STRING "0.1.0"

/**
 * corm_version_string:
 *
 * Returns: (transfer none): the version of the library that the program runs with, such as "0.1.0". It differs from
 * CORM_VERSION_STRING when the program was compiled against another one.
 */
CORM_PUBLIC const char *corm_version_string (void);

G_END_DECLS
