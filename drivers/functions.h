/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Short names for the tables of functions. Include it last. */
#pragma once

#include <corm/sys/driver.h>

#define F(name) [CORM_FUNCTION_##name]
#define T(name) [CORM_TEMPLATE_##name]
#define ANY .any
#define OF(...) \
  .of = (const char *const[CORM_N_CLASSES]) \
  { \
    __VA_ARGS__ \
  }
#define OF_BOOLEAN [CORM_CLASS_BOOLEAN]
#define OF_INTEGER [CORM_CLASS_INTEGER]
#define OF_FLOAT [CORM_CLASS_FLOAT]
#define OF_DECIMAL [CORM_CLASS_DECIMAL]
#define OF_TEXT [CORM_CLASS_TEXT]
#define OF_BYTES [CORM_CLASS_BYTES]
#define OF_DATE [CORM_CLASS_DATE]
#define OF_TIME [CORM_CLASS_TIME]
#define OF_TIMESTAMP [CORM_CLASS_TIMESTAMP]
#define OF_LOCAL_TIMESTAMP [CORM_CLASS_LOCAL_TIMESTAMP]
#define OF_UUID [CORM_CLASS_UUID]
#define OF_JSON [CORM_CLASS_JSON]
#define OF_ENUM [CORM_CLASS_ENUM]
#define OF_RAW [CORM_CLASS_RAW]
