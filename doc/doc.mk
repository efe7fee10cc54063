# SPDX-License-Identifier: LGPL-2.1-or-later
# SPDX-FileCopyrightText: The Corm authors
# Pages need no line here (a release holds every file that git knows); manual pages do:  man1_MANS = doc/man/corm.1
man1_MANS = doc/man/corm.1
