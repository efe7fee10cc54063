/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* The part of the Chinook music shop that has relations of every kind: artists have albums, albums have tracks, tracks
 * have a genre and stand on playlists; employees report to employees. Filled by rule, so that a test can say what it
 * will find:
 *   artist a of 1 … 12 has a % 4 albums; album numbers go up with the artists;
 *   each album has 1 + album % 5 tracks, numbered in the same way, of genre 1 + track % 4, every seventh of none;
 *   track t stands on the playlists of 1 … 6 that divide it. */
#pragma once

#include "../lib/suite.h"

typedef struct Track Track;
typedef struct Album Album;
typedef struct {
  gint64 id;
  const char *name;
  CormRows *albums;
} Artist;

struct Album {
  gint64 id;
  const char *title;
  gint64 artist_id;
  Artist *artist;
  CormRows *tracks;
};

typedef struct {
  gint64 id;
  const char *name;
  CormRows *tracks;
  CormLoaded loaded;
} Genre;

struct Track {
  gint64 id;
  const char *name;
  gint32 seconds;
  gint64 album_id;
  CormOptInt64 genre_id;
  Album *album;
  Genre *genre;
  CormRows *playlists;
  CormLoaded loaded;
};

typedef struct {
  gint64 id;
  const char *name;
  CormRows *tracks;
} Playlist;

typedef struct Employee Employee;
struct Employee {
  gint64 id;
  const char *name;
  CormOptInt64 reports_to;
  Employee *boss;
  CormRows *reports;
  CormRows *friends;
};

CORM_DECLARE_MODEL (Artist, artist)
CORM_DECLARE_MODEL (Album, album)
CORM_DECLARE_MODEL (Genre, genre)
CORM_DECLARE_MODEL (Track, track)
CORM_DECLARE_MODEL (Playlist, playlist)
CORM_DECLARE_MODEL (Employee, employee)

static const CormColumn artist_columns[] = {
  CORM_COLUMN (Artist, id, .primary_key = true),
  CORM_COLUMN (Artist, name, .not_null = true),
};
static const CormRelation artist_relations[] = {
  CORM_HAS_MANY (Artist, albums, Album, artist_id, .on_delete = CORM_CASCADE),
};
const CormModel Artist_model =
    CORM_MODEL (Artist, "artists", CORM_COLUMNS (artist_columns), CORM_RELATIONS (artist_relations));

static const CormColumn album_columns[] = {
  CORM_COLUMN (Album, id, .primary_key = true),
  CORM_COLUMN (Album, title, .not_null = true),
  CORM_COLUMN (Album, artist_id, .references = "artists.id", .on_delete = CORM_CASCADE),
};
static const CormRelation album_relations[] = {
  CORM_BELONGS_TO (Album, artist, Artist, artist_id),
  CORM_HAS_MANY (Album, tracks, Track, album_id),
};
const CormModel Album_model =
    CORM_MODEL (Album, "albums", CORM_COLUMNS (album_columns), CORM_RELATIONS (album_relations));

static const CormColumn genre_columns[] = {
  CORM_COLUMN (Genre, id, .primary_key = true),
  CORM_COLUMN (Genre, name, .not_null = true),
};
static const CormRelation genre_relations[] = { CORM_HAS_MANY (Genre, tracks, Track, genre_id) };
const CormModel Genre_model = CORM_MODEL (Genre, "genres", CORM_COLUMNS (genre_columns),
                                          CORM_RELATIONS (genre_relations), CORM_STRICT (Genre, loaded));

static const CormColumn track_columns[] = {
  CORM_COLUMN (Track, id, .primary_key = true),
  CORM_COLUMN (Track, name, .not_null = true),
  CORM_COLUMN (Track, seconds),
  CORM_COLUMN (Track, album_id, .references = "albums.id", .on_delete = CORM_CASCADE),
  CORM_COLUMN (Track, genre_id, .references = "genres.id"),
};
static const CormRelation track_relations[] = {
  CORM_BELONGS_TO (Track, album, Album, album_id),
  CORM_BELONGS_TO (Track, genre, Genre, genre_id),
  CORM_MANY_TO_MANY (Track, playlists, Playlist, "playlist_track", "track_id", "playlist_id"),
};
const CormModel Track_model = CORM_MODEL (Track, "tracks", CORM_COLUMNS (track_columns),
                                          CORM_RELATIONS (track_relations), CORM_STRICT (Track, loaded));

static const CormColumn playlist_columns[] = {
  CORM_COLUMN (Playlist, id, .primary_key = true),
  CORM_COLUMN (Playlist, name, .not_null = true),
};
static const CormRelation playlist_relations[] = {
  CORM_MANY_TO_MANY (Playlist, tracks, Track, "playlist_track", "playlist_id", "track_id"),
};
const CormModel Playlist_model =
    CORM_MODEL (Playlist, "playlists", CORM_COLUMNS (playlist_columns), CORM_RELATIONS (playlist_relations));

static const CormColumn employee_columns[] = {
  CORM_COLUMN (Employee, id, .primary_key = true),
  CORM_COLUMN (Employee, name, .not_null = true),
  CORM_COLUMN (Employee, reports_to, .references = "employees.id", .on_delete = CORM_SET_NULL),
};
static const CormRelation employee_relations[] = {
  CORM_BELONGS_TO (Employee, boss, Employee, reports_to),
  CORM_HAS_MANY (Employee, reports, Employee, reports_to),
  CORM_MANY_TO_MANY (Employee, friends, Employee, "friendships", "employee_id", "friend_id"),
};
const CormModel Employee_model =
    CORM_MODEL (Employee, "employees", CORM_COLUMNS (employee_columns), CORM_RELATIONS (employee_relations));

static const CormModel *const chinook[] = { &Artist_model,   &Album_model,    &Genre_model, &Track_model,
                                            &Playlist_model, &Employee_model, NULL };

enum { CHINOOK_ARTISTS = 12, CHINOOK_GENRES = 4, CHINOOK_PLAYLISTS = 6 };

static inline G_GNUC_UNUSED void
chinook_add_tracks (CormConnection *conn, const Album *album, gint64 *next)
{
  for (gint64 i = 0; i < 1 + album->id % 5; i++) {
    gint64 id = (*next)++;
    g_autofree char *name = g_strdup_printf ("track %02" G_GINT64_FORMAT, id);
    Track track = { .id = id,
                    .name = name,
                    .seconds = (gint32) (id * 37 % 100),
                    .album_id = album->id,
                    .genre_id = { .is_set = id % 7 != 0, .value = 1 + id % CHINOOK_GENRES } };
    assert_ok (track_insert (conn, &track, error));
    for (gint64 j = 1; j <= CHINOOK_PLAYLISTS; j++) {
      Playlist playlist = { .id = j };
      if (id % j == 0)
        assert_ok (corm_link (Track, playlists, conn, &track, Playlist, &playlist, error));
    }
  }
}

/* All of it in one transaction; the number of tracks. */
static inline G_GNUC_UNUSED gint64
chinook_fill (CormConnection *conn)
{
  gint64 next_album = 1, next_track = 1;
  g_autoptr (CormTransaction) transaction = NULL;
  assert_ok ((transaction = corm_transaction_begin (conn, CORM_TRANSACTION_WRITE, error)) != NULL);
  for (gint64 i = 1; i <= CHINOOK_GENRES; i++) {
    g_autofree char *name = g_strdup_printf ("genre %" G_GINT64_FORMAT, i);
    assert_ok (genre_insert (conn, &(Genre){ .id = i, .name = name }, error));
  }
  for (gint64 i = 1; i <= CHINOOK_PLAYLISTS; i++) {
    g_autofree char *name = g_strdup_printf ("playlist %" G_GINT64_FORMAT, i);
    assert_ok (playlist_insert (conn, &(Playlist){ .id = i, .name = name }, error));
  }
  for (gint64 a = 1; a <= CHINOOK_ARTISTS; a++) {
    g_autofree char *name = g_strdup_printf ("artist %02" G_GINT64_FORMAT, a);
    assert_ok (artist_insert (conn, &(Artist){ .id = a, .name = name }, error));
    for (gint64 i = 0; i < a % 4; i++) {
      g_autofree char *title = g_strdup_printf ("album %02" G_GINT64_FORMAT, next_album);
      Album album = { .id = next_album++, .title = title, .artist_id = a };
      assert_ok (album_insert (conn, &album, error));
      chinook_add_tracks (conn, &album, &next_track);
    }
  }
  assert_ok (corm_transaction_commit (transaction, error));
  return next_track - 1;
}
