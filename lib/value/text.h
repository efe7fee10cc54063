/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Text forms of values: drivers need them too, so the declarations stand among the public headers. */
#pragma once

#include <corm/sys/text.h>
