/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* The corm command: corm_main() without models and migrations of its own. */
#include <corm/corm.h>

#include <locale.h>

int
main (int argc, char **argv)
{
  setlocale (LC_ALL, "");
  return corm_main (argc, argv, NULL, NULL);
}
