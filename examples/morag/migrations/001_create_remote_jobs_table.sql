-- SPDX-License-Identifier: LGPL-2.1-or-later
-- SPDX-FileCopyrightText: The Corm authors
-- Remote conversions: the table, its indexes, and the table that says which migrations there have been.
-- The three databases have other names for some types; what they share stands below.

-- corm:up
-- corm:only pgsql
CREATE TABLE remote_jobs (
    id UUID PRIMARY KEY DEFAULT gen_random_uuid(),
    ingestion_task_id VARCHAR(255) NOT NULL,
    source_file_path TEXT NOT NULL,
    content_type VARCHAR(50) NOT NULL,
    task_options JSONB NOT NULL DEFAULT '{}',
    status VARCHAR(20) NOT NULL DEFAULT 'pending',
    worker_id VARCHAR(255),
    created_at TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT NOW(),
    started_at TIMESTAMP WITH TIME ZONE,
    completed_at TIMESTAMP WITH TIME ZONE,
    error_message TEXT,
    result_data JSONB,
    retry_count INTEGER NOT NULL DEFAULT 0,
    max_retries INTEGER NOT NULL DEFAULT 3,
    timeout_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT valid_status CHECK (status IN ('pending', 'processing', 'completed', 'failed', 'timeout', 'cancelled')),
    CONSTRAINT valid_retry_count CHECK (retry_count >= 0),
    CONSTRAINT valid_max_retries CHECK (max_retries >= 0),
    CONSTRAINT valid_content_type CHECK (content_type IN ('audio', 'video', 'document', 'image', 'web', 'youtube'))
);
CREATE TABLE schema_migrations (
    version VARCHAR(10) PRIMARY KEY,
    applied_at TIMESTAMP WITH TIME ZONE DEFAULT NOW(),
    description TEXT
);

-- corm:up
-- corm:only sqlite3
CREATE TABLE remote_jobs (
    id UUID NOT NULL PRIMARY KEY DEFAULT (lower(hex(randomblob(4))||'-'||hex(randomblob(2))||'-4'||
        substr(hex(randomblob(2)),2)||'-'||substr('89AB',(random()&3)+1,1)||substr(hex(randomblob(2)),2)||'-'||
        hex(randomblob(6)))),
    ingestion_task_id VARCHAR(255) NOT NULL,
    source_file_path TEXT NOT NULL,
    content_type VARCHAR(50) NOT NULL,
    task_options JSON_TEXT NOT NULL DEFAULT '{}',
    status VARCHAR(20) NOT NULL DEFAULT 'pending',
    worker_id VARCHAR(255),
    created_at TIMESTAMP NOT NULL DEFAULT (rtrim(rtrim(strftime('%Y-%m-%d %H:%M:%f','now'),'0'),'.')),
    started_at TIMESTAMP,
    completed_at TIMESTAMP,
    error_message TEXT,
    result_data JSON_TEXT,
    retry_count INTEGER NOT NULL DEFAULT 0,
    max_retries INTEGER NOT NULL DEFAULT 3,
    timeout_at TIMESTAMP,
    CONSTRAINT valid_status CHECK (status IN ('pending', 'processing', 'completed', 'failed', 'timeout', 'cancelled')),
    CONSTRAINT valid_retry_count CHECK (retry_count >= 0),
    CONSTRAINT valid_max_retries CHECK (max_retries >= 0),
    CONSTRAINT valid_content_type CHECK (content_type IN ('audio', 'video', 'document', 'image', 'web', 'youtube'))
);
CREATE TABLE schema_migrations (
    version VARCHAR(10) NOT NULL PRIMARY KEY,
    applied_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP,
    description TEXT
);

-- corm:up
-- corm:only mysql
CREATE TABLE remote_jobs (
    id UUID PRIMARY KEY DEFAULT uuid(),
    ingestion_task_id VARCHAR(255) NOT NULL,
    source_file_path LONGTEXT NOT NULL,
    content_type VARCHAR(50) NOT NULL,
    task_options JSON NOT NULL DEFAULT '{}',
    status VARCHAR(20) NOT NULL DEFAULT 'pending',
    worker_id VARCHAR(255),
    created_at DATETIME(6) NOT NULL DEFAULT utc_timestamp(6),
    started_at DATETIME(6),
    completed_at DATETIME(6),
    error_message LONGTEXT,
    result_data JSON,
    retry_count INTEGER NOT NULL DEFAULT 0,
    max_retries INTEGER NOT NULL DEFAULT 3,
    timeout_at DATETIME(6),
    CONSTRAINT valid_status CHECK (status IN ('pending', 'processing', 'completed', 'failed', 'timeout', 'cancelled')),
    CONSTRAINT valid_retry_count CHECK (retry_count >= 0),
    CONSTRAINT valid_max_retries CHECK (max_retries >= 0),
    CONSTRAINT valid_content_type CHECK (content_type IN ('audio', 'video', 'document', 'image', 'web', 'youtube'))
);
CREATE TABLE schema_migrations (
    version VARCHAR(10) PRIMARY KEY,
    applied_at DATETIME(6) DEFAULT utc_timestamp(6),
    description LONGTEXT
);

-- corm:up
CREATE INDEX idx_remote_jobs_status ON remote_jobs(status);
CREATE INDEX idx_remote_jobs_content_type ON remote_jobs(content_type);
CREATE INDEX idx_remote_jobs_created_at ON remote_jobs(created_at);
CREATE INDEX idx_remote_jobs_ingestion_task ON remote_jobs(ingestion_task_id);
CREATE INDEX idx_remote_jobs_worker_id ON remote_jobs(worker_id);
CREATE INDEX idx_remote_jobs_status_content_type ON remote_jobs(status, content_type);

-- corm:up
-- corm:only pgsql sqlite3
CREATE INDEX idx_remote_jobs_timeout ON remote_jobs(timeout_at) WHERE timeout_at IS NOT NULL;
CREATE INDEX idx_remote_jobs_pending_timeout ON remote_jobs(status, timeout_at) WHERE status IN ('pending', 'processing');

-- corm:up
-- corm:only mysql
CREATE INDEX idx_remote_jobs_timeout ON remote_jobs(timeout_at);
CREATE INDEX idx_remote_jobs_pending_timeout ON remote_jobs(status, timeout_at);

-- corm:down
DROP TABLE remote_jobs;
DROP TABLE schema_migrations;
