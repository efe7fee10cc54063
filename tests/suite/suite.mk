# SPDX-License-Identifier: LGPL-2.1-or-later
# SPDX-FileCopyrightText: The Corm authors
# One line a program, and its libraries:
#   suite_tests += tests/suite/test-NOUN
#   tests_suite_test_NOUN_LDADD = $(suite_libs)
suite_tests += tests/suite/test-migrate tests/suite/test-structure tests/suite/test-inspect
tests_suite_test_migrate_LDADD = $(suite_libs)
tests_suite_test_structure_LDADD = $(suite_libs)
tests_suite_test_inspect_LDADD = $(suite_libs)

suite_tests += tests/suite/test-online
tests_suite_test_online_LDADD = $(suite_libs)

suite_tests += tests/suite/test-migrate-race
tests_suite_test_migrate_race_LDADD = $(suite_libs)

# The fixture of the programs that run on every backend.
tests_lib_libtest_la_SOURCES += tests/lib/own-servers.c tests/lib/place.c tests/lib/suite.c

suite_tests += tests/suite/test-store
tests_suite_test_store_LDADD = $(suite_libs)

suite_tests += tests/suite/test-port
tests_suite_test_port_LDADD = $(suite_libs)
suite_tests += tests/suite/test-verify
tests_suite_test_verify_LDADD = $(suite_libs)
suite_tests += tests/suite/test-verify-report
tests_suite_test_verify_report_LDADD = $(suite_libs)

suite_tests += tests/suite/test-port-fill
tests_suite_test_port_fill_LDADD = $(suite_libs)
tests_suite_test_port_fill_SOURCES = tests/suite/test-port-fill.c tests/suite/porting.c tests/suite/porting.h
suite_tests += tests/suite/test-port-resume
tests_suite_test_port_resume_LDADD = $(suite_libs)
tests_suite_test_port_resume_SOURCES = tests/suite/test-port-resume.c tests/suite/porting.c tests/suite/porting.h
suite_tests += tests/suite/test-port-sift
tests_suite_test_port_sift_LDADD = $(suite_libs)
tests_suite_test_port_sift_SOURCES = tests/suite/test-port-sift.c tests/suite/porting.c tests/suite/porting.h
suite_tests += tests/suite/test-port-unfinished
tests_suite_test_port_unfinished_LDADD = $(suite_libs)
tests_suite_test_port_unfinished_SOURCES = tests/suite/test-port-unfinished.c tests/suite/porting.c tests/suite/porting.h
suite_tests += tests/suite/test-port-servers
tests_suite_test_port_servers_LDADD = $(suite_libs)
tests_suite_test_port_servers_SOURCES = tests/suite/test-port-servers.c tests/suite/porting.c tests/suite/porting.h
suite_tests += tests/suite/test-port-types
tests_suite_test_port_types_LDADD = $(suite_libs)
suite_tests += tests/suite/test-port-objects
tests_suite_test_port_objects_LDADD = $(suite_libs)
suite_tests += tests/suite/test-port-details
tests_suite_test_port_details_LDADD = $(suite_libs)
suite_tests += tests/suite/test-port-mysql
tests_suite_test_port_mysql_LDADD = $(suite_libs)
suite_tests += tests/suite/test-port-heirs
tests_suite_test_port_heirs_LDADD = $(suite_libs)
suite_tests += tests/suite/test-port-names
tests_suite_test_port_names_LDADD = $(suite_libs)
suite_tests += tests/suite/test-port-pgsql
tests_suite_test_port_pgsql_LDADD = $(suite_libs)
suite_tests += tests/suite/test-types
tests_suite_test_types_SOURCES = tests/suite/test-types.c tests/suite/markdown.c
tests_suite_test_types_LDADD = $(suite_libs)

# Brings the round-trip table that make check wrote into the manual. Without a server its columns stay as they were.
.PHONY: types-table
types-table:
	-@CORM_TEST_TIMEOUT=120 $(MAKE) check TESTS_ONLY=tests/suite/test-types > /dev/null
	cp types-table.md $(top_srcdir)/doc/manual/types-table.md
CLEANFILES += types-table.md

suite_tests += tests/suite/test-predicates
tests_suite_test_predicates_LDADD = $(suite_libs)

suite_tests += tests/suite/test-find
tests_suite_test_find_LDADD = $(suite_libs)

suite_tests += tests/suite/test-relation-many
tests_suite_test_relation_many_LDADD = $(suite_libs)
suite_tests += tests/suite/test-relations tests/suite/test-relation-keys tests/suite/test-detector
tests_suite_test_relation_keys_LDADD = $(suite_libs)
tests_suite_test_detector_LDADD = $(suite_libs)
tests_suite_test_relations_LDADD = $(suite_libs)

suite_tests += tests/suite/test-allocations
tests_suite_test_allocations_LDADD = $(suite_libs)

suite_tests += tests/suite/test-load
tests_suite_test_load_LDADD = $(suite_libs)

suite_tests += tests/suite/test-transaction
tests_suite_test_transaction_LDADD = $(suite_libs)

suite_tests += tests/suite/test-errors
tests_suite_test_errors_LDADD = $(suite_libs)

suite_tests += tests/suite/test-sql
tests_suite_test_sql_LDADD = $(suite_libs)

suite_tests += tests/suite/test-pool
tests_suite_test_pool_LDADD = $(suite_libs)

suite_tests += tests/suite/test-threads
tests_suite_test_threads_LDADD = $(suite_libs)

suite_tests += tests/suite/test-bad-input
tests_suite_test_bad_input_LDADD = $(suite_libs)

suite_tests += tests/suite/test-file-gone
tests_suite_test_file_gone_LDADD = $(suite_libs)

suite_tests += tests/suite/test-restart
tests_suite_test_restart_LDADD = $(suite_libs)
suite_tests += tests/suite/test-restart-threads
tests_suite_test_restart_threads_LDADD = $(suite_libs) $(PGSQL_LIBS) $(MYSQL_LIBS)

suite_tests += tests/suite/test-roles
tests_suite_test_roles_LDADD = $(suite_libs)
suite_tests += tests/suite/test-session
tests_suite_test_session_LDADD = $(suite_libs)
suite_tests += tests/suite/test-session-batch
suite_tests += tests/suite/test-session-keys
tests_suite_test_session_batch_LDADD = $(suite_libs)
suite_tests += tests/suite/test-session-random
suite_tests += tests/suite/test-session-slots
suite_tests += tests/suite/test-session-keeps
suite_tests += tests/suite/test-session-types
tests_suite_test_session_types_LDADD = $(suite_libs)
suite_tests += tests/suite/test-session-misuse
tests_suite_test_session_misuse_LDADD = $(suite_libs)
suite_tests += tests/suite/test-session-outer
tests_suite_test_session_outer_LDADD = $(suite_libs)
suite_tests += tests/suite/test-session-kill
tests_suite_test_session_kill_LDADD = $(suite_libs)

suite_tests += tests/suite/test-reading
tests_suite_test_reading_LDADD = $(suite_libs)

# Primaries with replicas, of the program's own.
suite_tests += tests/suite/test-replicas
tests_suite_test_replicas_SOURCES = tests/suite/test-replicas.c tests/suite/replica-faults.c tests/suite/replicas.h
tests_suite_test_replicas_LDADD = $(suite_libs)

suite_tests += tests/suite/test-transact
tests_suite_test_transact_LDADD = $(suite_libs)

suite_tests += tests/suite/test-query
tests_suite_test_query_LDADD = $(suite_libs)
suite_tests += tests/suite/test-page tests/suite/test-query-write
tests_suite_test_page_LDADD = $(suite_libs)
tests_suite_test_query_write_LDADD = $(suite_libs)

suite_tests += tests/suite/test-transfers
tests_suite_test_transfers_LDADD = $(suite_libs)

suite_tests += tests/suite/test-commit-lost
tests_suite_test_commit_lost_SOURCES = tests/suite/test-commit-lost.c tests/lib/proxy.c tests/lib/proxy.h
tests_suite_test_commit_lost_LDADD = $(suite_libs)

suite_tests += tests/suite/test-isolation
tests_suite_test_isolation_LDADD = $(suite_libs)
# Brings the table that make check wrote into the manual. It takes both servers.
.PHONY: isolation-table
isolation-table:
	-@$(MAKE) check TESTS_ONLY=tests/suite/test-isolation > /dev/null
	cp isolation-table.md $(top_srcdir)/doc/manual/isolation-table.md
CLEANFILES += isolation-table.md
suite_tests += tests/suite/test-functions
tests_suite_test_functions_LDADD = $(suite_libs)

suite_tests += tests/suite/test-lists
tests_suite_test_lists_LDADD = $(suite_libs)

suite_tests += tests/suite/test-lint
tests_suite_test_lint_SOURCES = tests/suite/test-lint.c tests/suite/lint.c tests/suite/lint.h tests/suite/lint-wait.c \
	tests/suite/lint-pgsql.c tests/suite/lint-mysql.c tests/suite/lint-sqlite3.c
tests_suite_test_lint_LDADD = $(suite_libs)

suite_tests += tests/suite/test-migrations
tests_suite_test_migrations_LDADD = $(suite_libs)
suite_tests += tests/suite/test-migrations-kill
tests_suite_test_migrations_kill_LDADD = $(suite_libs)

suite_tests += tests/suite/test-ten-changes
tests_suite_test_ten_changes_LDADD = $(suite_libs)

suite_tests += tests/suite/test-offline
tests_suite_test_offline_LDADD = $(suite_libs)
suite_tests += tests/suite/test-change
tests_suite_test_change_LDADD = $(suite_libs)

suite_tests += tests/suite/test-doctor
tests_suite_test_doctor_LDADD = $(suite_libs)
suite_tests += tests/suite/test-upkeep
tests_suite_test_upkeep_LDADD = $(suite_libs)
suite_tests += tests/suite/test-backup
tests_suite_test_backup_LDADD = $(suite_libs)



suite_tests += tests/suite/test-exchange tests/suite/test-exchange-files
tests_suite_test_exchange_LDADD = $(suite_libs)
tests_suite_test_exchange_files_LDADD = $(suite_libs)

suite_tests += tests/suite/test-sync tests/suite/test-sync-messages tests/suite/test-sync-peers tests/suite/test-sync-types tests/suite/test-sync-hostile
tests_suite_test_sync_hostile_LDADD = $(suite_libs)
tests_suite_test_sync_messages_LDADD = $(suite_libs)
tests_suite_test_sync_LDADD = $(suite_libs)
tests_suite_test_sync_peers_LDADD = $(suite_libs)
tests_suite_test_sync_types_LDADD = $(suite_libs)

faulty_sources = tests/suite/faulty.c tests/suite/faulty-state.c tests/suite/faulty.h tests/suite/porting.c tests/suite/porting.h \
	tests/lib/seam.h
# The linker gives corm_driver_find() to the seam: with every symbol of the library, not the public ones.
suite_tests += tests/suite/test-faults
tests_suite_test_faults_SOURCES = tests/suite/test-faults.c tests/suite/trial.c tests/suite/trial.h tests/lib/seam.c $(faulty_sources)
tests_suite_test_faults_LDFLAGS = $(AM_LDFLAGS) -Wl,--wrap=corm_driver_find
tests_suite_test_faults_LDADD = $(unit_libs)
suite_tests += tests/suite/test-outages
tests_suite_test_outages_SOURCES = tests/suite/test-outages.c tests/suite/trial.c tests/suite/trial.h tests/lib/seam.c $(faulty_sources)
tests_suite_test_outages_LDFLAGS = $(AM_LDFLAGS) -Wl,--wrap=corm_driver_find
tests_suite_test_outages_LDADD = $(unit_libs)
suite_tests += tests/suite/test-verify-cut
tests_suite_test_verify_cut_SOURCES = tests/suite/test-verify-cut.c tests/lib/seam.c tests/lib/seam.h
tests_suite_test_verify_cut_LDFLAGS = $(AM_LDFLAGS) -Wl,--wrap=corm_driver_find
tests_suite_test_verify_cut_LDADD = $(unit_libs)
suite_tests += tests/suite/test-memory
tests_suite_test_memory_SOURCES = tests/suite/test-memory.c $(faulty_sources)
tests_suite_test_memory_LDADD = $(suite_libs)
suite_tests += tests/suite/test-soak
tests_suite_test_soak_LDADD = $(suite_libs)

suite_tests += tests/suite/test-secrets
tests_suite_test_secrets_SOURCES = tests/suite/test-secrets.c tests/suite/secrets.c tests/suite/secrets.h
tests_suite_test_secrets_LDADD = $(suite_libs)

suite_tests += tests/suite/test-app-role
tests_suite_test_app_role_LDADD = $(suite_libs)

suite_tests += tests/suite/test-hostile-files
tests_suite_test_hostile_files_LDADD = $(suite_libs)
suite_tests += tests/suite/test-hostile-schemas
tests_suite_test_hostile_schemas_LDADD = $(suite_libs)
