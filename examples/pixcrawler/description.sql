-- SPDX-License-Identifier: LGPL-2.1-or-later
-- SPDX-FileCopyrightText: The Corm authors
-- What the description asks of PostgreSQL, in its names: tests/example-pixcrawler compares the migrations with it.
CREATE TABLE job_chunks (
    id SERIAL PRIMARY KEY,
    job_id INTEGER NOT NULL REFERENCES crawl_jobs (id) ON DELETE CASCADE,
    chunk_index INTEGER NOT NULL,
    status VARCHAR(20) NOT NULL DEFAULT 'pending',
    priority INTEGER NOT NULL DEFAULT 5,
    image_range JSONB NOT NULL,
    error_message TEXT,
    retry_count INTEGER NOT NULL DEFAULT 0,
    task_id VARCHAR(255),
    created_at TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT NOW(),
    updated_at TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT NOW()
);
CREATE INDEX ix_job_chunks_job_id ON job_chunks (job_id);
CREATE INDEX ix_job_chunks_status ON job_chunks (status);
CREATE INDEX ix_job_chunks_job_status ON job_chunks (job_id, status);
CREATE INDEX ix_job_chunks_priority_created ON job_chunks (priority, created_at);
CREATE INDEX ix_job_chunks_task_id ON job_chunks (task_id);
ALTER TABLE job_chunks ADD CONSTRAINT ck_job_chunks_status_valid
    CHECK (status IN ('pending', 'processing', 'completed', 'failed'));
ALTER TABLE job_chunks ADD CONSTRAINT ck_job_chunks_priority_range CHECK (priority >= 0 AND priority <= 10);
ALTER TABLE job_chunks ADD CONSTRAINT ck_job_chunks_retry_count_positive CHECK (retry_count >= 0);

ALTER TABLE profiles ADD COLUMN user_tier VARCHAR(20) NOT NULL DEFAULT 'FREE';
CREATE INDEX ix_profiles_user_tier ON profiles (user_tier);
ALTER TABLE profiles ADD CONSTRAINT ck_profiles_user_tier_valid CHECK (user_tier IN ('FREE', 'PRO', 'ENTERPRISE'));

ALTER TABLE projects ADD CONSTRAINT fk_projects_user_id FOREIGN KEY (user_id) REFERENCES profiles (id) ON DELETE CASCADE;
ALTER TABLE crawl_jobs ADD CONSTRAINT fk_crawl_jobs_project_id FOREIGN KEY (project_id) REFERENCES projects (id) ON DELETE CASCADE;
ALTER TABLE images ADD CONSTRAINT fk_images_crawl_job_id FOREIGN KEY (crawl_job_id) REFERENCES crawl_jobs (id) ON DELETE CASCADE;
ALTER TABLE activity_logs ADD CONSTRAINT fk_activity_logs_user_id FOREIGN KEY (user_id) REFERENCES profiles (id) ON DELETE CASCADE;
ALTER TABLE credit_accounts ADD CONSTRAINT fk_credit_accounts_user_id FOREIGN KEY (user_id) REFERENCES profiles (id) ON DELETE CASCADE;
ALTER TABLE credit_transactions ADD CONSTRAINT fk_credit_transactions_account_id FOREIGN KEY (account_id) REFERENCES credit_accounts (id) ON DELETE CASCADE;
ALTER TABLE credit_transactions ADD CONSTRAINT fk_credit_transactions_user_id FOREIGN KEY (user_id) REFERENCES profiles (id) ON DELETE CASCADE;
ALTER TABLE api_keys ADD CONSTRAINT fk_api_keys_user_id FOREIGN KEY (user_id) REFERENCES profiles (id) ON DELETE CASCADE;
ALTER TABLE notifications ADD CONSTRAINT fk_notifications_user_id FOREIGN KEY (user_id) REFERENCES profiles (id) ON DELETE CASCADE;
ALTER TABLE notification_preferences ADD CONSTRAINT fk_notification_preferences_user_id FOREIGN KEY (user_id) REFERENCES profiles (id) ON DELETE CASCADE;
ALTER TABLE usage_metrics ADD CONSTRAINT fk_usage_metrics_user_id FOREIGN KEY (user_id) REFERENCES profiles (id) ON DELETE CASCADE;

CREATE INDEX ix_projects_user_id ON projects (user_id);
CREATE INDEX ix_projects_status ON projects (status);
CREATE INDEX ix_crawl_jobs_project_id ON crawl_jobs (project_id);
CREATE INDEX ix_crawl_jobs_status ON crawl_jobs (status);
CREATE INDEX ix_crawl_jobs_project_status ON crawl_jobs (project_id, status);
CREATE INDEX ix_crawl_jobs_created_at ON crawl_jobs (created_at);
CREATE INDEX ix_images_crawl_job_id ON images (crawl_job_id);
CREATE INDEX ix_images_created_at ON images (created_at);
CREATE INDEX ix_activity_logs_user_id ON activity_logs (user_id);
CREATE INDEX ix_activity_logs_timestamp ON activity_logs (timestamp);
CREATE INDEX ix_activity_logs_user_timestamp ON activity_logs (user_id, timestamp);
CREATE INDEX ix_activity_logs_resource ON activity_logs (resource_type, resource_id);
