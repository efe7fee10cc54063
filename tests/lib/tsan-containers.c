/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Tells ThreadSanitizer which functions of GLib and libdbi read and write a container. GLib is built without the sanitizer, so two
 * threads that add to one hash table without a lock would go unseen. The functions here stand in front of GLib's, as
 * those of tsan-locks.c do; a container counts as read or written where its struct begins, with the pointer to its
 * elements and their number, which is what the macros of GLib's headers read too. Lines are added as the library needs them. */
#include "tsan.h"

/* What the compiler itself calls in front of each access to memory. */
void __tsan_read16 (void *address);
void __tsan_write16 (void *address);

/* Result name parameters, which hands the arguments to the real one. */
#define READS(Result, name, container, parameters, arguments) \
  TSAN_PUBLIC Result (name) parameters \
  { \
    __tsan_read16 (container); \
    return TSAN_REAL (name) arguments; \
  }
#define WRITES(Result, name, container, parameters, arguments) \
  TSAN_PUBLIC Result (name) parameters \
  { \
    __tsan_write16 (container); \
    return TSAN_REAL (name) arguments; \
  }

READS (gpointer, g_hash_table_lookup, table, (GHashTable * table, gconstpointer key), (table, key))
READS (gboolean, g_hash_table_contains, table, (GHashTable * table, gconstpointer key), (table, key))
READS (guint, g_hash_table_size, table, (GHashTable * table), (table))
READS (GList *, g_hash_table_get_keys, table, (GHashTable * table), (table))
READS (gpointer, g_hash_table_find, table, (GHashTable * table, GHRFunc func, gpointer data),
       (table, func, data))
READS (gboolean, g_hash_table_lookup_extended, table,
       (GHashTable * table, gconstpointer key, gpointer *found, gpointer *value), (table, key, found, value))
READS (void, g_hash_table_iter_init, table, (GHashTableIter * iter, GHashTable *table), (iter, table))
WRITES (gboolean, g_hash_table_insert, table, (GHashTable * table, gpointer key, gpointer value),
        (table, key, value))
WRITES (gboolean, g_hash_table_replace, table, (GHashTable * table, gpointer key, gpointer value),
        (table, key, value))
WRITES (gboolean, g_hash_table_add, table, (GHashTable * table, gpointer key), (table, key))
WRITES (gboolean, g_hash_table_remove, table, (GHashTable * table, gconstpointer key), (table, key))
WRITES (void, g_hash_table_remove_all, table, (GHashTable * table), (table))
WRITES (gboolean, g_hash_table_steal_extended, table,
        (GHashTable * table, gconstpointer key, gpointer *stolen, gpointer *value),
        (table, key, stolen, value))

READS (gboolean, g_ptr_array_find, array, (GPtrArray * array, gconstpointer element, guint *place),
       (array, element, place))
READS (gboolean, g_ptr_array_find_with_equal_func, array,
       (GPtrArray * array, gconstpointer element, GEqualFunc equal, guint *place),
       (array, element, equal, place))
WRITES (void, g_ptr_array_add, array, (GPtrArray * array, gpointer element), (array, element))
WRITES (void, g_ptr_array_insert, array, (GPtrArray * array, gint place, gpointer element),
        (array, place, element))
WRITES (void, g_ptr_array_set_size, array, (GPtrArray * array, gint length), (array, length))
WRITES (void, g_ptr_array_sort, array, (GPtrArray * array, GCompareFunc compare), (array, compare))
WRITES (void, g_ptr_array_sort_with_data, array, (GPtrArray * array, GCompareDataFunc compare, gpointer data),
        (array, compare, data))
WRITES (gboolean, g_ptr_array_remove, array, (GPtrArray * array, gpointer element), (array, element))
WRITES (gboolean, g_ptr_array_remove_fast, array, (GPtrArray * array, gpointer element), (array, element))
WRITES (gpointer, g_ptr_array_remove_index, array, (GPtrArray * array, guint place), (array, place))
WRITES (gpointer, g_ptr_array_remove_index_fast, array, (GPtrArray * array, guint place), (array, place))
WRITES (GPtrArray *, g_ptr_array_remove_range, array, (GPtrArray * array, guint from, guint length),
        (array, from, length))
WRITES (gpointer, g_ptr_array_steal_index, array, (GPtrArray * array, guint place), (array, place))
WRITES (gpointer, g_ptr_array_steal_index_fast, array, (GPtrArray * array, guint place), (array, place))
WRITES (gpointer *, g_ptr_array_steal, array, (GPtrArray * array, gsize *length), (array, length))

WRITES (GArray *, g_array_append_vals, array, (GArray * array, gconstpointer elements, guint length),
        (array, elements, length))
WRITES (GArray *, g_array_insert_vals, array,
        (GArray * array, guint place, gconstpointer elements, guint length), (array, place, elements, length))
WRITES (GArray *, g_array_set_size, array, (GArray * array, guint length), (array, length))
WRITES (GArray *, g_array_remove_index_fast, array, (GArray * array, guint place), (array, place))
WRITES (void, g_array_sort, array, (GArray * array, GCompareFunc compare), (array, compare))
WRITES (GByteArray *, g_byte_array_append, array, (GByteArray * array, const guint8 *bytes, guint length),
        (array, bytes, length))

WRITES (void, g_queue_push_head, queue, (GQueue * queue, gpointer element), (queue, element))
WRITES (void, g_queue_push_head_link, queue, (GQueue * queue, GList *link), (queue, link))
WRITES (void, g_queue_push_tail, queue, (GQueue * queue, gpointer element), (queue, element))
WRITES (void, g_queue_unlink, queue, (GQueue * queue, GList *link), (queue, link))
WRITES (gboolean, g_queue_remove, queue, (GQueue * queue, gconstpointer element), (queue, element))
WRITES (gpointer, g_queue_pop_head, queue, (GQueue * queue), (queue))

WRITES (GString *, g_string_append, string, (GString * string, const char *text), (string, text))
WRITES (GString *, g_string_append_len, string, (GString * string, const char *text, gssize length),
        (string, text, length))
WRITES (GString *, g_string_assign, string, (GString * string, const char *text), (string, text))
WRITES (GString *, g_string_erase, string, (GString * string, gssize place, gssize length),
        (string, place, length))
WRITES (GString *, g_string_set_size, string, (GString * string, gsize length), (string, length))
WRITES (GString *, g_string_truncate, string, (GString * string, gsize length), (string, length))

/* libdbi keeps the connections of all in one list, without a lock of its own. */
static guint64 libdbi[2];
gpointer dbi_conn_new_r (const char *name, gpointer instance);
int dbi_conn_connect (gpointer conn);
void dbi_conn_close (gpointer conn);
WRITES (gpointer, dbi_conn_new_r, libdbi, (const char *name, gpointer instance), (name, instance))
WRITES (int, dbi_conn_connect, libdbi, (gpointer conn), (conn))
WRITES (void, dbi_conn_close, libdbi, (gpointer conn), (conn))
