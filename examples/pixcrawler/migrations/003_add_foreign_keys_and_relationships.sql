-- SPDX-License-Identifier: LGPL-2.1-or-later
-- SPDX-FileCopyrightText: The Corm authors
-- Every row belongs to somebody: foreign keys, and indexes for what is asked often.
-- Rows that point to no row are looked for before: see migrations.c.
-- corm:after 002

-- corm:up
-- corm:only pgsql mysql
ALTER TABLE projects ADD CONSTRAINT fk_projects_user_id
    FOREIGN KEY (user_id) REFERENCES profiles (id) ON DELETE CASCADE;
ALTER TABLE crawl_jobs ADD CONSTRAINT fk_crawl_jobs_project_id
    FOREIGN KEY (project_id) REFERENCES projects (id) ON DELETE CASCADE;
ALTER TABLE images ADD CONSTRAINT fk_images_crawl_job_id
    FOREIGN KEY (crawl_job_id) REFERENCES crawl_jobs (id) ON DELETE CASCADE;
ALTER TABLE activity_logs ADD CONSTRAINT fk_activity_logs_user_id
    FOREIGN KEY (user_id) REFERENCES profiles (id) ON DELETE CASCADE;
ALTER TABLE credit_accounts ADD CONSTRAINT fk_credit_accounts_user_id
    FOREIGN KEY (user_id) REFERENCES profiles (id) ON DELETE CASCADE;
ALTER TABLE credit_transactions ADD CONSTRAINT fk_credit_transactions_account_id
    FOREIGN KEY (account_id) REFERENCES credit_accounts (id) ON DELETE CASCADE;
ALTER TABLE credit_transactions ADD CONSTRAINT fk_credit_transactions_user_id
    FOREIGN KEY (user_id) REFERENCES profiles (id) ON DELETE CASCADE;
ALTER TABLE api_keys ADD CONSTRAINT fk_api_keys_user_id
    FOREIGN KEY (user_id) REFERENCES profiles (id) ON DELETE CASCADE;
ALTER TABLE notifications ADD CONSTRAINT fk_notifications_user_id
    FOREIGN KEY (user_id) REFERENCES profiles (id) ON DELETE CASCADE;
ALTER TABLE notification_preferences ADD CONSTRAINT fk_notification_preferences_user_id
    FOREIGN KEY (user_id) REFERENCES profiles (id) ON DELETE CASCADE;
ALTER TABLE usage_metrics ADD CONSTRAINT fk_usage_metrics_user_id
    FOREIGN KEY (user_id) REFERENCES profiles (id) ON DELETE CASCADE;

-- corm:up
-- corm:only sqlite3
-- SQLite cannot add a foreign key: each table is made again. Keys are off meanwhile, and looked at before the commit.
CREATE TABLE new_projects (
    id INTEGER PRIMARY KEY,
    name VARCHAR(255) NOT NULL,
    user_id UUID NOT NULL,
    status VARCHAR(20) NOT NULL DEFAULT 'active',
    CONSTRAINT fk_projects_user_id FOREIGN KEY (user_id) REFERENCES profiles (id) ON DELETE CASCADE
);
INSERT INTO new_projects (id, name, user_id, status) SELECT id, name, user_id, status FROM projects;
DROP TABLE projects;
ALTER TABLE new_projects RENAME TO projects;
CREATE TABLE new_crawl_jobs (
    id INTEGER PRIMARY KEY,
    project_id INTEGER NOT NULL,
    status VARCHAR(20) NOT NULL DEFAULT 'pending',
    created_at TIMESTAMP NOT NULL DEFAULT (rtrim(rtrim(strftime('%Y-%m-%d %H:%M:%f','now'),'0'),'.')),
    CONSTRAINT fk_crawl_jobs_project_id FOREIGN KEY (project_id) REFERENCES projects (id) ON DELETE CASCADE
);
INSERT INTO new_crawl_jobs (id, project_id, status, created_at) SELECT id, project_id, status, created_at FROM crawl_jobs;
DROP TABLE crawl_jobs;
ALTER TABLE new_crawl_jobs RENAME TO crawl_jobs;
CREATE TABLE new_images (
    id INTEGER PRIMARY KEY,
    crawl_job_id INTEGER NOT NULL,
    url VARCHAR(255) NOT NULL,
    created_at TIMESTAMP NOT NULL DEFAULT (rtrim(rtrim(strftime('%Y-%m-%d %H:%M:%f','now'),'0'),'.')),
    CONSTRAINT fk_images_crawl_job_id FOREIGN KEY (crawl_job_id) REFERENCES crawl_jobs (id) ON DELETE CASCADE
);
INSERT INTO new_images (id, crawl_job_id, url, created_at) SELECT id, crawl_job_id, url, created_at FROM images;
DROP TABLE images;
ALTER TABLE new_images RENAME TO images;
CREATE TABLE new_activity_logs (
    id INTEGER PRIMARY KEY,
    user_id UUID NOT NULL,
    action VARCHAR(100) NOT NULL,
    resource_type VARCHAR(50),
    resource_id VARCHAR(100),
    timestamp TIMESTAMP NOT NULL DEFAULT (rtrim(rtrim(strftime('%Y-%m-%d %H:%M:%f','now'),'0'),'.')),
    CONSTRAINT fk_activity_logs_user_id FOREIGN KEY (user_id) REFERENCES profiles (id) ON DELETE CASCADE
);
INSERT INTO new_activity_logs (id, user_id, action, resource_type, resource_id, timestamp) SELECT id, user_id, action, resource_type, resource_id, timestamp FROM activity_logs;
DROP TABLE activity_logs;
ALTER TABLE new_activity_logs RENAME TO activity_logs;
CREATE TABLE new_credit_accounts (
    id INTEGER PRIMARY KEY,
    user_id UUID NOT NULL,
    balance INTEGER NOT NULL DEFAULT 0,
    CONSTRAINT fk_credit_accounts_user_id FOREIGN KEY (user_id) REFERENCES profiles (id) ON DELETE CASCADE
);
INSERT INTO new_credit_accounts (id, user_id, balance) SELECT id, user_id, balance FROM credit_accounts;
DROP TABLE credit_accounts;
ALTER TABLE new_credit_accounts RENAME TO credit_accounts;
CREATE TABLE new_credit_transactions (
    id INTEGER PRIMARY KEY,
    account_id INTEGER NOT NULL,
    user_id UUID NOT NULL,
    amount INTEGER NOT NULL,
    CONSTRAINT fk_credit_transactions_account_id FOREIGN KEY (account_id) REFERENCES credit_accounts (id) ON DELETE CASCADE,
    CONSTRAINT fk_credit_transactions_user_id FOREIGN KEY (user_id) REFERENCES profiles (id) ON DELETE CASCADE
);
INSERT INTO new_credit_transactions (id, account_id, user_id, amount) SELECT id, account_id, user_id, amount FROM credit_transactions;
DROP TABLE credit_transactions;
ALTER TABLE new_credit_transactions RENAME TO credit_transactions;
CREATE TABLE new_api_keys (
    id INTEGER PRIMARY KEY,
    user_id UUID NOT NULL,
    name VARCHAR(100) NOT NULL,
    CONSTRAINT fk_api_keys_user_id FOREIGN KEY (user_id) REFERENCES profiles (id) ON DELETE CASCADE
);
INSERT INTO new_api_keys (id, user_id, name) SELECT id, user_id, name FROM api_keys;
DROP TABLE api_keys;
ALTER TABLE new_api_keys RENAME TO api_keys;
CREATE TABLE new_notifications (
    id INTEGER PRIMARY KEY,
    user_id UUID NOT NULL,
    message TEXT NOT NULL,
    CONSTRAINT fk_notifications_user_id FOREIGN KEY (user_id) REFERENCES profiles (id) ON DELETE CASCADE
);
INSERT INTO new_notifications (id, user_id, message) SELECT id, user_id, message FROM notifications;
DROP TABLE notifications;
ALTER TABLE new_notifications RENAME TO notifications;
CREATE TABLE new_notification_preferences (
    id INTEGER PRIMARY KEY,
    user_id UUID NOT NULL,
    email_enabled BOOLEAN NOT NULL DEFAULT TRUE,
    CONSTRAINT uq_notification_preferences_user_id UNIQUE (user_id),
    CONSTRAINT fk_notification_preferences_user_id FOREIGN KEY (user_id) REFERENCES profiles (id) ON DELETE CASCADE
);
INSERT INTO new_notification_preferences (id, user_id, email_enabled) SELECT id, user_id, email_enabled FROM notification_preferences;
DROP TABLE notification_preferences;
ALTER TABLE new_notification_preferences RENAME TO notification_preferences;
CREATE TABLE new_usage_metrics (
    id INTEGER PRIMARY KEY,
    user_id UUID NOT NULL,
    metric VARCHAR(50) NOT NULL,
    amount INTEGER NOT NULL,
    CONSTRAINT fk_usage_metrics_user_id FOREIGN KEY (user_id) REFERENCES profiles (id) ON DELETE CASCADE
);
INSERT INTO new_usage_metrics (id, user_id, metric, amount) SELECT id, user_id, metric, amount FROM usage_metrics;
DROP TABLE usage_metrics;
ALTER TABLE new_usage_metrics RENAME TO usage_metrics;

-- corm:up
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

-- corm:down
-- corm:only pgsql
DROP INDEX ix_activity_logs_resource;
DROP INDEX ix_activity_logs_user_timestamp;
DROP INDEX ix_activity_logs_timestamp;
DROP INDEX ix_activity_logs_user_id;
DROP INDEX ix_images_created_at;
DROP INDEX ix_images_crawl_job_id;
DROP INDEX ix_crawl_jobs_created_at;
DROP INDEX ix_crawl_jobs_project_status;
DROP INDEX ix_crawl_jobs_status;
DROP INDEX ix_crawl_jobs_project_id;
DROP INDEX ix_projects_status;
DROP INDEX ix_projects_user_id;
ALTER TABLE usage_metrics DROP CONSTRAINT fk_usage_metrics_user_id;
ALTER TABLE notification_preferences DROP CONSTRAINT fk_notification_preferences_user_id;
ALTER TABLE notifications DROP CONSTRAINT fk_notifications_user_id;
ALTER TABLE api_keys DROP CONSTRAINT fk_api_keys_user_id;
ALTER TABLE credit_transactions DROP CONSTRAINT fk_credit_transactions_user_id;
ALTER TABLE credit_transactions DROP CONSTRAINT fk_credit_transactions_account_id;
ALTER TABLE credit_accounts DROP CONSTRAINT fk_credit_accounts_user_id;
ALTER TABLE activity_logs DROP CONSTRAINT fk_activity_logs_user_id;
ALTER TABLE images DROP CONSTRAINT fk_images_crawl_job_id;
ALTER TABLE crawl_jobs DROP CONSTRAINT fk_crawl_jobs_project_id;
ALTER TABLE projects DROP CONSTRAINT fk_projects_user_id;

-- corm:down
-- corm:only mysql
ALTER TABLE usage_metrics DROP FOREIGN KEY fk_usage_metrics_user_id;
ALTER TABLE notification_preferences DROP FOREIGN KEY fk_notification_preferences_user_id;
ALTER TABLE notifications DROP FOREIGN KEY fk_notifications_user_id;
ALTER TABLE api_keys DROP FOREIGN KEY fk_api_keys_user_id;
ALTER TABLE credit_transactions DROP FOREIGN KEY fk_credit_transactions_user_id;
ALTER TABLE credit_transactions DROP FOREIGN KEY fk_credit_transactions_account_id;
ALTER TABLE credit_accounts DROP FOREIGN KEY fk_credit_accounts_user_id;
ALTER TABLE activity_logs DROP FOREIGN KEY fk_activity_logs_user_id;
ALTER TABLE images DROP FOREIGN KEY fk_images_crawl_job_id;
ALTER TABLE crawl_jobs DROP FOREIGN KEY fk_crawl_jobs_project_id;
ALTER TABLE projects DROP FOREIGN KEY fk_projects_user_id;
-- and the indexes that MariaDB had made for keys that had none
DROP INDEX fk_usage_metrics_user_id ON usage_metrics;
DROP INDEX fk_notifications_user_id ON notifications;
DROP INDEX fk_api_keys_user_id ON api_keys;
DROP INDEX fk_credit_transactions_user_id ON credit_transactions;
DROP INDEX fk_credit_transactions_account_id ON credit_transactions;
DROP INDEX fk_credit_accounts_user_id ON credit_accounts;
DROP INDEX ix_activity_logs_resource ON activity_logs;
DROP INDEX ix_activity_logs_user_timestamp ON activity_logs;
DROP INDEX ix_activity_logs_timestamp ON activity_logs;
DROP INDEX ix_activity_logs_user_id ON activity_logs;
DROP INDEX ix_images_created_at ON images;
DROP INDEX ix_images_crawl_job_id ON images;
DROP INDEX ix_crawl_jobs_created_at ON crawl_jobs;
DROP INDEX ix_crawl_jobs_project_status ON crawl_jobs;
DROP INDEX ix_crawl_jobs_status ON crawl_jobs;
DROP INDEX ix_crawl_jobs_project_id ON crawl_jobs;
DROP INDEX ix_projects_status ON projects;
DROP INDEX ix_projects_user_id ON projects;

-- corm:down
-- corm:only sqlite3
CREATE TABLE new_projects (
    id INTEGER PRIMARY KEY,
    name VARCHAR(255) NOT NULL,
    user_id UUID NOT NULL,
    status VARCHAR(20) NOT NULL DEFAULT 'active'
);
INSERT INTO new_projects (id, name, user_id, status) SELECT id, name, user_id, status FROM projects;
DROP TABLE projects;
ALTER TABLE new_projects RENAME TO projects;
CREATE TABLE new_crawl_jobs (
    id INTEGER PRIMARY KEY,
    project_id INTEGER NOT NULL,
    status VARCHAR(20) NOT NULL DEFAULT 'pending',
    created_at TIMESTAMP NOT NULL DEFAULT (rtrim(rtrim(strftime('%Y-%m-%d %H:%M:%f','now'),'0'),'.'))
);
INSERT INTO new_crawl_jobs (id, project_id, status, created_at) SELECT id, project_id, status, created_at FROM crawl_jobs;
DROP TABLE crawl_jobs;
ALTER TABLE new_crawl_jobs RENAME TO crawl_jobs;
CREATE TABLE new_images (
    id INTEGER PRIMARY KEY,
    crawl_job_id INTEGER NOT NULL,
    url VARCHAR(255) NOT NULL,
    created_at TIMESTAMP NOT NULL DEFAULT (rtrim(rtrim(strftime('%Y-%m-%d %H:%M:%f','now'),'0'),'.'))
);
INSERT INTO new_images (id, crawl_job_id, url, created_at) SELECT id, crawl_job_id, url, created_at FROM images;
DROP TABLE images;
ALTER TABLE new_images RENAME TO images;
CREATE TABLE new_activity_logs (
    id INTEGER PRIMARY KEY,
    user_id UUID NOT NULL,
    action VARCHAR(100) NOT NULL,
    resource_type VARCHAR(50),
    resource_id VARCHAR(100),
    timestamp TIMESTAMP NOT NULL DEFAULT (rtrim(rtrim(strftime('%Y-%m-%d %H:%M:%f','now'),'0'),'.'))
);
INSERT INTO new_activity_logs (id, user_id, action, resource_type, resource_id, timestamp) SELECT id, user_id, action, resource_type, resource_id, timestamp FROM activity_logs;
DROP TABLE activity_logs;
ALTER TABLE new_activity_logs RENAME TO activity_logs;
CREATE TABLE new_credit_accounts (
    id INTEGER PRIMARY KEY,
    user_id UUID NOT NULL,
    balance INTEGER NOT NULL DEFAULT 0
);
INSERT INTO new_credit_accounts (id, user_id, balance) SELECT id, user_id, balance FROM credit_accounts;
DROP TABLE credit_accounts;
ALTER TABLE new_credit_accounts RENAME TO credit_accounts;
CREATE TABLE new_credit_transactions (
    id INTEGER PRIMARY KEY,
    account_id INTEGER NOT NULL,
    user_id UUID NOT NULL,
    amount INTEGER NOT NULL
);
INSERT INTO new_credit_transactions (id, account_id, user_id, amount) SELECT id, account_id, user_id, amount FROM credit_transactions;
DROP TABLE credit_transactions;
ALTER TABLE new_credit_transactions RENAME TO credit_transactions;
CREATE TABLE new_api_keys (
    id INTEGER PRIMARY KEY,
    user_id UUID NOT NULL,
    name VARCHAR(100) NOT NULL
);
INSERT INTO new_api_keys (id, user_id, name) SELECT id, user_id, name FROM api_keys;
DROP TABLE api_keys;
ALTER TABLE new_api_keys RENAME TO api_keys;
CREATE TABLE new_notifications (
    id INTEGER PRIMARY KEY,
    user_id UUID NOT NULL,
    message TEXT NOT NULL
);
INSERT INTO new_notifications (id, user_id, message) SELECT id, user_id, message FROM notifications;
DROP TABLE notifications;
ALTER TABLE new_notifications RENAME TO notifications;
CREATE TABLE new_notification_preferences (
    id INTEGER PRIMARY KEY,
    user_id UUID NOT NULL,
    email_enabled BOOLEAN NOT NULL DEFAULT TRUE,
    CONSTRAINT uq_notification_preferences_user_id UNIQUE (user_id)
);
INSERT INTO new_notification_preferences (id, user_id, email_enabled) SELECT id, user_id, email_enabled FROM notification_preferences;
DROP TABLE notification_preferences;
ALTER TABLE new_notification_preferences RENAME TO notification_preferences;
CREATE TABLE new_usage_metrics (
    id INTEGER PRIMARY KEY,
    user_id UUID NOT NULL,
    metric VARCHAR(50) NOT NULL,
    amount INTEGER NOT NULL
);
INSERT INTO new_usage_metrics (id, user_id, metric, amount) SELECT id, user_id, metric, amount FROM usage_metrics;
DROP TABLE usage_metrics;
ALTER TABLE new_usage_metrics RENAME TO usage_metrics;
