/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* The mapping file of a port: types and conversions that a person has chosen. YAML:
 *
 *   types:                       # by the declared type, in every table
 *     money: decimal(12,2)
 *   tables:
 *     jobs:                      # a name or a glob; the first entry that says something about a column counts
 *       types:
 *         datetime: timestamp
 *       name: job_list           # of the table in the target
 *       columns:
 *         started: { type: timestamp, convert: unix-seconds }
 *         code: varchar(20)      # a type alone */
#pragma once

#include <corm/sys/driver.h>

typedef struct {
  char *table;    /* glob; NULL: all */
  char *column;   /* glob; NULL: goes by @declared */
  char *declared; /* in small letters */
  gboolean has_type;
  CormSqlType type;
  guint conversion; /* CormConversion */
  guint line;
  gboolean is_used;
} CormPortRule;

/* The name that a table, or a column of it, is to have in the target. */
typedef struct {
  char *table, *column; /* column NULL: the table itself */
  char *name;
  guint line;
  gboolean is_used;
} CormPortName;

typedef struct {
  char *path;
  GPtrArray *names; /* CormPortName */
  GPtrArray *rules; /* CormPortRule: columns before types, of a table before those of all */
} CormPortMapping;

/* Errors: NOT_FOUND, INVALID (with the line). */
CormPortMapping *corm_port_mapping_load (const char *path, GError **error);
/* NULL: nothing is said about it. */
const CormPortRule *corm_port_mapping_find (CormPortMapping *mapping, const char *table, const char *column,
                                            const char *declared);
/* The name that is given; NULL: none. @column NULL: the table's own. */
const char *corm_port_mapping_find_name (CormPortMapping *mapping, const char *table, const char *column);
/* A rule that nothing has asked for is a slip of the pen. Errors: INVALID. */
gboolean corm_port_mapping_check_used (const CormPortMapping *mapping, GError **error);
void corm_port_mapping_free (CormPortMapping *mapping);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CormPortMapping, corm_port_mapping_free)
