/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* UUIDs, RFC 9562: 16 bytes in network order, in text 8-4-4-4-12 hexadecimal digits. */
#include "value/text.h"

#include <string.h>
#include <sys/random.h>

static const char hex[] = "0123456789abcdef";

static gboolean
is_dash (guint i)
{
  return i == 8 || i == 13 || i == 18 || i == 23;
}

gsize
corm_text_from_uuid (const CormUuid *uuid, char *buffer)
{
  for (guint i = 0, byte = 0; i < 36; i++) {
    if (is_dash (i)) {
      buffer[i] = '-';
      continue;
    }
    buffer[i] = hex[uuid->bytes[byte] >> 4];
    buffer[++i] = hex[uuid->bytes[byte++] & 15];
  }
  buffer[36] = '\0';
  return 36;
}

gboolean
corm_text_to_uuid (const char *text, gsize size, CormUuid *uuid)
{
  if (size != 36)
    return FALSE;
  for (guint i = 0, byte = 0; i < 36; i++) {
    if (is_dash (i)) {
      if (text[i] != '-')
        return FALSE;
      continue;
    }
    int high = g_ascii_xdigit_value (text[i]);
    int low = g_ascii_xdigit_value (text[++i]);
    if (high < 0 || low < 0)
      return FALSE;
    uuid->bytes[byte++] = (guint8) (high << 4 | low);
  }
  return TRUE;
}

CormUuid
corm_uuid_random (void)
{
  CormUuid uuid;
  if (getrandom (uuid.bytes, sizeof uuid.bytes, 0) != sizeof uuid.bytes)
    for (gsize i = 0; i < sizeof uuid.bytes; i++)
      uuid.bytes[i] = (guint8) g_random_int ();
  uuid.bytes[6] = (uuid.bytes[6] & 0x0f) | 0x40; /* version 4 */
  uuid.bytes[8] = (uuid.bytes[8] & 0x3f) | 0x80; /* variant 10 */
  return uuid;
}

char *
corm_uuid_to_text (CormUuid uuid)
{
  char buffer[CORM_TEXT_MAX];
  corm_text_from_uuid (&uuid, buffer);
  return g_strdup (buffer);
}

gboolean
corm_uuid_parse (const char *text, CormUuid *uuid)
{
  return text != NULL && corm_text_to_uuid (text, strlen (text), uuid);
}
