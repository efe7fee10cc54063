/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* See names.h. Names are gone through in the order of their bytes, not in the schema's, which may change. Who can keep the
 * own name keeps it. */
#include "port/names.h"

#include "port/tables.h"

#include <string.h>

enum { HASH_DIGITS = 8 };

struct _CormNames {
  GHashTable *tables;  /* name in the source -> in the target; those that differ */
  GHashTable *columns; /* "table\037column" likewise */
};

char *
corm_names_shorten (const char *name, guint most, guint salt)
{
  g_autofree char *salted = salt > 0 ? g_strdup_printf ("%s\037%u", name, salt) : g_strdup (name);
  g_autofree char *hash = g_compute_checksum_for_string (G_CHECKSUM_SHA256, salted, -1);
  gsize size = MIN (strlen (name), most - HASH_DIGITS - 1);
  while (size > 0 && ((guint8) name[size] & 0xc0) == 0x80) /* never half a character */
    size--;
  hash[HASH_DIGITS] = '\0';
  return g_strdup_printf ("%.*s_%s", (int) size, name, hash);
}

static char *
column_key (const char *table, const char *column)
{
  return g_strconcat (table, "\037", column, NULL);
}

/* --- which names ------------------------------------------------------------------------------------------------- */

/* The tables, or the columns of one, that share a room in the target. */
typedef struct {
  GPtrArray *wanted; /* const char * */
  GHashTable *used;  /* as the target tells names apart */
  GHashTable *into;
  const char *table; /* NULL: the names are of tables */
  guint most;
  gboolean fold;
} Room;

static char *
fold (const Room *room, const char *name)
{
  return room->fold ? g_utf8_casefold (name, -1) : g_strdup (name);
}

/* FALSE: somebody has it. */
static gboolean
take (Room *room, const char *name, const char *as)
{
  g_autofree char *folded = fold (room, as);
  if (g_hash_table_contains (room->used, folded))
    return FALSE;
  g_hash_table_add (room->used, g_steal_pointer (&folded));
  if (strcmp (name, as) != 0)
    g_hash_table_insert (room->into, room->table != NULL ? column_key (room->table, name) : g_strdup (name),
                         g_strdup (as));
  return TRUE;
}

static int
by_bytes (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

static const char *
given_name (const Room *room, CormPortMapping *mapping, const char *name)
{
  return room->table != NULL ? corm_port_mapping_find_name (mapping, room->table, name)
                             : corm_port_mapping_find_name (mapping, name, NULL);
}

/* First what somebody has chosen, then those that can keep theirs, then the others. */
static void
settle (Room *room, CormPortMapping *mapping)
{
  g_autoptr (GPtrArray) left = g_ptr_array_new (), others = g_ptr_array_new ();
  g_ptr_array_sort (room->wanted, by_bytes);
  for (guint i = 0; i < room->wanted->len; i++) {
    const char *name = g_ptr_array_index (room->wanted, i), *given = given_name (room, mapping, name);
    if (given == NULL || !take (room, name, given))
      g_ptr_array_add (left, (gpointer) name);
  }
  for (guint i = 0; i < left->len; i++) {
    const char *name = g_ptr_array_index (left, i);
    gboolean fits = room->most == 0 || strlen (name) <= room->most;
    if (!fits || !take (room, name, name))
      g_ptr_array_add (others, (gpointer) name);
  }
  for (guint i = 0; i < others->len; i++) {
    const char *name = g_ptr_array_index (others, i);
    guint salt = 0;
    g_autofree char *shorter = NULL;
    do {
      g_free (shorter);
      shorter = corm_names_shorten (name, room->most > 0 ? room->most : 63, salt);
    } while (!take (room, name, shorter) && ++salt < 1000);
  }
}

static void
settle_columns (CormNames *names, const CormTable *table, const CormDialect *to, gboolean same,
                CormPortMapping *mapping)
{
  g_autoptr (GPtrArray) wanted = g_ptr_array_new ();
  g_autoptr (GHashTable) used = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  for (guint c = 0; c < table->columns->len; c++)
    g_ptr_array_add (wanted, ((const CormTableColumn *) g_ptr_array_index (table->columns, c))->name);
  Room room = { wanted,
                used,
                names->columns,
                table->name,
                same ? 0 : to->max_identifier,
                !same && (to->names_fold || to->columns_fold) };
  settle (&room, mapping);
}

CormNames *
corm_names_new (const CormSchema *source, const CormDialect *to, CormPortMapping *mapping)
{
  CormNames *names = g_new0 (CormNames, 1);
  gboolean same = g_strcmp0 (source->dialect, to->name) == 0;
  names->tables = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  names->columns = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  g_autoptr (GPtrArray) wanted = g_ptr_array_new ();
  g_autoptr (GHashTable) used = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  for (guint i = 0; i < source->tables->len; i++) {
    const CormTable *table = g_ptr_array_index (source->tables, i);
    g_ptr_array_add (wanted, table->name);
    settle_columns (names, table, to, same, mapping);
  }
  Room room = { wanted, used, names->tables, NULL, same ? 0 : to->max_identifier, !same && to->names_fold };
  settle (&room, mapping);
  return names;
}

void
corm_names_free (CormNames *names)
{
  g_hash_table_unref (names->tables);
  g_hash_table_unref (names->columns);
  g_free (names);
}

/* --- questions --------------------------------------------------------------------------------------------------- */

const char *
corm_names_table (const CormNames *names, const char *table)
{
  const char *other = names != NULL ? g_hash_table_lookup (names->tables, table) : NULL;
  return other != NULL ? other : table;
}

const char *
corm_names_column (const CormNames *names, const char *table, const char *column)
{
  g_autofree char *key = column_key (table, column);
  const char *other = names != NULL ? g_hash_table_lookup (names->columns, key) : NULL;
  return other != NULL ? other : column;
}

GStrv
corm_names_columns (const CormNames *names, const char *table, const char *const *columns)
{
  guint n = columns != NULL ? g_strv_length ((char **) columns) : 0;
  GStrv others = g_new0 (char *, n + 1);
  for (guint i = 0; i < n; i++)
    others[i] = g_strdup (corm_names_column (names, table, columns[i]));
  return columns != NULL ? others : (g_free (others), NULL);
}

static void
mark_columns (const CormNames *names, const CormTable *table, const CormTable *target)
{
  for (guint c = 0; c < table->columns->len; c++) {
    const char *name = ((const CormTableColumn *) g_ptr_array_index (table->columns, c))->name;
    const char *other = corm_names_column (names, table->name, name);
    CormTableColumn *column =
        other != name ? (CormTableColumn *) corm_pair_find_column (target, other) : NULL;
    if (column != NULL && column->was == NULL)
      column->was = g_strdup (name);
  }
}

void
corm_names_mark (const CormNames *names, const CormSchema *source, CormSchema *target)
{
  for (guint i = 0; i < source->tables->len; i++) {
    const CormTable *table = g_ptr_array_index (source->tables, i);
    const char *other = corm_names_table (names, table->name);
    CormTable *there = (CormTable *) corm_find_table_any_case (target, other);
    if (there == NULL)
      continue;
    if (other != table->name && there->was == NULL)
      there->was = g_strdup (table->name);
    mark_columns (names, table, there);
  }
}

void
corm_names_tell (const CormNames *names, const CormSchema *source, const char *globs, GPtrArray *notes)
{
  for (guint i = 0; i < source->tables->len; i++) {
    const CormTable *table = g_ptr_array_index (source->tables, i);
    const char *other = corm_names_table (names, table->name);
    if (!corm_globs_match (globs, table->name))
      continue;
    if (other != table->name)
      g_ptr_array_add (notes, g_strdup_printf ("table %s: it is %s in the target", table->name, other));
    for (guint c = 0; c < table->columns->len; c++) {
      const char *name = ((const CormTableColumn *) g_ptr_array_index (table->columns, c))->name;
      const char *column = corm_names_column (names, table->name, name);
      if (column != name)
        g_ptr_array_add (notes,
                         g_strdup_printf ("column %s.%s: it is %s in the target", table->name, name, column));
    }
  }
}
