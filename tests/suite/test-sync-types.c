/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* A row of every type goes from an SQLite file to a database of each backend and back: the same bytes, edge values too. */
#include "peers.h"

typedef struct {
  CormUuid id;
  bool flag;
  gint16 small;
  gint32 middle;
  gint64 large;
  double real;
  float narrow;
  CormDecimal price;
  const char *text;
  CormBytes bytes;
  CormDate day;
  CormTime hour;
  CormTimestamp moment;
  CormLocalTimestamp local;
  CormJson json;
  CormUuid other;
  CormOptInt32 maybe;
} Kind;

static const CormColumn kind_columns[] = {
  CORM_COLUMN (Kind, id, .primary_key = true),
  CORM_COLUMN (Kind, flag),
  CORM_COLUMN (Kind, small),
  CORM_COLUMN (Kind, middle),
  CORM_COLUMN (Kind, large),
  CORM_COLUMN (Kind, real),
  CORM_COLUMN (Kind, narrow),
  CORM_COLUMN (Kind, price, .precision = 12, .scale = 2),
  CORM_COLUMN (Kind, text),
  CORM_COLUMN (Kind, bytes),
  CORM_COLUMN (Kind, day),
  CORM_COLUMN (Kind, hour),
  CORM_COLUMN (Kind, moment),
  CORM_COLUMN (Kind, local),
  CORM_COLUMN (Kind, json),
  CORM_COLUMN (Kind, other),
  CORM_COLUMN (Kind, maybe),
};
CORM_DECLARE_MODEL (Kind, kind)
const CormModel Kind_model = CORM_MODEL (Kind, "all \"kinds\"", CORM_COLUMNS (kind_columns));

static const guint8 some_bytes[] = { 0, 1, 255, 'a', 0 };

static Kind
make_kind (void)
{
  Kind kind = { .id = corm_uuid_random (),
                .flag = true,
                .small = G_MININT16,
                .middle = G_MAXINT32,
                .large = G_MININT64,
                .real = 0.1 + 0.2,
                .narrow = 16777217.0F / 3,
                .price = { "-1234567890.50" },
                .text = "\"quoted\" \\ back\n\t\xF0\x9F\x90\xB1 '' -- ; \x7f",
                .bytes = { some_bytes, sizeof some_bytes },
                .day = { CORM_FIRST_DAY },
                .hour = { G_GINT64_CONSTANT (86399999999) },
                .moment = { G_GINT64_CONSTANT (1767312000123456) },
                .local = { -1 },
                .json = { "{\"b\": [1, 2.50, null], \"a\": \"\\u00e9\"}" },
                .other = corm_uuid_random () };
  return kind;
}

static Peer *
kinds_new (guint backend, CormRegistry *registry)
{
  Peer *peer = peer_new_empty (backend);
  if (peer == NULL)
    return NULL;
  corm_connection_free (peer->conn);
  corm_db_free (peer->db);
  assert_ok ((peer->db = corm_db_open_full (peer->uri, registry, &(const CormDbOptions){ .pool_size = 3 },
                                            error)) != NULL);
  assert_ok ((peer->conn = corm_db_connect (peer->db, error)) != NULL);
  assert_ok (corm_db_migrate (peer->db, NULL, error));
  peer_open_full (peer, &(const CormSyncOptions){ .tables = "all*" });
  return peer;
}

static void
assert_kind (Peer *peer, const Kind *wanted)
{
  g_autoptr (Kind) kind = NULL;
  assert_ok ((kind = kind_get (peer->conn, wanted, error)) != NULL);
  assert_true (kind->flag == wanted->flag && kind->small == wanted->small && kind->middle == wanted->middle &&
               kind->large == wanted->large && kind->day.days == wanted->day.days &&
               kind->hour.us == wanted->hour.us && kind->moment.us == wanted->moment.us &&
               kind->local.us == wanted->local.us);
  assert_memory_equal (&kind->real, &wanted->real, sizeof kind->real);
  assert_memory_equal (&kind->narrow, &wanted->narrow, sizeof kind->narrow);
  assert_string_equal (kind->text, wanted->text);
  assert_int_equal (kind->bytes.size, wanted->bytes.size);
  assert_memory_equal (kind->bytes.data, wanted->bytes.data, wanted->bytes.size);
  assert_memory_equal (&kind->other, &wanted->other, sizeof kind->other);
  const CormValue price = corm_value_decimal (kind->price), wanted_price = corm_value_decimal (wanted->price);
  const CormValue json = corm_value_json (kind->json), wanted_json = corm_value_json (wanted->json);
  assert_true (corm_value_equal (&price, &wanted_price) && corm_value_equal (&json, &wanted_json));
  assert_int_equal (kind->maybe.is_set, wanted->maybe.is_set);
}

static void
every_type_there_and_back (void **state)
{
  CormRegistry *registry = NULL;
  assert_ok ((registry = corm_registry_new (error, &Kind_model, NULL)) != NULL);
  Peer *b = kinds_new (GPOINTER_TO_UINT (*state), registry), *a = b != NULL ? kinds_new (0, registry) : NULL;
  if (a == NULL) {
    peer_free (b);
    corm_registry_free (registry);
    skip ();
  }
  Kind kind = make_kind (), empty = { .id = corm_uuid_random (), .text = "", .day = { 0 }, .moment = { 1 } };
  assert_ok (kind_insert (a->conn, &kind, error));
  assert_ok (kind_insert (a->conn, &empty, error));
  peer_give (a, b);
  assert_string_equal (b->warnings->str, "");
  assert_kind (b, &kind);
  kind.text = "\xE2\x82\xAC";
  kind.large = G_MAXINT64;
  kind.real = -1e-300;
  kind.bytes = (CormBytes){ some_bytes, 0 };
  kind.maybe = (CormOptInt32) CORM_SOME (0);
  assert_ok (kind_update (b->conn, &kind, error));
  peer_give (b, a);
  assert_kind (a, &kind);
  gint64 n = peer_number (a, "SELECT count(*) FROM corm_oplog");
  peer_open_full (a, &(const CormSyncOptions){ .tables = "all*", .scan = true });
  peer_open_full (b, &(const CormSyncOptions){ .tables = "all*", .scan = true });
  assert_int_equal (peer_number (a, "SELECT count(*) FROM corm_oplog"), n);
  assert_int_equal (peer_number (b, "SELECT count(*) FROM corm_oplog"), n);
  peer_free (a);
  peer_free (b);
  corm_registry_free (registry);
}

int
main (void)
{
  const struct CMUnitTest tests[] = { FRESH (every_type_there_and_back) };
  return cmocka_run_group_tests_name ("sync-types", tests, NULL, fresh_end);
}
