/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* refused: incompatible type for argument|passing .* to parameter of incompatible type */
/* A column of numbers set to a text. */
#include "job.h"

CormSet expression (void);

CormSet
expression (void)
{
#ifdef MENDED
  return (CormSet) CORM_SET (Job, priority, 5);
#else
  return (CormSet) CORM_SET (Job, priority, "high");
#endif
}
