/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* What relations hold: rows of a model of the registry, reached over a foreign key that points the right way. What is
 * found is kept as the relation's path, what is not becomes a sentence. */
#include "model/check.h"
#include "model/list.h"
#include "model/path.h"

#include <string.h>

typedef struct {
  CormFaults *faults;
  CormRegistry *registry;
  const CormModel *model;
  const CormRelation *relation;
  CormPath *path;
} Resolve;

/* A foreign key that is looked for: over @fields, to @to. */
typedef struct {
  const CormField *const *fields;
  guint n;
  const CormMapping *to;
  const CormField **targets; /* what @fields reference */
  gboolean found;
  CormAction on_delete;
  char *elsewhere; /* another table that they reference */
} Search;

static int
index_of (const char *const *names, const char *name)
{
  for (int i = 0; names[i] != NULL; i++)
    if (strcmp (names[i], name) == 0)
      return i;
  return -1;
}

static CormAction
find_action (const CormMapping *from, const char *const *columns, const char *reference)
{
  const CormField *field = corm_mapping_find_name (from, columns[0]);
  if (columns[1] == NULL && field != NULL && field->column->references == reference)
    return field->column->on_delete;
  for (gsize i = 0; i < from->model->n_constraints; i++)
    if (from->model->constraints[i].references == reference)
      return from->model->constraints[i].on_delete;
  return CORM_NO_ACTION;
}

/* The columns that the foreign key points to, in the order of the relation's. */
static gboolean
match_targets (Search *search, const char *const *columns, GStrv targets)
{
  if (g_strv_length ((GStrv) columns) != search->n || g_strv_length (targets) != search->n)
    return FALSE;
  for (guint i = 0; i < search->n; i++) {
    int at = index_of (columns, search->fields[i]->name);
    search->targets[i] = at >= 0 ? corm_mapping_find_name (search->to, targets[at]) : NULL;
    if (search->targets[i] == NULL)
      return FALSE;
  }
  return TRUE;
}

static void
match_reference (const CormMapping *from, const char *const *columns, const char *reference, gpointer data)
{
  Search *search = data;
  g_autofree char *table = NULL;
  g_auto (GStrv) targets = NULL;
  if (search->found || !corm_reference_parse (reference, &table, &targets))
    return;
  if (search->to->model->table != NULL && strcmp (table, search->to->model->table) == 0) {
    search->found = match_targets (search, columns, targets);
    search->on_delete = search->found ? find_action (from, columns, reference) : CORM_NO_ACTION;
  } else if (search->elsewhere == NULL && g_strv_length ((GStrv) columns) == search->n &&
             index_of (columns, search->fields[0]->name) >= 0) {
    search->elsewhere = g_steal_pointer (&table);
  }
}

/* "a" or "(a, b)". */
static char *
list_names (const CormField *const *fields, guint n)
{
  GString *names = g_string_new (n > 1 ? "(" : "");
  for (guint i = 0; i < n; i++)
    g_string_append_printf (names, "%s%s", i > 0 ? ", " : "", fields[i]->name);
  return g_string_free (g_string_append (names, n > 1 ? ")" : ""), FALSE);
}

static gboolean
find_members (Resolve *resolve, const CormMapping *mapping, const gsize *offsets, const CormField **fields,
              guint *n)
{
  for (*n = 0; *n < CORM_KEY_MAX && offsets[*n] != G_MAXSIZE; (*n)++) {
    fields[*n] = corm_mapping_find_field (mapping, offsets[*n]);
    if (fields[*n] != NULL)
      continue;
    corm_faults_add (resolve->faults, resolve->model,
                     "relation '%s' goes over a member%s%s that is no column; add a CORM_COLUMN for it",
                     resolve->relation->name, mapping->model != resolve->model ? " of " : "",
                     mapping->model != resolve->model ? mapping->model->type : "");
    return FALSE;
  }
  if (*n == 0)
    corm_faults_add (resolve->faults, resolve->model,
                     "relation '%s' has no key; name the members of the foreign key",
                     resolve->relation->name);
  return *n > 0;
}

static gboolean
find_columns (const CormMapping *mapping, const char *list, const CormField **fields, guint *n)
{
  const char *fault = NULL;
  g_autoptr (GPtrArray) names = corm_list_parse (list != NULL ? list : "", &fault);
  *n = 0;
  for (guint i = 0; names != NULL && i < MIN (names->len, CORM_KEY_MAX); i++) {
    fields[i] = corm_mapping_find_name (mapping, ((const CormListPart *) names->pdata[i])->sql);
    if (fields[i] == NULL)
      return FALSE;
    (*n)++;
  }
  return *n > 0;
}

static void
check_delete (Resolve *resolve, const CormMapping *from, const Search *search)
{
  static const char *const names[] = { "CORM_NO_ACTION", "CORM_RESTRICT", "CORM_CASCADE", "CORM_SET_NULL",
                                       "CORM_SET_DEFAULT" };
  CormAction wanted = resolve->relation->on_delete;
  if (wanted == CORM_NO_ACTION || wanted == search->on_delete || (guint) wanted >= G_N_ELEMENTS (names) ||
      (guint) search->on_delete >= G_N_ELEMENTS (names))
    return;
  g_autofree char *columns = list_names (search->fields, search->n);
  corm_faults_add (resolve->faults, resolve->model,
                   "relation '%s' has .on_delete = %s, but the foreign key %s.%s has %s; give both the same",
                   resolve->relation->name, names[wanted], from->model->table, columns,
                   names[search->on_delete]);
}

/* The foreign key over @fields of @from to @to; its other end goes to @targets. */
static gboolean
find_reference (Resolve *resolve, const CormMapping *from, const CormField *const *fields, guint n,
                const CormMapping *to, const CormField **targets)
{
  Search search = { fields, n, to, targets, FALSE, CORM_NO_ACTION, NULL };
  corm_mapping_foreach_reference (from, match_reference, &search);
  g_autofree char *elsewhere = search.elsewhere;
  if (search.found) {
    check_delete (resolve, from, &search);
    return TRUE;
  }
  g_autofree char *columns = list_names (fields, n);
  g_autofree char *there =
      elsewhere != NULL ? g_strdup_printf (", but the table %s", elsewhere) : g_strdup ("");
  corm_faults_add (
      resolve->faults, resolve->model,
      "relation '%s' goes over %s.%s, which %s not reference the table %s%s; give %s or name the right %s",
      resolve->relation->name, from->model->table, columns, n > 1 ? "do" : "does",
      to->model->table != NULL ? to->model->table : "", there,
      n > 1 ? "them a constraint with .references" : "that column .references", n > 1 ? "ones" : "one");
  return FALSE;
}

/* Without a foreign key a relation of belongs to goes to the primary key. */
static gboolean
take_primary_key (Resolve *resolve, const CormField *const *fields, guint n, const CormMapping *to,
                  const CormField **targets)
{
  if (to->n_keys != n) {
    corm_faults_add (
        resolve->faults, resolve->model,
        "relation '%s' goes over %u column%s, but the primary key of %s (%s) has %u; name as many members",
        resolve->relation->name, n, n == 1 ? "" : "s", to->model->type, to->model->table, to->n_keys);
    return FALSE;
  }
  for (guint i = 0; i < n; i++) {
    const CormField *primary = targets[i] = &to->fields[to->keys[i]];
    if (fields[i]->type.type == primary->type.type)
      continue;
    corm_faults_add (
        resolve->faults, resolve->model,
        "relation '%s' goes over column '%s' of type %s, but the primary key %s.%s is of type %s; give both "
        "members the same type",
        resolve->relation->name, fields[i]->name, corm_type_name (fields[i]->type.type), to->model->table,
        primary->name, corm_type_name (primary->type.type));
    return FALSE;
  }
  return TRUE;
}

static gboolean
has_reference (const CormMapping *from, const CormField *const *fields, guint n, const CormMapping *to)
{
  const CormField *targets[CORM_KEY_MAX];
  Search search = { fields, n, to, targets, FALSE, CORM_NO_ACTION, NULL };
  corm_mapping_foreach_reference (from, match_reference, &search);
  gboolean any = search.found || search.elsewhere != NULL;
  g_free (search.elsewhere);
  return any;
}

static gboolean
resolve_belongs_to (Resolve *resolve)
{
  CormPath *path = resolve->path;
  if (!find_members (resolve, path->owner, resolve->relation->keys, path->owner_fields, &path->n))
    return FALSE;
  if (resolve->relation->on_delete == CORM_NO_ACTION &&
      !has_reference (path->owner, path->owner_fields, path->n, path->target))
    return take_primary_key (resolve, path->owner_fields, path->n, path->target, path->near_fields);
  return find_reference (resolve, path->owner, path->owner_fields, path->n, path->target, path->near_fields);
}

static gboolean
resolve_has (Resolve *resolve)
{
  CormPath *path = resolve->path;
  if (!find_members (resolve, path->target, resolve->relation->keys, path->near_fields, &path->n) ||
      !find_reference (resolve, path->target, path->near_fields, path->n, path->owner, path->owner_fields))
    return FALSE;
  if (resolve->relation->kind == CORM_HAS_ONE_ROW &&
      !corm_mapping_is_unique (path->target, path->near_fields, path->n)) {
    g_autofree char *columns = list_names (path->near_fields, path->n);
    corm_faults_add (
        resolve->faults, resolve->model,
        "relation '%s' has one row over %s.%s, of which there may be more than one; make it .unique%s, or "
        "use CORM_HAS_MANY",
        resolve->relation->name, path->target->model->table, columns, path->n > 1 ? " by a constraint" : "");
  }
  return TRUE;
}

/* A pair stands in the association once at most. */
static void
check_pairs (Resolve *resolve)
{
  CormPath *path = resolve->path;
  const CormField *both[2 * CORM_KEY_MAX];
  memcpy (both, path->near_fields, path->n * sizeof both[0]);
  memcpy (both + path->n, path->far_fields, path->n_far * sizeof both[0]);
  if (corm_mapping_is_unique (path->through, both, path->n + path->n_far))
    return;
  g_autofree char *columns = list_names (both, path->n + path->n_far);
  corm_faults_add (resolve->faults, resolve->model,
                   "relation '%s' goes through %s (%s), where the same pair may stand twice; make %s its "
                   "primary key or a unique constraint",
                   resolve->relation->name, path->through->model->type, path->through->model->table, columns);
}

static gboolean
find_through (Resolve *resolve)
{
  const CormRelation *relation = resolve->relation;
  resolve->path->through =
      relation->through != NULL ? corm_registry_find_mapping (resolve->registry, relation->through)
      : relation->table != NULL ? corm_registry_find_table (resolve->registry, relation->table)
                                : NULL;
  const CormMapping *through = resolve->path->through;
  if (relation->through != NULL && through == NULL)
    corm_faults_add (resolve->faults, resolve->model,
                     "relation '%s' goes through model %s, which is not in the registry; register it too",
                     relation->name, relation->through->type);
  else if (relation->through == NULL && relation->table == NULL)
    corm_faults_add (
        resolve->faults, resolve->model,
        "relation '%s' is many to many over no table; use CORM_MANY_TO_MANY or CORM_MANY_THROUGH",
        relation->name);
  else if (relation->through == NULL && through != NULL && !through->is_association) {
    corm_faults_add (
        resolve->faults, resolve->model,
        "relation '%s' makes the table '%s', which model %s has; use CORM_MANY_THROUGH with that "
        "model, or another name",
        relation->name, relation->table, through->model->type);
    return FALSE;
  }
  return through != NULL;
}

static gboolean
resolve_many_to_many (Resolve *resolve)
{
  CormPath *path = resolve->path;
  const CormRelation *relation = resolve->relation;
  if (!find_through (resolve))
    return FALSE;
  if (relation->through != NULL) {
    if (!find_members (resolve, path->through, relation->keys, path->near_fields, &path->n) ||
        !find_members (resolve, path->through, relation->other_keys, path->far_fields, &path->n_far))
      return FALSE;
  } else if (!find_columns (path->through, relation->near_key, path->near_fields, &path->n) ||
             !find_columns (path->through, relation->far_key, path->far_fields, &path->n_far)) {
    corm_faults_add (
        resolve->faults, resolve->model,
        "relation '%s' and another one make the table '%s' with other columns; give both the same names",
        relation->name, relation->table);
    return FALSE;
  }
  if (!find_reference (resolve, path->through, path->near_fields, path->n, path->owner, path->owner_fields))
    return FALSE;
  Resolve far = *resolve;
  CormRelation plain = *relation; /* .on_delete is about the owner's side */
  plain.on_delete = CORM_NO_ACTION;
  far.relation = &plain;
  if (!find_reference (&far, path->through, path->far_fields, path->n_far, path->target, path->target_fields))
    return FALSE;
  check_pairs (resolve);
  return TRUE;
}

static gboolean
resolve_relation (Resolve *resolve)
{
  switch (resolve->relation->kind) {
  case CORM_BELONGS_TO_ONE:
    return resolve_belongs_to (resolve);
  case CORM_HAS_ONE_ROW:
  case CORM_HAS_MANY_ROWS:
    return resolve_has (resolve);
  case CORM_MANY_TO_MANY_ROWS:
    return resolve_many_to_many (resolve);
  }
  corm_faults_add (resolve->faults, resolve->model, "relation '%s' is of no kind; use one of the macros",
                   resolve->relation->name);
  return FALSE;
}

void
corm_resolve_relations (CormFaults *faults, CormRegistry *registry, CormMapping *mapping)
{
  const CormModel *model = mapping->model;
  mapping->paths = g_new0 (CormPath, model->n_relations);
  if (model->is_strict && model->n_relations > 64)
    corm_faults_add (faults, model, "it is CORM_STRICT with more than 64 relations; drop it or some of them");
  for (gsize i = 0; i < model->n_relations; i++) {
    const CormRelation *relation = &model->relations[i];
    const CormMapping *target =
        relation->target != NULL ? corm_registry_find_mapping (registry, relation->target) : NULL;
    if (target == NULL) {
      corm_faults_add (faults, model,
                       "relation '%s' holds rows of model %s, which is not in the registry; register it too",
                       relation->name,
                       relation->target != NULL && relation->target->type != NULL ? relation->target->type
                                                                                  : "(none)");
      continue;
    }
    CormPath path = { .relation = relation, .owner = mapping, .target = target };
    Resolve resolve = { faults, registry, model, relation, &path };
    if (resolve_relation (&resolve))
      mapping->paths[i] = path;
  }
}

const CormPath *
corm_mapping_find_path (const CormMapping *mapping, gsize slot)
{
  for (gsize i = 0; mapping->paths != NULL && i < mapping->model->n_relations; i++)
    if (mapping->model->relations[i].slot == slot)
      return &mapping->paths[i];
  return NULL;
}
