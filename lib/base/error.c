/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* The error domain and the parts that messages are made of. */
#include "base/error.h"

#include <corm/sys/driver.h>

#define QUOTE_MAX 60 /* characters of a value that a message shows */

/* Not by G_DEFINE_QUARK(), which reads and writes as no other thread did. */
GQuark
corm_error_quark (void)
{
  static gsize quark;
  if (g_once_init_enter (&quark))
    g_once_init_leave (&quark, g_quark_from_static_string ("corm-error-quark"));
  return (GQuark) quark;
}

static const char *const names[] = {
  [CORM_ERROR_FAILED] = "failed",
  [CORM_ERROR_NOT_FOUND] = "not-found",
  [CORM_ERROR_UNIQUE] = "unique",
  [CORM_ERROR_FOREIGN_KEY] = "foreign-key",
  [CORM_ERROR_NOT_NULL] = "not-null",
  [CORM_ERROR_CHECK] = "check",
  [CORM_ERROR_CONVERSION] = "conversion",
  [CORM_ERROR_CONNECTION] = "connection",
  [CORM_ERROR_BUSY] = "busy",
  [CORM_ERROR_STALE] = "stale",
  [CORM_ERROR_UNSUPPORTED] = "unsupported",
  [CORM_ERROR_SCHEMA] = "schema",
  [CORM_ERROR_SYNTAX] = "syntax",
  [CORM_ERROR_INVALID] = "invalid",
  [CORM_ERROR_DENIED] = "denied",
  [CORM_ERROR_FULL] = "full",
  [CORM_ERROR_CANCELLED] = "cancelled",
  [CORM_ERROR_DIFFERENT] = "different",
  [CORM_ERROR_UNKNOWN_OUTCOME] = "unknown-outcome",
  [CORM_ERROR_STORAGE] = "storage",
};

const char *
corm_error_name (CormError code)
{
  return (guint) code < G_N_ELEMENTS (names) ? names[code] : names[CORM_ERROR_FAILED];
}

/* Appends the character at @text and returns its length; what is no UTF-8 is shown byte by byte. */
static gsize
append_shown (GString *out, const char *text, gsize size)
{
  if (g_ascii_isprint (*text)) {
    g_string_append_c (out, *text);
    return 1;
  }
  gunichar c = g_utf8_get_char_validated (text, (gssize) size);
  if (c == (gunichar) -1 || c == (gunichar) -2) {
    g_string_append_printf (out, "\\x%02x", (guchar) *text);
    return 1;
  }
  if (c == '\n')
    g_string_append (out, "\\n");
  else if (c == '\t')
    g_string_append (out, "\\t");
  else if (c < 0x80 && g_ascii_iscntrl ((char) c))
    g_string_append_printf (out, "\\x%02x", c);
  else if (g_unichar_iscntrl (c) || g_unichar_type (c) == G_UNICODE_FORMAT)
    g_string_append_printf (out, "\\u%04x", c);
  else
    g_string_append_unichar (out, c);
  return (gsize) g_unichar_to_utf8 (c, NULL);
}

static char *
one_line (const char *text)
{
  GString *line = g_string_new (NULL);
  gsize size = strlen (text);
  for (gsize at = 0; at < size;)
    at += append_shown (line, text + at, size - at);
  return g_string_free (line, FALSE);
}

void
corm_error_set (GError **error, GQuark domain, int code, const char *format, ...)
{
  if (error == NULL)
    return;
  va_list args;
  va_start (args, format);
  g_autofree char *text = g_strdup_vprintf (format, args);
  va_end (args);
  g_autofree char *line = one_line (text);
  g_set_error_literal (error, domain, code, line);
}

void
corm_error_prefix_line (GError **error, const char *format, ...)
{
  if (error == NULL || *error == NULL)
    return;
  va_list args;
  va_start (args, format);
  g_autofree char *text = g_strdup_vprintf (format, args);
  va_end (args);
  g_autofree char *message = (*error)->message;
  g_autofree char *line = one_line (text);
  (*error)->message = g_strconcat (line, message, NULL);
}

gboolean
corm_error_prefix (GError **error, const char *format, ...)
{
  if (error == NULL || *error == NULL)
    return FALSE;
  va_list args;
  va_start (args, format);
  g_autofree char *prefix = g_strdup_vprintf (format, args);
  va_end (args);
  corm_error_prefix_line (error, "%s: ", prefix);
  return FALSE;
}

char *
corm_error_quote (const char *text, gssize size)
{
  if (text == NULL)
    return g_strdup ("NULL");
  gsize n = size < 0 ? strlen (text) : (gsize) size;
  GString *out = g_string_new ("'");
  gsize at = 0;
  for (guint shown = 0; at < n && shown < QUOTE_MAX; shown++)
    at += append_shown (out, text + at, n - at);
  g_string_append (out, at < n ? "...'" : "'");
  return g_string_free (out, FALSE);
}

static void log_line (GLogLevelFlags level, const char *format, va_list args) G_GNUC_PRINTF (2, 0);

static void
log_line (GLogLevelFlags level, const char *format, va_list args)
{
  g_autofree char *text = g_strdup_vprintf (format, args);
  g_autofree char *line = one_line (text);
  g_log (G_LOG_DOMAIN, level, "%s", line);
}

void
corm_warn (const char *format, ...)
{
  va_list args;
  va_start (args, format);
  log_line (G_LOG_LEVEL_WARNING, format, args);
  va_end (args);
}

void
corm_note (const char *format, ...)
{
  va_list args;
  va_start (args, format);
  log_line (G_LOG_LEVEL_MESSAGE, format, args);
  va_end (args);
}

void
corm_debug (const char *format, ...)
{
  va_list args;
  va_start (args, format);
  log_line (G_LOG_LEVEL_DEBUG, format, args);
  va_end (args);
}

/* Appends what stands at @p, a literal as '...' and any blanks as one; returns its last byte. */
static const char *
append_excerpt (GString *text, const char *p)
{
  if (*p == '\'') {
    const char *end = strchr (p + 1, '\'');
    g_string_append (text, "'...'");
    return end != NULL ? end : p + strlen (p) - 1;
  }
  if (!g_ascii_isspace (*p))
    g_string_append_c (text, *p);
  else if (text->str[text->len - 1] != ' ')
    g_string_append_c (text, ' ');
  return p;
}

char *
corm_driver_describe (const char *sql)
{
  enum { SHOWN = 80 };
  g_autoptr (GString) text = g_string_new ("cannot run '");
  gsize start = text->len;
  const char *comment = g_str_has_prefix (sql, "/* ") ? strstr (sql, "*/") : NULL;
  sql = comment != NULL ? comment + 2 : sql;
  for (const char *p = sql + strspn (sql, " \t\r\n"); *p != '\0'; p++) {
    if (text->len - start > SHOWN && (*p & 0xC0) != 0x80) {
      g_string_append (text, "...");
      break;
    }
    p = append_excerpt (text, p);
  }
  return g_strconcat (text->str, "'", NULL);
}

void
corm_driver_error (GError **error, CormError code, const char *doing, const char *words, const char *hint)
{
  if (error == NULL)
    return;
  g_autofree char *said = g_strchomp (g_strdup (words != NULL ? words : "no reason given"));
  g_autoptr (GString) message = g_string_new (doing);
  g_string_append_printf (message, "%s%s", message->len > 0 ? ": " : "", said);
  if (hint != NULL && *hint != '\0')
    g_string_append_printf (message, "%s%s", g_str_has_suffix (said, ".") ? " " : "; ", hint);
  /* The database's words hold names and values as they are. */
  g_autofree char *line = one_line (message->str);
  g_set_error_literal (error, CORM_ERROR, (int) code, line);
}

gboolean
corm_error_is_about_row (const GError *error)
{
  return error->domain == CORM_ERROR &&
         (error->code == CORM_ERROR_UNIQUE || error->code == CORM_ERROR_FOREIGN_KEY ||
          error->code == CORM_ERROR_NOT_NULL || error->code == CORM_ERROR_CHECK ||
          error->code == CORM_ERROR_CONVERSION);
}

gboolean
corm_error_may_pass (const GError *error)
{
  return error->domain != CORM_ERROR || error->code == CORM_ERROR_CONNECTION ||
         error->code == CORM_ERROR_FULL || error->code == CORM_ERROR_BUSY ||
         error->code == CORM_ERROR_CANCELLED || error->code == CORM_ERROR_UNKNOWN_OUTCOME;
}

gboolean
corm_error_may_be_damage (const GError *error)
{
  return error->domain == CORM_ERROR &&
         (error->code == CORM_ERROR_STORAGE || error->code == CORM_ERROR_FAILED);
}

gboolean
corm_error_is_outside (const GError *error)
{
  return corm_error_may_pass (error) || error->code == CORM_ERROR_STORAGE;
}
