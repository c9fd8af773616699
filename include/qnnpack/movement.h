/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Operators that move bytes: shuffle, transpose, copy, pad, resize. Included by
 * qnnpack.h. */
#pragma once

#include "qnnpack/base.h"

#ifdef __cplusplus
extern "C" {
#endif

#ifdef __cplusplus
} /* extern "C" */
#endif
