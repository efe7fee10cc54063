-- migrate:up transaction:false
CREATE INDEX i ON jobs (name);

-- migrate:down
DROP INDEX i;
