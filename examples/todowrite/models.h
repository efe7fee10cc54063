/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Twelve layers from a goal down to the command that reaches it. What all layers have in common is a row of nodes; each
 * layer has a table of its own, whose key is that row's, and tables of pairs lead from layer to layer and to labels. */
#pragma once

#include <corm/corm.h>

/* clang-format off */
/* The layers: struct, name, table, its key's name in tables of pairs; each below the one before. */
#define TODO_LAYERS(L) \
  L (Goal, goal, "goals", "goal_id") \
  L (Concept, concept, "concepts", "concept_id") \
  L (Context, context, "contexts", "context_id") \
  L (Constraints, constraints, "constraints", "constraint_id") \
  L (Requirements, requirements, "requirements", "requirement_id") \
  L (AcceptanceCriteria, acceptance_criteria, "acceptance_criteria", "acceptance_criteria_id") \
  L (InterfaceContract, interface_contract, "interface_contracts", "interface_contract_id") \
  L (Phase, phase, "phases", "phase_id") \
  L (Step, step, "steps", "step_id") \
  L (Task, task, "tasks", "task_id") \
  L (SubTask, sub_task, "sub_tasks", "sub_task_id") \
  L (Command, command, "commands", "command_id")

/* clang-format on */

#define TODO_LAYER_ENUM(T, p, table, key) LAYER_##T,
typedef enum { TODO_LAYERS (TODO_LAYER_ENUM) N_LAYERS } Layer;
typedef enum {
  STATUS_PLANNED,
  STATUS_IN_PROGRESS,
  STATUS_COMPLETED,
  STATUS_BLOCKED,
  STATUS_CANCELLED
} Status;

typedef struct {
  const char *id;
  Layer layer;
  const char *title;
  const char *description;
  Status status;
  gint32 progress; /* 0 to 100 */
  const char *owner;
  const char *severity;
  const char *work_type;
  const char *assignee;
  CormOptDate started_date;
  CormOptDate completion_date;
} Node;

/* Any node may also lie below any other one. */
typedef struct {
  const char *parent_id;
  const char *child_id;
} Link;

typedef struct {
  const char *label;
} Label;

typedef struct {
  gint64 id;
  const char *command_id;
  gint32 exit_status;
  const char *output;
  CormTimestamp run_at;
} Artifact;

/* clang-format off */
/* Rows of a layer. The first members are the same in all, so that code may work on any of them. */
#define TODO_HEAD const char *id; CormRows *labels;
typedef struct { TODO_HEAD } LayerRow;
typedef struct { TODO_HEAD CormRows *concepts, *contexts, *constraints, *phases, *tasks; } Goal;
typedef struct { TODO_HEAD CormRows *contexts, *requirements; } Concept;
typedef struct { TODO_HEAD CormRows *constraints, *requirements; } Context;
typedef struct { TODO_HEAD CormRows *requirements; } Constraints;
typedef struct { TODO_HEAD CormRows *acceptance_criteria; } Requirements;
typedef struct { TODO_HEAD CormRows *interface_contracts; } AcceptanceCriteria;
typedef struct { TODO_HEAD CormRows *phases; } InterfaceContract;
typedef struct { TODO_HEAD CormRows *steps; } Phase;
typedef struct { TODO_HEAD CormRows *tasks; } Step;
typedef struct { TODO_HEAD CormRows *sub_tasks; } Task;
typedef struct { TODO_HEAD CormRows *commands; } SubTask;
typedef struct { TODO_HEAD const char *run; } Command; /* what a shell would be given */

/* clang-format on */

CORM_DECLARE_MODEL (Node, node)
CORM_DECLARE_MODEL (Link, link)
CORM_DECLARE_MODEL (Label, label)
CORM_DECLARE_MODEL (Artifact, artifact)
#define TODO_LAYER_DECLARE(T, p, table, key) CORM_DECLARE_MODEL (T, p)
TODO_LAYERS (TODO_LAYER_DECLARE)

extern const CormModel *const todo_models[];       /* all, ended by NULL */
extern const CormModel *const todo_layer_models[]; /* by Layer */
extern const char *const todo_layers[], *const todo_states[];
