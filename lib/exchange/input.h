/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* A file that is read byte by byte, and where in it the reader stands. */
#pragma once

#include <glib.h>

#define CORM_INPUT_END (-1)

typedef struct {
  int fd;
  char *path;
  guint64 line;  /* of the next byte, from 1 */
  guint64 begin; /* where that line begins, in bytes */
  guint64 done;  /* bytes in front of the buffer */
  gsize at;
  gsize size;
  int failed; /* errno: reading ended too early */
  guint8 buffer[65536];
} CormInput;

/* "-" is standard input. Errors: NOT_FOUND, DENIED, INVALID (a folder, an empty file). */
CormInput *corm_input_open (const char *path, GError **error);
void corm_input_free (CormInput *input);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CormInput, corm_input_free)

gboolean corm_input_fill (CormInput *input);

/* CORM_INPUT_END also when reading fails: corm_input_check(). */
static inline int
corm_input_peek (CormInput *input)
{
  return input->at < input->size || corm_input_fill (input) ? input->buffer[input->at] : CORM_INPUT_END;
}

static inline int
corm_input_next (CormInput *input)
{
  int c = corm_input_peek (input);
  if (c == CORM_INPUT_END)
    return c;
  input->at++;
  if (c == '\n') {
    input->line++;
    input->begin = input->done + input->at;
  }
  return c;
}

/* FALSE, and the error, when reading failed. */
gboolean corm_input_check (CormInput *input, GError **error);
/* INVALID, "PATH, line L, byte C: what"; at the end of the file: that it ends there. Always FALSE. */
gboolean corm_input_fail (CormInput *input, GError **error, const char *format, ...) G_GNUC_PRINTF (3, 4);
/* Skips the mark that some programs put in front of UTF-8. */
void corm_input_skip_mark (CormInput *input);
