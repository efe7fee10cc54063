/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Relations on every backend: nested loading, one query an edge, with predicate, order and limit per parent. */
#include "chinook.h"

static guint64
n_statements (Suite *suite)
{
  return corm_connection_get_n_statements (suite->conn);
}

/* "2 4 6" of the ids of @rows. */
static char *
ids_of (CormRows *rows)
{
  GString *text = g_string_new (NULL);
  for (gsize i = 0; i < corm_rows_get_length (rows); i++)
    g_string_append_printf (text, "%s%" G_GINT64_FORMAT, i > 0 ? " " : "",
                            *(gint64 *) corm_rows_get (rows, i));
  return g_string_free (text, FALSE);
}

#define assert_ids(rows, want) \
  do { \
    g_autofree char *assert_ids = ids_of (rows); \
    assert_string_equal (assert_ids, want); \
  } while (0)

/* The playlists that divide @id. */
static void
check_playlists (const Track *track)
{
  g_autoptr (GString) want = g_string_new (NULL);
  for (gint64 i = 1; i <= CHINOOK_PLAYLISTS; i++)
    if (track->id % i == 0)
      g_string_append_printf (want, "%s%" G_GINT64_FORMAT, want->len > 0 ? " " : "", i);
  assert_ids (track->playlists, want->str);
  CORM_FOREACH (Playlist, playlist, track->playlists)
    assert_null (playlist->tracks);
}

static void
artists_to_playlists_and_genres (Suite *suite)
{
  gint64 n_tracks = chinook_fill (suite->conn), seen = 0, album_id = 0;
  guint64 before = n_statements (suite);
  g_autoptr (CormRows) artists = NULL;
  assert_ok ((artists = corm_find (Artist, suite->conn, error, .order = CORM_ORDER (CORM_ASC (Artist, id)),
                                   .load = CORM_LOAD (CORM_EDGE (
                                       Artist, albums,
                                       .load = CORM_LOAD (CORM_EDGE (
                                           Album, tracks, .with = CORM_WITH (Track, playlists, genre))))))) !=
             NULL);
  assert_int_equal (n_statements (suite) - before, 5);
  assert_int_equal (corm_rows_get_length (artists), CHINOOK_ARTISTS);
  CORM_FOREACH (Artist, artist, artists) {
    assert_int_equal (corm_rows_get_length (artist->albums), artist->id % 4);
    CORM_FOREACH (Album, album, artist->albums) {
      assert_int_equal (album->id, ++album_id);
      assert_null (album->artist);
      assert_int_equal (corm_rows_get_length (album->tracks), 1 + album->id % 5);
      CORM_FOREACH (Track, track, album->tracks) {
        assert_int_equal (track->id, ++seen);
        assert_int_equal (track->genre_id.is_set, track->id % 7 != 0);
        if (track->genre_id.is_set)
          assert_int_equal (track->genre->id, track->genre_id.value);
        else
          assert_null (track->genre);
        check_playlists (track);
      }
    }
  }
  assert_int_equal (seen, n_tracks);
}

/* --- options of an edge */

static void
limit_order_and_predicate_per_parent (Suite *suite)
{
  chinook_fill (suite->conn);
  guint64 before = n_statements (suite);
  g_autoptr (CormRows) genres = NULL;
  assert_ok ((genres = corm_find (Genre, suite->conn, error, .order = CORM_ORDER (CORM_ASC (Genre, id)),
                                  .load = CORM_LOAD (CORM_EDGE (
                                      Genre, tracks, .where = CORM_GT (Track, id, 4),
                                      .order = CORM_ORDER (CORM_DESC (Track, id)), .limit = 3)))) != NULL);
  assert_int_equal (n_statements (suite) - before, 2);
  CORM_FOREACH (Genre, genre, genres) {
    gint64 last = G_MAXINT64;
    assert_int_equal (corm_rows_get_length (genre->tracks), 3);
    CORM_FOREACH (Track, track, genre->tracks) {
      assert_true (track->id < last && track->id > 4 && track->genre_id.value == genre->id);
      last = track->id;
    }
  }
  const Genre *first = corm_rows_get (genres, 0);
  assert_ids (first->tracks, "52 48 44");
}

static void
offset_per_parent (Suite *suite)
{
  chinook_fill (suite->conn);
  g_autoptr (CormRows) artists = NULL;
  assert_ok ((artists = corm_find (Artist, suite->conn, error, .where = CORM_EQ (Artist, id, 3),
                                   .load = CORM_LOAD (CORM_EDGE (Artist, albums, .offset = 1)))) != NULL);
  assert_ids (((Artist *) corm_rows_get (artists, 0))->albums, "5 6");
  g_autoptr (CormRows) again = NULL;
  assert_ok (
      (again = corm_find (Artist, suite->conn, error, .order = CORM_ORDER (CORM_ASC (Artist, id)), .limit = 3,
                          .load = CORM_LOAD (CORM_EDGE (Artist, albums, .offset = 1, .limit = 1)))) != NULL);
  assert_ids (((Artist *) corm_rows_get (again, 0))->albums, "");
  assert_ids (((Artist *) corm_rows_get (again, 1))->albums, "3");
  assert_ids (((Artist *) corm_rows_get (again, 2))->albums, "5");
}

/* Playlists of each track and tracks of each playlist, the last ones of each. */
static void
many_to_many_both_ways (Suite *suite)
{
  gint64 n_tracks = chinook_fill (suite->conn);
  guint64 before = n_statements (suite);
  g_autoptr (CormRows) playlists = NULL;
  assert_ok (
      (playlists = corm_find (
           Playlist, suite->conn, error, .order = CORM_ORDER (CORM_ASC (Playlist, id)),
           .load = CORM_LOAD (CORM_EDGE (Playlist, tracks, .order = CORM_ORDER (CORM_DESC (Track, name)),
                                         .limit = 2, .with = CORM_WITH (Track, playlists))))) != NULL);
  assert_int_equal (n_statements (suite) - before, 3);
  CORM_FOREACH (Playlist, playlist, playlists) {
    gint64 last = n_tracks - n_tracks % playlist->id;
    g_autofree char *want =
        g_strdup_printf ("%" G_GINT64_FORMAT " %" G_GINT64_FORMAT, last, last - playlist->id);
    assert_ids (playlist->tracks, want);
    CORM_FOREACH (Track, track, playlist->tracks)
      check_playlists (track);
  }
}

/* A row that is reached several ways is one struct for each relation that leads to it. */
static void
rows_that_are_shared (Suite *suite)
{
  chinook_fill (suite->conn);
  g_autoptr (CormRows) tracks = NULL;
  assert_ok ((tracks = corm_find (Track, suite->conn, error, .order = CORM_ORDER (CORM_ASC (Track, id)),
                                  .where = CORM_IN (Track, id, 4, 8),
                                  .with = CORM_WITH (Track, genre, playlists))) != NULL);
  const Track *four = corm_rows_get (tracks, 0), *eight = corm_rows_get (tracks, 1);
  assert_ptr_equal (four->genre, eight->genre);
  assert_ids (four->playlists, "1 2 4");
  assert_ids (eight->playlists, "1 2 4");
  assert_ptr_equal (corm_rows_get (four->playlists, 2), corm_rows_get (eight->playlists, 2));
}

/* Artist -> album -> the same artist again, which is another struct, so that nothing goes round. */
static void
a_circle_ends (Suite *suite)
{
  chinook_fill (suite->conn);
  g_autoptr (CormRows) artists = NULL;
  assert_ok ((artists = corm_find (Artist, suite->conn, error, .where = CORM_EQ (Artist, id, 1),
                                   .load = CORM_LOAD (CORM_EDGE (
                                       Artist, albums, .with = CORM_WITH (Album, artist))))) != NULL);
  const Artist *artist = corm_rows_get (artists, 0);
  const Album *album = corm_rows_get (artist->albums, 0);
  assert_int_equal (album->artist->id, artist->id);
  assert_ptr_not_equal (album->artist, artist);
  assert_null (album->artist->albums);
}

static void
predicate_on_one_row (Suite *suite)
{
  chinook_fill (suite->conn);
  g_autoptr (CormRows) tracks = NULL;
  assert_ok ((tracks = corm_find (
                  Track, suite->conn, error, .order = CORM_ORDER (CORM_ASC (Track, id)), .limit = 4,
                  .load = CORM_LOAD (CORM_EDGE (Track, genre, .where = CORM_EQ (Genre, id, 2))))) != NULL);
  static const gint64 want[] = { 2, 0, 0, 0 };
  for (guint i = 0; i < G_N_ELEMENTS (want); i++) {
    const Track *track = corm_rows_get (tracks, i);
    assert_int_equal (track->genre != NULL ? track->genre->id : 0, want[i]);
  }
}

/* --- rows of one table */

static void
employees_and_friends (Suite *suite)
{
  static const gint64 bosses[] = { 0, 1, 1, 2, 2 };
  for (gint64 i = 1; i <= 5; i++) {
    Employee employee = { .id = i, .name = "e", .reports_to = { bosses[i - 1] != 0, bosses[i - 1] } };
    assert_ok (employee_insert (suite->conn, &employee, error));
  }
  for (gint64 i = 2; i <= 4; i++)
    assert_ok (corm_link (Employee, friends, suite->conn, &(Employee){ .id = 1 }, Employee,
                          &(Employee){ .id = i }, error));
  assert_fails (corm_link (Employee, friends, suite->conn, &(Employee){ .id = 1 }, Employee,
                           &(Employee){ .id = 3 }, error),
                CORM_ERROR_UNIQUE, "link Employee.friends", "friendships");
  assert_fails (corm_link (Employee, friends, suite->conn, &(Employee){ .id = 1 }, Employee,
                           &(Employee){ .id = 99 }, error),
                CORM_ERROR_FOREIGN_KEY, "friendships");
  assert_ok (corm_unlink (Employee, friends, suite->conn, &(Employee){ .id = 1 }, Employee,
                          &(Employee){ .id = 3 }, error));
  assert_fails (corm_unlink (Employee, friends, suite->conn, &(Employee){ .id = 1 }, Employee,
                             &(Employee){ .id = 3 }, error),
                CORM_ERROR_NOT_FOUND, "unlink Employee.friends");
  g_autoptr (CormRows) found = NULL;
  assert_ok ((found = corm_find (
                  Employee, suite->conn, error, .order = CORM_ORDER (CORM_ASC (Employee, id)),
                  .load = CORM_LOAD (CORM_EDGE (Employee, boss, .with = CORM_WITH (Employee, boss)),
                                     CORM_EDGE (Employee, reports), CORM_EDGE (Employee, friends)))) != NULL);
  const Employee *first = corm_rows_get (found, 0), *last = corm_rows_get (found, 4);
  assert_ids (first->reports, "2 3");
  assert_ids (first->friends, "2 4");
  assert_ids (last->friends, "");
  assert_null (first->boss);
  assert_int_equal (last->boss->id, 2);
  assert_int_equal (last->boss->boss->id, 1);
}

/* --- what was not asked for, and what can't be */

static void
strict_models_say_what_was_not_loaded (Suite *suite)
{
  chinook_fill (suite->conn);
  g_autoptr (CormRows) tracks = NULL;
  assert_ok ((tracks = corm_find (Track, suite->conn, error, .where = CORM_IN (Track, id, 6, 7),
                                  .order = CORM_ORDER (CORM_ASC (Track, id)),
                                  .with = CORM_WITH (Track, genre))) != NULL);
  const Track *six = corm_rows_get (tracks, 0), *seven = corm_rows_get (tracks, 1);
  assert_ok (corm_related (Track, six, genre, error) == six->genre);
  assert_ok (corm_related (Track, seven, genre, error) == NULL);
  assert_null (six->album);
  assert_fails (corm_related (Track, six, album, error), CORM_ERROR_INVALID, "Track.album was not loaded",
                ".with = CORM_WITH (Track, album)");
  assert_fails (corm_related (Track, seven, playlists, error), CORM_ERROR_INVALID,
                "CORM_WITH (Track, playlists)");
  assert_fails (corm_related (Genre, six->genre, tracks, error), CORM_ERROR_INVALID,
                "CORM_WITH (Genre, tracks)");
  Playlist plain = { .id = 1 };
  assert_ok (corm_related (Playlist, &plain, tracks, error) == NULL);
  assert_fails (corm_related_row (&Track_model, six, offsetof (Track, name), error), CORM_ERROR_INVALID,
                "Track");
}

static void
edges_that_do_not_fit (Suite *suite)
{
  chinook_fill (suite->conn);
  assert_fails (corm_find (Artist, suite->conn, error, .load = CORM_LOAD (CORM_EDGE (Album, tracks))),
                CORM_ERROR_INVALID, "CORM_EDGE (Album, …)", "Artist");
  assert_fails (
      corm_find (Artist, suite->conn, error,
                 .load = CORM_LOAD (CORM_EDGE (Artist, albums, .with = CORM_WITH (Artist, albums)))),
      CORM_ERROR_INVALID, "albums", "Album");
  assert_fails (corm_find (Artist, suite->conn, error,
                           .load = CORM_LOAD (CORM_EDGE (Artist, albums, .where = CORM_EQ (Artist, id, 1)))),
                CORM_ERROR_INVALID, "load Artist.albums", "Artist");
  assert_fails (
      corm_find (Artist, suite->conn, error,
                 .load = CORM_LOAD (CORM_EDGE (Artist, albums, .order = CORM_ORDER (CORM_ASC (Track, id))))),
      CORM_ERROR_INVALID, "load Artist.albums", "Track");
  assert_fails (corm_cursor (Artist, suite->conn, error, .load = CORM_LOAD (CORM_EDGE (Artist, albums))),
                CORM_ERROR_INVALID, "artists");
  assert_fails (corm_link_rows (&Artist_model, offsetof (Artist, albums), suite->conn, &(Artist){ .id = 1 },
                                &Album_model, &(Album){ .id = 1 }, error),
                CORM_ERROR_INVALID, "Artist", "albums");
  assert_fails (corm_link_rows (&Track_model, offsetof (Track, playlists), suite->conn, &(Track){ .id = 1 },
                                &Album_model, &(Album){ .id = 1 }, error),
                CORM_ERROR_INVALID, "Track.playlists", "Album", "Playlist");
}

/* The association's rows go with the rows that they reference. */
static void
links_go_with_their_rows (Suite *suite)
{
  chinook_fill (suite->conn);
  assert_true (suite_number (suite->conn, "SELECT count(*) FROM playlist_track WHERE playlist_id = 2") > 0);
  assert_ok (playlist_delete (suite->conn, &(Playlist){ .id = 2 }, error));
  assert_int_equal (suite_number (suite->conn, "SELECT count(*) FROM playlist_track WHERE playlist_id = 2"),
                    0);
}

int
main (void)
{
  static const SuiteCase cases[] = {
    { "artists to playlists and genres", artists_to_playlists_and_genres, 0 },
    { "limit, order and predicate per parent", limit_order_and_predicate_per_parent, 0 },
    { "offset per parent", offset_per_parent, 0 },
    { "many to many both ways", many_to_many_both_ways, 0 },
    { "rows that are shared", rows_that_are_shared, 0 },
    { "a circle ends", a_circle_ends, 0 },
    { "predicate on one row", predicate_on_one_row, 0 },
    { "employees and friends", employees_and_friends, 0 },
    { "strict models say what was not loaded", strict_models_say_what_was_not_loaded, 0 },
    { "edges that do not fit", edges_that_do_not_fit, 0 },
    { "links go with their rows", links_go_with_their_rows, 0 },
  };
  return SUITE_RUN (chinook, cases);
}
