/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* See mapping.h. Read by libyaml as one document; every fault is told with its line. */
#include "port/mapping.h"

#include "port/conversion.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <yaml.h>

typedef struct {
  CormPortMapping *mapping;
  yaml_document_t *document;
  const char *table; /* the one that is read; NULL: none */
  GPtrArray *types;  /* rules by declared type, which come behind those by column */
  GError **error;
} Reader;

static void
rule_free (gpointer data)
{
  CormPortRule *rule = data;
  g_free (rule->table);
  g_free (rule->column);
  g_free (rule->declared);
  g_free (rule);
}

static void
name_free (gpointer data)
{
  CormPortName *name = data;
  g_free (name->table);
  g_free (name->column);
  g_free (name->name);
  g_free (name);
}

void
corm_port_mapping_free (CormPortMapping *mapping)
{
  g_ptr_array_unref (mapping->names);
  g_ptr_array_unref (mapping->rules);
  g_free (mapping->path);
  g_free (mapping);
}

/* --- YAML ------------------------------------------------------------------------------------------------------- */

static gboolean
fail (const Reader *reader, const yaml_node_t *node, const char *what, const char *next)
{
  gsize line = node != NULL ? node->start_mark.line + 1 : 1;
  g_set_error (reader->error, CORM_ERROR, CORM_ERROR_INVALID, "%s, line %" G_GSIZE_FORMAT ": %s; %s",
               reader->mapping->path, line, what, next);
  return FALSE;
}

static const char *
text_of (const yaml_node_t *node)
{
  return node->type == YAML_SCALAR_NODE ? (const char *) node->data.scalar.value : NULL;
}

typedef gboolean (*ReadEntry) (Reader *reader, const yaml_node_t *key, const yaml_node_t *value,
                               gpointer data);

static gboolean
for_each_entry (Reader *reader, const yaml_node_t *node, ReadEntry read, gpointer data)
{
  if (node->type != YAML_MAPPING_NODE)
    return fail (reader, node, "here stands no list of names with something behind a colon",
                 "see corm port in the manual for the form of a mapping file");
  for (yaml_node_pair_t *pair = node->data.mapping.pairs.start; pair < node->data.mapping.pairs.top; pair++) {
    const yaml_node_t *key = yaml_document_get_node (reader->document, pair->key);
    const yaml_node_t *value = yaml_document_get_node (reader->document, pair->value);
    if (text_of (key) == NULL)
      return fail (reader, key, "a name is one word or text", "put it in quotes");
    if (!read (reader, key, value, data))
      return FALSE;
  }
  return TRUE;
}

/* --- rules ------------------------------------------------------------------------------------------------------ */

/* As people write types, and by Corm's own names. */
static gboolean
read_type (Reader *reader, const yaml_node_t *node, CormPortRule *rule)
{
  const char *text = text_of (node);
  if (text == NULL)
    return fail (reader, node, "a type is one text", "write for example decimal(12,2)");
  rule->type = corm_sql_type_parse (text);
  if (rule->type.type == CORM_TYPE_RAW)
    rule->type.type = corm_type_from_name (text);
  rule->has_type = rule->type.type != CORM_TYPE_NONE && rule->type.type != CORM_TYPE_RAW &&
                   rule->type.type != CORM_TYPE_ENUM;
  g_autofree char *what = g_strdup_printf ("'%s' is no type", text);
  return rule->has_type ||
         fail (reader, node, what,
               "there are boolean, int16, int32, int64, float32, float64, decimal(p,s), text, varchar(n), "
               "bytes, date, time, timestamp, datetime, uuid and json");
}

static gboolean
read_conversion (Reader *reader, const yaml_node_t *node, CormPortRule *rule)
{
  const char *text = text_of (node);
  g_autofree char *what = g_strdup_printf ("'%s' is no conversion", text != NULL ? text : "a list");
  return (text != NULL && corm_conversion_parse (text, &rule->conversion)) ||
         fail (reader, node, what,
               "there are unix-seconds, unix-milliseconds, unix-microseconds, julian, trim, empty-to-null "
               "and text; several with commas between, one of the unix ones at most");
}

static gboolean
read_name (Reader *reader, const yaml_node_t *key, const yaml_node_t *value, const char *column)
{
  if (text_of (value) == NULL || *text_of (value) == '\0')
    return fail (reader, value, "a name is one text", "write for example name: job_list");
  if (reader->table == NULL || strpbrk (reader->table, "*?") != NULL ||
      (column != NULL && strpbrk (column, "*?") != NULL))
    return fail (reader, key, "a name for several tables or columns", "give each of them its own");
  CormPortName *name = g_new0 (CormPortName, 1);
  name->table = g_strdup (reader->table);
  name->column = g_strdup (column);
  name->name = g_strdup (text_of (value));
  name->line = (guint) key->start_mark.line + 1;
  g_ptr_array_add (reader->mapping->names, name);
  return TRUE;
}

static gboolean
read_choice (Reader *reader, const yaml_node_t *key, const yaml_node_t *value, gpointer data)
{
  if (strcmp (text_of (key), "type") == 0)
    return read_type (reader, value, data);
  if (strcmp (text_of (key), "convert") == 0)
    return read_conversion (reader, value, data);
  if (strcmp (text_of (key), "name") == 0)
    return read_name (reader, key, value, ((const CormPortRule *) data)->column);
  g_autofree char *what = g_strdup_printf ("'%s' says nothing about a column", text_of (key));
  return fail (reader, key, what, "type, convert and name do");
}

static gboolean
read_rule (Reader *reader, const yaml_node_t *key, const yaml_node_t *value, CormPortRule *rule)
{
  rule->line = (guint) key->start_mark.line + 1;
  rule->table = g_strdup (reader->table);
  return text_of (value) != NULL ? read_type (reader, value, rule)
                                 : for_each_entry (reader, value, read_choice, rule);
}

static gboolean
read_column (Reader *reader, const yaml_node_t *key, const yaml_node_t *value, G_GNUC_UNUSED gpointer data)
{
  CormPortRule *rule = g_new0 (CormPortRule, 1);
  g_ptr_array_add (reader->mapping->rules, rule);
  rule->column = g_strdup (text_of (key));
  if (!read_rule (reader, key, value, rule))
    return FALSE;
  if (!rule->has_type && rule->conversion == 0) /* it has a name alone */
    g_ptr_array_remove (reader->mapping->rules, rule);
  return TRUE;
}

static gboolean
read_declared (Reader *reader, const yaml_node_t *key, const yaml_node_t *value, gpointer data)
{
  CormPortRule *rule = g_new0 (CormPortRule, 1);
  g_ptr_array_add (data, rule);
  rule->declared = g_ascii_strdown (text_of (key), -1);
  return read_rule (reader, key, value, rule);
}

static gboolean
read_part (Reader *reader, const yaml_node_t *key, const yaml_node_t *value, G_GNUC_UNUSED gpointer data)
{
  if (strcmp (text_of (key), "columns") == 0)
    return for_each_entry (reader, value, read_column, NULL);
  if (strcmp (text_of (key), "types") == 0)
    return for_each_entry (reader, value, read_declared, reader->types);
  if (strcmp (text_of (key), "name") == 0)
    return read_name (reader, key, value, NULL);
  g_autofree char *what = g_strdup_printf ("'%s' says nothing about a table", text_of (key));
  return fail (reader, key, what, "columns, types and name do");
}

static gboolean
read_table (Reader *reader, const yaml_node_t *key, const yaml_node_t *value, G_GNUC_UNUSED gpointer data)
{
  reader->table = text_of (key);
  gboolean done = for_each_entry (reader, value, read_part, NULL);
  reader->table = NULL;
  return done;
}

static gboolean
read_top (Reader *reader, const yaml_node_t *key, const yaml_node_t *value, gpointer data)
{
  if (strcmp (text_of (key), "tables") == 0)
    return for_each_entry (reader, value, read_table, NULL);
  if (strcmp (text_of (key), "types") == 0)
    return for_each_entry (reader, value, read_declared, data);
  g_autofree char *what = g_strdup_printf ("'%s' is no part of a mapping", text_of (key));
  return fail (reader, key, what, "tables and types are");
}

/* --- the file ----------------------------------------------------------------------------------------------------- */

static void
take_rules (GPtrArray *into, GPtrArray *from)
{
  g_ptr_array_set_free_func (from, NULL);
  for (guint i = 0; i < from->len; i++)
    g_ptr_array_add (into, g_ptr_array_index (from, i));
}

static gboolean
read_document (CormPortMapping *mapping, yaml_document_t *document, GError **error)
{
  g_autoptr (GPtrArray) of_tables = g_ptr_array_new_with_free_func (rule_free);
  g_autoptr (GPtrArray) of_all = g_ptr_array_new_with_free_func (rule_free);
  Reader reader = { .mapping = mapping, .document = document, .types = of_tables, .error = error };
  const yaml_node_t *root = yaml_document_get_root_node (document);
  gboolean done = root == NULL || for_each_entry (&reader, root, read_top, of_all);
  take_rules (mapping->rules, of_tables);
  take_rules (mapping->rules, of_all);
  return done;
}

static gboolean
parse (CormPortMapping *mapping, FILE *file, GError **error)
{
  yaml_parser_t parser;
  yaml_document_t document;
  if (!yaml_parser_initialize (&parser))
    g_error ("out of memory");
  yaml_parser_set_input_file (&parser, file);
  gboolean done = yaml_parser_load (&parser, &document) != 0;
  if (done) {
    done = read_document (mapping, &document, error);
    yaml_document_delete (&document);
  } else {
    g_set_error (error, CORM_ERROR, CORM_ERROR_INVALID, "%s, line %" G_GSIZE_FORMAT ": %s", mapping->path,
                 parser.problem_mark.line + 1, parser.problem != NULL ? parser.problem : "it is no YAML");
  }
  yaml_parser_delete (&parser);
  return done;
}

CormPortMapping *
corm_port_mapping_load (const char *path, GError **error)
{
  FILE *file = fopen (path, "re");
  if (file == NULL) {
    g_set_error (error, CORM_ERROR, CORM_ERROR_NOT_FOUND, "mapping file %s: %s", path, g_strerror (errno));
    return NULL;
  }
  g_autoptr (CormPortMapping) mapping = g_new0 (CormPortMapping, 1);
  mapping->path = g_strdup (path);
  mapping->rules = g_ptr_array_new_with_free_func (rule_free);
  mapping->names = g_ptr_array_new_with_free_func (name_free);
  gboolean done = parse (mapping, file, error);
  fclose (file);
  return done ? g_steal_pointer (&mapping) : NULL;
}

/* --- questions ---------------------------------------------------------------------------------------------------- */

/* Names are not told apart by their case. */
static gboolean
matches (const char *glob, const char *name)
{
  g_autofree char *small_glob = g_ascii_strdown (glob, -1), *small_name = g_ascii_strdown (name, -1);
  return g_pattern_match_simple (small_glob, small_name);
}

const CormPortRule *
corm_port_mapping_find (CormPortMapping *mapping, const char *table, const char *column, const char *declared)
{
  for (guint i = 0; mapping != NULL && i < mapping->rules->len; i++) {
    CormPortRule *rule = g_ptr_array_index (mapping->rules, i);
    if (rule->table != NULL && !matches (rule->table, table))
      continue;
    if (rule->column != NULL ? !matches (rule->column, column)
                             : g_ascii_strcasecmp (rule->declared, declared) != 0)
      continue;
    rule->is_used = TRUE;
    return rule;
  }
  return NULL;
}

const char *
corm_port_mapping_find_name (CormPortMapping *mapping, const char *table, const char *column)
{
  for (guint i = 0; mapping != NULL && i < mapping->names->len; i++) {
    CormPortName *name = g_ptr_array_index (mapping->names, i);
    if (g_ascii_strcasecmp (name->table, table) != 0 || (name->column == NULL) != (column == NULL) ||
        (column != NULL && g_ascii_strcasecmp (name->column, column) != 0))
      continue;
    name->is_used = TRUE;
    return name->name;
  }
  return NULL;
}

gboolean
corm_port_mapping_check_used (const CormPortMapping *mapping, GError **error)
{
  for (guint i = 0; mapping != NULL && i < mapping->names->len; i++) {
    const CormPortName *name = g_ptr_array_index (mapping->names, i);
    if (name->is_used)
      continue;
    g_set_error (error, CORM_ERROR, CORM_ERROR_INVALID,
                 "%s, line %u: there is no %s %s%s%s to be named; mend it or take it out", mapping->path,
                 name->line, name->column != NULL ? "column" : "table", name->table,
                 name->column != NULL ? "." : "", name->column != NULL ? name->column : "");
    return FALSE;
  }
  for (guint i = 0; mapping != NULL && i < mapping->rules->len; i++) {
    const CormPortRule *rule = g_ptr_array_index (mapping->rules, i);
    if (rule->is_used)
      continue;
    g_set_error (
        error, CORM_ERROR, CORM_ERROR_INVALID,
        "%s, line %u: no %s %s%s%s is moved, or an entry before it says all; mend the name or take it out",
        mapping->path, rule->line, rule->column != NULL ? "column" : "column of type",
        rule->table != NULL ? rule->table : "", rule->table != NULL ? "." : "",
        rule->column != NULL ? rule->column : rule->declared);
    return FALSE;
  }
  return TRUE;
}
