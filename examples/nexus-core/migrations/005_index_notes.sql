-- SPDX-License-Identifier: LGPL-2.1-or-later
-- SPDX-FileCopyrightText: The Corm authors
-- Find the notes of a task
-- corm:up
CREATE INDEX IF NOT EXISTS idx_notes_task ON notes (task_id);

-- corm:down
-- corm:only sqlite3 pgsql
DROP INDEX idx_notes_task;
-- corm:down
-- corm:only mysql
DROP INDEX idx_notes_task ON notes;
