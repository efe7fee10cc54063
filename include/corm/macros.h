/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/*
 * Marks that other public headers need. A function is part of the interface only when CORM_PUBLIC stands before
 * its declaration: the library is compiled with hidden visibility.
 */
#pragma once

#include <glib.h>

#define CORM_PUBLIC __attribute__ ((visibility ("default")))
