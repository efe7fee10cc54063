# SPDX-License-Identifier: LGPL-2.1-or-later
# SPDX-FileCopyrightText: The Corm authors
# make check: every program of unit_tests, suite_tests and script_tests (which print TAP) under tests/run.
#   make check TESTS_ONLY='tests/unit/test-uri tests/suite/test-types'    only these

# Helpers of the tests, linked to each: tests_lib_libtest_la_SOURCES += tests/lib/NOUN.c
check_LTLIBRARIES += tests/lib/libtest.la
tests_lib_libtest_la_SOURCES =

# ThreadSanitizer is told of GLib's locks and containers, in every program that links the helpers. GLib's slices would hand memory
# from thread to thread unseen.
if TSAN
tsan_environment = G_SLICE=always-malloc
tests_lib_libtest_la_SOURCES += tests/lib/tsan-locks.c tests/lib/tsan-containers.c tests/lib/tsan.h
AM_LDFLAGS += -Wl,-u,g_mutex_lock -Wl,-u,g_hash_table_insert
EXTRA_PROGRAMS += tests/lib/races
CLEANFILES += tests/lib/races
tests_lib_races_LDADD = tests/lib/libtest.la $(GLIB_LIBS)
endif

# A unit test is one line in the .mk file of the folder that it tests:  unit_tests += tests/unit/test-NOUN
unit_libs = tests/lib/libtest.la lib/libcorm-internal.la $(CMOCKA_LIBS) $(GLIB_LIBS) $(LIBM)
# One that can't run without a native driver:  needs_sqlite3 += tests/unit/test-NOUN  (or needs_pgsql, needs_mysql)
# A suite test names its libraries, in tests/suite/suite.mk:  tests_suite_test_NOUN_LDADD = $(suite_libs)
suite_libs = tests/lib/libtest.la $(corm_libs) $(CMOCKA_LIBS) $(LIBM)
# Tools, examples and benches too:  tools_corm_LDADD = $(corm_libs)
corm_libs = lib/libcorm.la $(GLIB_LIBS)

include $(top_srcdir)/tests/unit/unit.mk
include $(top_srcdir)/tests/suite/suite.mk
include $(top_srcdir)/tests/negative/negative.mk
include $(top_srcdir)/tests/fuzz/fuzz.mk
include $(top_srcdir)/tests/suite/tables.mk
include $(top_srcdir)/tests/property/property.mk

# Tests of drivers that the build leaves out are counted as skipped.
left_out_tests =
if HAVE_SQLITE3
unit_tests += $(needs_sqlite3)
else
left_out_tests += $(needs_sqlite3)
endif
if HAVE_PGSQL
unit_tests += $(needs_pgsql)
else
left_out_tests += $(needs_pgsql)
endif
if HAVE_MYSQL
unit_tests += $(needs_mysql)
else
left_out_tests += $(needs_mysql)
endif

if HAVE_CMOCKA
check_programs = $(unit_tests) $(suite_tests)
# Not check_PROGRAMS: make check builds those that it runs, and no others.
EXTRA_PROGRAMS += $(check_programs)
CLEANFILES += $(check_programs)
else
check_programs =
endif

# Tests that are no C programs; they lie in the source tree.
script_tests += tests/public-face tests/manual tests/command tests/command-migrations tests/command-around tests/two-roles tests/json-schema scripts/check-style

# These wait for servers most of their time, or work long: they begin first, so that no other waits for their end.
slow_tests = tests/suite/test-faults tests/suite/test-replicas tests/suite/test-change tests/property/test-property tests/suite/test-session-kill \
  tests/suite/test-migrate-race tests/suite/test-lists tests/suite/test-port-resume tests/suite/test-transfers \
  tests/suite/test-migrate tests/suite/test-load tests/suite/test-exchange tests/suite/test-offline tests/command \
  tests/negative/run tests/public-face tests/suite/test-port-servers tests/suite/test-online

TESTS_ONLY = $(check_programs) $(script_tests)
run_tests = $(tsan_environment) CC='$(CC)' CORM_TEST_LEFT_OUT='$(left_out_tests)' CORM_TEST_FIRST='$(slow_tests)' $(top_srcdir)/tests/run $(TESTS_ONLY)
check-local: $(TESTS_ONLY)
	@$(run_tests)

# Programs with threads, for ThreadSanitizer; the first says whether it sees a race at all. Not test-backup: GIO minds the
# servers' tools in threads of its own, which it can't see into.
if TSAN
tsan_tests = tests/tsan tests/unit/test-line tests/unit/test-pool tests/unit/test-position tests/unit/test-dbi tests/unit/test-lock \
  tests/unit/test-fork tests/unit/test-registry tests/unit/test-retry tests/unit/test-mysql-statement tests/suite/test-threads \
  tests/suite/test-pool tests/suite/test-transact tests/suite/test-transaction tests/suite/test-transfers tests/suite/test-replicas \
  tests/suite/test-commit-lost tests/suite/test-online tests/suite/test-lint tests/suite/test-migrate tests/suite/test-port \
  tests/suite/test-port-details tests/suite/test-port-resume tests/suite/test-verify tests/suite/test-sync \
  tests/suite/test-sync-messages tests/suite/test-sync-hostile tests/suite/test-soak tests/suite/test-detector
tests/tsan: tests/lib/races
tsan: $(tsan_tests)
	@$(MAKE) check TESTS_ONLY='$(tsan_tests)'
endif

# The test programs, and the benches, without running them.
.PHONY: tests-built check-style memcheck tsan
tests-built: $(check_LTLIBRARIES) $(EXTRA_PROGRAMS)

# The unit tests under valgrind: reads of what was never written or is free already.
memcheck_words = valgrind --quiet --leak-check=no --error-exitcode=99 --child-silent-after-fork=yes
memcheck: $(unit_tests)
	@CORM_TEST_TIMEOUT=1800 CORM_TEST_WRAPPER='$(memcheck_words)' $(top_srcdir)/tests/run $(unit_tests)

check-style:
	@$(top_srcdir)/scripts/check-style

# A program finds the installed library by pkg-config, and compiles with the advice that corm.pc gives.
installcheck-local:
	@export PKG_CONFIG_PATH=$(pkgconfigdir):$$PKG_CONFIG_PATH; \
	printf '%s\n' '#include <corm/corm.h>' 'int main (void) { g_print ("%s\n", corm_version_string ()); return 0; }' | \
	$(CC) -Wall -Werror $(CORM_INSTRUMENT) $$(pkg-config --variable=strict_cflags corm) -x c - -o installcheck.out \
	  $$(pkg-config --cflags --libs corm) && \
	test "$$(LD_LIBRARY_PATH=$(libdir) ./installcheck.out)" = $(PACKAGE_VERSION) && rm -f installcheck.out

clean-local:
	rm -rf tests/log
