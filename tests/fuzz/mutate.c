/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* See mutate.h. */
#include "mutate.h"

#include <string.h>

enum { MAX_SIZE = 4096 };

/* Puts @n bytes in place of @gone, at @at. */
static void
splice (GByteArray *input, guint at, guint gone, gconstpointer bytes, gsize n)
{
  g_autofree guint8 *tail = g_memdup2 (input->data + at + gone, input->len - at - gone);
  guint tail_size = input->len - at - gone;
  g_byte_array_set_size (input, at);
  g_byte_array_append (input, bytes, (guint) n);
  g_byte_array_append (input, tail, tail_size);
}

static void
change_byte (Hostile *hostile, GByteArray *input)
{
  if (input->len == 0)
    return;
  guint8 *byte = &input->data[hostile_number (hostile, input->len)];
  *byte = hostile_number (hostile, 2) == 0 ? (guint8) hostile_number (hostile, 256)
                                           : (guint8) (*byte ^ 1u << hostile_number (hostile, 8));
}

static void
leave_out (Hostile *hostile, GByteArray *input)
{
  guint at = hostile_number (hostile, input->len + 1), most = MIN (input->len - at, 24);
  splice (input, at, hostile_number (hostile, most + 1), NULL, 0);
}

static void
put_in (Hostile *hostile, GByteArray *input, const guint8 *from, gsize size)
{
  guint start = hostile_number (hostile, (guint32) size + 1);
  guint n = hostile_number (hostile, (guint32) MIN (size - start, 64) + 1);
  guint at = hostile_number (hostile, input->len + 1);
  g_autofree guint8 *piece = g_memdup2 (from + start, n);
  splice (input, at, 0, piece, n);
}

static void
put_in_hostile (Hostile *hostile, GByteArray *input)
{
  g_autoptr (GString) text = g_string_new (NULL);
  const char *string = hostile_next (hostile, text);
  splice (input, hostile_number (hostile, input->len + 1), 0, string, MIN (strlen (string), 8));
}

/* A number becomes one that is just, or not, within a type's limits. */
static void
change_number (Hostile *hostile, GByteArray *input)
{
  static const char *const numbers[] = { "0",
                                         "-1",
                                         "255",
                                         "65536",
                                         "2147483648",
                                         "4294967295",
                                         "4294967296",
                                         "9223372036854775807",
                                         "9223372036854775808",
                                         "-9223372036854775808",
                                         "1e400",
                                         "0.0000001" };
  guint at = hostile_number (hostile, input->len + 1), end;
  while (at < input->len && !g_ascii_isdigit (input->data[at]))
    at++;
  for (end = at; end < input->len && g_ascii_isdigit (input->data[end]);)
    end++;
  const char *number = numbers[hostile_number (hostile, G_N_ELEMENTS (numbers))];
  if (end > at)
    splice (input, at, end - at, number, strlen (number));
}

static void
change (Hostile *hostile, const GPtrArray *inputs, GByteArray *input)
{
  gsize size;
  const guint8 *other = g_bytes_get_data (inputs->pdata[hostile_number (hostile, inputs->len)], &size);
  switch (hostile_number (hostile, 7)) {
  case 0:
    change_byte (hostile, input);
    break;
  case 1:
    leave_out (hostile, input);
    break;
  case 2:
    put_in (hostile, input, input->data, input->len);
    break;
  case 3:
    put_in (hostile, input, other, size);
    break;
  case 4:
    change_number (hostile, input);
    break;
  case 5: /* it ends here */
    g_byte_array_set_size (input, input->len - hostile_number (hostile, MIN (input->len, 64) + 1));
    break;
  default:
    put_in_hostile (hostile, input);
    break;
  }
}

void
mutate (Hostile *hostile, const GPtrArray *inputs, GByteArray *input)
{
  gsize size;
  const guint8 *one = g_bytes_get_data (inputs->pdata[hostile_number (hostile, inputs->len)], &size);
  g_byte_array_set_size (input, 0);
  g_byte_array_append (input, one, (guint) size);
  for (guint left = 1 + hostile_number (hostile, 6); left > 0; left--)
    change (hostile, inputs, input);
  g_byte_array_set_size (input, MIN (input->len, MAX_SIZE));
}
