/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Every byte of the struct belongs to one column, one relation, or padding. A hole that padding cannot explain is a
 * member that somebody added to the struct and forgot in the model. */
#include "model/check.h"
#include "model/ctype.h"

typedef struct {
  gsize start;
  gsize size;
  gsize alignment;
  const char *name;
} Claim;

static int
compare_claims (gconstpointer a, gconstpointer b)
{
  const Claim *first = a, *second = b;
  return first->start < second->start ? -1 : first->start > second->start;
}

static GArray *
collect_claims (const CormMapping *mapping)
{
  const CormModel *model = mapping->model;
  GArray *claims = g_array_new (FALSE, FALSE, sizeof (Claim));
  for (guint i = 0; i < mapping->n_fields; i++) {
    const CormColumn *column = mapping->fields[i].column;
    const CormCTypeInfo *info = corm_ctype_get_info (column->ctype);
    if (info == NULL)
      continue;
    Claim claim = { column->offset, info->size, info->alignment,
                    column->member ? column->member : column->name };
    g_array_append_val (claims, claim);
  }
  for (gsize i = 0; i < model->n_relations; i++) {
    Claim claim = { model->relations[i].slot, sizeof (gpointer), G_ALIGNOF (gpointer),
                    model->relations[i].name };
    g_array_append_val (claims, claim);
  }
  if (model->is_strict) {
    Claim claim = { model->loaded, sizeof (CormLoaded), G_ALIGNOF (CormLoaded), "the CormLoaded" };
    g_array_append_val (claims, claim);
  }
  g_array_sort (claims, compare_claims);
  return claims;
}

static gsize
round_up (gsize offset, gsize alignment)
{
  return (offset + alignment - 1) / alignment * alignment;
}

static void
add_hole (CormFaults *faults, const CormModel *model, gsize start, gsize end, const char *before,
          const char *after)
{
  g_autofree char *place = before == NULL  ? g_strdup_printf ("before '%s'", after)
                           : after == NULL ? g_strdup_printf ("behind '%s'", before)
                                           : g_strdup_printf ("between '%s' and '%s'", before, after);
  corm_faults_add (faults, model,
                   "bytes %" G_GSIZE_FORMAT " to %" G_GSIZE_FORMAT
                   " of the struct, %s, belong to no column; add a "
                   "CORM_COLUMN or a relation for the member there, or take it out of the struct",
                   start, end - 1, place);
}

void
corm_check_layout (CormFaults *faults, const CormMapping *mapping)
{
  const CormModel *model = mapping->model;
  g_autoptr (GArray) claims = collect_claims (mapping);
  gsize end = 0, alignment = 1;
  const char *before = NULL;
  for (guint i = 0; i < claims->len; i++) {
    const Claim *claim = &g_array_index (claims, Claim, i);
    if (claim->start < end)
      corm_faults_add (faults, model, "'%s' and '%s' claim the same bytes of the struct; drop one of them",
                       before, claim->name);
    else if (claim->start != round_up (end, claim->alignment))
      add_hole (faults, model, end, claim->start, before, claim->name);
    end = MAX (end, claim->start + claim->size);
    alignment = MAX (alignment, claim->alignment);
    before = claim->name;
  }
  if (end > model->size)
    corm_faults_add (faults, model,
                     "'%s' lies outside the struct of %" G_GSIZE_FORMAT
                     " bytes; name the struct that it is a member of",
                     before, model->size);
  else if (before != NULL && model->size != round_up (end, alignment))
    add_hole (faults, model, end, model->size, before, NULL);
}
