/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Reading what the registry says about models. */
#pragma once

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <corm/error.h>
#include <corm/registry.h>
#include <corm/model.h>

static inline void
assert_faults_of (const CormModel *const *models, const char *sentences)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (CormRegistry) registry = corm_registry_new_array (models, &error);
  if (registry != NULL)
    fail_msg ("the registry took what should have been: %s", sentences);
  assert_true (g_error_matches (error, CORM_ERROR, CORM_ERROR_SCHEMA));
  assert_string_equal (error->message, sentences);
}

static inline void
assert_no_faults_of (const CormModel *const *models)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (CormRegistry) registry = corm_registry_new_array (models, &error);
  if (registry == NULL)
    fail_msg ("%s", error->message);
}

/* The registry of these models (const CormModel *, …) says exactly @sentences, parted by newlines. */
#define assert_faults(sentences, ...) \
  assert_faults_of ((const CormModel *const[]){ __VA_ARGS__, NULL }, sentences)
#define assert_no_faults(...) assert_no_faults_of ((const CormModel *const[]){ __VA_ARGS__, NULL })
