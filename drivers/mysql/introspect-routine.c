/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Functions, procedures and packages, put together from information_schema; and the sql_mode that a program was made
 * with. Invariant: it is said where it means something to the text, and only there: otherwise what one client made would
 * always differ from what another one makes. */
#include "catalogue.h"

#include <string.h>

/* --- sql_mode --- */

/* Flags that matter to a program only if one of these words is in it; "": they do not matter to what it does. */
static const struct {
  const char *flag;
  const char *words[4];
} modes[] = {
  { "NO_AUTO_CREATE_USER", { "" } },
  { "NO_ENGINE_SUBSTITUTION", { "create", "alter" } },
  { "NO_BACKSLASH_ESCAPES", { "\\" } },
  { "ANSI_QUOTES", { "\"" } },
  { "PIPES_AS_CONCAT", { "||" } },
  { "SIMULTANEOUS_ASSIGNMENT", { "update" } },
  { "NO_AUTO_VALUE_ON_ZERO", { "insert", "replace", "load" } },
  { "ERROR_FOR_DIVISION_BY_ZERO", { "/", "%", "div", "mod" } },
  { "NO_ZERO_DATE", { "0000", "-00" } },
  { "NO_ZERO_IN_DATE", { "0000", "-00" } },
};

static gboolean
matters (const char *flag, const char *text)
{
  for (gsize i = 0; i < G_N_ELEMENTS (modes); i++) {
    if (strcmp (modes[i].flag, flag) != 0)
      continue;
    for (gsize w = 0; w < G_N_ELEMENTS (modes[i].words) && modes[i].words[w] != NULL; w++)
      if (*modes[i].words[w] != '\0' && strstr (text, modes[i].words[w]) != NULL)
        return TRUE;
    return FALSE;
  }
  return TRUE;
}

/* Every flag of @mode that means something to @text is in @other too. Both kinds of strictness are one where tables
 * have transactions. */
static gboolean
is_covered (const char *mode, const char *other, const char *text)
{
  g_auto (GStrv) flags = g_strsplit (mode, ",", -1);
  g_auto (GStrv) others = g_strsplit (other, ",", -1);
  for (char **flag = flags; *flag != NULL; flag++) {
    gboolean strict = g_str_has_prefix (*flag, "STRICT_");
    if (**flag == '\0' || g_strv_contains ((const char *const *) others, *flag) || !matters (*flag, text))
      continue;
    if (!strict || strstr (other, "STRICT_") == NULL)
      return FALSE;
  }
  return TRUE;
}

static gboolean
is_same_mode (const char *mode, const char *other, const char *text)
{
  g_autofree char *lower = g_ascii_strdown (text, -1);
  return is_covered (mode, other, lower) && is_covered (other, mode, lower);
}

/* The server has to read the text itself in that mode, not only to run what it read. */
static gboolean
is_read_by_mode (const char *mode, const char *body)
{
  return strstr (mode, "ORACLE") != NULL || strpbrk (body, "\\\"") != NULL || strstr (body, "||") != NULL;
}

CormSchemaObject *
corm_mysql_add_object (CormMysqlReader *reader, const char *kind, const char *name, char *sql)
{
  CormSchemaObject *object = corm_schema_add_object (reader->schema, kind, name);
  object->sql = sql;
  return object;
}

void
corm_mysql_add_circumstances (const CormMysqlReader *reader, CormSchemaObject *object, const char *body,
                              const char *sql_mode, const char *time_zone)
{
  gboolean same_mode = sql_mode == NULL || body == NULL || is_same_mode (sql_mode, reader->sql_mode, body);
  gboolean same_zone = time_zone == NULL || strcmp (time_zone, "+00:00") == 0;
  g_autoptr (GString) sql = g_string_new ("SET STATEMENT ");
  if (object->sql == NULL || (same_mode && same_zone))
    return;
  if (!same_mode)
    g_string_append_printf (sql, "sql_mode = '%s'%s", sql_mode, same_zone ? "" : ", ");
  if (!same_zone)
    g_string_append_printf (sql, "time_zone = '%s'", time_zone);
  g_string_append (sql, " FOR ");
  if (!same_mode && is_read_by_mode (sql_mode, body)) {
    g_string_append (sql, "EXECUTE IMMEDIATE ");
    corm_mysql_append_text (sql, object->sql);
  } else {
    g_string_append (sql, object->sql);
  }
  g_free (object->sql);
  object->sql = g_string_free (g_steal_pointer (&sql), FALSE);
}

/* --- routines --- */

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

static char *
write_routine (const Routine *routine)
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
  g_string_append_printf (sql, " %s", routine->definition);
  return g_string_free (sql, FALSE);
}

static void
finish_routine (Routine *routine)
{
  if (routine->name != NULL) {
    g_autofree char *kind = g_ascii_strdown (routine->type, -1);
    char *sql = routine->definition != NULL ? write_routine (routine) : NULL;
    CormSchemaObject *object = corm_mysql_add_object (routine->reader, kind, routine->name, sql);
    corm_mysql_add_circumstances (routine->reader, object, routine->definition, routine->sql_mode, NULL);
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
  if (cells[7] == NULL || g_strcmp0 (cells[7], reader->collation) == 0)
    return g_strdup (cells[5]);
  return g_strdup_printf ("%s CHARACTER SET %s COLLATE %s", cells[5], cells[6], cells[7]);
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
