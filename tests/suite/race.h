/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* What test-migrate-race lets many processes do at once. */
#pragma once

typedef struct {
  const char *name, *text;
} File;

static const File files[] = {
  { "01_people.sql",
    "CREATE TABLE people (id INTEGER NOT NULL PRIMARY KEY, name VARCHAR(40));\n"
    "INSERT INTO people (id, name) VALUES (1, 'a'), (2, 'b'), (3, 'c'), (4, 'd');\n"
    "INSERT INTO people (id, name) SELECT id + 4, name FROM people;\n"
    "INSERT INTO people (id, name) SELECT id + 8, name FROM people;\n"
    "INSERT INTO people (id, name) SELECT id + 16, name FROM people;\n"
    "INSERT INTO people (id, name) SELECT id + 32, name FROM people;\n"
    "INSERT INTO people (id, name) SELECT a.id * 64 + b.id, b.name FROM people a CROSS JOIN people b;\n" },
  { "02_places.sql",
    "CREATE TABLE places (id INTEGER NOT NULL PRIMARY KEY, label VARCHAR(40) NOT NULL);\n"
    "CREATE INDEX places_label ON places (label);\nINSERT INTO places VALUES (1, 'here');\n" },
  { "03_visits.sql",
    "CREATE TABLE visits (id INTEGER NOT NULL PRIMARY KEY, place_id INTEGER);\n"
    "ALTER TABLE visits ADD COLUMN note VARCHAR(10);\nINSERT INTO visits VALUES (1, 1, 'x');\n" },
  { "04_index.sql",
    "-- corm:only pgsql\n-- corm:no-transaction\nCREATE INDEX CONCURRENTLY people_name ON people (name);\n"
    "CREATE INDEX CONCURRENTLY people_both ON people (name, id);\n" },
  { "05_index.sql", "-- corm:only sqlite3 mysql\nCREATE INDEX people_name ON people (name);\n"
                    "CREATE INDEX people_both ON people (name, id);\n" },
  { "06_steps.sql",
    "-- corm:no-transaction\nINSERT INTO places VALUES (2, 'there');\nCREATE TABLE tags (id INTEGER NOT NULL "
    "PRIMARY KEY);\nINSERT INTO tags VALUES (1);\nUPDATE tags SET id = id + 1;\n" },
};

/* A statement that takes half a minute, while a table is locked. */
static const File long_files[] = {
  { "01_table.sql",
    "CREATE TABLE people (id INTEGER NOT NULL PRIMARY KEY);\nINSERT INTO people VALUES (1);\n" },
  { "02_long.sql", "-- corm:only pgsql\nALTER TABLE people ADD COLUMN name TEXT;\nSELECT pg_sleep (30);\n" },
  { "03_long.sql", "-- corm:only mysql\nALTER TABLE people ADD COLUMN name TEXT;\n"
                   "INSERT INTO people (id) SELECT id + 1 + SLEEP (30) FROM people;\n" },
};

/* The way without versions: to this, from what is there. */
static const char schema[] =
    "CREATE TABLE people (id INTEGER NOT NULL PRIMARY KEY, name VARCHAR(40) NOT NULL, age INTEGER);\n"
    "CREATE INDEX people_name ON people (name);\nCREATE INDEX people_age ON people (age, name);\n"
    "CREATE TABLE places (id INTEGER NOT NULL PRIMARY KEY, label VARCHAR(40) NOT NULL, CONSTRAINT "
    "places_label UNIQUE (label));\n"
    "CREATE TABLE visits (id INTEGER NOT NULL PRIMARY KEY, place_id INTEGER, CONSTRAINT visits_place FOREIGN "
    "KEY (place_id) "
    "REFERENCES places (id));\nCREATE INDEX visits_by_place ON visits (place_id);\n";

/* Step by step, as a database with users is altered: from the one to the other, with rows. */
static const char *const online_before[] = {
  "CREATE TABLE places (id INTEGER NOT NULL PRIMARY KEY, label VARCHAR(40))",
  "CREATE TABLE people (id INTEGER NOT NULL PRIMARY KEY, name VARCHAR(40), place_id INTEGER, age INTEGER)",
  "INSERT INTO places (id, label) VALUES (0, 'a'), (1, 'b'), (2, 'c'), (3, 'd')",
  "INSERT INTO people (id, name, place_id, age) SELECT a.id * 64 + b.id * 16 + c.id * 4 + d.id, a.label, "
  "d.id, 1 "
  "FROM places a CROSS JOIN places b CROSS JOIN places c CROSS JOIN places d",
  "INSERT INTO people (id, name, place_id, age) SELECT id + 256, name, place_id, id FROM people",
  "INSERT INTO people (id, name, place_id, age) SELECT a.id * 512 + b.id, a.name, b.place_id, b.age FROM "
  "people a "
  "CROSS JOIN people b WHERE a.id BETWEEN 1 AND 30",
};
static const char online_schema[] =
    "CREATE TABLE places (id INTEGER NOT NULL PRIMARY KEY, label VARCHAR(60) NOT NULL, CONSTRAINT "
    "places_label "
    "UNIQUE (label));\n"
    "CREATE TABLE people (id INTEGER NOT NULL PRIMARY KEY, name VARCHAR(40) NOT NULL, place_id INTEGER, age "
    "INTEGER, note VARCHAR(10), CONSTRAINT people_age CHECK (age >= 0), CONSTRAINT people_id UNIQUE (id, "
    "age), "
    "CONSTRAINT people_place FOREIGN KEY (place_id) REFERENCES places (id));\n"
    "CREATE INDEX people_by_place ON people (place_id);\nCREATE INDEX people_name ON people (name);\n"
    "CREATE UNIQUE INDEX people_both ON people (name, id);\n"
    "CREATE TABLE visits (id INTEGER NOT NULL PRIMARY KEY, place_id INTEGER);\n"
    "CREATE INDEX visits_by_place ON visits (place_id);\n";
