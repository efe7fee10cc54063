/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* What is wrong with the models: one sentence a line, each naming the model, so that all faults can be mended in one go. */
#pragma once

#include <corm/model.h>

typedef struct {
  GString *text; /* lines, parted by a newline */
  guint n;
} CormFaults;

/* Adds "model Job (table jobs): SENTENCE". */
void corm_faults_add (CormFaults *faults, const CormModel *model, const char *format, ...)
    G_GNUC_PRINTF (3, 4);
/* A name of the model's that a database will see: there is one, and it has at most 63 bytes. @what: "the column". */
void corm_faults_check_name (CormFaults *faults, const CormModel *model, const char *what, const char *name);
