/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* The headers from C++: no macro of C's, structs filled by hand, plain functions, C linkage. */
#include <corm/corm.h>
#include <corm/sys/driver.h>

struct Job {
  gint64 id;
  const char *name;
};

extern const CormModel job_model;

CormRows *
find_jobs (CormConnection *conn, GError **error)
{
  CormFind find = {};
  find.where.kind = CORM_EXPR_EQ;
  find.where.model = &job_model;
  find.where.offset = offsetof (Job, id);
  find.where.value = corm_value_int (5);
  return corm_find_rows (&job_model, conn, error, &find);
}
