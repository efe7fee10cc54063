/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Inputs that are nearly good ones: bytes changed, pieces left out, doubled or put in from another input. */
#pragma once

#include "hostile.h"

/* @input becomes another of the kept @inputs (GBytes), changed here and there. */
void mutate (Hostile *hostile, const GPtrArray *inputs, GByteArray *input);
