-- SPDX-License-Identifier: LGPL-2.1-or-later
-- SPDX-FileCopyrightText: The Corm authors
-- Initial schema with all core tables
-- corm:up
CREATE TABLE IF NOT EXISTS schema_version (
    version INTEGER NOT NULL PRIMARY KEY,
    applied_at TEXT NOT NULL,
    description TEXT NOT NULL
);

-- corm:up
-- corm:only sqlite3 pgsql
CREATE TABLE IF NOT EXISTS lists (
    list_id UUID NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL
);
CREATE TABLE IF NOT EXISTS tasks (
    task_id UUID NOT NULL PRIMARY KEY,
    list_id UUID NOT NULL,
    content TEXT NOT NULL,
    is_completed BOOLEAN NOT NULL DEFAULT FALSE,
    due_date DATE,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL
);

-- corm:up
-- corm:only mysql
CREATE TABLE IF NOT EXISTS lists (
    list_id UUID NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    created_at TIMESTAMP(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6)
);
CREATE TABLE IF NOT EXISTS tasks (
    task_id UUID NOT NULL PRIMARY KEY,
    list_id UUID NOT NULL,
    content TEXT NOT NULL,
    is_completed BOOLEAN NOT NULL DEFAULT FALSE,
    due_date DATE,
    created_at TIMESTAMP(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6)
);

-- corm:up
CREATE INDEX IF NOT EXISTS idx_tasks_list ON tasks (list_id);

-- corm:down
DROP TABLE tasks;
DROP TABLE lists;
DROP TABLE schema_version;
