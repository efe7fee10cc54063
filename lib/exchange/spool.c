/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* A row is its size, its tag, and its cells: a byte for the type, and what the value holds. The bytes are this machine's
 * and never leave it. */
#include "exchange/spool.h"

#include "exchange/output.h"

#include <corm/error.h>

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#define BUFFER_SIZE 65536
#define IS_NULL 0x80

struct _CormSpool {
  int fd;
  guint64 size;   /* of the file, with what is still to be written */
  GString *bytes; /* to be written, or read: */
  guint64 begin;  /* from here on */
  gboolean reading;
  GArray *row; /* CormValue */
};

typedef struct {
  guint64 begin, end;
} Piece;

typedef struct {
  guint32 size; /* of the cells */
  guint64 tag;
} Head;

int
corm_spool_open_file (GError **error)
{
  const char *folder = g_getenv ("TMPDIR");
  g_autofree char *path =
      g_build_filename (folder != NULL && *folder != '\0' ? folder : "/var/tmp", "corm.XXXXXX", NULL);
  int fd = g_mkstemp_full (path, O_RDWR | O_CLOEXEC, 0600);
  if (fd < 0)
    corm_file_fail ("create a temporary file", path, error);
  else
    g_unlink (path);
  return fd;
}

void
corm_spool_part_init (CormSpoolPart *part, guint n_columns)
{
  *part = (CormSpoolPart){ .n_columns = n_columns, .pieces = g_array_new (FALSE, FALSE, sizeof (Piece)) };
}

void
corm_spool_part_clear (CormSpoolPart *part)
{
  g_clear_pointer (&part->pieces, g_array_unref);
}

CormSpool *
corm_spool_new (GError **error)
{
  int fd = corm_spool_open_file (error);
  if (fd < 0)
    return NULL;
  CormSpool *spool = g_new0 (CormSpool, 1);
  spool->fd = fd;
  spool->bytes = g_string_sized_new (BUFFER_SIZE);
  spool->row = g_array_new (FALSE, FALSE, sizeof (CormValue));
  return spool;
}

void
corm_spool_free (CormSpool *spool)
{
  if (spool == NULL)
    return;
  close (spool->fd);
  g_string_free (spool->bytes, TRUE);
  g_array_unref (spool->row);
  g_free (spool);
}

static gboolean
has_bytes (CormType type)
{
  return type == CORM_TYPE_TEXT || type == CORM_TYPE_BYTES || type == CORM_TYPE_DECIMAL ||
         type == CORM_TYPE_JSON || type == CORM_TYPE_ENUM || type == CORM_TYPE_RAW;
}

void
corm_spool_pack (const CormValue *row, guint n, GString *bytes)
{
  for (guint i = 0; i < n; i++) {
    const CormValue *value = &row[i];
    g_string_append_c (bytes, (char) (value->type | (value->is_null ? IS_NULL : 0)));
    if (value->is_null || (guint) value->type == CORM_SPOOL_ABSENT)
      continue;
    if (value->type == CORM_TYPE_UUID)
      g_string_append_len (bytes, (const char *) value->uuid.bytes, 16);
    else if (has_bytes (value->type)) {
      guint32 size = (guint32) value->size;
      g_string_append_len (bytes, (const char *) &size, sizeof size);
      g_string_append_len (bytes, value->data, (gssize) value->size);
    } else
      g_string_append_len (bytes, (const char *) &value->i, sizeof value->i);
  }
}

void
corm_spool_unpack (const char *bytes, guint n, CormValue *row)
{
  for (guint i = 0; i < n; i++) {
    guint8 byte = (guint8) *bytes++;
    row[i] = (CormValue){ .type = (CormType) (byte & ~IS_NULL), .is_null = (byte & IS_NULL) != 0 };
    if (row[i].is_null || (guint) row[i].type == CORM_SPOOL_ABSENT)
      continue;
    if (row[i].type == CORM_TYPE_UUID) {
      memcpy (row[i].uuid.bytes, bytes, 16);
      bytes += 16;
    } else if (has_bytes (row[i].type)) {
      guint32 size;
      memcpy (&size, bytes, sizeof size);
      row[i].data = bytes + sizeof size;
      row[i].size = size;
      bytes += sizeof size + size;
    } else {
      memcpy (&row[i].i, bytes, sizeof row[i].i);
      bytes += sizeof row[i].i;
    }
  }
}

static gboolean
flush (CormSpool *spool, GError **error)
{
  for (gsize done = 0; done < spool->bytes->len;) {
    gssize n = write (spool->fd, spool->bytes->str + done, spool->bytes->len - done);
    if (n < 0 && errno != EINTR)
      return corm_file_fail ("write", "a temporary file (in $TMPDIR)", error);
    done += (gsize) MAX (n, 0);
  }
  g_string_truncate (spool->bytes, 0);
  return TRUE;
}

static void
extend (CormSpoolPart *part, guint64 begin, guint64 end)
{
  Piece piece = { begin, end };
  Piece *last = part->pieces->len > 0 ? &g_array_index (part->pieces, Piece, part->pieces->len - 1) : NULL;
  part->n_rows++;
  if (last != NULL && last->end == begin)
    last->end = end;
  else
    g_array_append_val (part->pieces, piece);
}

gboolean
corm_spool_add (CormSpool *spool, CormSpoolPart *part, const CormValue *row, guint64 tag, GError **error)
{
  Head head = { .tag = tag };
  gsize start = spool->bytes->len;
  g_assert (!spool->reading);
  g_string_append_len (spool->bytes, (const char *) &head, sizeof head);
  corm_spool_pack (row, part->n_columns, spool->bytes);
  head.size = (guint32) (spool->bytes->len - start - sizeof head);
  memcpy (spool->bytes->str + start, &head, sizeof head);
  extend (part, spool->size, spool->size + sizeof head + head.size);
  spool->size += sizeof head + head.size;
  return spool->bytes->len < BUFFER_SIZE || flush (spool, error);
}

gboolean
corm_spool_end (CormSpool *spool, GError **error)
{
  if (!spool->reading && !flush (spool, error))
    return FALSE;
  spool->reading = TRUE;
  return TRUE;
}

CormSpoolPlace
corm_spool_begin (const CormSpoolPart *part)
{
  CormSpoolPlace place = { .part = part };
  if (part->pieces->len > 0)
    place.place = g_array_index (part->pieces, Piece, 0).begin;
  return place;
}

/* @size bytes from @place on are in memory. */
static const char *
look (CormSpool *spool, guint64 place, gsize size, GError **error)
{
  if (place >= spool->begin && place + size <= spool->begin + spool->bytes->len)
    return spool->bytes->str + (place - spool->begin);
  gsize wanted = MAX (size, BUFFER_SIZE), have = 0;
  g_string_set_size (spool->bytes, wanted);
  for (gssize n = 1; n != 0 && have < wanted; have += (gsize) MAX (n, 0)) {
    n = pread (spool->fd, spool->bytes->str + have, wanted - have, (off_t) (place + have));
    if (n < 0 && errno != EINTR) {
      g_string_truncate (spool->bytes, 0);
      corm_file_fail ("read", "a temporary file (in $TMPDIR)", error);
      return NULL;
    }
  }
  g_string_truncate (spool->bytes, have);
  spool->begin = place;
  g_assert (have >= size);
  return spool->bytes->str;
}

const CormValue *
corm_spool_next (CormSpool *spool, CormSpoolPlace *place, guint64 *tag, GError **error)
{
  Head head;
  const CormSpoolPart *part = place->part;
  while (place->piece < part->pieces->len &&
         place->place >= g_array_index (part->pieces, Piece, place->piece).end)
    if (++place->piece < part->pieces->len)
      place->place = g_array_index (part->pieces, Piece, place->piece).begin;
  if (place->piece == part->pieces->len)
    return NULL;
  const char *bytes = look (spool, place->place, sizeof head, error);
  if (bytes == NULL)
    return NULL;
  memcpy (&head, bytes, sizeof head);
  if ((bytes = look (spool, place->place, sizeof head + head.size, error)) == NULL)
    return NULL;
  g_array_set_size (spool->row, part->n_columns);
  corm_spool_unpack (bytes + sizeof head, part->n_columns, (CormValue *) (gpointer) spool->row->data);
  place->place += sizeof head + head.size;
  if (tag != NULL)
    *tag = head.tag;
  return (const CormValue *) (gconstpointer) spool->row->data;
}
