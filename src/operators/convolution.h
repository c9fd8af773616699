// SPDX-License-Identifier: BSD-3-Clause
// 2-D convolution: one front (checks, choice of path, binding), three paths with a plan of their
// own:
//   pointwise_convolution.cc   1x1, stride 1, no padding: a GEMM over all pixels
//   depthwise_convolution.cc   one input and one output channel per group
//   indirect_convolution.cc    everything else
#pragma once

#include "operators/operator.h"
#include "operators/weights.h"

namespace qnnp {

// Where a convolution reads and writes, and the sizes that follow.
struct ConvolutionBinding {
  size_t batch_size, input_height, input_width, output_height, output_width;
  const uint8_t* input;
  size_t input_stride;
  uint8_t* output;
  size_t output_stride;

  size_t input_pixels() const { return input_height * input_width; }
  size_t output_pixels() const { return output_height * output_width; }
};

struct Convolution : Operator {
  explicit Convolution(const qnnp_convolution2d_desc& description)
      : Operator(OperatorType::convolution), desc(description) {
    desc.kernel = nullptr;  // the caller's; packed by now
    desc.bias = nullptr;
    desc.kernel_scales = nullptr;
  }
  void describe(qnnp_operator_info* info) const override;

  qnnp_convolution2d_desc desc;
  ConvolutionBinding binding = {};
};

Status create_convolution(const qnnp_convolution2d_desc& desc, Operator** out);
Status setup_convolution(Operator* op, size_t batch_size, size_t input_height, size_t input_width,
                         const uint8_t* input, size_t input_stride, uint8_t* output,
                         size_t output_stride);

// The paths. The problem is valid and of the path's kind.
Status create_pointwise(const qnnp_convolution2d_desc& desc, const WeightProblem& problem,
                        Operator** out);
Status create_depthwise(const qnnp_convolution2d_desc& desc, const WeightProblem& problem,
                        Operator** out);
Status create_indirect(const qnnp_convolution2d_desc& desc, const WeightProblem& problem,
                       Operator** out);

}  // namespace qnnp
