-- SPDX-License-Identifier: LGPL-2.1-or-later
-- SPDX-FileCopyrightText: The Corm authors
-- The database of scripts/demo, as version 1 of a program left it: no clusters, no time of creation, nothing unique.
CREATE TABLE jobs (
  id INTEGER PRIMARY KEY,
  name VARCHAR(255) NOT NULL,
  work_dir TEXT NOT NULL,
  status TEXT NOT NULL DEFAULT 'PENDING' -- one of five words
);
CREATE INDEX idx_jobs_status ON jobs (status);
CREATE TRIGGER jobs_name_trimmed AFTER INSERT ON jobs BEGIN
  UPDATE jobs SET name = trim (NEW.name) WHERE id = NEW.id;
END;
WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5000)
INSERT INTO jobs (name, work_dir, status)
SELECT CASE i % 3 WHEN 0 THEN 'scf ' WHEN 1 THEN 'bands – ' ELSE 'phonon ' END || i, '/calc/' || i,
       CASE WHEN i = 4998 THEN 'RUNNING' WHEN i % 7 = 0 THEN 'FAILED' WHEN i % 2 = 0 THEN 'COMPLETED' ELSE 'PENDING' END
FROM n;
