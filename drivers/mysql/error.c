/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* The server's and the client library's error numbers as codes, with the database's own words. Numbers come from the
 * MariaDB manual, "MariaDB Error Codes", and <errmsg.h>; whatever is not listed is judged by its SQLSTATE. */
#include "mysql.h"

#include <errmsg.h>
#include <mysqld_error.h>
#include <string.h>

typedef struct {
  guint number;
  CormError code;
} Class;

/* By number. SQLSTATE alone is too coarse here: 23000 and HY000 stand for nearly everything. */
static const Class classes[] = {
  { 1020, CORM_ERROR_BUSY },        /* record has changed since last read */
  { 1021, CORM_ERROR_FULL },        /* disk full */
  { 1022, CORM_ERROR_UNIQUE },      /* duplicate key in table */
  { 1024, CORM_ERROR_STORAGE },     /* error reading a file */
  { 1026, CORM_ERROR_STORAGE },     /* error writing a file */
  { 1034, CORM_ERROR_STORAGE },     /* incorrect key file */
  { 1037, CORM_ERROR_FULL },        /* out of memory */
  { 1040, CORM_ERROR_CONNECTION },  /* too many connections */
  { 1041, CORM_ERROR_FULL },        /* out of memory */
  { 1044, CORM_ERROR_DENIED },      /* no right on the database */
  { 1045, CORM_ERROR_DENIED },      /* wrong user or password */
  { 1046, CORM_ERROR_INVALID },     /* no database selected */
  { 1048, CORM_ERROR_NOT_NULL },    /* column can't be NULL */
  { 1049, CORM_ERROR_CONNECTION },  /* unknown database */
  { 1050, CORM_ERROR_SCHEMA },      /* table exists */
  { 1051, CORM_ERROR_SCHEMA },      /* unknown table */
  { 1053, CORM_ERROR_CONNECTION },  /* shutdown in progress */
  { 1054, CORM_ERROR_SCHEMA },      /* unknown column */
  { 1060, CORM_ERROR_SCHEMA },      /* duplicate column name */
  { 1061, CORM_ERROR_SCHEMA },      /* duplicate key name */
  { 1062, CORM_ERROR_UNIQUE },      /* duplicate entry */
  { 1064, CORM_ERROR_SYNTAX },      /* parse error */
  { 1091, CORM_ERROR_SCHEMA },      /* can't drop, does not exist */
  { 1114, CORM_ERROR_FULL },        /* table is full */
  { 1118, CORM_ERROR_SCHEMA },      /* row size too large */
  { 1136, CORM_ERROR_SYNTAX },      /* column count does not match */
  { 1142, CORM_ERROR_DENIED },      /* no right on the table */
  { 1143, CORM_ERROR_DENIED },      /* no right on the column */
  { 1146, CORM_ERROR_SCHEMA },      /* no such table */
  { 1152, CORM_ERROR_CONNECTION },  /* aborted connection */
  { 1153, CORM_ERROR_CONVERSION },  /* packet bigger than max_allowed_packet */
  { 1169, CORM_ERROR_UNIQUE },      /* unique constraint */
  { 1171, CORM_ERROR_SCHEMA },      /* primary key column must be NOT NULL */
  { 1194, CORM_ERROR_STORAGE },     /* table is crashed */
  { 1195, CORM_ERROR_STORAGE },     /* the same, and could not be mended */
  { 1203, CORM_ERROR_CONNECTION },  /* user has too many connections */
  { 1205, CORM_ERROR_BUSY },        /* lock wait timeout */
  { 1206, CORM_ERROR_BUSY },        /* lock table full */
  { 1207, CORM_ERROR_DENIED },      /* read-only transaction */
  { 1213, CORM_ERROR_BUSY },        /* deadlock */
  { 1216, CORM_ERROR_FOREIGN_KEY }, /* no referenced row */
  { 1217, CORM_ERROR_FOREIGN_KEY }, /* row is referenced */
  { 1226, CORM_ERROR_CONNECTION },  /* user's resource limit */
  { 1227, CORM_ERROR_DENIED },      /* privilege needed */
  { 1263, CORM_ERROR_NOT_NULL },    /* NULL to NOT NULL column */
  { 1264, CORM_ERROR_CONVERSION },  /* out of range */
  { 1265, CORM_ERROR_CONVERSION },  /* data truncated */
  { 1290, CORM_ERROR_DENIED },      /* server runs with --read-only */
  { 1292, CORM_ERROR_CONVERSION },  /* truncated incorrect value */
  { 1317, CORM_ERROR_CANCELLED },   /* query interrupted */
  { 1364, CORM_ERROR_NOT_NULL },    /* no default value */
  { 1366, CORM_ERROR_CONVERSION },  /* incorrect value */
  { 1370, CORM_ERROR_DENIED },      /* no right on the routine */
  { 1406, CORM_ERROR_CONVERSION },  /* data too long */
  { 1411, CORM_ERROR_CONVERSION },  /* incorrect value for function */
  { 1451, CORM_ERROR_FOREIGN_KEY }, /* can't delete a parent row */
  { 1452, CORM_ERROR_FOREIGN_KEY }, /* can't add a child row */
  { 1526, CORM_ERROR_CONVERSION },  /* no partition for value */
  { 1557, CORM_ERROR_FOREIGN_KEY }, /* foreign key would lead to a duplicate */
  { 1586, CORM_ERROR_UNIQUE },      /* duplicate entry */
  { 1614, CORM_ERROR_BUSY },        /* XA deadlock */
  { 1615, CORM_ERROR_BUSY },        /* statement needs to be prepared again */
  { 1690, CORM_ERROR_CONVERSION },  /* value out of range */
  { 1698, CORM_ERROR_DENIED },      /* access denied without password */
  { 1712, CORM_ERROR_STORAGE },     /* index is corrupted */
  { 1761, CORM_ERROR_FOREIGN_KEY }, /* duplicate through a foreign key */
  { 1762, CORM_ERROR_FOREIGN_KEY }, /* the same */
  { 1792, CORM_ERROR_DENIED },      /* read-only transaction */
  { 1877, CORM_ERROR_STORAGE },     /* table is corrupted */
  { 1927, CORM_ERROR_CONNECTION },  /* connection was killed */
  { 1969, CORM_ERROR_CANCELLED },   /* max_statement_time */
  { 2002, CORM_ERROR_CONNECTION },  /* can't connect, socket */
  { 2003, CORM_ERROR_CONNECTION },  /* can't connect, host */
  { 2005, CORM_ERROR_CONNECTION },  /* unknown host */
  { 2006, CORM_ERROR_CONNECTION },  /* server has gone away */
  { 2012, CORM_ERROR_CONNECTION },  /* handshake */
  { 2013, CORM_ERROR_CONNECTION },  /* lost connection */
  { 2014, CORM_ERROR_BUSY },        /* commands out of sync */
  { 2020, CORM_ERROR_CONVERSION },  /* packet bigger than max_allowed_packet */
  { 2026, CORM_ERROR_CONNECTION },  /* TLS */
  { 2055, CORM_ERROR_CONNECTION },  /* lost connection */
  { 3572, CORM_ERROR_BUSY },        /* NOWAIT */
  { 3819, CORM_ERROR_CHECK },       /* MySQL's check constraint */
  { 4025, CORM_ERROR_CHECK },       /* check constraint */
  { 4031, CORM_ERROR_CONNECTION },  /* disconnected for inactivity */
};

static int
compare_class (const void *key, const void *element)
{
  guint number = *(const guint *) key, other = ((const Class *) element)->number;
  return (number > other) - (number < other);
}

CormError
corm_mysql_error_code (guint number, const char *sqlstate)
{
  const Class *found = bsearch (&number, classes, G_N_ELEMENTS (classes), sizeof (Class), compare_class);
  if (found != NULL)
    return found->code;
  return corm_error_from_sqlstate (sqlstate);
}

static gboolean
is_lost (guint number)
{
  static const guint numbers[] = { 1053, 1152, 1153, 1927, 2006, 2013, 2020, 2055, 4031 };
  for (gsize i = 0; i < G_N_ELEMENTS (numbers); i++)
    if (numbers[i] == number)
      return TRUE;
  return FALSE;
}

/* Deadlock; lock wait timeout; a row that another transaction changed since the snapshot (innodb_snapshot_isolation). */
static gboolean
is_worth_another_run (guint number)
{
  return number == 1213 || number == 1205 || number == 1020;
}

static const char *
hint (guint number)
{
  switch (number) {
  case 1040:
    return "raise max_connections or use fewer connections";
  case 1046:
    return "name one in the URI: mysql://user@host/DATABASE";
  case 1153:
  case 2020:
    return "raise the server's max_allowed_packet";
  case 1205:
  case 1213:
    return "run the transaction again";
  case 1290:
  case 1792:
    return "this connection or transaction only reads: corm_db_connect() gives one that writes, unless it "
           "was opened "
           "with read_only";
  case 2014:
    return "close the open cursor first";
  default:
    return NULL;
  }
}

gboolean
corm_mysql_fail (CormMysqlLink *link, MYSQL_STMT *statement, const char *doing, GError **error)
{
  guint number = statement != NULL ? mysql_stmt_errno (statement) : 0;
  const char *words = number != 0 ? mysql_stmt_error (statement) : mysql_error (link->handle);
  const char *sqlstate = number != 0 ? mysql_stmt_sqlstate (statement) : mysql_sqlstate (link->handle);
  if (number == 0)
    number = mysql_errno (link->handle);
  if (is_lost (number)) {
    link->lost = TRUE;
    link->reading = NULL;
  }
  CormError code = corm_mysql_error_code (number, sqlstate);
  *link->again = *link->again || is_worth_another_run (number);
  corm_driver_error (error, code, doing, words, hint (number));
  /* An error's packet says nothing about the transaction, which the server ends by itself after a deadlock. */
  if (code == CORM_ERROR_BUSY && !link->lost && link->reading == NULL)
    mysql_real_query (link->handle, "DO 0", strlen ("DO 0")); /* its answer does */
  return FALSE;
}

gboolean
corm_mysql_fail_sql (CormMysqlLink *link, MYSQL_STMT *statement, const char *sql, GError **error)
{
  g_autofree char *doing = corm_driver_describe (sql);
  return corm_mysql_fail (link, statement, doing, error);
}

gboolean
corm_mysql_send (CormMysqlLink *link, const char *sql, const char *doing, GError **error)
{
  if (mysql_real_query (link->handle, sql, strlen (sql)) != 0)
    return doing != NULL ? corm_mysql_fail (link, NULL, doing, error)
                         : corm_mysql_fail_sql (link, NULL, sql, error);
  MYSQL_RES *rows = mysql_store_result (link->handle);
  if (rows != NULL)
    mysql_free_result (rows);
  else if (mysql_errno (link->handle) != 0)
    return corm_mysql_fail_sql (link, NULL, sql, error);
  return TRUE;
}
