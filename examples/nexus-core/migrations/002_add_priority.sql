-- SPDX-License-Identifier: LGPL-2.1-or-later
-- SPDX-FileCopyrightText: The Corm authors
-- Add task priority feature
-- corm:up
ALTER TABLE tasks ADD COLUMN priority INTEGER DEFAULT 0;
CREATE INDEX IF NOT EXISTS idx_tasks_priority ON tasks (priority);

-- corm:down
-- corm:only sqlite3 pgsql
DROP INDEX idx_tasks_priority;
-- corm:down
-- corm:only mysql
DROP INDEX idx_tasks_priority ON tasks;
-- corm:down
ALTER TABLE tasks DROP COLUMN priority;
