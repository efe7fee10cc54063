/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* An order-free hash over rows: 128 bits of each row's canonical text (XXH3), added up modulo 2^128. Two tables with
 * the same rows, each as often, have the same sum, in whatever order they come. */
#pragma once

#include <corm/value.h>

typedef struct {
  guint64 low, high;
  guint64 n_rows;
} CormHash;

/* Adds the row of @n cells to @hash; @scratch is room for its canonical text. */
void corm_hash_add (CormHash *hash, const CormValue *row, guint n, GString *scratch);
/* Key hashes in order, and looked up. */
int corm_hash_compare_keys (gconstpointer a, gconstpointer b);
void corm_hash_join (CormHash *hash, const CormHash *other);
/* Whether the cells at @keys (@n_keys positions) tell the row from others: there are some, and none is NULL, which SQLite lets many
 * keys be. */
gboolean corm_hash_has_key (const CormValue *row, const guint *keys, guint n_keys);
/* 64 bits of them, or of all @n cells where they do not. */
guint64 corm_hash_key (const CormValue *row, const guint *keys, guint n_keys, guint n, GString *scratch);
/* Big-endian. */
void corm_hash_get (const CormHash *hash, guint8 bytes[16]);
gboolean corm_hash_equal (const CormHash *a, const CormHash *b);
