/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* What messages and the list of processes show: no password of an argument, and never more than one line, whatever a
 * name or the database's words hold. */
#include "app.h"

#include <corm/sys/driver.h>
#include <string.h>

/* Where the kernel keeps the arguments that ps shows; FALSE where it does not say. */
static gboolean
find_arguments (guintptr *start, guintptr *end)
{
  enum { ARG_START = 48 };
  g_autofree char *text = NULL;
  if (!g_file_get_contents ("/proc/self/stat", &text, NULL, NULL) || strrchr (text, ')') == NULL)
    return FALSE;
  /* The third field stands behind the name in brackets, which may hold anything. */
  g_auto (GStrv) fields = g_strsplit (strrchr (text, ')') + 2, " ", -1);
  if (g_strv_length (fields) < ARG_START - 1)
    return FALSE;
  *start = (guintptr) g_ascii_strtoull (fields[ARG_START - 3], NULL, 10);
  *end = (guintptr) g_ascii_strtoull (fields[ARG_START - 2], NULL, 10);
  return *start != 0;
}

/* What @shown has in place of a middle of @text becomes stars. */
static void
overwrite (char *text, const char *shown)
{
  gsize size = strlen (text), shown_size = strlen (shown), head = 0, tail = 0;
  while (head < size && text[head] == shown[head])
    head++;
  while (tail < size - head && tail < shown_size - MIN (head, shown_size) &&
         text[size - 1 - tail] == shown[shown_size - 1 - tail])
    tail++;
  memset (text + head, '*', size - head - tail);
}

/* "file:schema.sql" and "drop-column:jobs.pid" have colons too. */
static gboolean
may_be_uri (const char *argument)
{
  return g_utf8_validate (argument, -1, NULL) &&
         (strstr (argument, "://") != NULL || strpbrk (argument, "@=") != NULL);
}

GPtrArray *
app_secrets_new (int argc, char **argv)
{
  guintptr start = 0, end = 0;
  gboolean known = find_arguments (&start, &end);
  GPtrArray *secrets = g_ptr_array_new_with_free_func (g_free);
  for (int i = 0; i < argc; i++) {
    if (!may_be_uri (argv[i]))
      continue;
    char *shown = corm_uri_redact (argv[i]);
    if (strcmp (shown, argv[i]) == 0) {
      g_free (shown);
      continue;
    }
    g_ptr_array_add (secrets, g_strdup (argv[i]));
    g_ptr_array_add (secrets, shown);
    guintptr at = (guintptr) argv[i];
    if (known && at >= start && at < end)
      overwrite (argv[i], shown);
  }
  return secrets;
}

char *
app_one_line (const char *text)
{
  GString *line = g_string_new (NULL);
  g_autofree char *valid = g_utf8_make_valid (text, -1);
  for (const char *p = valid; *p != '\0'; p = g_utf8_next_char (p)) {
    gunichar c = g_utf8_get_char (p);
    if (c == '\n')
      g_string_append (line, "\\n");
    else if (g_unichar_iscntrl (c) || c == 0x2028 || c == 0x2029)
      g_string_append_printf (line, c < 0x80 ? "\\x%02x" : "\\u%04x", c);
    else
      g_string_append_unichar (line, c);
  }
  return g_string_free (line, FALSE);
}

char *
app_shown (const App *app, const char *message)
{
  g_autoptr (GString) text = g_string_new (message);
  for (guint i = 0; app->secrets != NULL && i + 1 < app->secrets->len; i += 2)
    g_string_replace (text, app->secrets->pdata[i], app->secrets->pdata[i + 1], 0);
  return app_one_line (text->str);
}

/* Our own colours are the only sequences of control characters that stay. */
static void
append_argument (GString *text, const char *argument, int width, int precision)
{
  static const char *const own[] = {
    APP_GREEN, APP_RED, APP_YELLOW, APP_DIM, APP_PLAIN, APP_CLEAR, "\n", NULL
  };
  gboolean is_own = argument != NULL && g_strv_contains (own, argument);
  g_autofree char *shown = argument == NULL || is_own ? g_strdup (argument) : app_one_line (argument);
  if (precision >= 0)
    g_string_append_printf (text, "%*.*s", width, precision, shown);
  else
    g_string_append_printf (text, "%*s", width, shown);
}

static int
read_number (const char **p, int star)
{
  char *end;
  if (**p == '*') {
    ++*p;
    return star;
  }
  int number = (int) g_ascii_strtoll (*p, &end, 10);
  *p = end;
  return number;
}

static void append_all (GString *text, const char *format, va_list args) G_GNUC_PRINTF (2, 0);

/* The conversions of printf() that the verbs use. */
static void
append_all (GString *text, const char *format, va_list args)
{
  for (const char *p = format; *p != '\0'; p++) {
    if (*p != '%') {
      g_string_append_c (text, *p);
      continue;
    }
    gboolean left = *++p == '-';
    p += left;
    int width = read_number (&p, *p == '*' ? va_arg (args, int) : 0), precision = -1;
    if (*p == '.') {
      p++;
      precision = read_number (&p, *p == '*' ? va_arg (args, int) : 0);
    }
    gboolean is_long = *p == 'l';
    while (*p == 'l')
      p++;
    width = left ? -width : width;
    if (*p == 's')
      append_argument (text, va_arg (args, const char *), width, precision);
    else if (*p == 'u')
      g_string_append_printf (text, "%*lu", width, is_long ? va_arg (args, gulong) : va_arg (args, guint));
    else if (*p == 'd' || *p == 'i')
      g_string_append_printf (text, "%*ld", width, is_long ? va_arg (args, glong) : va_arg (args, int));
    else if (*p == 'f')
      g_string_append_printf (text, "%*.*f", width, precision, va_arg (args, double));
    else if (*p == '%')
      g_string_append_c (text, '%');
    else
      g_assert_not_reached ();
  }
}

void
app_append (GString *text, const char *format, ...)
{
  va_list args;
  va_start (args, format);
  append_all (text, format, args);
  va_end (args);
}

void
app_print (const char *format, ...)
{
  va_list args;
  g_autoptr (GString) text = g_string_new (NULL);
  va_start (args, format);
  append_all (text, format, args);
  va_end (args);
  g_print ("%s", text->str);
}

void
app_say (const char *format, ...)
{
  va_list args;
  g_autoptr (GString) text = g_string_new (NULL);
  va_start (args, format);
  append_all (text, format, args);
  va_end (args);
  g_printerr ("%s", text->str);
}
