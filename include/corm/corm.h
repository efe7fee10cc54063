/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* The umbrella: what a program includes. */
#pragma once

#include <corm/aggregate.h>
#include <corm/db.h>
#include <corm/detect.h>
#include <corm/error.h>
#include <corm/exchange.h>
#include <corm/expr.h>
#include <corm/family.h>
#include <corm/function.h>
#include <corm/lint.h>
#include <corm/load.h>
#include <corm/main.h>
#include <corm/migrate.h>
#include <corm/migrations.h>
#include <corm/model.h>
#include <corm/port.h>
#include <corm/query.h>
#include <corm/registry.h>
#include <corm/relation.h>
#include <corm/schema.h>
#include <corm/session.h>
#include <corm/store.h>
#include <corm/sync.h>
#include <corm/transact.h>
#include <corm/types.h>
#include <corm/upkeep.h>
#include <corm/value.h>
#include <corm/version.h>
