-- SPDX-License-Identifier: LGPL-2.1-or-later
-- SPDX-FileCopyrightText: The Corm authors
-- Find tasks by their due date
-- corm:up
CREATE INDEX IF NOT EXISTS idx_tasks_due_date ON tasks (due_date);

-- corm:down
-- corm:only sqlite3 pgsql
DROP INDEX idx_tasks_due_date;
-- corm:down
-- corm:only mysql
DROP INDEX idx_tasks_due_date ON tasks;
