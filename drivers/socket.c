/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* A look at a socket without reading from it, so that whoever owns it misses nothing. */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE /* POLLRDHUP */
#endif
#include "dialects.h"

#include <poll.h>
#include <sys/socket.h>

#ifndef POLLRDHUP
#define POLLRDHUP 0
#endif

gboolean
corm_socket_is_closed (int fd)
{
  struct pollfd look = { .fd = fd, .events = POLLIN | POLLRDHUP };
  char byte;
  if (fd < 0 || poll (&look, 1, 0) <= 0)
    return FALSE;
  if ((look.revents & (POLLRDHUP | POLLHUP | POLLERR | POLLNVAL)) != 0)
    return TRUE;
  return recv (fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT) == 0;
}
