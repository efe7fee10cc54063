/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* What a part of a table has beside its name, columns and expression. Between equal dialects it is kept; into another what
 * changes the meaning of the part is listed as not moved, and what is about storage is left. */
#pragma once

#include <corm/schema.h>
#include <corm/sys/driver.h>

typedef struct {
  gboolean same; /* one dialect on both sides */
  const CormDialect *target;
  GPtrArray *not_moved; /* char * */
} CormDetails;

void corm_details_table (const CormDetails *details, const CormTable *from, CormTable *to);
/* Whether @column, which numbers itself, can do so in the target too. */
gboolean corm_details_can_number (const CormDetails *details, const CormTable *table,
                                  const CormTableColumn *column);
void corm_details_column (const CormDetails *details, const CormTable *table, const CormTableColumn *from,
                          CormTableColumn *to);
/* @what: "primary key" or "unique key". */
void corm_details_key (const CormDetails *details, const CormTable *table, const char *what,
                       const CormKey *from, CormKey *to);
void corm_details_check (const CormDetails *details, const CormTable *table, const CormCheck *from,
                         CormCheck *to);
/* But the columns that an action sets: the caller knows their names. */
void corm_details_foreign_key (const CormDetails *details, const CormTable *table, const CormForeignKey *from,
                               CormForeignKey *to);
/* FALSE: the index is of a kind that the target's indexes are not; it is listed. */
gboolean corm_details_can_index (const CormDetails *details, const CormTable *table,
                                 const CormTableIndex *from);
/* But the columns that it carries along. @to has as many parts as @from. */
void corm_details_index (const CormDetails *details, const CormTable *table, const CormTableIndex *from,
                         CormTableIndex *to);
