/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* The columns, constraints and indexes of the twelve tables. A foreign key is named fk_TABLE_COLUMN by itself. */
#include "models.h"

const char *const pix_tiers[] = { "FREE", "PRO", "ENTERPRISE", NULL };
const char *const pix_chunk_states[] = { "pending", "processing", "completed", "failed", NULL };

/* clang-format off */

/* Everything that belongs to a person goes with the person. */
#define USER_ID(T, ...) \
  CORM_COLUMN (T, user_id, .references = "profiles.id", .on_delete = CORM_CASCADE, __VA_ARGS__)
#define INDEX(n, c) { .name = n, .columns = c }

static const CormColumn profile_columns[] = {
  CORM_COLUMN (Profile, id,        .primary_key = true),
  CORM_COLUMN (Profile, email,     .not_null = true, .max_length = 255),
  CORM_COLUMN (Profile, full_name, .max_length = 255),
  CORM_COLUMN (Profile, user_tier, .labels = pix_tiers, .max_length = 20, .default_value = "FREE",
               .check_name = "ck_profiles_user_tier_valid"),
};
static const CormIndex profile_indexes[] = { INDEX ("ix_profiles_user_tier", "user_tier") };
const CormModel Profile_model = CORM_MODEL (Profile, "profiles", CORM_COLUMNS (profile_columns),
                                            CORM_INDEXES (profile_indexes));

static const CormColumn project_columns[] = {
  CORM_COLUMN (Project, id,     .primary_key = true),
  CORM_COLUMN (Project, name,   .not_null = true, .max_length = 255),
  USER_ID (Project),
  CORM_COLUMN (Project, status, .not_null = true, .max_length = 20, .default_value = "active"),
};
static const CormIndex project_indexes[] = {
  INDEX ("ix_projects_user_id", "user_id"),
  INDEX ("ix_projects_status",  "status"),
};
const CormModel Project_model = CORM_MODEL (Project, "projects", CORM_COLUMNS (project_columns),
                                            CORM_INDEXES (project_indexes));

static const CormColumn crawl_job_columns[] = {
  CORM_COLUMN (CrawlJob, id,         .primary_key = true),
  CORM_COLUMN (CrawlJob, project_id, .references = "projects.id", .on_delete = CORM_CASCADE),
  CORM_COLUMN (CrawlJob, status,     .not_null = true, .max_length = 20, .default_value = "pending"),
  CORM_COLUMN (CrawlJob, created_at, .default_sql = CORM_NOW),
};
static const CormIndex crawl_job_indexes[] = {
  INDEX ("ix_crawl_jobs_project_id",     "project_id"),
  INDEX ("ix_crawl_jobs_status",         "status"),
  INDEX ("ix_crawl_jobs_project_status", "project_id, status"),
  INDEX ("ix_crawl_jobs_created_at",     "created_at"),
};
static const CormRelation crawl_job_relations[] = { CORM_BELONGS_TO (CrawlJob, project, Project, project_id) };
const CormModel CrawlJob_model = CORM_MODEL (CrawlJob, "crawl_jobs", CORM_COLUMNS (crawl_job_columns),
                                             CORM_INDEXES (crawl_job_indexes), CORM_RELATIONS (crawl_job_relations));

static const CormColumn image_columns[] = {
  CORM_COLUMN (Image, id,           .primary_key = true),
  CORM_COLUMN (Image, crawl_job_id, .references = "crawl_jobs.id", .on_delete = CORM_CASCADE),
  CORM_COLUMN (Image, url,          .not_null = true, .max_length = 255),
  CORM_COLUMN (Image, created_at,   .default_sql = CORM_NOW),
};
static const CormIndex image_indexes[] = {
  INDEX ("ix_images_crawl_job_id", "crawl_job_id"),
  INDEX ("ix_images_created_at",   "created_at"),
};
const CormModel Image_model = CORM_MODEL (Image, "images", CORM_COLUMNS (image_columns), CORM_INDEXES (image_indexes));

static const CormRawType jsonb[] = { { "pgsql", "jsonb" }, { "mysql", "json" }, { NULL, NULL } };
static const CormColumn job_chunk_columns[] = {
  CORM_COLUMN (JobChunk, id,            .primary_key = true),
  CORM_COLUMN (JobChunk, job_id,        .references = "crawl_jobs.id", .on_delete = CORM_CASCADE),
  CORM_COLUMN (JobChunk, chunk_index),
  CORM_COLUMN (JobChunk, status,        .labels = pix_chunk_states, .max_length = 20, .default_value = "pending",
               .check_name = "ck_job_chunks_status_valid"),
  CORM_COLUMN (JobChunk, priority,      .default_value = "5", .check = "priority >= 0 AND priority <= 10",
               .check_name = "ck_job_chunks_priority_range"),
  CORM_COLUMN (JobChunk, image_range,   .not_null = true, .raw = jsonb),
  CORM_COLUMN (JobChunk, error_message),
  CORM_COLUMN (JobChunk, retry_count,   .default_value = "0", .check = "retry_count >= 0",
               .check_name = "ck_job_chunks_retry_count_positive"),
  CORM_COLUMN (JobChunk, task_id,       .max_length = 255),
  CORM_COLUMN (JobChunk, created_at,    .default_sql = CORM_NOW),
  CORM_COLUMN (JobChunk, updated_at,    .default_sql = CORM_NOW, .role = CORM_ROLE_UPDATED_AT),
};
static const CormIndex job_chunk_indexes[] = {
  INDEX ("ix_job_chunks_job_id",           "job_id"),
  INDEX ("ix_job_chunks_status",           "status"),
  INDEX ("ix_job_chunks_job_status",       "job_id, status"),
  INDEX ("ix_job_chunks_priority_created", "priority, created_at"),
  INDEX ("ix_job_chunks_task_id",          "task_id"),
};
const CormModel JobChunk_model = CORM_MODEL (JobChunk, "job_chunks", CORM_COLUMNS (job_chunk_columns),
                                             CORM_INDEXES (job_chunk_indexes));

static const CormColumn activity_log_columns[] = {
  CORM_COLUMN (ActivityLog, id,            .primary_key = true),
  USER_ID (ActivityLog),
  CORM_COLUMN (ActivityLog, action,        .not_null = true, .max_length = 100),
  CORM_COLUMN (ActivityLog, resource_type, .max_length = 50),
  CORM_COLUMN (ActivityLog, resource_id,   .max_length = 100),
  CORM_COLUMN (ActivityLog, timestamp,     .default_sql = CORM_NOW),
};
static const CormIndex activity_log_indexes[] = {
  INDEX ("ix_activity_logs_user_id",        "user_id"),
  INDEX ("ix_activity_logs_timestamp",      "timestamp"),
  INDEX ("ix_activity_logs_user_timestamp", "user_id, timestamp"),
  INDEX ("ix_activity_logs_resource",       "resource_type, resource_id"),
};
const CormModel ActivityLog_model = CORM_MODEL (ActivityLog, "activity_logs", CORM_COLUMNS (activity_log_columns),
                                                CORM_INDEXES (activity_log_indexes));

static const CormColumn credit_account_columns[] = {
  CORM_COLUMN (CreditAccount, id,      .primary_key = true),
  USER_ID (CreditAccount),
  CORM_COLUMN (CreditAccount, balance, .default_value = "0"),
};
const CormModel CreditAccount_model = CORM_MODEL (CreditAccount, "credit_accounts",
                                                  CORM_COLUMNS (credit_account_columns));

static const CormColumn credit_transaction_columns[] = {
  CORM_COLUMN (CreditTransaction, id,         .primary_key = true),
  CORM_COLUMN (CreditTransaction, account_id, .references = "credit_accounts.id", .on_delete = CORM_CASCADE),
  USER_ID (CreditTransaction),
  CORM_COLUMN (CreditTransaction, amount),
};
static const CormRelation credit_transaction_relations[] = {
  CORM_BELONGS_TO (CreditTransaction, account, CreditAccount, account_id),
};
const CormModel CreditTransaction_model = CORM_MODEL (CreditTransaction, "credit_transactions",
                                                      CORM_COLUMNS (credit_transaction_columns),
                                                      CORM_RELATIONS (credit_transaction_relations));

static const CormColumn api_key_columns[] = {
  CORM_COLUMN (ApiKey, id,   .primary_key = true),
  USER_ID (ApiKey),
  CORM_COLUMN (ApiKey, name, .not_null = true, .max_length = 100),
};
const CormModel ApiKey_model = CORM_MODEL (ApiKey, "api_keys", CORM_COLUMNS (api_key_columns));

static const CormColumn notification_columns[] = {
  CORM_COLUMN (Notification, id,      .primary_key = true),
  USER_ID (Notification),
  CORM_COLUMN (Notification, message, .not_null = true),
};
const CormModel Notification_model = CORM_MODEL (Notification, "notifications", CORM_COLUMNS (notification_columns));

/* One row a person. */
static const CormColumn notification_preference_columns[] = {
  CORM_COLUMN (NotificationPreference, id,            .primary_key = true),
  USER_ID (NotificationPreference, .unique = true),
  CORM_COLUMN (NotificationPreference, email_enabled, .default_value = "true"),
};
const CormModel NotificationPreference_model = CORM_MODEL (NotificationPreference, "notification_preferences",
                                                           CORM_COLUMNS (notification_preference_columns));

static const CormColumn usage_metric_columns[] = {
  CORM_COLUMN (UsageMetric, id,     .primary_key = true),
  USER_ID (UsageMetric),
  CORM_COLUMN (UsageMetric, metric, .not_null = true, .max_length = 50),
  CORM_COLUMN (UsageMetric, amount),
};
const CormModel UsageMetric_model = CORM_MODEL (UsageMetric, "usage_metrics", CORM_COLUMNS (usage_metric_columns));

/* clang-format on */

const CormModel *const pix_models[] = {
  &Profile_model,
  &Project_model,
  &CrawlJob_model,
  &Image_model,
  &JobChunk_model,
  &ActivityLog_model,
  &CreditAccount_model,
  &CreditTransaction_model,
  &ApiKey_model,
  &Notification_model,
  &NotificationPreference_model,
  &UsageMetric_model,
  NULL,
};
