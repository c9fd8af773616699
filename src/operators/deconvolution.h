// SPDX-License-Identifier: BSD-3-Clause
// 2-D deconvolution (transposed convolution). Output pixels fall into classes by their place modulo
// the stride; each class is a convolution with stride 1 over the taps that reach it, so no tap meets
// an inserted zero.
#pragma once

#include "operators/operator.h"
#include "operators/weights.h"

namespace qnnp {

Status create_deconvolution(const qnnp_deconvolution2d_desc& desc, Form form, Operator** out);
Status setup_deconvolution(Operator* op, size_t batch_size, size_t input_height, size_t input_width,
                           const void* input, size_t input_stride, void* output,
                           size_t output_stride);

}  // namespace qnnp
