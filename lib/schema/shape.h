/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* What each part of a schema consists of, as tables: whoever writes, reads, copies or compares all of a part walks them. */
#pragma once

#include <glib.h>

typedef enum {
  CORM_SHAPE_TEXT,
  CORM_SHAPE_FLAG,
  CORM_SHAPE_NUMBER,
  CORM_SHAPE_NAMES,
  CORM_SHAPE_WORD,
  CORM_SHAPE_TYPE,
  CORM_SHAPE_PART,
  CORM_SHAPE_PARTS,
} CormShapeKind;

typedef struct _CormShape CormShape;
typedef struct {
  const char *name;
  CormShapeKind kind;
  gsize offset;
  const char *const *words;         /* WORD: the names of an enum's values */
  const CormShape *shape;           /* PART, PARTS: of what is in there */
  gpointer (*add) (gpointer owner); /* PART, PARTS: appends an empty one */
  gboolean required;                /* TEXT, NAMES: a part without it is none */
} CormShapeMember;

struct _CormShape {
  const CormShapeMember *members;
  guint n_members;
};

extern const CormShape corm_shape_schema, corm_shape_table, corm_shape_column, corm_shape_object;

/* TEXT, NAMES, PART, PARTS; the others are numbers of an int's size. */
static inline gboolean
corm_shape_is_pointer (CormShapeKind kind)
{
  return kind == CORM_SHAPE_TEXT || kind == CORM_SHAPE_NAMES || kind >= CORM_SHAPE_PART;
}

/* Word for word, in the same order; both may be NULL. */
gboolean corm_shape_equal (const CormShape *shape, gconstpointer a, gconstpointer b);
/* All of @from to @to, an empty part. */
void corm_shape_copy (const CormShape *shape, gpointer to, gconstpointer from);
