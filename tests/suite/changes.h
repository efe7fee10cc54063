/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Every kind of change, on a table with rows. Both sides are SQL that every database reads. */
#pragma once

typedef struct {
  const char *name;
  const char *before; /* statements; with rows */
  const char *after;  /* the schema as it should be */
  const char *op;     /* one that the plan has */
  const char *rows;   /* a query … */
  const char *want;   /* … and what it gives then */
} Change;

#define ROWS ";\nINSERT INTO t (id, a) VALUES (1, 10), (2, 20)"

static const Change changes[] = {
  { "add-column", "CREATE TABLE t (id integer PRIMARY KEY, a integer)" ROWS,
    "CREATE TABLE t (id integer PRIMARY KEY, a integer, b varchar(9))", "add-column", "SELECT sum(a) FROM t",
    "30" },
  { "add-column-default", "CREATE TABLE t (id integer PRIMARY KEY, a integer)" ROWS,
    "CREATE TABLE t (id integer PRIMARY KEY, a integer, b integer NOT NULL DEFAULT 7)", "add-column",
    "SELECT sum(b) FROM t", "14" },
  { "add-column-filled", "CREATE TABLE t (id integer PRIMARY KEY, a integer)" ROWS,
    "CREATE TABLE t (\n  id integer PRIMARY KEY,\n  a integer,\n  b integer NOT NULL -- corm:convert a + "
    "1\n)",
    "add-column", "SELECT sum(b) FROM t", "32" },
  { "add-column-filled-default", "CREATE TABLE t (id integer PRIMARY KEY, a integer)" ROWS,
    "CREATE TABLE t (\n  id integer PRIMARY KEY,\n  a integer,\n  b integer NOT NULL DEFAULT 7 -- "
    "corm:convert "
    "a + 1\n)",
    "add-column", "SELECT sum(b) FROM t", "32" },
  { "drop-column", "CREATE TABLE t (id integer PRIMARY KEY, a integer, b integer)" ROWS,
    "CREATE TABLE t (id integer PRIMARY KEY, a integer)", "drop-column", "SELECT sum(a) FROM t", "30" },
  { "rename-column", "CREATE TABLE t (id integer PRIMARY KEY, a integer)" ROWS,
    "CREATE TABLE t (\n  id integer PRIMARY KEY,\n  c integer -- corm:was a\n)", "rename-column",
    "SELECT sum(c) FROM t", "30" },
  { "rename-table", "CREATE TABLE t (id integer PRIMARY KEY, a integer)" ROWS,
    "-- corm:was t\nCREATE TABLE u (id integer PRIMARY KEY, a integer)", "rename-table",
    "SELECT sum(a) FROM u", "30" },
  { "drop-table", "CREATE TABLE t (id integer PRIMARY KEY, a integer); CREATE TABLE gone (x integer)" ROWS,
    "CREATE TABLE t (id integer PRIMARY KEY, a integer)", "drop-table", "SELECT sum(a) FROM t", "30" },
  { "create-table", "CREATE TABLE t (id integer PRIMARY KEY, a integer)" ROWS,
    "CREATE TABLE t (id integer PRIMARY KEY, a integer); CREATE TABLE v (x integer)", "create-table",
    "SELECT count(*) FROM v", "0" },
  { "widen-type", "CREATE TABLE t (id integer PRIMARY KEY, a integer)" ROWS,
    "CREATE TABLE t (id integer PRIMARY KEY, a bigint)", "set-type", "SELECT sum(a) FROM t", "30" },
  { "widen-text", "CREATE TABLE t (id integer PRIMARY KEY, a varchar(5))" ROWS,
    "CREATE TABLE t (id integer PRIMARY KEY, a varchar(50))", "set-type", "SELECT max(a) FROM t", "20" },
  { "number-to-text", "CREATE TABLE t (id integer PRIMARY KEY, a integer)" ROWS,
    "CREATE TABLE t (id integer PRIMARY KEY, a varchar(20))", "set-type", "SELECT max(a) FROM t", "20" },
  { "text-to-number", "CREATE TABLE t (id integer PRIMARY KEY, a varchar(20))" ROWS,
    "CREATE TABLE t (id integer PRIMARY KEY, a integer)", "set-type", "SELECT sum(a) FROM t", "30" },
  { "set-not-null", "CREATE TABLE t (id integer PRIMARY KEY, a integer)" ROWS,
    "CREATE TABLE t (id integer PRIMARY KEY, a integer NOT NULL)", "set-not-null", "SELECT sum(a) FROM t",
    "30" },
  { "backfill", "CREATE TABLE t (id integer PRIMARY KEY, a integer, b integer)" ROWS,
    "CREATE TABLE t (\n  id integer PRIMARY KEY,\n  a integer,\n  b integer NOT NULL -- corm:convert a + "
    "1\n)",
    "set-not-null", "SELECT sum(b) FROM t", "32" },
  { "drop-not-null", "CREATE TABLE t (id integer PRIMARY KEY, a integer NOT NULL)" ROWS,
    "CREATE TABLE t (id integer PRIMARY KEY, a integer)", "drop-not-null", "SELECT sum(a) FROM t", "30" },
  { "type-below-generated",
    "CREATE TABLE t (id integer PRIMARY KEY, a integer, g integer GENERATED ALWAYS AS (a + 1) STORED)" ROWS,
    "CREATE TABLE t (id integer PRIMARY KEY, a bigint, g integer GENERATED ALWAYS AS (a + 1) STORED)",
    "set-type", "SELECT sum(g) FROM t", "32" },
  { "set-default", "CREATE TABLE t (id integer PRIMARY KEY, a integer)" ROWS,
    "CREATE TABLE t (id integer PRIMARY KEY, a integer DEFAULT 3)", "set-default", "SELECT sum(a) FROM t",
    "30" },
  { "change-default", "CREATE TABLE t (id integer PRIMARY KEY, a integer DEFAULT 2)" ROWS,
    "CREATE TABLE t (id integer PRIMARY KEY, a integer DEFAULT 3)", "set-default", "SELECT sum(a) FROM t",
    "30" },
  { "drop-default", "CREATE TABLE t (id integer PRIMARY KEY, a integer DEFAULT 2)" ROWS,
    "CREATE TABLE t (id integer PRIMARY KEY, a integer)", "drop-default", "SELECT sum(a) FROM t", "30" },
  { "type-and-default", "CREATE TABLE t (id integer PRIMARY KEY, a integer DEFAULT 2)" ROWS,
    "CREATE TABLE t (id integer PRIMARY KEY, a varchar(20) DEFAULT 'none')", "set-type",
    "SELECT max(a) FROM t", "20" },
  { "set-generated",
    "CREATE TABLE t (id integer PRIMARY KEY, a integer, g integer GENERATED ALWAYS AS (a + 1) STORED)" ROWS,
    "CREATE TABLE t (id integer PRIMARY KEY, a integer, g integer GENERATED ALWAYS AS (a * 2) STORED)", NULL,
    "SELECT sum(g) FROM t", "60" },
  { "drop-generated",
    "CREATE TABLE t (id integer PRIMARY KEY, a integer, g integer GENERATED ALWAYS AS (a + 1) STORED)" ROWS,
    "CREATE TABLE t (id integer PRIMARY KEY, a integer, g integer)", "drop-generated", "SELECT sum(g) FROM t",
    "32" },
  { "primary-key", "CREATE TABLE t (id integer NOT NULL, a integer NOT NULL, PRIMARY KEY (id))" ROWS,
    "CREATE TABLE t (id integer NOT NULL, a integer NOT NULL, PRIMARY KEY (id, a))", "add-primary-key",
    "SELECT sum(a) FROM t", "30" },
  { "add-unique", "CREATE TABLE t (id integer PRIMARY KEY, a integer)" ROWS,
    "CREATE TABLE t (id integer PRIMARY KEY, a integer, CONSTRAINT uq UNIQUE (a))", "add-unique",
    "SELECT sum(a) FROM t", "30" },
  { "drop-unique", "CREATE TABLE t (id integer PRIMARY KEY, a integer, CONSTRAINT uq UNIQUE (a))" ROWS,
    "CREATE TABLE t (id integer PRIMARY KEY, a integer)", "drop-unique", "SELECT sum(a) FROM t", "30" },
  { "add-check", "CREATE TABLE t (id integer PRIMARY KEY, a integer)" ROWS,
    "CREATE TABLE t (id integer PRIMARY KEY, a integer, CONSTRAINT ck CHECK (a > 0))", "add-check",
    "SELECT sum(a) FROM t", "30" },
  { "change-check", "CREATE TABLE t (id integer PRIMARY KEY, a integer, CONSTRAINT ck CHECK (a > 1))" ROWS,
    "CREATE TABLE t (id integer PRIMARY KEY, a integer, CONSTRAINT ck CHECK (a > 0))", "add-check",
    "SELECT sum(a) FROM t", "30" },
  { "drop-check", "CREATE TABLE t (id integer PRIMARY KEY, a integer, CONSTRAINT ck CHECK (a > 1))" ROWS,
    "CREATE TABLE t (id integer PRIMARY KEY, a integer)", "drop-check", "SELECT sum(a) FROM t", "30" },
  { "add-foreign-key",
    "CREATE TABLE t (id integer PRIMARY KEY, a integer); CREATE TABLE c (t integer)" ROWS
    "; INSERT INTO c VALUES (1)",
    "CREATE TABLE t (id integer PRIMARY KEY, a integer); CREATE TABLE c (t integer, CONSTRAINT fk FOREIGN "
    "KEY (t) "
    "REFERENCES t (id))",
    "add-foreign-key", "SELECT t FROM c", "1" },
  { "change-foreign-key",
    "CREATE TABLE t (id integer PRIMARY KEY, a integer); CREATE TABLE c (t integer, CONSTRAINT fk FOREIGN "
    "KEY (t) "
    "REFERENCES t (id))" ROWS "; INSERT INTO c VALUES (1)",
    "CREATE TABLE t (id integer PRIMARY KEY, a integer); CREATE TABLE c (t integer, CONSTRAINT fk FOREIGN "
    "KEY (t) "
    "REFERENCES t (id) ON DELETE CASCADE)",
    "add-foreign-key", "SELECT t FROM c", "1" },
  { "drop-foreign-key",
    "CREATE TABLE t (id integer PRIMARY KEY, a integer); CREATE TABLE c (t integer, CONSTRAINT fk FOREIGN "
    "KEY (t) "
    "REFERENCES t (id) ON DELETE CASCADE)" ROWS "; INSERT INTO c VALUES (1)",
    "CREATE TABLE t (id integer PRIMARY KEY, a integer); CREATE TABLE c (t integer)", "drop-foreign-key",
    "SELECT t FROM c", "1" },
  { "type-under-foreign-key",
    "CREATE TABLE t (id integer PRIMARY KEY, a integer); CREATE TABLE c (t integer, CONSTRAINT fk FOREIGN "
    "KEY (t) "
    "REFERENCES t (id) ON DELETE CASCADE)" ROWS "; INSERT INTO c VALUES (1)",
    "CREATE TABLE t (id bigint PRIMARY KEY, a integer); CREATE TABLE c (t bigint, CONSTRAINT fk FOREIGN KEY "
    "(t) "
    "REFERENCES t (id) ON DELETE CASCADE)",
    "set-type", "SELECT t FROM c", "1" },
  { "create-index", "CREATE TABLE t (id integer PRIMARY KEY, a integer)" ROWS,
    "CREATE TABLE t (id integer PRIMARY KEY, a integer); CREATE INDEX i ON t (a)", "create-index",
    "SELECT sum(a) FROM t", "30" },
  { "change-index", "CREATE TABLE t (id integer PRIMARY KEY, a integer); CREATE INDEX i ON t (a)" ROWS,
    "CREATE TABLE t (id integer PRIMARY KEY, a integer); CREATE INDEX i ON t (a, id)", "create-index",
    "SELECT sum(a) FROM t", "30" },
  { "drop-index", "CREATE TABLE t (id integer PRIMARY KEY, a integer); CREATE INDEX i ON t (a)" ROWS,
    "CREATE TABLE t (id integer PRIMARY KEY, a integer)", "drop-index", "SELECT sum(a) FROM t", "30" },
  { "drop-indexes-over-the-same",
    "CREATE TABLE t (id integer PRIMARY KEY, a integer); CREATE UNIQUE INDEX i ON t (a); CREATE UNIQUE INDEX "
    "j ON t (a)" ROWS,
    "CREATE TABLE t (id integer PRIMARY KEY, a integer)", NULL, "SELECT sum(a) FROM t", "30" },
  { "index-of-dropped-column",
    "CREATE TABLE t (id integer PRIMARY KEY, a integer, b integer); CREATE INDEX i ON t (b)" ROWS,
    "CREATE TABLE t (id integer PRIMARY KEY, a integer)", "drop-column", "SELECT sum(a) FROM t", "30" },
  { "create-view", "CREATE TABLE t (id integer PRIMARY KEY, a integer)" ROWS,
    "CREATE TABLE t (id integer PRIMARY KEY, a integer); CREATE VIEW v AS SELECT a FROM t", "create-view",
    "SELECT sum(a) FROM v", "30" },
  { "change-view",
    "CREATE TABLE t (id integer PRIMARY KEY, a integer); CREATE VIEW v AS SELECT a FROM t" ROWS,
    "CREATE TABLE t (id integer PRIMARY KEY, a integer); CREATE VIEW v AS SELECT id, a + 1 AS a FROM t",
    "create-view", "SELECT sum(a) FROM v", "32" },
  { "drop-view", "CREATE TABLE t (id integer PRIMARY KEY, a integer); CREATE VIEW v AS SELECT a FROM t" ROWS,
    "CREATE TABLE t (id integer PRIMARY KEY, a integer)", "drop-view", "SELECT sum(a) FROM t", "30" },
  { "view-over-changed-column",
    "CREATE TABLE t (id integer PRIMARY KEY, a integer); CREATE VIEW v AS SELECT a FROM t" ROWS,
    "CREATE TABLE t (id integer PRIMARY KEY, a bigint); CREATE VIEW v AS SELECT a FROM t", "set-type",
    "SELECT sum(a) FROM v", "30" },
};

#define LABELS "CREATE TYPE mood AS ENUM ('sad', 'ok', 'fine'); "
#define MOODS "CREATE TABLE t (id integer PRIMARY KEY, a mood, b mood[] DEFAULT '{ok}'"
#define MOOD_ROWS ");\nINSERT INTO t (id, a, b) VALUES (1, 'ok', '{ok,fine}'), (2, NULL, NULL)"
#define NUMBERED ";\nINSERT INTO t (a) VALUES (10), (20)"

/* Where labels have a type of their own, and a number a sequence. */
static const Change typed[] = {
  { "serial-to-plain", "CREATE TABLE t (id bigserial PRIMARY KEY, a integer)" NUMBERED,
    "CREATE TABLE t (id bigint PRIMARY KEY, a integer)", "set-identity",
    "SELECT count(*) FROM pg_sequences WHERE schemaname = current_schema()", "0" },
  { "serial-to-default",
    "CREATE TABLE t (id serial PRIMARY KEY, a integer); ALTER SEQUENCE t_id_seq INCREMENT BY 5" NUMBERED,
    "CREATE TABLE t (id integer DEFAULT 7, a integer)", "set-identity", "SELECT sum(id) FROM t", "7" },
  { "serial-to-a-sequence-that-stays", "CREATE TABLE t (id bigserial PRIMARY KEY, a integer)" NUMBERED,
    "CREATE SEQUENCE t_id_seq; CREATE TABLE t (id bigint DEFAULT nextval('t_id_seq') PRIMARY KEY, a integer)",
    "set-identity", "SELECT max(id) FROM t WHERE nextval('t_id_seq') > 2", "2" },
  { "serial-to-identity",
    "CREATE TABLE t (id serial PRIMARY KEY, a integer); ALTER SEQUENCE t_id_seq INCREMENT BY 5" NUMBERED,
    "CREATE TABLE t (id integer GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY, a integer)", "set-options",
    "SELECT sum(id) FROM t", "7" },
  { "serial-to-always", "CREATE TABLE t (id smallserial PRIMARY KEY, a integer)" NUMBERED,
    "CREATE TABLE t (id smallint GENERATED ALWAYS AS IDENTITY (INCREMENT BY 3) PRIMARY KEY, a integer)",
    "set-identity", "SELECT sum(id) FROM t", "3" },
  { "identity-to-serial",
    "CREATE TABLE t (id bigint GENERATED ALWAYS AS IDENTITY (INCREMENT BY 3) PRIMARY KEY, a "
    "integer)" NUMBERED,
    "CREATE TABLE t (id bigserial PRIMARY KEY, a integer)", "set-identity",
    "SELECT max(id) FROM t WHERE nextval('t_id_seq') > 4", "4" },
  { "identity-to-plain",
    "CREATE TABLE t (id bigint GENERATED ALWAYS AS IDENTITY (INCREMENT BY 3) PRIMARY KEY, a "
    "integer)" NUMBERED,
    "CREATE TABLE t (id bigint PRIMARY KEY, a integer)", "set-identity", "SELECT sum(id) FROM t", "5" },
  { "default-to-serial", "CREATE TABLE t (id integer DEFAULT 5, a integer)" NUMBERED,
    "CREATE TABLE t (id serial, a integer)", "set-identity",
    "SELECT max(id) FROM t WHERE nextval('t_id_seq') > 5", "5" },
  { "default-to-identity", "CREATE TABLE t (id integer NOT NULL DEFAULT 5, a integer)" NUMBERED,
    "CREATE TABLE t (id integer GENERATED BY DEFAULT AS IDENTITY, a integer)", "set-identity",
    "SELECT sum(id) FROM t", "10" },
  { "labels-in-another-order", LABELS MOODS MOOD_ROWS,
    "CREATE TYPE mood AS ENUM ('fine', 'ok', 'sad'); " MOODS ")", "change-enum",
    "SELECT CAST(min(b) AS text) FROM t", "{ok,fine}" },
  { "label-goes-with-its-default", LABELS MOODS ", c mood DEFAULT 'sad'" MOOD_ROWS "; UPDATE t SET c = 'ok'",
    "CREATE TYPE mood AS ENUM ('ok', 'fine'); " MOODS ", c mood)", "change-enum",
    "SELECT CAST(min(c) AS text) FROM t", "ok" },
  { "label-goes-and-another-is-the-default",
    LABELS MOODS ", c mood DEFAULT 'sad'" MOOD_ROWS "; UPDATE t SET c = 'ok'",
    "CREATE TYPE mood AS ENUM ('ok', 'fine'); " MOODS ", c mood DEFAULT 'fine')", "change-enum",
    "SELECT CAST(min(c) AS text) FROM t", "ok" },
  { "new-label-is-the-default", LABELS MOODS ", c mood DEFAULT 'sad'" MOOD_ROWS,
    "CREATE TYPE mood AS ENUM ('sad', 'ok', 'fine', 'new'); " MOODS ", c mood DEFAULT 'ok')", NULL,
    "SELECT CAST(min(c) AS text) FROM t", "sad" },
  { "labels-and-default-change", LABELS MOODS ", c mood DEFAULT 'sad'" MOOD_ROWS,
    "CREATE TYPE mood AS ENUM ('fine', 'sad', 'ok'); " MOODS ", c mood DEFAULT 'ok')", "change-enum",
    "SELECT CAST(min(c) AS text) FROM t", "sad" },
};
