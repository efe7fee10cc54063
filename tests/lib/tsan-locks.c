/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Tells ThreadSanitizer what GLib's locks order. GMutex and GCond are futexes of GLib's own, which is built without the
 * sanitizer, so it would see none of them and take every variable under a GMutex for unguarded. The functions here stand
 * in front of GLib's in each program of an --enable-sanitize=thread build: they call the real one and say so.
 * GRecMutex, GRWLock, GPrivate and GThread are those of pthreads, which the sanitizer knows. */
#include "tsan.h"

#include <sanitizer/tsan_interface.h>

TSAN_PUBLIC void
g_mutex_lock (GMutex *mutex)
{
  __tsan_mutex_pre_lock (mutex, 0);
  TSAN_REAL (g_mutex_lock) (mutex);
  __tsan_mutex_post_lock (mutex, 0, 0);
}

TSAN_PUBLIC gboolean
g_mutex_trylock (GMutex *mutex)
{
  __tsan_mutex_pre_lock (mutex, __tsan_mutex_try_lock);
  gboolean got = TSAN_REAL (g_mutex_trylock) (mutex);
  __tsan_mutex_post_lock (
      mutex, got ? __tsan_mutex_try_lock : __tsan_mutex_try_lock | __tsan_mutex_try_lock_failed, 0);
  return got;
}

TSAN_PUBLIC void
g_mutex_unlock (GMutex *mutex)
{
  __tsan_mutex_pre_unlock (mutex, 0);
  TSAN_REAL (g_mutex_unlock) (mutex);
  __tsan_mutex_post_unlock (mutex, 0);
}

TSAN_PUBLIC void
g_mutex_clear (GMutex *mutex)
{
  TSAN_REAL (g_mutex_clear) (mutex);
  __tsan_mutex_destroy (mutex, 0);
}

/* What waits gives its mutex away and takes it again; a signal orders nothing that the mutex doesn't. */
TSAN_PUBLIC void
g_cond_wait (GCond *cond, GMutex *mutex)
{
  __tsan_mutex_pre_unlock (mutex, 0);
  __tsan_mutex_post_unlock (mutex, 0);
  TSAN_REAL (g_cond_wait) (cond, mutex);
  __tsan_mutex_pre_lock (mutex, 0);
  __tsan_mutex_post_lock (mutex, 0, 0);
}

TSAN_PUBLIC gboolean
g_cond_wait_until (GCond *cond, GMutex *mutex, gint64 end)
{
  __tsan_mutex_pre_unlock (mutex, 0);
  __tsan_mutex_post_unlock (mutex, 0);
  gboolean in_time = TSAN_REAL (g_cond_wait_until) (cond, mutex, end);
  __tsan_mutex_pre_lock (mutex, 0);
  __tsan_mutex_post_lock (mutex, 0, 0);
  return in_time;
}

/* The header's macro of the same name reads *@location first, which the sanitizer sees. */
TSAN_PUBLIC
gboolean (g_once_init_enter) (volatile void *location)
{
  gboolean first = TSAN_REAL (g_once_init_enter) (location);
  __tsan_acquire ((void *) location);
  return first;
}

TSAN_PUBLIC void (g_once_init_leave) (volatile void *location, gsize result)
{
  __tsan_release ((void *) location);
  TSAN_REAL (g_once_init_leave) (location, result);
}

/* Whoever frees does it behind all that others did with their references. */
TSAN_PUBLIC
gboolean (g_atomic_ref_count_dec) (gatomicrefcount *count)
{
  __tsan_release (count);
  gboolean last = TSAN_REAL (g_atomic_ref_count_dec) (count);
  if (last)
    __tsan_acquire (count);
  return last;
}

/* Of containers nobody learns whether a reference was the last: all that drop one are put in order. */
TSAN_PUBLIC void
g_hash_table_unref (GHashTable *table)
{
  __tsan_release (table);
  __tsan_acquire (table);
  TSAN_REAL (g_hash_table_unref) (table);
}

TSAN_PUBLIC void
g_ptr_array_unref (GPtrArray *array)
{
  __tsan_release (array);
  __tsan_acquire (array);
  TSAN_REAL (g_ptr_array_unref) (array);
}

/* What GLib finds out or makes at the first use, by means that nobody in front of it sees: done before there are threads. */
__attribute__ ((constructor)) static void
look_around (void)
{
  g_error_free (g_error_new_literal (G_FILE_ERROR, 0, ""));
  g_get_tmp_dir ();
  g_get_host_name ();
  g_get_user_name ();
  g_get_home_dir ();
  g_get_charset (NULL);
  g_get_filename_charsets (NULL);
}
