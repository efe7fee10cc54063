/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* A reader of text that others wrote, as a fuzzer sees it: a function of any bytes that ends the program where the reader
 * breaks a promise. A target is one in a table; its kept inputs lie in corpus/NAME. */
#pragma once

#include <glib.h>

typedef struct {
  const char *name;
  void (*run) (const guint8 *data, gsize size);
  void (*seed) (GPtrArray *inputs); /* adds GBytes that are no text; NULL: the corpus has all */
  const char *deep;                 /* what a nest of any depth may stand behind; NULL: "" */
} FuzzTarget;

/* Ended by one without a name: target-text.c, target-value.c, target-schema.c, target-file.c, target-cell.c */
extern const FuzzTarget fuzz_text_targets[], fuzz_value_targets[], fuzz_schema_targets[], fuzz_file_targets[],
    fuzz_cell_targets[];

/* Says what was promised and the text, then aborts. */
void fuzz_complain (const char *what, const char *text) G_GNUC_NORETURN;
/* An error is set if, and only if, there is no result; it is one of Corm's and says something. */
void fuzz_check_error (gboolean succeeded, const GError *error, const char *text);
/* Both NULL, or the same text. */
void fuzz_check_same (const char *what, const char *a, const char *b, const char *text);
