/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Sample tables, made by chance from a seed: every clause that a CREATE TABLE of SQLite takes, in any spelling, with rows,
 * children, indexes, triggers and views. The table is called "it's one" and its key k; its last three columns and its last
 * constraint are always written alike, for a test to change. */
#pragma once

#include "sqlite3.h"

#define SPARE \
  "spare INT /*n*/ NOT NULL DEFAULT 7 CONSTRAINT [spare check] CHECK (spare <> 0) CONSTRAINT \"spare key\" " \
  "REFERENCES parent(id) DEFERRABLE"
#define SPARE_END "spare2 INT"
#define SPARE_LAST "CONSTRAINT `spare unique` UNIQUE(spare2, spare)"

typedef struct {
  guint number;
  char *sql;             /* the table's */
  char *rows;            /* a query of all that the rows hold, but for spare2 and spare3 */
  GPtrArray *statements; /* char *, that make it all */
} SampleTable;

static inline void
sample_table_clear (SampleTable *sample)
{
  g_free (sample->sql);
  g_free (sample->rows);
  g_clear_pointer (&sample->statements, g_ptr_array_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (SampleTable, sample_table_clear)

typedef struct {
  char *name;
  gboolean generated, not_null, unique, reference;
  gboolean whole; /* its values may be whole numbers, which a foreign key finds */
  char kind;      /* of its values: i, r, t, b, a for any */
} SampleColumn;

typedef struct {
  GRand *chance;
  GString *sql;
  GArray *columns; /* SampleColumn */
  gboolean strict, without_rowid;
  guint key; /* how the key is written */
} Sampler;

enum { KEY_AUTOMATIC, KEY_ROWID, KEY_TEXT, KEY_DOUBLE, KEY_NONE, KEY_BODY, KEY_DESC, N_KEYS };

static inline gboolean
sample_one_in (Sampler *s, int n)
{
  return g_rand_int_range (s->chance, 0, n) == 0;
}

static inline const char *
sample_pick (Sampler *s, const char *const *texts, int n)
{
  return texts[g_rand_int_range (s->chance, 0, n)];
}

#define PICK(s, ...) \
  sample_pick (s, (const char *const[]){ __VA_ARGS__ }, \
               (int) G_N_ELEMENTS (((const char *const[]){ __VA_ARGS__ })))

/* Space or comment between two words. */
static inline const char *
sample_space (Sampler *s)
{
  return sample_one_in (s, 3) ? PICK (s, "\n  ", "\t", "  ", " /* a, ) ' */ ", " -- b ( \"\n", "/**/") : " ";
}

/* Keywords in any case. */
static inline void
sample_words (Sampler *s, const char *words)
{
  g_string_append (s->sql, sample_space (s));
  gboolean lower = sample_one_in (s, 2);
  for (const char *p = words; *p != '\0'; p++)
    g_string_append_c (s->sql, lower ? g_ascii_tolower (*p) : *p);
}

/* A name in any quotes that it can bear; @bare: what it is may be said without any. */
static inline char *
sample_quote (Sampler *s, const char *name, gboolean string, gboolean bare)
{
  static const char marks[][3] = { "\"\"", "``", "[]", "''" };
  int n = g_rand_int_range (s->chance, 0, string ? 4 : 3);
  if (bare && sample_one_in (s, 2))
    return g_strdup (name);
  if (n == 2 && strchr (name, ']') != NULL)
    n = 0;
  GString *text = g_string_new (NULL);
  g_string_append_c (text, marks[n][0]);
  for (const char *p = name; *p != '\0'; p++) {
    g_string_append_c (text, *p);
    if (*p == marks[n][0] && n != 2)
      g_string_append_c (text, *p);
  }
  g_string_append_c (text, marks[n][1]);
  return g_string_free (text, FALSE);
}

static inline void
sample_conflict (Sampler *s)
{
  if (sample_one_in (s, 3)) {
    sample_words (s, "ON CONFLICT");
    sample_words (s, PICK (s, "ROLLBACK", "ABORT", "FAIL", "IGNORE", "REPLACE"));
  }
}

static inline void
sample_constraint_name (Sampler *s)
{
  if (!sample_one_in (s, 3))
    return;
  g_autofree char *name = sample_quote (s, PICK (s, "named", "na med", "check"), FALSE, FALSE);
  sample_words (s, "CONSTRAINT");
  g_string_append_printf (s->sql, "%s%s", sample_space (s), name);
}

static inline void
sample_type (Sampler *s, SampleColumn *column)
{
  const char *type = s->strict ? PICK (s, "INT", "INTEGER", "REAL", "TEXT", "BLOB", "ANY")
                               : PICK (s, "", "TEXT", "VARCHAR(20)", "DECIMAL /* , */ (10, 2)", "INT", "real",
                                       "BLOB", "double  precision", "NUMERIC", "\"my type\"", "ANY");
  column->whole = g_str_has_prefix (type, "INT") || *type == '\0';
  column->kind = s->strict ? (char) g_ascii_tolower (type[0]) : 'a';
  g_string_append_printf (s->sql, " %s", type);
}

static inline void
sample_check (Sampler *s, const char *name)
{
  g_autofree char *quoted = sample_quote (s, name, FALSE, FALSE);
  sample_constraint_name (s);
  sample_words (s, "CHECK");
  g_string_append_printf (s->sql, "(%s IS NULL%sor length( %s ) < 99 /* ) */)", quoted, sample_space (s),
                          quoted);
}

static inline void
sample_reference (Sampler *s)
{
  static const char *const actions[] = { "SET NULL", "CASCADE", "RESTRICT", "NO ACTION", "SET DEFAULT" };
  sample_words (s, "REFERENCES");
  g_string_append (s->sql, PICK (s, " parent", " [PARENT] (\"id\")", "/* p */parent(ID)"));
  if (sample_one_in (s, 2)) {
    sample_words (s, "ON DELETE ");
    g_string_append (s->sql, sample_pick (s, actions, 5));
  }
  if (sample_one_in (s, 3)) {
    sample_words (s, "ON UPDATE ");
    g_string_append (s->sql, sample_pick (s, actions, 5));
  }
  if (sample_one_in (s, 3))
    sample_words (s, PICK (s, "MATCH FULL", "MATCH simple"));
  if (sample_one_in (s, 2))
    sample_words (
        s, PICK (s, "DEFERRABLE INITIALLY DEFERRED", "NOT DEFERRABLE", "DEFERRABLE INITIALLY IMMEDIATE"));
}

/* Clauses in any order, each at most once. */
static inline void
sample_clauses (Sampler *s, SampleColumn *column)
{
  guint first = (guint) g_rand_int_range (s->chance, 0, 6);
  for (guint i = 0; i < 6; i++) {
    if (!sample_one_in (s, 3))
      continue;
    switch ((first + i) % 6) {
    case 0:
      column->not_null = TRUE;
      sample_constraint_name (s);
      sample_words (s, "NOT NULL");
      sample_conflict (s);
      break;
    case 1:
      column->unique = TRUE;
      sample_constraint_name (s);
      sample_words (s, "UNIQUE");
      sample_conflict (s);
      break;
    case 2:
      sample_words (s, "COLLATE");
      g_string_append_printf (s->sql, " %s", PICK (s, "nocase", "\"RTRIM\"", "BINARY"));
      break;
    case 3:
      sample_words (s, "DEFAULT");
      g_string_append (s->sql, s->strict ? PICK (s, " NULL", "(NULL )")
                                         : PICK (s, " -3", " 'it''s )'", "( 1 + (2))", " CURRENT_TIMESTAMP",
                                                 " x'00'", "+2.5e1"));
      break;
    case 4:
      sample_check (s, column->name);
      break;
    default:
      column->reference = column->whole;
      if (column->whole) {
        sample_constraint_name (s);
        sample_reference (s);
      }
      break;
    }
  }
}

static inline void
sample_generated (Sampler *s, SampleColumn *column)
{
  column->generated = TRUE;
  if (sample_one_in (s, 2))
    g_string_append (s->sql, PICK (s, " GENERATED ALWAYS", " generated always")); /* SQLite takes a comment in
                                                                                     front for the type's */
  g_string_append (s->sql, " AS");
  g_string_append (s->sql,
                   PICK (s, "(NULL)", "( CASE WHEN spare > 99 THEN 1 END)", "(nullif (\"spare\", [spare]))"));
  if (sample_one_in (s, 2))
    sample_words (s, PICK (s, "STORED", "VIRTUAL"));
}

static inline void
sample_key (Sampler *s)
{
  static const char *const keys[] = { "INTEGER PRIMARY KEY", "INTEGER PRIMARY KEY", "TEXT PRIMARY KEY",
                                      "TEXT UNIQUE",         "INTEGER UNIQUE",      "INTEGER",
                                      "INTEGER PRIMARY KEY" };
  SampleColumn column = { .name = g_strdup ("k"), .kind = 'k' };
  g_autofree char *name = sample_quote (s, "k", TRUE, TRUE);
  g_string_append (s->sql, name);
  sample_words (s, keys[s->key]);
  if (s->key == KEY_DESC)
    sample_words (s, "DESC");
  if (s->key != KEY_BODY)
    sample_conflict (s);
  if (s->key == KEY_AUTOMATIC)
    sample_words (s, "AUTOINCREMENT");
  if (s->key == KEY_TEXT || s->key == KEY_DOUBLE)
    sample_words (s, "NOT NULL");
  g_array_append_val (s->columns, column);
}

static inline void
sample_column (Sampler *s, guint i)
{
  static const char *const names[] = { "plain",  "two words", "Gr\303\266\303\237e \342\202\254",
                                       "ma\"rk", "select",    "a'b" };
  SampleColumn column = { .name = g_strdup_printf ("%s%u", sample_pick (s, names, 6), i) };
  g_autofree char *name = sample_quote (s, column.name, TRUE, g_str_has_prefix (column.name, "plain"));
  g_string_append_printf (s->sql, ",%s%s", sample_space (s), name);
  sample_type (s, &column);
  if (sample_one_in (s, 5))
    sample_generated (s, &column);
  else
    sample_clauses (s, &column);
  g_array_append_val (s->columns, column);
}

static inline void
sample_constraints (Sampler *s)
{
  const SampleColumn *last = &g_array_index (s->columns, SampleColumn, s->columns->len - 1);
  if (s->key == KEY_DOUBLE)
    g_string_append (s->sql, ",\n PRIMARY KEY ( k , spare COLLATE nocase DESC )");
  if (s->key == KEY_BODY)
    g_string_append (s->sql, ", constraint pk PRIMARY KEY(\"k\" AUTOINCREMENT) ON CONFLICT FAIL");
  if (sample_one_in (s, 2)) {
    g_string_append (s->sql, ",");
    sample_check (s, last->name);
  }
  if (sample_one_in (s, 3))
    g_string_append (s->sql, ", CHECK (1) CHECK (spare < 1000) -- no comma\n");
  if (sample_one_in (s, 2)) {
    g_string_append (s->sql, ", FOREIGN KEY ( spare )");
    sample_reference (s);
  }
}

static inline void
sample_table (Sampler *s)
{
  g_autofree char *name = sample_quote (s, "it's one", TRUE, FALSE);
  guint n = (guint) g_rand_int_range (s->chance, 1, 7);
  g_string_append_printf (s->sql, "CREATE TABLE %s%s(%s", name, sample_space (s), sample_space (s));
  sample_key (s);
  for (guint i = 0; i < n; i++)
    sample_column (s, i);
  g_string_append_printf (s->sql, ",%s" SPARE ",\tspare3 TEXT,\t" SPARE_END, sample_space (s));
  sample_constraints (s);
  g_string_append_printf (s->sql, ", " SPARE_LAST "%s)", sample_space (s));
  if (s->strict)
    sample_words (s, "STRICT");
  if (s->without_rowid)
    sample_words (s, s->strict ? ", WITHOUT ROWID" : "WITHOUT  ROWID");
}

/* --- rows, and what hangs on the table --------------------------------------------------------------------------------- */

static inline char *
sample_value (Sampler *s, const SampleColumn *column, guint row)
{
  char kind = column->kind;
  if (kind == 'k')
    return s->key == KEY_TEXT || s->key == KEY_DOUBLE ? g_strdup_printf ("'k%u'", row)
                                                      : g_strdup_printf ("%u", row * 3);
  if (column->reference)
    return column->not_null || column->unique || sample_one_in (s, 2) ? g_strdup_printf ("%u", row)
                                                                      : g_strdup ("NULL");
  if (!column->not_null && sample_one_in (s, 4))
    return g_strdup ("NULL");
  if (kind == 'a')
    kind = "itbr"[g_rand_int_range (s->chance, 0, 4)];
  return kind == 'i'   ? g_strdup_printf ("%u", row * 1000)
         : kind == 'r' ? g_strdup_printf ("%u.25", row)
         : kind == 't' ? g_strdup_printf ("'%u'' \303\251'", row * 7)
                       : g_strdup_printf ("x'00ff%02u'", row);
}

static inline gboolean
sample_has_rowid (const Sampler *s)
{
  return !s->without_rowid && s->key != KEY_AUTOMATIC && s->key != KEY_ROWID && s->key != KEY_BODY;
}

static inline void
sample_rows (Sampler *s, SampleTable *sample)
{
  g_autoptr (GString) names = g_string_new ("spare, spare2, spare3");
  g_autoptr (GString) query = g_string_new (s->without_rowid ? "SELECT spare" : "SELECT spare, oid");
  if (sample_has_rowid (s))
    g_string_append (names, ", oid");
  for (guint i = 0; i < s->columns->len; i++) {
    const SampleColumn *column = &g_array_index (s->columns, SampleColumn, i);
    g_auto (GStrv) parts = g_strsplit (column->name, "\"", -1);
    g_autofree char *quoted = g_strjoinv ("\"\"", parts);
    g_string_append_printf (query, ", typeof(\"%s\"), quote(\"%s\")", quoted, quoted);
    if (!column->generated)
      g_string_append_printf (names, ", \"%s\"", quoted);
  }
  g_string_append (query, " FROM \"it's one\" ORDER BY k");
  sample->rows = g_strdup (query->str);
  for (guint row = 1; row <= 6; row++) {
    g_autoptr (GString) insert = g_string_new (NULL);
    g_string_printf (insert, "INSERT INTO \"it's one\" (%s) VALUES (%u, %u, 's%u'", names->str, row, row,
                     row);
    if (sample_has_rowid (s))
      g_string_append_printf (insert, ", %u", row * row + 11);
    for (guint i = 0; i < s->columns->len; i++) {
      const SampleColumn *column = &g_array_index (s->columns, SampleColumn, i);
      g_autofree char *value = column->generated ? NULL : sample_value (s, column, row);
      if (value != NULL)
        g_string_append_printf (insert, ", %s", value);
    }
    g_string_append_c (insert, ')');
    g_ptr_array_add (sample->statements, g_strdup (insert->str));
  }
}

static inline void
sample_surroundings (Sampler *s, SampleTable *sample)
{
  static const char *const texts[] = {
    "CREATE TABLE child (k REFERENCES 'it''s one' (k) ON DELETE CASCADE ON UPDATE CASCADE, note)",
    "CREATE TABLE log (line)",
    "CREATE INDEX by_spare ON [it's one](spare DESC, lower( k ) ) WHERE spare>0 -- partial",
    "CREATE UNIQUE INDEX \"by both\" ON `it's one`(k COLLATE rtrim, spare)",
    "CREATE VIEW seen AS SELECT k, /* x */ spare FROM [it's one] ORDER BY 2",
    "CREATE VIEW seen_again AS SELECT * FROM seen",
    "CREATE TRIGGER on_insert AFTER INSERT ON \"it's one\" BEGIN INSERT INTO log VALUES (new.spare || ';'); "
    "END",
    "CREATE TRIGGER on_delete BEFORE DELETE ON [it's one] WHEN old.spare > 0 BEGIN INSERT INTO log VALUES "
    "('-'); END",
    "CREATE TRIGGER on_child AFTER UPDATE ON child BEGIN UPDATE \"it's one\" SET spare = 9 WHERE k = new.k; "
    "END",
    "CREATE TRIGGER on_seen INSTEAD OF DELETE ON seen BEGIN DELETE FROM \"it's one\" WHERE k = old.k; END",
  };
  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    if (i < 2 || i == 4 || !sample_one_in (s, 4))
      g_ptr_array_add (sample->statements, g_strdup (texts[i]));
}

static inline void
sample_table_make (SampleTable *sample, guint seed, guint number)
{
  Sampler s = { g_rand_new_with_seed (seed * 100000 + number),
                g_string_new (NULL),
                g_array_new (FALSE, TRUE, sizeof (SampleColumn)),
                FALSE,
                FALSE,
                0 };
  s.key = (guint) g_rand_int_range (s.chance, 0, N_KEYS);
  s.strict = sample_one_in (&s, 4);
  s.without_rowid = (s.key == KEY_ROWID || s.key == KEY_TEXT || s.key == KEY_DOUBLE) && sample_one_in (&s, 2);
  sample_table (&s);
  sample->number = number;
  sample->sql = g_string_free (s.sql, FALSE);
  sample->statements = g_ptr_array_new_with_free_func (g_free);
  g_ptr_array_add (sample->statements,
                   g_strdup ("CREATE TABLE parent (id INTEGER PRIMARY KEY AUTOINCREMENT, x)"));
  g_ptr_array_add (sample->statements,
                   g_strdup ("INSERT INTO parent (id) VALUES (0), (1), (2), (3), (4), (5), (6), (7)"));
  g_ptr_array_add (sample->statements, g_strdup (sample->sql));
  sample_surroundings (&s, sample);
  sample_rows (&s, sample);
  g_ptr_array_add (sample->statements, g_strdup ("INSERT INTO child SELECT k, 'of ' || k FROM \"it's one\""));
  g_ptr_array_add (sample->statements, g_strdup ("DELETE FROM \"it's one\" WHERE spare = 6"));
  for (guint i = 0; i < s.columns->len; i++)
    g_free (g_array_index (s.columns, SampleColumn, i).name);
  g_array_unref (s.columns);
  g_rand_free (s.chance);
}
