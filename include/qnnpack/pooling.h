/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Pooling, reductions and argmax: the long forms. Included by
 * qnnpack.h. */
#pragma once

#include "qnnpack/base.h"

#ifdef __cplusplus
extern "C" {
#endif

#ifdef __cplusplus
} /* extern "C" */
#endif
