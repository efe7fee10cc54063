/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* The corm command as a function, so that a program can offer the same verbs for its own models. */
#pragma once

#include <corm/migrations.h>
#include <corm/model.h>

G_BEGIN_DECLS

/**
 * corm_main:
 * @registry: (nullable): the program's models; they stand for `models:` without a file in a SCHEMA
 * @migrations: (nullable): the program's migrations; they stand for --dir where it is left out
 *
 * Runs the verb in @argv, "inspect", "migrate", "upgrade", with its options; "--help" lists them. Passwords of URIs in the
 * process's own arguments are overwritten where they stand, so that the list of processes does not show them.
 *
 * Returns: the exit status: 0 done, 1 a check found a difference or something pending, 2 usage, 3 failed
 */
CORM_PUBLIC int corm_main (int argc, char **argv, CormRegistry *registry, CormMigrations *migrations);

G_END_DECLS
