/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Between float32, float16 and 8 bits, and between two quantizations. Included by
 * qnnpack.h. */
#pragma once

#include "qnnpack/base.h"

#ifdef __cplusplus
extern "C" {
#endif

#ifdef __cplusplus
} /* extern "C" */
#endif
