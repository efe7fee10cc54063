-- corm:up
-- corm:lint-ignore index-blocks-writes why not
CREATE INDEX CONCURRENTLY i ON public."Jobs" USING gin (lower(name) DESC) WHERE a IS NULL;
UPDATE jobs SET a = 1;
DELETE FROM jobs;
DROP TABLE IF EXISTS a, b CASCADE;
TRUNCATE jobs;
BEGIN; LOCK TABLE jobs; COMMIT;
VACUUM FULL jobs;
-- corm:down
SELECT 1;
