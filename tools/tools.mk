# SPDX-License-Identifier: LGPL-2.1-or-later
# SPDX-FileCopyrightText: The Corm authors
bin_PROGRAMS += tools/corm
tools_corm_SOURCES = tools/main.c
tools_corm_LDADD = $(corm_libs)
tools_corm_LDFLAGS = $(CORM_INSTRUMENT)

# Everything but main () is in the library, behind corm_main ().
corm_sources += \
	tools/app.c \
	tools/app.h \
	tools/cmd-backup.c \
	tools/cmd-check.c \
	tools/cmd-diff.c \
	tools/cmd-doctor.c \
	tools/cmd-export.c \
	tools/cmd-history.c \
	tools/cmd-import.c \
	tools/cmd-inspect.c \
	tools/cmd-lint.c \
	tools/cmd-maintain.c \
	tools/cmd-merge.c \
	tools/cmd-migrate.c \
	tools/cmd-ping.c \
	tools/cmd-port.c \
	tools/cmd-revision.c \
	tools/cmd-stats.c \
	tools/cmd-upgrade.c \
	tools/cmd-verify.c \
	tools/exchange.c \
	tools/exchange.h \
	tools/emit-c.c \
	tools/emit-graph.c \
	tools/emit-table.c \
	tools/migrations.c \
	tools/migrations.h \
	tools/lint-page.c \
	tools/merge.c \
	tools/merge.h \
	tools/output.c \
	tools/progress.c \
	tools/plan.c \
	tools/report.c \
	tools/report-html.c \
	tools/report.h \
	tools/revision.c \
	tools/schema-argument.c \
	tools/shown.c

# The page of the manual about the rules of lint.
.PHONY: lint-page
lint-page: tools/corm
	tools/corm lint --rules --markdown > $(top_srcdir)/doc/manual/lint-rules.md
