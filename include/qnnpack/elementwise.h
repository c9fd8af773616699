/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Elementwise operators, lookup tables, softargmax, normalization: the long forms. Included by
 * qnnpack.h. */
#pragma once

#include "qnnpack/base.h"

#ifdef __cplusplus
extern "C" {
#endif

#ifdef __cplusplus
} /* extern "C" */
#endif
