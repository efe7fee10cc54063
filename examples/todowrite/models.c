/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Columns, checks, indexes; and the 29 tables of pairs, each of which a CORM_MANY_TO_MANY makes. */
#include "models.h"

/* clang-format off */

#define NAME_OF(T, p, table, key) #T,
const char *const todo_layers[] = { TODO_LAYERS (NAME_OF) NULL };
const char *const todo_states[] = { "planned", "in_progress", "completed", "blocked", "cancelled", NULL };

/* --- what all layers have ---------------------------------------------------------------------------------------- */

static const CormColumn node_columns[] = {
  CORM_COLUMN (Node, id,          .primary_key = true, .max_length = 64),
  CORM_COLUMN (Node, layer,       .labels = todo_layers, .max_length = 32, .check_name = "ck_nodes_layer"),
  CORM_COLUMN (Node, title,       .not_null = true, .max_length = 255),
  CORM_COLUMN (Node, description),
  CORM_COLUMN (Node, status,      .labels = todo_states, .max_length = 32, .default_value = "planned",
               .check_name = "ck_nodes_status"),
  CORM_COLUMN (Node, progress,    .default_value = "0", .check = "progress >= 0 AND progress <= 100"),
  CORM_COLUMN (Node, owner,       .max_length = 100),
  CORM_COLUMN (Node, severity,    .max_length = 20),
  CORM_COLUMN (Node, work_type,   .max_length = 50),
  CORM_COLUMN (Node, assignee,    .max_length = 100),
  CORM_COLUMN (Node, started_date),
  CORM_COLUMN (Node, completion_date),
};
static const CormIndex node_indexes[] = {
  { .name = "idx_nodes_layer",  .columns = "layer" },
  { .name = "idx_nodes_status", .columns = "status" },
  { .name = "idx_nodes_owner",  .columns = "owner" },
  { .name = "idx_nodes_dates",  .columns = "started_date, completion_date" },
};
const CormModel Node_model = CORM_MODEL (Node, "nodes", CORM_COLUMNS (node_columns), CORM_INDEXES (node_indexes));

static const CormColumn link_columns[] = {
  CORM_COLUMN (Link, parent_id, .primary_key = true, .max_length = 64),
  CORM_COLUMN (Link, child_id,  .primary_key = true, .max_length = 64, .check = "child_id <> parent_id"),
};
static const CormConstraint link_constraints[] = {
  { .name = "fk_links_parent", .columns = "parent_id", .references = "nodes (id)", .on_delete = CORM_CASCADE },
  { .name = "fk_links_child",  .columns = "child_id",  .references = "nodes (id)", .on_delete = CORM_CASCADE },
};
static const CormIndex link_indexes[] = { { .name = "idx_links_child", .columns = "child_id" } };
const CormModel Link_model = CORM_MODEL (Link, "links", CORM_COLUMNS (link_columns), CORM_INDEXES (link_indexes),
                                         CORM_CONSTRAINTS (link_constraints));

static const CormColumn label_columns[] = { CORM_COLUMN (Label, label, .primary_key = true, .max_length = 64) };
const CormModel Label_model = CORM_MODEL (Label, "labels", CORM_COLUMNS (label_columns));

/* What running a command left. */
static const CormColumn artifact_columns[] = {
  CORM_COLUMN (Artifact, id,          .primary_key = true),
  CORM_COLUMN (Artifact, command_id,  .not_null = true, .max_length = 64, .references = "commands.id",
               .on_delete = CORM_CASCADE),
  CORM_COLUMN (Artifact, exit_status),
  CORM_COLUMN (Artifact, output,      .not_null = true),
  CORM_COLUMN (Artifact, run_at,      .default_sql = CORM_NOW),
};
static const CormIndex artifact_indexes[] = { { .name = "idx_artifacts_command", .columns = "command_id" } };
const CormModel Artifact_model = CORM_MODEL (Artifact, "artifacts", CORM_COLUMNS (artifact_columns),
                                             CORM_INDEXES (artifact_indexes));

/* --- the layers -------------------------------------------------------------------------------------------------- */

/* LAYER (Goal, goal, "goals", "goal_id", further columns) (relations) */
#define ID_OF(T) CORM_COLUMN (T, id, .primary_key = true, .max_length = 64, .references = "nodes.id", .on_delete = CORM_CASCADE)
#define LABELS_OF(T, table, key) CORM_MANY_TO_MANY (T, labels, Label, table "_labels", key, "label")
/* From T down to M. */
#define DOWN(T, slot, M, table, key, far) CORM_MANY_TO_MANY (T, slot, M, table "_" #slot, key, far)
#define LAYER(T, p, table, ...) \
  static const CormColumn p##_columns[] = { __VA_ARGS__ }; \
  const CormModel T##_model = CORM_MODEL (T, table, CORM_COLUMNS (p##_columns), CORM_RELATIONS (p##_relations));

static const CormRelation goal_relations[] = {
  LABELS_OF (Goal, "goals", "goal_id"),
  DOWN (Goal, concepts,    Concept,     "goals", "goal_id", "concept_id"),
  DOWN (Goal, contexts,    Context,     "goals", "goal_id", "context_id"),
  DOWN (Goal, constraints, Constraints, "goals", "goal_id", "constraint_id"),
  DOWN (Goal, phases,      Phase,       "goals", "goal_id", "phase_id"),
  DOWN (Goal, tasks,       Task,        "goals", "goal_id", "task_id"),
};
LAYER (Goal, goal, "goals", ID_OF (Goal))

static const CormRelation concept_relations[] = {
  LABELS_OF (Concept, "concepts", "concept_id"),
  DOWN (Concept, contexts,     Context,      "concepts", "concept_id", "context_id"),
  DOWN (Concept, requirements, Requirements, "concepts", "concept_id", "requirement_id"),
};
LAYER (Concept, concept, "concepts", ID_OF (Concept))

static const CormRelation context_relations[] = {
  LABELS_OF (Context, "contexts", "context_id"),
  DOWN (Context, constraints,  Constraints,  "contexts", "context_id", "constraint_id"),
  DOWN (Context, requirements, Requirements, "contexts", "context_id", "requirement_id"),
};
LAYER (Context, context, "contexts", ID_OF (Context))

static const CormRelation constraints_relations[] = {
  LABELS_OF (Constraints, "constraints", "constraint_id"),
  DOWN (Constraints, requirements, Requirements, "constraints", "constraint_id", "requirement_id"),
};
LAYER (Constraints, constraints, "constraints", ID_OF (Constraints))

static const CormRelation requirements_relations[] = {
  LABELS_OF (Requirements, "requirements", "requirement_id"),
  DOWN (Requirements, acceptance_criteria, AcceptanceCriteria, "requirements", "requirement_id", "acceptance_criteria_id"),
};
LAYER (Requirements, requirements, "requirements", ID_OF (Requirements))

static const CormRelation acceptance_criteria_relations[] = {
  LABELS_OF (AcceptanceCriteria, "acceptance_criteria", "acceptance_criteria_id"),
  DOWN (AcceptanceCriteria, interface_contracts, InterfaceContract, "acceptance_criteria", "acceptance_criteria_id",
        "interface_contract_id"),
};
LAYER (AcceptanceCriteria, acceptance_criteria, "acceptance_criteria", ID_OF (AcceptanceCriteria))

static const CormRelation interface_contract_relations[] = {
  LABELS_OF (InterfaceContract, "interface_contracts", "interface_contract_id"),
  DOWN (InterfaceContract, phases, Phase, "interface_contracts", "interface_contract_id", "phase_id"),
};
LAYER (InterfaceContract, interface_contract, "interface_contracts", ID_OF (InterfaceContract))

static const CormRelation phase_relations[] = {
  LABELS_OF (Phase, "phases", "phase_id"),
  DOWN (Phase, steps, Step, "phases", "phase_id", "step_id"),
};
LAYER (Phase, phase, "phases", ID_OF (Phase))

static const CormRelation step_relations[] = {
  LABELS_OF (Step, "steps", "step_id"),
  DOWN (Step, tasks, Task, "steps", "step_id", "task_id"),
};
LAYER (Step, step, "steps", ID_OF (Step))

static const CormRelation task_relations[] = {
  LABELS_OF (Task, "tasks", "task_id"),
  DOWN (Task, sub_tasks, SubTask, "tasks", "task_id", "sub_task_id"),
};
LAYER (Task, task, "tasks", ID_OF (Task))

static const CormRelation sub_task_relations[] = {
  LABELS_OF (SubTask, "sub_tasks", "sub_task_id"),
  DOWN (SubTask, commands, Command, "sub_tasks", "sub_task_id", "command_id"),
};
LAYER (SubTask, sub_task, "sub_tasks", ID_OF (SubTask))

static const CormRelation command_relations[] = { LABELS_OF (Command, "commands", "command_id") };
LAYER (Command, command, "commands", ID_OF (Command), CORM_COLUMN (Command, run))

/* clang-format on */

#define MODEL_OF(T, p, table, key) &T##_model,
const CormModel *const todo_layer_models[] = { TODO_LAYERS (MODEL_OF) };
const CormModel *const todo_models[] = { &Node_model, &Link_model, &Label_model, &Artifact_model,
                                         TODO_LAYERS (MODEL_OF) NULL };
