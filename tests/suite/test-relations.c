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

int
main (void)
{
  static const SuiteCase cases[] = {
    { "artists to playlists and genres", artists_to_playlists_and_genres, 0 },
  };
  return SUITE_RUN (chinook, cases);
}
