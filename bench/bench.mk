# SPDX-License-Identifier: LGPL-2.1-or-later
# SPDX-FileCopyrightText: The Corm authors
# make bench: one program a figure, built by this target only. It prints the figures and writes bench-results.json.
#   make bench BENCH_ONLY=bench/get BENCH_SCALE=0.01     one figure, with a hundredth of the rows
# A new one is a line in bench_programs, or in counted_programs where SQLite has it too, and its two lines below.
counted_programs = \
	bench/insert \
	bench/flush \
	bench/bulk \
	bench/select \
	bench/cursor \
	bench/get \
	bench/eager \
	bench/update \
	bench/update-kind \
	bench/flush-kind
bench_programs = $(counted_programs) \
	bench/render \
	bench/start \
	bench/inspect \
	bench/cursor-memory
if HAVE_SQLITE3
if HAVE_PGSQL
bench_programs += bench/port
endif
endif
if HAVE_PGSQL
bench_programs += bench/online
bench_online_SOURCES = bench/online.c bench/load.c bench/load.h
bench_online_LDADD = $(bench_libs)
endif
EXTRA_PROGRAMS += $(bench_programs)
CLEANFILES += $(bench_programs) bench-results.json

EXTRA_LTLIBRARIES = bench/libbench.la
CLEANFILES += bench/libbench.la
bench_libbench_la_SOURCES = bench/bench.c bench/bench.h bench/reading.c
if HAVE_SQLITE3
bench_libbench_la_SOURCES += bench/floor-sqlite3.c
endif
if HAVE_PGSQL
bench_libbench_la_SOURCES += bench/floor-pgsql.c
endif
if HAVE_MYSQL
bench_libbench_la_SOURCES += bench/floor-mysql.c
endif
bench_libs = bench/libbench.la $(corm_libs) $(SQLITE3_LIBS) $(PGSQL_LIBS) $(MYSQL_LIBS)

bench_insert_LDADD = $(bench_libs)
bench_flush_LDADD = $(bench_libs)
bench_cursor_LDADD = $(bench_libs)
bench_update_kind_LDADD = $(bench_libs)
bench_flush_kind_LDADD = $(bench_libs)
bench_bulk_LDADD = $(bench_libs)
bench_select_LDADD = $(bench_libs)
bench_get_LDADD = $(bench_libs)
bench_eager_LDADD = $(bench_libs)
bench_render_LDADD = $(bench_libs)
bench_start_LDADD = $(bench_libs)
bench_update_LDADD = $(bench_libs)
bench_inspect_LDADD = $(bench_libs)
bench_cursor_memory_LDADD = $(bench_libs)
bench_port_SOURCES = bench/port.c bench/floor-port.c bench/floor-port.h
bench_port_LDADD = $(bench_libs)

BENCH_ONLY = $(bench_programs)
.PHONY: bench
bench: $(BENCH_ONLY)
	@$(top_srcdir)/bench/run $(BENCH_ONLY)

# make count: instructions a row against bench/instructions; make count-update writes those.
.PHONY: count count-update
count: $(counted_programs)
	@$(top_srcdir)/bench/count $(counted_programs)
# The library as users install it.
.PHONY: size
size: lib/libcorm.la
	@strip -o size.so lib/.libs/libcorm.so && n=`wc -c < size.so` && rm size.so && \
	echo "libcorm.so: $$n bytes stripped, at most 1500000" && test $$n -le 1500000
count-update: $(counted_programs)
	@$(top_srcdir)/bench/count --update $(counted_programs)
