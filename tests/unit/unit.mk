# SPDX-License-Identifier: LGPL-2.1-or-later
# SPDX-FileCopyrightText: The Corm authors
# Unit tests of no folder in particular; the others stand in the .mk file of the folder that they test.
