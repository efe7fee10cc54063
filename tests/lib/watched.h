/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Whether what a process weighs is its own: a sanitizer keeps what was freed, and valgrind (make memcheck) has a heap, and
 * long doubles, of its own. */
#pragma once

#include <glib.h>

static inline gboolean
runs_under_valgrind (void)
{
  return g_getenv ("CORM_TEST_WRAPPER") != NULL;
}

static inline gboolean
has_own_memory (void)
{
#ifdef CORM_SANITIZED
  return FALSE;
#else
  return !runs_under_valgrind ();
#endif
}
