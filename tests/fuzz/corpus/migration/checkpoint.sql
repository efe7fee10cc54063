-- corm:replaces 1 0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef
-- corm:loses jobs
-- corm:up
-- corm:was old_jobs
CREATE TABLE jobs (id INTEGER,
  -- corm:was title
  name TEXT);
