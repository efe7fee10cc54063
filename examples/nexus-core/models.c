/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* The models. No foreign keys: of two peers one may delete a list while the other adds a task to it. */
#include "models.h"

static const CormColumn list_columns[] = {
  CORM_COLUMN (List, list_id, .primary_key = true),
  CORM_COLUMN (List, name, .not_null = true),
  CORM_COLUMN (List, created_at, .role = CORM_ROLE_CREATED_AT),
};
const CormModel List_model = CORM_MODEL (List, "lists", CORM_COLUMNS (list_columns));

static const CormColumn task_columns[] = {
  CORM_COLUMN (Task, task_id, .primary_key = true),
  CORM_COLUMN (Task, list_id),
  CORM_COLUMN (Task, content, .not_null = true),
  CORM_COLUMN (Task, is_completed),
  CORM_COLUMN (Task, due_date),
  CORM_COLUMN (Task, created_at, .role = CORM_ROLE_CREATED_AT),
  CORM_COLUMN (Task, priority, .default_value = "0"),
};
const CormModel Task_model = CORM_MODEL (Task, "tasks", CORM_COLUMNS (task_columns));

static const CormColumn old_task_columns[] = {
  CORM_COLUMN (OldTask, task_id, .primary_key = true),
  CORM_COLUMN (OldTask, list_id),
  CORM_COLUMN (OldTask, content, .not_null = true),
  CORM_COLUMN (OldTask, is_completed),
  CORM_COLUMN (OldTask, due_date),
  CORM_COLUMN (OldTask, created_at, .role = CORM_ROLE_CREATED_AT),
};
const CormModel OldTask_model = CORM_MODEL (OldTask, "tasks", CORM_COLUMNS (old_task_columns));

static const CormColumn note_columns[] = {
  CORM_COLUMN (Note, note_id, .primary_key = true),
  CORM_COLUMN (Note, task_id),
  CORM_COLUMN (Note, body, .not_null = true),
  CORM_COLUMN (Note, tags, .max_length = 200, .default_value = "[]"),
};
const CormModel Note_model = CORM_MODEL (Note, "notes", CORM_COLUMNS (note_columns));
