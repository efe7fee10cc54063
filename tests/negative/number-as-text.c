/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* refused: incompatible integer to pointer conversion|makes pointer from integer without a cast */
/* The advice of corm.pc works at all: a number is no text. */
#include <corm/version.h>

const char *text (void);

const char *
text (void)
{
#ifdef MENDED
  return corm_version_string ();
#else
  return *corm_version_string ();
#endif
}
