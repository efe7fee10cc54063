/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Functions, procedures and packages, put together from information_schema. */
#include "catalogue.h"

#include <string.h>

/* A row for each routine, then one for each of its parameters; position 0 is what a function returns. */
static const char routines_sql[] =
    "SELECT specific_name, routine_type, -1 AS position, routine_definition, is_deterministic, "
    "sql_data_access, "
    "security_type, routine_comment, sql_mode FROM information_schema.routines WHERE routine_schema = "
    "DATABASE() "
    "UNION ALL SELECT specific_name, routine_type, ordinal_position, parameter_mode, parameter_name, "
    "dtd_identifier, character_set_name, collation_name, NULL FROM information_schema.parameters "
    "WHERE specific_schema = DATABASE() ORDER BY 2, CAST(specific_name AS BINARY), 3";

typedef struct {
  CormMysqlReader *reader;
  char *name, *type;
  char *definition, *data_access, *security, *comment, *sql_mode;
  gboolean deterministic;
  char *returns;
  GString *parameters;
} Routine;

static void
append_characteristics (GString *sql, const Routine *routine)
{
  if (routine->deterministic)
    g_string_append (sql, " DETERMINISTIC");
  if (g_strcmp0 (routine->data_access, "CONTAINS SQL") != 0 && routine->data_access != NULL)
    g_string_append_printf (sql, " %s", routine->data_access);
  if (g_strcmp0 (routine->security, "INVOKER") == 0)
    g_string_append (sql, " SQL SECURITY INVOKER");
  if (routine->comment != NULL && *routine->comment != '\0') {
    g_string_append (sql, " COMMENT ");
    corm_mysql_append_text (sql, routine->comment);
  }
}

/* To where its body begins. */
static char *
write_header (const Routine *routine)
{
  GString *sql = g_string_new ("CREATE ");
  gboolean is_package = g_str_has_prefix (routine->type, "PACKAGE");
  gboolean oracle = routine->sql_mode != NULL && strstr (routine->sql_mode, "ORACLE") != NULL;
  g_autofree char *lower = g_ascii_strdown (routine->definition, -1);
  if (strcmp (routine->type, "FUNCTION") == 0 && strstr (lower, "fetch group next row") != NULL)
    g_string_append (sql, "AGGREGATE ");
  g_string_append_printf (sql, "%s ", routine->type);
  corm_mysql_append_name (sql, routine->name);
  if (!is_package && (!oracle || routine->parameters->len > 0))
    g_string_append_printf (sql, "(%s)", routine->parameters->str);
  if (routine->returns != NULL)
    g_string_append_printf (sql, " %s %s", oracle ? "RETURN" : "RETURNS", routine->returns);
  append_characteristics (sql, routine);
  g_string_append_c (sql, ' ');
  return g_string_free (sql, FALSE);
}

static void
finish_routine (Routine *routine)
{
  if (routine->name != NULL) {
    g_autofree char *kind = g_ascii_strdown (routine->type, -1);
    char *sql = routine->definition != NULL ? write_header (routine) : NULL;
    CormSchemaObject *object = corm_mysql_add_object (routine->reader, kind, routine->name, sql);
    corm_mysql_add_program (routine->reader, object, routine->definition, routine->sql_mode, NULL);
  }
  g_clear_pointer (&routine->name, g_free);
  g_clear_pointer (&routine->type, g_free);
  g_clear_pointer (&routine->definition, g_free);
  g_clear_pointer (&routine->data_access, g_free);
  g_clear_pointer (&routine->security, g_free);
  g_clear_pointer (&routine->comment, g_free);
  g_clear_pointer (&routine->sql_mode, g_free);
  g_clear_pointer (&routine->returns, g_free);
  g_string_truncate (routine->parameters, 0);
}

/* "varchar(10) CHARACTER SET latin1 COLLATE latin1_german2_ci"; what is the database's goes without saying. */
static char *
parameter_type (const CormMysqlReader *reader, char **cells)
{
  g_autofree char *type = corm_mysql_standard_sql (cells[5], NULL);
  if (cells[7] == NULL || g_strcmp0 (cells[7], reader->collation) == 0)
    return g_steal_pointer (&type);
  return g_strdup_printf ("%s CHARACTER SET %s COLLATE %s", type, cells[6], cells[7]);
}

static void
read_parameter (Routine *routine, char **cells)
{
  char *type = parameter_type (routine->reader, cells);
  if (strcmp (cells[2], "0") == 0) {
    routine->returns = type;
    return;
  }
  if (routine->parameters->len > 0)
    g_string_append (routine->parameters, ", ");
  if (strcmp (routine->type, "PROCEDURE") == 0 && cells[3] != NULL)
    g_string_append_printf (routine->parameters, "%s ", cells[3]);
  corm_mysql_append_name (routine->parameters, cells[4]);
  g_string_append_printf (routine->parameters, " %s", type);
  g_free (type);
}

static void
read_routine (CormMysqlReader *reader, char **cells)
{
  Routine *routine = reader->routine;
  if (strcmp (cells[2], "-1") != 0) {
    if (routine->name != NULL && strcmp (routine->name, cells[0]) == 0)
      read_parameter (routine, cells);
    return;
  }
  finish_routine (routine);
  routine->name = g_steal_pointer (&cells[0]);
  routine->type = g_steal_pointer (&cells[1]);
  routine->definition = g_steal_pointer (&cells[3]);
  routine->deterministic = strcmp (cells[4], "YES") == 0;
  routine->data_access = g_steal_pointer (&cells[5]);
  routine->security = g_steal_pointer (&cells[6]);
  routine->comment = g_steal_pointer (&cells[7]);
  routine->sql_mode = g_steal_pointer (&cells[8]);
}

gboolean
corm_mysql_read_routines (CormMysqlReader *reader, GError **error)
{
  Routine routine = { .reader = reader, .parameters = g_string_new (NULL) };
  reader->routine = &routine;
  gboolean ok = corm_mysql_read_rows (reader, routines_sql, read_routine, error);
  finish_routine (&routine);
  g_string_free (routine.parameters, TRUE);
  reader->routine = NULL;
  return ok;
}
