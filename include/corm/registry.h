/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* The models of a program, checked each alone and all together. */
#pragma once

#include <corm/model.h>

G_BEGIN_DECLS

/**
 * corm_registry_new: (constructor)
 * @error: where to put an error
 * @...: the models, ended by NULL
 *
 * Checks the models, each alone and all together, and keeps what the other floors derive from them. The models
 * must outlive the registry. Errors: CORM_ERROR_SCHEMA, one line per fault, each naming model, member and mend.
 */
CORM_PUBLIC CormRegistry *corm_registry_new (GError **error, ...) G_GNUC_NULL_TERMINATED CORM_MUST_USE;
/* The same from an array that ends with NULL, as `corm_models` of a models library. */
CORM_PUBLIC CormRegistry *corm_registry_new_array (const CormModel *const *models,
                                                   GError **error) CORM_MUST_USE;
CORM_PUBLIC CormRegistry *corm_registry_ref (CormRegistry *registry);
CORM_PUBLIC void corm_registry_free (CormRegistry *registry); /* drops one reference */
/* The models, referenced ones first; ended by NULL; borrowed. */
CORM_PUBLIC const CormModel *const *corm_registry_get_models (CormRegistry *registry);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CormRegistry, corm_registry_free)

G_END_DECLS
