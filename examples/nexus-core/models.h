/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Lists, tasks and notes, as the newest version of the schema has them. The tables are made by the migrations. */
#pragma once

#include <corm/corm.h>

typedef struct {
  CormUuid list_id;
  const char *name;
  CormTimestamp created_at;
} List;

typedef struct {
  CormUuid task_id;
  CormUuid list_id;
  const char *content;
  bool is_completed;
  CormOptDate due_date;
  CormTimestamp created_at;
  CormOptInt32 priority; /* from version 2 on */
} Task;

/* What version 1 knows of a task. */
typedef struct {
  CormUuid task_id;
  CormUuid list_id;
  const char *content;
  bool is_completed;
  CormOptDate due_date;
  CormTimestamp created_at;
} OldTask;

/* From version 3 on. */
typedef struct {
  CormUuid note_id;
  CormUuid task_id;
  const char *body;
  const char *tags; /* a JSON array */
} Note;

CORM_DECLARE_MODEL (List, list)
CORM_DECLARE_MODEL (Task, task)
CORM_DECLARE_MODEL (OldTask, old_task)
CORM_DECLARE_MODEL (Note, note)
