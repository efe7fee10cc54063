/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* How a function of a program stands in front of GLib's of the same name, as tsan-locks.c and tsan-containers.c need it. */
#pragma once

#include <dlfcn.h>

#include <glib.h>

/* Seen by the libraries too. */
#define TSAN_PUBLIC __attribute__ ((visibility ("default")))

/* GLib's own function, looked up at the first call; two threads may look at once and find the same. */
#define TSAN_REAL(name) \
  ({ \
    static gpointer real_function; \
    (__typeof__ (&(name))) tsan_real (&real_function, #name); \
  })

static inline gpointer
tsan_real (gpointer *place, const char *name)
{
  gpointer real = __atomic_load_n (place, __ATOMIC_RELAXED);
  if (real == NULL) {
    real = dlsym (RTLD_NEXT, name);
    __atomic_store_n (place, real, __ATOMIC_RELAXED);
  }
  return real;
}
