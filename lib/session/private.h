/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* What a session is made of, for the files of this folder only. */
#pragma once

#include "engine/watch.h"
#include "model/path.h"
#include "store/rows.h"

#include <corm/session.h>

typedef enum {
  CORM_ENTRY_NEW,
  CORM_ENTRY_KEPT,    /* in the database */
  CORM_ENTRY_DELETED, /* by the next flush */
  CORM_ENTRY_GONE,    /* deleted, or detached */
} CormEntryState;

typedef struct _CormEntry CormEntry;

/* @child's key columns have to equal those of @parent: a relation's slot says so. */
typedef struct {
  CormEntry *parent;
  guint n;
  const CormField *const *child_fields;
  const CormField *const *parent_fields;
  gboolean late; /* set behind the inserts, because the parent comes later */
} CormParentLink;

/* The memory of images that were made one after the other; it goes with the last of them. */
typedef struct _CormSheet CormSheet;

/* What the database has of a row: a struct of the model, with its text. */
typedef struct {
  CormSheet *sheet;
  gpointer row; /* NULL: the database has no such row */
  CormValue *key;
} CormImage;

/* A row of the session. Invariant: it is in by_row while it is not GONE, and in by_key or unkeyed as well while it has an image. */
struct _CormEntry {
  const CormMapping *mapping;
  gpointer row;
  /* Of the flush under way. It goes over all entries some ten times: what it asks for stands together. */
  GArray *links;    /* CormParentLink; NULL: none */
  guint64 *changed; /* a bit per field */
  gpointer saved;   /* the struct before the flush wrote into it */
  guint inserted : 1;
  guint orphaned : 1; /* to be deleted because its slot let it go, and not by the program */
  guint owned : 1;    /* the struct is the session's */
  guint expired : 1;
  guint
      touched : 1; /* since the transaction began: the first flush that touches it keeps what it was below */
  guint was_expired : 1;
  CormEntryState state : 8;
  const CormPath *claim; /* a has-one slot of claimant's took hold of it; NULL: none did */
  const CormEntry *claimant;
  CormImage image;
  CormEntryState was;
  guint64 known_at; /* when it came in by its key: a moment of watch.h; 0: it was added */
  guint64 read_at;  /* when the image was read; 0: never */
  guint64 was_read_at;
  CormImage before;
  gpointer bytes; /* of a row that was new then */
  gpointer room;  /* in the session's memory, for the first copy of a struct that came in new; else NULL */
};

typedef struct {
  CormHookPoint point;
  const CormModel *model;
  CormHook func;
  gpointer data;
} CormHookEntry;

struct _CormSession {
  CormConnection *conn;
  CormRegistry *registry;
  GPtrArray *entries;   /* CormEntry, in the order in which they came; owns them */
  GPtrArray *graveyard; /* those that are GONE; owns them */
  GHashTable *
      by_key; /* without those in unkeyed, until one is looked for by its key: most that are added never are */
  GPtrArray *unkeyed;
  GHashTable *by_row;
  GPtrArray *touched; /* since the transaction began */
  char *tenant;       /* of its rows, as text; NULL: not known yet */
  CormTransaction *transaction;
  CormWatch watch;            /* for what a transaction undoes behind its back */
  guint64 flushed, committed; /* the last flush, and the last that was committed: moments of watch.h */
  CormArena *arena; /* entries, text of keys that flowed and of merged rows, lists of related rows */
  CormSheet *sheet; /* for the next images; NULL: none yet */
  GPtrArray *
      retired; /* CormSheet, of images that others have taken the place of: their text may stand in other rows by now */
  GHashTable *flowed; /* texts of keys that flowed into rows */
  GArray *hooks;      /* CormHookEntry */
  gboolean busy;      /* in a flush */
  gpointer failed_row;
  const CormModel *failed_model;
};

/* --- session.c */

/* Where every call begins that a hook must not make. Errors: INVALID, within a flush, for a model of no registry, and when what the
 * session has written is undone. */
const CormMapping *corm_session_enter (CormSession *session, const CormModel *model, GError **error);

/* Errors: INVALID, when the connection has another tenant than when the first row came in. */
gboolean corm_session_check_tenant (CormSession *session, GError **error);

/* --- identity.c: which struct is which row */

/* Its own memory is the session's. */
void corm_entry_clear (gpointer data);
/* A copy of its struct, kept by entry->saved or entry->bytes. */
void corm_entry_forget (const CormEntry *entry, gpointer *copy);
/* NULL when the session does not have the row with the key of @key, or @row itself. */
CormEntry *corm_session_look_up (CormSession *session, const CormMapping *mapping, gconstpointer key);
CormEntry *corm_session_find_entry (CormSession *session, gconstpointer row);
CormEntry *corm_session_add_entry (CormSession *session, const CormMapping *mapping, gpointer row,
                                   gboolean owned, CormEntryState state);
/* Whether the row with its key is another entry's. */
gboolean corm_session_has_twin (CormSession *session, CormEntry *entry);
/* The database has this of the entry's row from now on; takes over @image. */
void corm_session_set_image (CormSession *session, CormEntry *entry, CormImage image);
/* GONE: no longer to be found, but its memory stays. */
void corm_session_bury (CormSession *session, CormEntry *entry);
/* The other way round. */
void corm_session_unbury (CormSession *session, CormEntry *entry);
/* Out of entries with those that are GONE. */
void corm_session_compact (CormSession *session);

/* --- image.c: rows as the database has them, and what differs */

CormImage corm_image_new (CormSession *session, const CormMapping *mapping, gconstpointer row);
void corm_image_clear (CormImage *image);
void corm_sheet_unref (CormSheet *sheet);
/* The same later, when no row that is still to be written can have taken its text: behind a flush or rollback. */
void corm_image_retire (CormSession *session, CormImage *image);
void corm_session_clear_retired (CormSession *session);
/* Which columns of the entry's row differ from its image: bits in @changed, which has a bit per field. A column that the
 * roles keep never does. */
gboolean corm_entry_compare (const CormEntry *entry, guint64 *changed);
/* Whether the next flush would write the entry's row: a column differs, or a slot holds another row. */
gboolean corm_entry_is_changed (const CormEntry *entry);
/* Errors: INVALID, when the key was changed. */
gboolean corm_entry_check_key (const CormEntry *entry, GError **error);
static inline guint
corm_mapping_n_words (const CormMapping *mapping)
{
  return (mapping->n_fields + 63) / 64;
}

/* --- load.c: rows from the store into the session */

/* The session's row for @loaded, which was just read, and with it those that its slots point to; NULL when it is to be deleted
 * (@error unset) or on an error. */
gpointer corm_session_take (CormSession *session, const CormMapping *mapping, gconstpointer loaded,
                            GError **error);
/* The entry's row as its image is. Text goes into the session's memory where the struct is the program's, which sees no
 * image come and go. */
void corm_session_take_image (CormSession *session, CormEntry *entry);
/* Whether the keys say what the slot of @path does: that @owner and @related belong together. */
gboolean corm_path_joins (const CormPath *path, gconstpointer owner, gconstpointer related);
/* Empties the slots of @row, one of @entry's, that no longer point to what the keys say: those of its own keys, and those of keys that
 * other rows have. */
void corm_session_clear_slots (CormSession *session, CormEntry *entry, gpointer row);
void corm_session_clear_one_slots (CormSession *session, const CormEntry *entry, gpointer row);
/* Empties has-one slots of @row that hold one of the structs @left; @is_all: all slots, lists too. */
void corm_session_leave_slots (const CormEntry *entry, gpointer row, GHashTable *left, gboolean is_all);
/* What the slots of the struct @from point to, into @to, of the same model. */
void corm_entry_copy_slots (const CormMapping *mapping, gconstpointer from, gpointer to);
/* Puts @loaded in place of what the entry's row holds. */
gboolean corm_session_reload (CormSession *session, CormEntry *entry, gconstpointer loaded, GError **error);

/* --- hook.c */

gboolean corm_session_call (CormSession *session, CormHookPoint point, const CormMapping *mapping,
                            gpointer row, GError **error);

/* --- transaction.c: what a rollback brings back */

/* Errors: INVALID, when a transaction of somebody else undid what the session has written. What it has only read it reads again. */
gboolean corm_session_check_undone (CormSession *session, GError **error);
/* Before the first change of @entry in this transaction. */
void corm_session_touch (CormSession *session, CormEntry *entry);
/* A rollback leaves @entry as it is. */
void corm_session_untouch (CormSession *session, CormEntry *entry);
