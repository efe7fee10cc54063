# SPDX-License-Identifier: LGPL-2.1-or-later
# SPDX-FileCopyrightText: The Corm authors
corm_sources += \
	lib/base/version.c

unit_tests += \
	tests/unit/test-version
