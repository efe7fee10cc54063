CREATE TABLE jobs (
  id INTEGER PRIMARY KEY,
  name TEXT -- corm:convert upper(name)
);
INSERT INTO jobs VALUES (1, 'a;b');
