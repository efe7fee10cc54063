# SPDX-License-Identifier: LGPL-2.1-or-later
# SPDX-FileCopyrightText: The Corm authors
# Programs that must not compile need no line: tests/negative/run takes every .c file of the folder and says in its first
# lines how one is written.
script_tests += tests/negative/run
