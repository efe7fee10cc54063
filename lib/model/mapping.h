/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* What the registry derives once from a model: per column where its member is, what it is in the database, and how a
 * value goes from one to the other. Everything above reads mappings, never the raw CormColumn. */
#pragma once

#include "base/arena.h"

#include <corm/registry.h>

typedef struct {
  const CormColumn *column;
  const char *name;  /* of the column */
  gsize offset;      /* of the member; of the value in it for an optional one */
  gsize flag_offset; /* of is_set, for an optional one */
  gsize size;        /* of the whole member, which stands at column->offset */
  CormCType ctype;   /* without CORM_C_OPT */
  bool optional;     /* a CormOpt… member */
  bool nullable;     /* the column may be NULL */
  bool has_default;
  bool is_key;
  bool is_auto; /* the key that the database gives */
  bool is_made; /* the database gives it a value where it is not sent: a default, a key, and no role does */
  bool always_fits; /* whatever the member holds is a value of its column */
  guint n_labels;
  CormSqlType type;
} CormField;

typedef struct _CormPath CormPath;
enum { CORM_N_ROLES = CORM_ROLE_TENANT + 1 };

typedef struct {
  const CormModel *model;
  CormRegistry *registry; /* NULL: one made by corm_mapping_new() for itself */
  guint n_fields;
  CormField *fields;
  guint n_keys;
  guint *keys; /* indices of the primary key's fields */
  guint n_pointers;
  guint *pointers; /* indices of the fields whose member points to its value */
  guint n_checked;
  guint *checked;          /* indices of the fields that not every value of the member fits */
  int auto_key;            /* index of the key that the database gives, -1: none */
  gboolean is_association; /* the model is one that the registry made for a relation */
  CormPath *paths;         /* of the relations, in their order; NULL outside a registry */
  bool has_roles;
  int roles[CORM_N_ROLES]; /* index of the field with that role, -1: none */
} CormMapping;

/* The model whose table it reads: itself, or what it is an alias of. */
static inline const CormModel *
corm_model_resolve (const CormModel *model)
{
  while (model->alias_of != NULL)
    model = model->alias_of;
  return model;
}

/* NULL when no column has @role. */
static inline const CormField *
corm_mapping_find_role (const CormMapping *mapping, CormRole role)
{
  return mapping->roles[role] >= 0 ? &mapping->fields[mapping->roles[role]] : NULL;
}

/* A column that an insert always sends a value for, whatever the member holds. */
static inline gboolean
corm_field_is_stamped (const CormField *field)
{
  return field->column->role != CORM_ROLE_NONE && field->column->role != CORM_ROLE_DELETED_AT;
}

/* "id = '5'", for messages; free with g_free(). */
char *corm_mapping_describe_key (const CormMapping *mapping, gconstpointer row);

/* A mapping of its own, of a model, an alias or a shape, without a registry and its checks: for a query that meets its connection later. */
CormMapping *corm_mapping_new (const CormModel *model);
void corm_mapping_free (CormMapping *mapping);
/* What follows from a column alone. */
void corm_field_init (CormField *field, const CormColumn *column);
/* Bytes of one value of this C type in an array of plain values; 0: no such type. CORM_C_OPT is left out. */
gsize corm_ctype_size (CormCType ctype);

/* NULL when @model is not the registry's. */
const CormMapping *corm_registry_find_mapping (CormRegistry *registry, const CormModel *model);
const CormMapping *corm_registry_find_table (CormRegistry *registry, const char *table);
/* By the member's offset; NULL when no column is there. */
const CormField *corm_mapping_find_field (const CormMapping *mapping, gsize offset);
const CormField *corm_mapping_find_name (const CormMapping *mapping, const char *column);
const CormRelation *corm_mapping_find_relation (const CormMapping *mapping, gsize slot);
/* Whether no two rows have the same values in @fields: they hold the primary key, or are unique. */
gboolean corm_mapping_is_unique (const CormMapping *mapping, const CormField *const *fields, guint n);

/* The member's value, as the database takes it: an enum is its label. Borrows from @row.
 * Errors: CONVERSION (a label out of range, text that is not UTF-8, a decimal that does not fit), CHECK (longer than
 * max_length), NOT_NULL: each names table, column and value. */
gboolean corm_field_get (const CormMapping *mapping, const CormField *field, gconstpointer row,
                         CormValue *value, GError **error);
/* TRUE when the member holds NULL, or, where the database would give another value (a default, an automatic key),
 * the zero that means "not set" (see CormColumn). */
gboolean corm_field_is_unset (const CormField *field, gconstpointer row);

/* An insert leaves it to the database. */
static inline gboolean
corm_field_is_left_out (const CormField *field, gconstpointer row)
{
  return field->is_made && corm_field_is_unset (field, row);
}

/* A value of the database into the member; text and bytes are copied into @arena (NULL: textual members are left as
 * they are). Errors: CONVERSION (NULL for a member that can't say it, out of range, an unknown label, text with a NUL). */
gboolean corm_field_set (const CormMapping *mapping, const CormField *field, gpointer row,
                         const CormValue *value, CormArena *arena, GError **error);
/* A value of an expression (corm_value_int() of an enum, …) as the column's type: number to label and so on. */
gboolean corm_field_convert (const CormMapping *mapping, const CormField *field, const CormValue *from,
                             CormValue *to, GError **error);
/* Element @i of an array of the member's plain type (CORM_PLAIN), as the column's value. */
gboolean corm_field_get_element (const CormMapping *mapping, const CormField *field, gconstpointer array,
                                 gsize i, CormValue *value, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CormMapping, corm_mapping_free)
