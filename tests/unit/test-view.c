/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Views and triggers from one database's words to another's: what is plain comes out as expected, and all that might mean
 * something else is refused with its reason. */
#include "port/trigger.h"
#include "port/view.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static const char *const from_reserved[] = { NULL };
static const char *const to_reserved[] = { "order", "user", NULL };
static const CormTriggerSql to_triggers = {
  .function = "F {n}() {b} RETURN {r}",
  .plain = "T {n} {m} {e} ON {t} DO {n}()",
  .when = "T {n} {m} {e} ON {t} WHEN ({c}) DO {n}()",
  .assign = "NEW.a :=",
  .of_columns = true,
};
static const CormDialect from = { .name = "a",
                                  .quote = '"',
                                  .reserved = from_reserved,
                                  .loose_types = true,
                                  .true_text = "1",
                                  .false_text = "0",
                                  .lexis = CORM_LEX_BACKTICK | CORM_LEX_BRACKET };
static const CormDialect to = { .name = "b",
                                .quote = '"',
                                .reserved = to_reserved,
                                .nulls_largest = true,
                                .nulls_first = " NULLS FIRST",
                                .nulls_last = " NULLS LAST",
                                .order_bytes = " COLLATE \"C\"",
                                .true_text = "TRUE",
                                .false_text = "FALSE",
                                .lexis = CORM_LEX_DOLLAR_QUOTE,
                                .triggers = &to_triggers,
                                .max_identifier = 63 };

typedef struct {
  CormSchema *source, *target, *left, *right;
  GPtrArray *pairs;
} World;

static void
add_table (World *world, const char *name, const char *columns)
{
  CormTable *tables[] = { corm_schema_add_table (world->source, name),
                          corm_schema_add_table (world->target, name) };
  g_auto (GStrv) words = g_strsplit (columns, " ", -1);
  for (guint i = 0; words[i] != NULL; i += 2)
    for (guint side = 0; side < 2; side++)
      corm_table_add_column (tables[side], words[i])->type = corm_sql_type_parse (words[i + 1]);
  g_ptr_array_add (world->pairs, corm_pair_new (tables[0], tables[1]));
}

static void
world_init (World *world)
{
  world->source = corm_schema_new ("a");
  world->target = corm_schema_new ("b");
  world->left = corm_schema_new ("a");
  world->right = corm_schema_new ("b");
  world->pairs = g_ptr_array_new_with_free_func ((GDestroyNotify) corm_pair_free);
  add_table (
      world, "t",
      "id bigint n bigint small int word text size double price numeric(10,2) ok boolean at timestamp");
  add_table (world, "Order", "id bigint t bigint User text");
  CormTableColumn *folded = corm_table_add_column (corm_schema_find_table (world->source, "Order"), "folded");
  folded->type.type = CORM_TYPE_TEXT;
  folded->collation = g_strdup ("NOCASE");
  corm_table_add_column (corm_schema_find_table (world->target, "Order"), "folded")->type.type =
      CORM_TYPE_TEXT;
  g_ptr_array_remove_index (world->pairs, 1);
  g_ptr_array_add (world->pairs, corm_pair_new (corm_schema_find_table (world->source, "Order"),
                                                corm_schema_find_table (world->target, "Order")));
}

static void
world_clear (World *world)
{
  g_ptr_array_unref (world->pairs);
  corm_schema_free (world->source);
  corm_schema_free (world->target);
  corm_schema_free (world->left);
  corm_schema_free (world->right);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (World, world_clear)

typedef struct {
  const char *sql, *expected; /* behind "CREATE VIEW v AS "; the reason's words behind an exclamation mark */
} Case;

static const Case views[] = {
  { "SELECT id FROM t", "SELECT t.id AS id FROM t" },
  { "select t.[id], \"t\".N as [User] from t", "SELECT t.id AS id, t.n AS \"User\" FROM t" },
  { "SELECT t.* FROM t WHERE 0 = 1", "SELECT t.id AS id, t.n AS n, t.small AS small, t.word AS word, t.size "
                                     "AS size, t.price AS price, t.ok AS ok, "
                                     "t.at AS at FROM t WHERE 0 = 1" },
  { "SELECT a.id, b.user u FROM t a JOIN [order] AS b ON b.t == a.id AND a.word != \"x y\"",
    "SELECT a.id AS id, b.\"User\" AS u FROM t AS a JOIN \"Order\" AS b ON b.t = a.id AND a.word <> 'x y'" },
  { "SELECT a.id FROM t a LEFT OUTER JOIN (\"Order\" b CROSS JOIN t c) ON b.t = a.id",
    "SELECT a.id AS id FROM t AS a LEFT JOIN (\"Order\" AS b CROSS JOIN t AS c) ON b.t = a.id" },
  { "SELECT word, count(*), sum(n) total FROM t GROUP BY word HAVING count(*) > 1 ORDER BY total DESC, word",
    "SELECT t.word AS word, count(*) AS \"count(*)\", sum(t.n) AS total FROM t GROUP BY t.word HAVING "
    "count(*) > 1 "
    "ORDER BY total DESC NULLS LAST, t.word COLLATE \"C\" NULLS FIRST" },
  { "SELECT id FROM t WHERE ok = 1 AND NOT (word IS NULL OR n BETWEEN 1 AND -n)",
    "SELECT t.id AS id FROM t WHERE t.ok = TRUE AND NOT (t.word IS NULL OR t.n BETWEEN 1 AND -t.n)" },
  { "SELECT DISTINCT CASE WHEN n NOT IN (1, 2) THEN 'it''s' ELSE word END AS w FROM t",
    "SELECT DISTINCT CASE WHEN t.n NOT IN (1, 2) THEN 'it''s' ELSE t.word END AS w FROM t" },
  { "SELECT coalesce(word, '') AS w, n * 2 + 1 AS m, size * 1.5 AS s FROM t;",
    "SELECT COALESCE(t.word, '') AS w, t.n * 2 + 1 AS m, t.size * 1.5 AS s FROM t" },
  { "SELECT min(small) AS least, count(DISTINCT word) AS words FROM t WHERE price > 1.5 -- why",
    "SELECT min(t.small) AS least, count(DISTINCT t.word) AS words FROM t WHERE t.price > 1.5" },
  { "SELECT at FROM t WHERE at IS NOT NULL", "SELECT t.at AS at FROM t WHERE t.at IS NOT NULL" },
  { "SELECT n / 2 AS h FROM t", "!'/'" },
  { "SELECT n % 2 AS h FROM t", "!'%'" },
  { "SELECT word || 'x' AS h FROM t", "!'||'" },
  { "SELECT id FROM t WHERE word LIKE 'a%'", "!'LIKE'" },
  { "SELECT id FROM t WHERE word < 'b'", "!the lesser" },
  { "SELECT id FROM t WHERE n = '1'", "!not alike" },
  { "SELECT id FROM t WHERE at > '2024-01-01'", "!not alike" },
  { "SELECT id FROM t WHERE n", "!where a condition belongs" },
  { "SELECT id FROM t WHERE ok = 2", "!truth" },
  { "SELECT small * 2 AS x FROM t", "!64 bits" },
  { "SELECT price * 2 AS x FROM t", "!64 bits" },
  { "SELECT sum(size) AS x FROM t", "!sum()" },
  { "SELECT sum(price) AS x FROM t", "!sum()" },
  { "SELECT max(word) AS x FROM t", "!max()" },
  { "SELECT avg(n) AS x FROM t", "!avg()" },
  { "SELECT group_concat(word) AS x FROM t", "!group_concat()" },
  { "SELECT strftime('%Y', at) AS y FROM t", "!strftime()" },
  { "SELECT word, count(*) AS c FROM t", "!no GROUP BY" },
  { "SELECT id FROM t ORDER BY at", "!sorted alike" },
  { "SELECT id FROM t LIMIT 3", "!'LIMIT'" },
  { "SELECT id FROM t UNION SELECT id FROM t", "!'UNION'" },
  { "SELECT id FROM t, \"Order\" o JOIN t x ON x.id = o.id", "!comma" },
  { "SELECT id FROM t, \"Order\" o", "!two tables" },
  { "SELECT t.id, o.id FROM t CROSS JOIN \"Order\" o", "!two columns" },
  { "SELECT id FROM nowhere", "!nowhere" },
  { "SELECT rowid FROM t", "!rowid" },
  { "SELECT id FROM \"Order\" WHERE folded = 'x'", "!not alike" },
  { "SELECT folded AS x, count(*) AS c FROM \"Order\" GROUP BY folded", "!not equal alike" },
  { "SELECT (SELECT 1) AS x FROM t", "!SELECT" },
  { "SELECT n IS 1 AS x FROM t", "!IS" },
  { "SELECT n > 1 AS x FROM t", "!a condition" },
  { "SELECT id FROM t WHERE word = 'a\\b'", "!backslash" },
  { "SELECT id FROM t WHERE word = $$a$$", "!'$" },
  { "SELECT id FROM t WHERE n = 0x1f", "!0x1f" },
  { "SELECT count(n) OVER (ORDER BY id) AS c FROM t", "!window" },
  { "SELECT id FROM t WHERE count(*) > 1", "!where none" },
  { "WITH x AS (SELECT 1) SELECT id FROM t", "!'WITH'" },
  { "SELECT id AS n, n AS m FROM t GROUP BY id, n", "!not equal alike" },
};

static void
views_change (void **state)
{
  (void) state;
  guint n_failed = 0;
  g_auto (World) world = { 0 };
  world_init (&world);
  for (guint i = 0; i < G_N_ELEMENTS (views); i++) {
    CormPair *pair = NULL;
    g_autofree char *why = NULL, *sql = g_strconcat ("CREATE VIEW v AS ", views[i].sql, NULL);
    const CormViewWork work = { &from, &to, world.pairs, world.left, world.right };
    g_autofree char *text = corm_view_translate (&work, "v", sql, &pair, &why);
    g_autofree char *all = g_strconcat ("CREATE VIEW v AS ", views[i].expected, NULL);
    if (pair != NULL)
      corm_pair_free (pair);
    if (*views[i].expected == '!' ? why == NULL || strstr (why, views[i].expected + 1) == NULL
                                  : text == NULL || g_ascii_strcasecmp (text, all) != 0)
      n_failed += (print_message ("%s: %s (%s)\n", views[i].sql, text, why), 1);
  }
  assert_int_equal (n_failed, 0);
}

static const Case triggers[] = {
  { "AFTER INSERT ON t BEGIN INSERT INTO \"Order\" (id, user) VALUES (NEW.id, 'x'); END",
    "F g() INSERT INTO \"Order\" (id, \"User\") VALUES (NEW.id, 'x'); RETURN NULL|T g AFTER INSERT ON t DO "
    "g()" },
  { "BEFORE UPDATE OF n, word ON t FOR EACH ROW WHEN new.n <> old.n BEGIN UPDATE \"Order\" SET t = t + new.n "
    "WHERE id = "
    "old.id; DELETE FROM [Order] WHERE t IS NULL; END;",
    "F g() UPDATE \"Order\" SET t = \"Order\".t + NEW.n WHERE \"Order\".id = OLD.id; DELETE FROM \"Order\" "
    "WHERE "
    "\"Order\".t IS NULL; RETURN NEW|T g BEFORE UPDATE OF n, word ON t WHEN (NEW.n <> OLD.n) DO g()" },
  { "AFTER DELETE ON t BEGIN INSERT INTO Order VALUES (old.id, old.n, 'x', NULL); END",
    "F g() INSERT INTO \"Order\" (id, t, \"User\", folded) VALUES (OLD.id, OLD.n, 'x', NULL); RETURN NULL|T "
    "g AFTER "
    "DELETE ON t DO g()" },
  { "DELETE ON t BEGIN DELETE FROM \"Order\" WHERE t = OLD.id; END",
    "F g() DELETE FROM \"Order\" WHERE \"Order\".t = OLD.id; RETURN OLD|T g BEFORE DELETE ON t DO g()" },
  { "BEFORE INSERT ON t FOR EACH ROW SET NEW.n = NEW.n + 1",
    "F g() NEW.n := NEW.n + 1; RETURN NEW|T g BEFORE INSERT ON t "
    "DO g()" },
  { "AFTER INSERT ON t BEGIN SELECT RAISE(ABORT, 'no'); END", "!'SELECT'" },
  { "AFTER INSERT ON t BEGIN UPDATE t SET n = 1 WHERE id = NEW.id; END", "!its own trigger" },
  { "AFTER INSERT ON t BEGIN INSERT INTO \"Order\" (id) VALUES (OLD.id); END", "!OLD" },
  { "AFTER INSERT ON t BEGIN INSERT INTO \"Order\" (user) VALUES (NEW.n); END", "!another type" },
  { "AFTER INSERT ON t BEGIN INSERT INTO \"Order\" SELECT 1; END", "!'SELECT'" },
  { "AFTER INSERT ON t BEGIN INSERT OR IGNORE INTO \"Order\" (id) VALUES (1); END", "!'OR'" },
  { "AFTER INSERT ON t BEGIN UPDATE \"Order\" SET id = 1, t = id; END", "!behind where it is set" },
  { "AFTER INSERT ON t BEGIN UPDATE \"Order\" SET user = datetime('now'); END", "!datetime()" },
  { "INSTEAD OF INSERT ON t BEGIN DELETE FROM \"Order\"; END", "!INSTEAD" },
  { "AFTER INSERT ON t FOR EACH ROW SET NEW.n = 1", "!the row itself" },
  { "AFTER INSERT ON t BEGIN DELETE FROM nowhere; END", "!nowhere" },
};

static void
triggers_change (void **state)
{
  (void) state;
  guint n_failed = 0;
  g_auto (World) world = { 0 };
  world_init (&world);
  CormSchemaObject *object = corm_schema_add_object (world.source, "trigger", "g");
  object->table = g_strdup ("t");
  for (guint i = 0; i < G_N_ELEMENTS (triggers); i++) {
    g_autofree char *why = NULL, *function = NULL;
    g_free (object->sql);
    object->sql = g_strconcat ("CREATE TRIGGER g ", triggers[i].sql, NULL);
    const CormTriggerWork work = { &from, &to, world.pairs, world.source };
    g_autofree char *text = corm_trigger_translate (&work, object, &function, &why);
    g_autofree char *both = g_strdup_printf ("%s|%s", function, text);
    if (*triggers[i].expected == '!' ? why == NULL || strstr (why, triggers[i].expected + 1) == NULL
                                     : text == NULL || strcmp (both, triggers[i].expected) != 0)
      n_failed += (print_message ("%s: %s (%s)\n", triggers[i].sql, both, why), 1);
  }
  assert_int_equal (n_failed, 0);
}

/* Where rows go by a foreign key, and where another trigger comes back. */
static void
triggers_that_run_elsewhere (void **state)
{
  (void) state;
  g_auto (World) world = { 0 };
  world_init (&world);
  const CormTriggerWork work = { &from, &to, world.pairs, world.source };
  CormSchemaObject *object = corm_schema_add_object (world.source, "trigger", "g");
  object->table = g_strdup ("t");
  object->sql =
      g_strdup ("CREATE TRIGGER g AFTER DELETE ON t BEGIN DELETE FROM \"Order\" WHERE t = OLD.id; END");
  g_autofree char *why = NULL, *function = NULL;
  CormForeignKey *key = corm_table_add_foreign_key (corm_schema_find_table (world.source, "t"), NULL);
  key->target_table = g_strdup ("Order");
  key->on_delete = CORM_CASCADE;
  assert_null (corm_trigger_translate (&work, object, &function, &why));
  assert_non_null (strstr (why, "foreign key"));
  key->on_delete = CORM_NO_ACTION;
  CormSchemaObject *other = corm_schema_add_object (world.source, "trigger", "h");
  other->table = g_strdup ("order");
  other->sql =
      g_strdup ("CREATE TRIGGER h AFTER DELETE ON \"Order\" BEGIN DELETE FROM t WHERE id = OLD.t; END");
  g_clear_pointer (&why, g_free);
  assert_null (corm_trigger_translate (&work, object, &function, &why));
  assert_non_null (strstr (why, "come back"));
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (views_change),
    cmocka_unit_test (triggers_change),
    cmocka_unit_test (triggers_that_run_elsewhere),
  };
  return cmocka_run_group_tests (tests, NULL, NULL);
}
