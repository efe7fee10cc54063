# SPDX-License-Identifier: LGPL-2.1-or-later
# SPDX-FileCopyrightText: The Corm authors
noinst_PROGRAMS += examples/pixcrawler/pixcrawler
examples_pixcrawler_pixcrawler_SOURCES = \
	examples/pixcrawler/main.c \
	examples/pixcrawler/migrations.c \
	examples/pixcrawler/migrations.h \
	examples/pixcrawler/models.c \
	examples/pixcrawler/models.h \
	examples/pixcrawler/people.c \
	examples/pixcrawler/people.h \
	examples/pixcrawler/queue.c \
	examples/pixcrawler/queue.h \
	examples/pixcrawler/report.c \
	examples/pixcrawler/report.h
nodist_examples_pixcrawler_pixcrawler_SOURCES = examples/pixcrawler/resources.c
examples_pixcrawler_pixcrawler_LDADD = $(corm_libs)

# The migrations, compiled in.
pixcrawler_migrations = \
	examples/pixcrawler/pixcrawler.gresource.xml \
	examples/pixcrawler/migrations/000_create_core_tables.sql \
	examples/pixcrawler/migrations/001_create_job_chunks_table.sql \
	examples/pixcrawler/migrations/002_add_user_tier_to_profiles.sql \
	examples/pixcrawler/migrations/003_add_foreign_keys_and_relationships.sql
examples/pixcrawler/resources.c: $(pixcrawler_migrations)
	$(AM_V_GEN)glib-compile-resources --sourcedir=$(top_srcdir)/examples/pixcrawler --generate-source --target=$@ \
	  $(top_srcdir)/examples/pixcrawler/pixcrawler.gresource.xml
CLEANFILES += examples/pixcrawler/resources.c

script_tests += tests/example-pixcrawler
