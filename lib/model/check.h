/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* The registry's checks, a file each. Every one adds sentences and goes on, whatever state the model is in. */
#pragma once

#include "model/faults.h"
#include "model/mapping.h"

/* model.c: the table, its columns and its primary key. */
void corm_check_model (CormFaults *faults, const CormMapping *mapping);
/* layout.c: columns and relations claim every byte of the struct but padding, and each only once. */
void corm_check_layout (CormFaults *faults, const CormMapping *mapping);
/* role.c: columns that Corm keeps by itself. */
void corm_check_roles (CormFaults *faults, const CormMapping *mapping);
/* parts.c: indexes, constraints and checks. */
void corm_check_parts (CormFaults *faults, const CormMapping *mapping);
/* reference.c: what foreign keys point to. */
void corm_check_references (CormFaults *faults, CormRegistry *registry, const CormMapping *mapping);
/* relation.c: what relations hold; fills in the paths of @mapping. */
void corm_resolve_relations (CormFaults *faults, CormRegistry *registry, CormMapping *mapping);
/* unique-names.c: names that share one space in a database. */
void corm_check_unique_names (CormFaults *faults, const GPtrArray *mappings);
/* order.c: the mappings again, referenced ones first. */
GPtrArray *corm_order_mappings (CormFaults *faults, CormRegistry *registry, const GPtrArray *mappings);

typedef void (*CormReferenceFunc) (const CormMapping *from, const char *const *columns, const char *reference,
                                   gpointer data);
/* Calls @func for every foreign key of @mapping, those of constraints too. @reference as written. */
void corm_mapping_foreach_reference (const CormMapping *mapping, CormReferenceFunc func, gpointer data);
