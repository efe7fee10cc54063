/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Programs are run without a shell, what is secret is never shown, and a failure has the program's words. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "upkeep/tool.h"

static CormTool *
tool_of (const char *script)
{
  CormTool *tool = corm_tool_new ();
  g_ptr_array_add (tool->argv, g_strdup ("sh"));
  g_ptr_array_add (tool->argv, g_strdup ("-c"));
  g_ptr_array_add (tool->argv, g_strdup (script));
  tool->package = "dash";
  return tool;
}

static void
secrets_are_not_shown (G_GNUC_UNUSED void **state)
{
  g_autoptr (CormTool) tool = tool_of ("it's");
  g_ptr_array_add (tool->env, g_strdup ("PGPASSWORD=geheim"));
  g_ptr_array_add (tool->argv, g_strdup ("--file={secret}"));
  tool->secret = g_strdup ("password=geheim\n");
  tool->reads_file = true;
  g_autofree char *shown = corm_tool_show (tool, "a b");
  assert_string_equal (shown, "PGPASSWORD=*** sh -c 'it'\\''s' --file=OPTIONS < 'a b'");
}

static void
a_program_gets_what_it_is_given (G_GNUC_UNUSED void **state)
{
  g_autoptr (GError) error = NULL;
  /* $0 is the file: readable by its owner alone. */
  g_autoptr (CormTool) tool =
      tool_of ("test \"$WORD\" = 'a b' && test \"$(cat \"$0\")\" = geheim && "
               "test \"$(stat -c %a \"$0\")\" = 600 && test \"$(head -c 3)\" = '/* '");
  g_ptr_array_add (tool->argv, g_strdup ("{secret}"));
  g_ptr_array_add (tool->env, g_strdup ("WORD=a b"));
  tool->secret = g_strdup ("geheim");
  tool->reads_file = true;
  g_autofree char *input =
      g_strconcat (g_getenv ("CORM_TEST_SRCDIR") != NULL ? g_getenv ("CORM_TEST_SRCDIR") : "..",
                   "/lib/upkeep/tool.c", NULL);
  if (!corm_tool_run (tool, input, &error))
    fail_msg ("%s", error->message);
}

static void
a_failure_has_the_words_of_the_program (G_GNUC_UNUSED void **state)
{
  g_autoptr (GError) error = NULL, silent = NULL;
  g_autoptr (CormTool) tool = tool_of ("echo 'no such role' >&2; exit 3");
  assert_false (corm_tool_run (tool, NULL, &error));
  assert_int_equal (error->code, CORM_ERROR_FAILED);
  assert_string_equal (error->message, "sh failed: no such role");
  g_autoptr (CormTool) killed = tool_of ("kill -9 $$");
  assert_false (corm_tool_run (killed, NULL, &silent));
  assert_string_equal (silent->message, "sh failed: it said nothing");
}

static void
a_missing_program_is_named_with_its_package (G_GNUC_UNUSED void **state)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (CormTool) tool = corm_tool_new ();
  g_ptr_array_add (tool->argv, g_strdup ("corm-no-such-program"));
  tool->package = "corm-package";
  assert_false (corm_tool_run (tool, NULL, &error));
  assert_int_equal (error->code, CORM_ERROR_UNSUPPORTED);
  assert_non_null (strstr (error->message, "corm-package"));
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (secrets_are_not_shown),
    cmocka_unit_test (a_program_gets_what_it_is_given),
    cmocka_unit_test (a_failure_has_the_words_of_the_program),
    cmocka_unit_test (a_missing_program_is_named_with_its_package),
  };
  return cmocka_run_group_tests (tests, NULL, NULL);
}
