# SPDX-License-Identifier: LGPL-2.1-or-later
# SPDX-FileCopyrightText: The Corm authors
# Files of this folder, headers too:  corm_sources += lib/exchange/NOUN.c lib/exchange/NOUN.h
# and their unit tests:               unit_tests += tests/unit/test-NOUN
corm_sources += \
	lib/exchange/accept.c \
	lib/exchange/create.c \
	lib/exchange/export.c \
	lib/exchange/form.c \
	lib/exchange/form.h \
	lib/exchange/hold.c \
	lib/exchange/import.c \
	lib/exchange/input.c \
	lib/exchange/input.h \
	lib/exchange/json-schema.c \
	lib/exchange/load.c \
	lib/exchange/load.h \
	lib/exchange/load-row.c \
	lib/exchange/order.c \
	lib/exchange/order.h \
	lib/exchange/output.c \
	lib/exchange/output.h \
	lib/exchange/read-csv.c \
	lib/exchange/read-json.c \
	lib/exchange/read-yaml.c \
	lib/exchange/reader.h \
	lib/exchange/record.c \
	lib/exchange/reject.c \
	lib/exchange/reject.h \
	lib/exchange/row-json.c \
	lib/exchange/scan.c \
	lib/exchange/scan.h \
	lib/exchange/sort.c \
	lib/exchange/sort.h \
	lib/exchange/spool.c \
	lib/exchange/spool.h \
	lib/exchange/tables.c \
	lib/exchange/tables.h \
	lib/exchange/target.c \
	lib/exchange/target.h \
	lib/exchange/twice.c \
	lib/exchange/unform.c \
	lib/exchange/write-csv.c \
	lib/exchange/write-json.c \
	lib/exchange/write-yaml.c \
	lib/exchange/writer.h

unit_tests += \
	tests/unit/test-form \
	tests/unit/test-row-json \
	tests/unit/test-scan \
	tests/unit/test-sort \
	tests/unit/test-spool
