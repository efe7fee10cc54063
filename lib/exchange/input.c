/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* See input.h. */
#include "exchange/input.h"

#include "exchange/output.h"

#include <corm/error.h>

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

CormInput *
corm_input_open (const char *path, GError **error)
{
  gboolean is_standard = strcmp (path, "-") == 0;
  g_autoptr (CormInput) input = g_new0 (CormInput, 1);
  input->path = g_strdup (is_standard ? "standard input" : path);
  input->line = 1;
  input->fd = is_standard ? dup (STDIN_FILENO) : open (path, O_RDONLY | O_CLOEXEC);
  if (input->fd < 0) {
    corm_file_fail ("read", input->path, error);
    return NULL;
  }
  if (corm_input_peek (input) != CORM_INPUT_END)
    return g_steal_pointer (&input);
  if (corm_input_check (input, error))
    g_set_error (error, CORM_ERROR, CORM_ERROR_INVALID, "%s is empty: there is nothing to import",
                 input->path);
  return NULL;
}

void
corm_input_free (CormInput *input)
{
  if (input == NULL)
    return;
  if (input->fd >= 0)
    close (input->fd);
  g_free (input->path);
  g_free (input);
}

gboolean
corm_input_fill (CormInput *input)
{
  gssize n;
  input->done += input->size;
  input->at = input->size = 0;
  do
    n = input->failed != 0 ? 0 : read (input->fd, input->buffer, sizeof input->buffer);
  while (n < 0 && errno == EINTR);
  if (n < 0)
    input->failed = errno;
  input->size = (gsize) MAX (n, 0);
  return input->size > 0;
}

gboolean
corm_input_check (CormInput *input, GError **error)
{
  if (input->failed == 0)
    return TRUE;
  errno = input->failed;
  return corm_file_fail ("read", input->path, error);
}

gboolean
corm_input_fail (CormInput *input, GError **error, const char *format, ...)
{
  va_list args;
  if (!corm_input_check (input, error))
    return FALSE;
  va_start (args, format);
  g_autofree char *what = g_strdup_vprintf (format, args);
  va_end (args);
  gboolean at_end = corm_input_peek (input) == CORM_INPUT_END;
  g_set_error (error, CORM_ERROR, CORM_ERROR_INVALID,
               "%s, line %" G_GUINT64_FORMAT ", byte %" G_GUINT64_FORMAT ": %s%s", input->path, input->line,
               input->done + input->at - input->begin + 1, what,
               at_end ? "; the file ends here: was it cut off? Export it again, or copy it whole" : "");
  return FALSE;
}

void
corm_input_skip_mark (CormInput *input)
{
  if (corm_input_peek (input) == 0xef && input->at + 3 <= input->size &&
      memcmp (input->buffer + input->at, "\xef\xbb\xbf", 3) == 0)
    input->at += 3;
}
