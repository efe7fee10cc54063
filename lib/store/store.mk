# SPDX-License-Identifier: LGPL-2.1-or-later
# SPDX-FileCopyrightText: The Corm authors
# Files of this folder, headers too:  corm_sources += lib/store/NOUN.c lib/store/NOUN.h
# and their unit tests:               unit_tests += tests/unit/test-NOUN
