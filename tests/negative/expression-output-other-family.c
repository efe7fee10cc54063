/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* refused: incompatible type for argument|passing .* to parameter of incompatible type */
/* An output of a text into a member for a number. */
#include "job.h"

CormOutput expression (void);

CormOutput
expression (void)
{
#ifdef MENDED
  return (CormOutput) CORM_OUTPUT (Job, priority, CORM_COL (Job, id));
#else
  return (CormOutput) CORM_OUTPUT (Job, priority, CORM_COL (Job, name));
#endif
}
