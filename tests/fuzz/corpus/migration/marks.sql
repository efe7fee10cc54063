-- corm:only pgsql, sqlite
-- corm:after 3
-- corm:foreign-keys
-- corm:up
CREATE TABLE jobs (id INTEGER, -- corm:was key
  name TEXT);
-- corm:no-transaction

-- corm:down
-- corm:only mysql
DROP TABLE jobs;
