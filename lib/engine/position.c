/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* A few traces per thread, in its own storage: no lock, and a statement costs no more than finding them. */
#include "engine/position.h"

typedef struct {
  guint traces;
  gint64 touched; /* µs, monotonic; 0: position is right */
  char *position;
} Trail;

static void
free_trails (gpointer data)
{
  g_array_unref (data);
}

static void
clear_trail (gpointer data)
{
  g_free (((Trail *) data)->position);
}

static GPrivate private_trails = G_PRIVATE_INIT (free_trails);

guint
corm_position_new_traces (void)
{
  static gint last;
  return (guint) g_atomic_int_add (&last, 1) + 1;
}

static Trail *
find (guint traces)
{
  GArray *trails = g_private_get (&private_trails);
  for (guint i = 0; trails != NULL && i < trails->len; i++) {
    Trail *trail = &g_array_index (trails, Trail, i);
    if (trail->traces == traces)
      return trail;
  }
  return NULL;
}

static Trail *
find_or_add (guint traces)
{
  Trail *trail = find (traces);
  if (G_LIKELY (trail != NULL))
    return trail;
  GArray *trails = g_private_get (&private_trails);
  if (trails == NULL) {
    trails = g_array_new (FALSE, TRUE, sizeof (Trail));
    g_array_set_clear_func (trails, clear_trail);
    g_private_set (&private_trails, trails);
  }
  Trail added = { .traces = traces };
  g_array_append_val (trails, added);
  return &g_array_index (trails, Trail, trails->len - 1);
}

void
corm_position_touch (guint traces)
{
  find_or_add (traces)->touched = g_get_monotonic_time ();
}

gint64
corm_position_get_touch (guint traces)
{
  const Trail *trail = find (traces);
  return trail != NULL ? trail->touched : 0;
}

const char *
corm_position_get (guint traces)
{
  const Trail *trail = find (traces);
  return trail != NULL ? trail->position : NULL;
}

void
corm_position_set (guint traces, char *position)
{
  Trail *trail = find_or_add (traces);
  g_free (trail->position);
  trail->position = position;
  trail->touched = 0;
}

void
corm_position_forget (guint traces)
{
  GArray *trails = g_private_get (&private_trails);
  for (guint i = 0; trails != NULL && i < trails->len; i++)
    if (g_array_index (trails, Trail, i).traces == traces) {
      g_array_remove_index_fast (trails, i);
      return;
    }
}
