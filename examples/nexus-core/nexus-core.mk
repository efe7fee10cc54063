# SPDX-License-Identifier: LGPL-2.1-or-later
# SPDX-FileCopyrightText: The Corm authors
noinst_PROGRAMS += examples/nexus-core/nexus-core
examples_nexus_core_nexus_core_SOURCES = examples/nexus-core/main.c examples/nexus-core/nexus.h examples/nexus-core/models.c examples/nexus-core/models.h \
	examples/nexus-core/database.c examples/nexus-core/tasks.c examples/nexus-core/peers.c
nodist_examples_nexus_core_nexus_core_SOURCES = examples/nexus-core/resources.c
examples_nexus_core_nexus_core_LDADD = $(corm_libs)

# The migrations, compiled into the program.
nexus_migrations = examples/nexus-core/nexus-core.gresource.xml examples/nexus-core/migrations/001_initial_schema.sql \
	examples/nexus-core/migrations/002_add_priority.sql examples/nexus-core/migrations/003_add_notes.sql \
	examples/nexus-core/migrations/004_index_due_dates.sql examples/nexus-core/migrations/005_index_notes.sql
EXTRA_DIST += $(nexus_migrations)
CLEANFILES += examples/nexus-core/resources.c
examples/nexus-core/resources.c: $(nexus_migrations)
	@$(MKDIR_P) examples/nexus-core
	$(AM_V_GEN)glib-compile-resources --generate-source --c-name nexus --sourcedir=$(top_srcdir)/examples/nexus-core \
	  --target=$@ $(top_srcdir)/examples/nexus-core/nexus-core.gresource.xml

script_tests += tests/example-nexus-core
