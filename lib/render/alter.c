/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* ALTER TABLE and its kin. What most databases say alike stands here; a dialect says what it says otherwise. */
#include "render/alter.h"

#include "render/ddl.h"

#include <string.h>

static const char *const standard[CORM_N_OP_KINDS] = {
  [CORM_OP_DROP_ENUM] = "DROP TYPE {n}",
  [CORM_OP_ADD_LABEL] = "ALTER TYPE {n} ADD VALUE {v} {p}",
  [CORM_OP_RENAME_TABLE] = "ALTER TABLE {o} RENAME TO {n}",
  [CORM_OP_DROP_TABLE] = "DROP TABLE {t}",
  [CORM_OP_ADD_COLUMN] = "ALTER TABLE {t} ADD COLUMN {d}",
  [CORM_OP_RENAME_COLUMN] = "ALTER TABLE {t} RENAME COLUMN {o} TO {n}",
  [CORM_OP_DROP_COLUMN] = "ALTER TABLE {t} DROP COLUMN {n}",
  [CORM_OP_SET_TYPE] = "ALTER TABLE {t} ALTER COLUMN {n} TYPE {y} USING {u}",
  [CORM_OP_BACKFILL] = "UPDATE {t} SET {n} = {v} WHERE {n} IS NULL",
  [CORM_OP_SET_NOT_NULL] = "ALTER TABLE {t} ALTER COLUMN {n} SET NOT NULL",
  [CORM_OP_DROP_NOT_NULL] = "ALTER TABLE {t} ALTER COLUMN {n} DROP NOT NULL",
  [CORM_OP_SET_DEFAULT] = "ALTER TABLE {t} ALTER COLUMN {n} SET DEFAULT {v}",
  [CORM_OP_DROP_DEFAULT] = "ALTER TABLE {t} ALTER COLUMN {n} DROP DEFAULT",
  [CORM_OP_DROP_GENERATED] = "ALTER TABLE {t} ALTER COLUMN {n} DROP EXPRESSION",
  [CORM_OP_ADD_PRIMARY_KEY] = "ALTER TABLE {t} ADD {d}",
  [CORM_OP_DROP_PRIMARY_KEY] = "ALTER TABLE {t} DROP CONSTRAINT {n}",
  [CORM_OP_ADD_UNIQUE] = "ALTER TABLE {t} ADD {d}",
  [CORM_OP_DROP_UNIQUE] = "ALTER TABLE {t} DROP CONSTRAINT {n}",
  [CORM_OP_ADD_FOREIGN_KEY] = "ALTER TABLE {t} ADD {d}",
  [CORM_OP_DROP_FOREIGN_KEY] = "ALTER TABLE {t} DROP CONSTRAINT {n}",
  [CORM_OP_ADD_CHECK] = "ALTER TABLE {t} ADD {d}",
  [CORM_OP_DROP_CHECK] = "ALTER TABLE {t} DROP CONSTRAINT {n}",
};

const char *
corm_render_alter_template (const CormDialect *dialect, CormOpKind kind, gboolean online, char *mark)
{
  const char *template = online ? dialect->alter_online[kind] : NULL;
  template = template != NULL               ? template
             : dialect->alter[kind] != NULL ? dialect->alter[kind]
                                            : standard[kind];
  *mark = template != NULL && (*template == '!' || *template == '*') ? *template : '\0';
  return template == NULL || *template == '\0' ? NULL : template + (*mark != '\0' ? 1 : 0);
}

static void
append_comment (GString *text, const CormDialect *dialect, const char *comment)
{
  CormValue value = corm_value_text (comment);
  if (comment != NULL)
    corm_sql_append_literal (text, dialect, &value, NULL);
  else
    g_string_append (text, dialect->comment_inline ? "''" : "NULL");
}

/* FALSE: there is no such gap. */
static gboolean
append_gap (GString *text, const CormDialect *dialect, char gap, const CormAlterParts *parts)
{
  const char *name = gap == 't' ? parts->table : gap == 'n' ? parts->name : gap == 'o' ? parts->was : NULL;
  const char *sql = gap == 'd'   ? parts->definition
                    : gap == 'y' ? parts->type
                    : gap == 'u' ? parts->convert
                    : gap == 'v' ? parts->value
                    : gap == 'p' ? parts->place
                    : gap == 'k' ? parts->columns
                                 : NULL;
  if (gap == 'c')
    append_comment (text, dialect, parts->comment);
  else if (name != NULL)
    corm_sql_append_identifier (text, dialect, name);
  else if (sql != NULL)
    g_string_append (text, sql);
  return strchr ("tnodyuvpck", gap) != NULL;
}

/* The gaps are filled only when the template has been cut: a ";\n" of what fills them cuts nothing. */
void
corm_render_alter (GPtrArray *sql, const CormDialect *dialect, const char *template,
                   const CormAlterParts *parts)
{
  g_auto (GStrv) statements = g_strsplit (template, ";\n", -1);
  for (char **statement = statements; *statement != NULL; statement++) {
    GString *text = g_string_new (NULL);
    for (const char *p = *statement; *p != '\0'; p++) {
      if (p[0] == '{' && p[1] != '\0' && p[2] == '}' && append_gap (text, dialect, p[1], parts))
        p += 2;
      else
        g_string_append_c (text, *p);
    }
    g_ptr_array_add (sql, g_strchomp (g_string_free (text, FALSE)));
  }
}

static const char *
drop_template (const CormDialect *dialect, const char *kind)
{
  for (const char *const *pair = dialect->drop_objects; pair != NULL && pair[0] != NULL; pair += 2)
    if (strcmp (pair[0], kind) == 0)
      return pair[1];
  return NULL;
}

void
corm_render_drop_object (GPtrArray *sql, const CormDialect *dialect, const CormSchemaObject *object)
{
  const char *template = drop_template (dialect, object->kind);
  const char *arguments = strchr (object->name, '(');
  if (template != NULL && arguments == NULL) {
    const CormAlterParts parts = { .table = object->table, .name = object->name };
    corm_render_alter (sql, dialect, template, &parts);
    return;
  }
  g_autofree char *kind = g_ascii_strup (object->kind, -1);
  GString *text = g_string_new ("DROP ");
  g_string_append_printf (text, "%s ", kind);
  /* The name of a function stands with its arguments as DROP wants it. */
  if (arguments != NULL && object->name[strlen (object->name) - 1] == ')')
    g_string_append (text, object->name);
  else
    corm_sql_append_identifier (text, dialect, object->name);
  g_ptr_array_add (sql, g_string_free (text, FALSE));
}
