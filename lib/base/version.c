/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* The version that this library was compiled as. */
#include <corm/version.h>

const char *
corm_version_string (void)
{
  return CORM_VERSION_STRING;
}
