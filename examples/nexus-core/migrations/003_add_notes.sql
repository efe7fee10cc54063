-- SPDX-License-Identifier: LGPL-2.1-or-later
-- SPDX-FileCopyrightText: The Corm authors
-- Add notes to tasks
-- corm:up
CREATE TABLE IF NOT EXISTS notes (
    note_id UUID NOT NULL PRIMARY KEY,
    task_id UUID NOT NULL,
    body TEXT NOT NULL,
    tags VARCHAR(200) DEFAULT '[]'
);

-- corm:down
DROP TABLE notes;
