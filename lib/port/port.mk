# SPDX-License-Identifier: LGPL-2.1-or-later
# SPDX-FileCopyrightText: The Corm authors
# Files of this folder, headers too:  corm_sources += lib/port/NOUN.c lib/port/NOUN.h
# and their unit tests:               unit_tests += tests/unit/test-NOUN
corm_sources += \
	lib/port/build.c \
	lib/port/build-step.c \
	lib/port/build.h \
	lib/port/canonical.c \
	lib/port/canonical.h \
	lib/port/cell.c \
	lib/port/cell.h \
	lib/port/compare.c \
	lib/port/compare.h \
	lib/port/copy.c \
	lib/port/copy.h \
	lib/port/hash.c \
	lib/port/hash.h \
	lib/port/port.c \
	lib/port/reject.c \
	lib/port/reject.h \
	lib/port/sides.h \
	lib/port/source.c \
	lib/port/source.h \
	lib/port/tables.c \
	lib/port/tables.h \
	lib/port/transform.c \
	lib/port/transform.h \
	lib/port/verify.c \
	lib/port/verify.h \
	lib/port/crew.c \
	lib/port/crew.h \
	lib/port/empty.c \
	lib/port/empty.h \
	lib/port/fill.c \
	lib/port/grants.c \
	lib/port/grants.h \
	lib/port/flow.h \
	lib/port/job.h \
	lib/port/key-types.c \
	lib/port/ledger.c \
	lib/port/ledger.h \
	lib/port/lot.c \
	lib/port/make.c \
	lib/port/meter.c \
	lib/port/meter.h \
	lib/port/refusal.c \
	lib/port/refusal.h \
	lib/port/resume.c \
	lib/port/resume.h \
	lib/port/settle.c \
	lib/port/sift.c \
	lib/port/sift.h \
	lib/port/walk.c \
	lib/port/walk.h \
	lib/port/buckets.c \
	lib/port/buckets.h \
	lib/port/details.c \
	lib/port/details.h \
	lib/port/done.c \
	lib/port/done.h \
	lib/port/scan.c \
	lib/port/scan.h \
	lib/port/choose.c \
	lib/port/choose.h \
	lib/port/condition.c \
	lib/port/condition.h \
	lib/port/conversion.c \
	lib/port/conversion.h \
	lib/port/defaults.c \
	lib/port/defaults.h \
	lib/port/expression.c \
	lib/port/expression.h \
	lib/port/guess.c \
	lib/port/guess.h \
	lib/port/mapping.c \
	lib/port/mapping.h \
	lib/port/profile.c \
	lib/port/profile-crew.c \
	lib/port/profile.h \
	lib/port/build-object.c \
	lib/port/build-object.h \
	lib/port/numbers.c \
	lib/port/numbers.h \
	lib/port/build-work.h \
	lib/port/object.c \
	lib/port/object.h \
	lib/port/names.c \
	lib/port/names.h \
	lib/port/plain-call.c \
	lib/port/plain-condition.c \
	lib/port/plain.c \
	lib/port/plain.h \
	lib/port/reading.c \
	lib/port/tokens.c \
	lib/port/tokens.h \
	lib/port/trigger-body.c \
	lib/port/trigger-body.h \
	lib/port/trigger.c \
	lib/port/trigger.h \
	lib/port/view-from.c \
	lib/port/view-order.c \
	lib/port/view-parts.h \
	lib/port/view.c \
	lib/port/view.h

unit_tests += \
	tests/unit/test-buckets \
	tests/unit/test-cell \
	tests/unit/test-conversion \
	tests/unit/test-expression \
	tests/unit/test-port-mapping \
	tests/unit/test-hash \
	tests/unit/test-tables \
	tests/unit/test-view

needs_sqlite3 += \
	tests/unit/test-scan-extent
