#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# SPDX-FileCopyrightText: The Corm authors
# Makes ./configure. The build itself is out of tree: mkdir build && cd build && ../configure && make
set -eu
cd "$(dirname "$0")"
mkdir -p m4
exec autoreconf --install "$@"
