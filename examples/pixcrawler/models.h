/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* The twelve tables of pixcrawler as structs. Members that point to other structs are NULL until a find asks for them. */
#pragma once

#include <corm/corm.h>

typedef enum { TIER_FREE, TIER_PRO, TIER_ENTERPRISE } UserTier;
typedef enum { CHUNK_PENDING, CHUNK_PROCESSING, CHUNK_COMPLETED, CHUNK_FAILED } ChunkStatus;

typedef struct {
  CormUuid id;
  const char *email;
  const char *full_name;
  UserTier user_tier;
} Profile;

typedef struct {
  gint32 id;
  const char *name;
  CormUuid user_id;
  const char *status;
} Project;

typedef struct {
  gint32 id;
  gint32 project_id;
  Project *project;
  const char *status;
  CormTimestamp created_at;
} CrawlJob;

typedef struct {
  gint32 id;
  gint32 crawl_job_id;
  const char *url;
  CormTimestamp created_at;
} Image;

/* A piece of a crawl job that one worker does at a time. */
typedef struct {
  gint32 id;
  gint32 job_id;
  gint32 chunk_index;
  ChunkStatus status;
  gint32 priority;         /* 0 to 10, 10 is done first */
  const char *image_range; /* {"start": 0, "end": 4}: the images 0, 1, 2, 3 */
  const char *error_message;
  gint32 retry_count;
  const char *task_id; /* the worker that has claimed it */
  CormTimestamp created_at;
  CormTimestamp updated_at;
} JobChunk;

typedef struct {
  gint32 id;
  CormUuid user_id;
  const char *action;
  const char *resource_type;
  const char *resource_id;
  CormTimestamp timestamp;
} ActivityLog;

typedef struct {
  gint32 id;
  CormUuid user_id;
  gint32 balance;
} CreditAccount;

typedef struct {
  gint32 id;
  gint32 account_id;
  CreditAccount *account;
  CormUuid user_id;
  gint32 amount;
} CreditTransaction;

typedef struct {
  gint32 id;
  CormUuid user_id;
  const char *name;
} ApiKey;

typedef struct {
  gint32 id;
  CormUuid user_id;
  const char *message;
} Notification;

typedef struct {
  gint32 id;
  CormUuid user_id;
  bool email_enabled;
} NotificationPreference;

typedef struct {
  gint32 id;
  CormUuid user_id;
  const char *metric;
  gint32 amount;
} UsageMetric;

CORM_DECLARE_MODEL (Profile, profile)
CORM_DECLARE_MODEL (Project, project)
CORM_DECLARE_MODEL (CrawlJob, crawl_job)
CORM_DECLARE_MODEL (Image, image)
CORM_DECLARE_MODEL (JobChunk, job_chunk)
CORM_DECLARE_MODEL (ActivityLog, activity_log)
CORM_DECLARE_MODEL (CreditAccount, credit_account)
CORM_DECLARE_MODEL (CreditTransaction, credit_transaction)
CORM_DECLARE_MODEL (ApiKey, api_key)
CORM_DECLARE_MODEL (Notification, notification)
CORM_DECLARE_MODEL (NotificationPreference, notification_preference)
CORM_DECLARE_MODEL (UsageMetric, usage_metric)

/* All of them, ended by NULL. */
extern const CormModel *const pix_models[];
extern const char *const pix_tiers[];
extern const char *const pix_chunk_states[];
