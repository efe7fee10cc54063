/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* The neutral form of a value between a database and a file: what all formats have in common. */
#pragma once

#include <corm/schema.h>

typedef enum {
  CORM_FORM_NULL,
  CORM_FORM_BARE,   /* a number, true or false, as it is written */
  CORM_FORM_QUOTED, /* a text, or what is written as one */
  CORM_FORM_BYTES,  /* base64 that says so: bytes in a column that has no type */
  CORM_FORM_NESTED, /* read only: a JSON array or object, its text */
} CormFormKind;

typedef struct {
  CormFormKind kind;
  const char *text; /* NUL behind it */
  gsize size;
  guint64 line; /* in the file that it was read from */
} CormForm;

/* How a file's words are taken. */
typedef enum {
  CORM_WORDS_STRICT, /* a bare word or number is no text: JSON */
  CORM_WORDS_LOOSE,  /* it is one where the column wants a text: YAML, CSV */
} CormWords;

/* Room that forms and values borrow from until it is used again. */
typedef struct {
  GString *made;
  GString *text;
} CormRoom;

CormRoom *corm_room_new (void);
void corm_room_free (CormRoom *room);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CormRoom, corm_room_free)

/* A column that takes a value of any type, as SQLite's without a declared one: each keeps its own. */
static inline gboolean
corm_form_is_untyped (const CormTableColumn *column)
{
  return column->type.type == CORM_TYPE_NONE ||
         (column->type.type == CORM_TYPE_RAW && column->type_sql != NULL && *column->type_sql == '\0');
}

/* @value as @column's type has it, in its one form. Errors: CONVERSION, the reason alone. */
gboolean corm_form_from_value (const CormTableColumn *column, const CormValue *value, CormRoom *room,
                               CormForm *form, GError **error);
/* And back: a value that fits @column, by type, length, digits, labels and NULL. Errors: CONVERSION, NOT_NULL, the reason
 * alone. */
gboolean corm_form_to_value (const CormForm *form, const CormTableColumn *column, CormWords words,
                             CormRoom *room, CormValue *value, GError **error);
