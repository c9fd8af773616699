// SPDX-License-Identifier: BSD-3-Clause
// 2-D convolution: one operator (checks, choice of path, binding), three plans:
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
  size_t output_stride;  // elements
  // Of every image: what padding reads, ConvolutionPlan::padding.size() bytes.
  const uint8_t* padding;
  size_t padding_stride;

  size_t input_pixels() const { return input_height * input_width; }
  size_t output_pixels() const { return output_height * output_width; }
};

// What clones share. The description holds no pointers any more: they were the caller's.
struct ConvolutionPlan : Shareable {
  ConvolutionPlan(const qnnp_convolution2d_desc& description, const WeightProblem& problem)
      : desc(description), output(problem.output_params()), flip(problem.input_flip != 0) {}
  virtual ~ConvolutionPlan() {}

  // Chooses a kernel and packs for it.
  virtual Status prepare(const WeightProblem&) { return qnnp_status_success; }
  virtual void run(const ConvolutionBinding&, pthreadpool_t) const {}

  const qnnp_convolution2d_desc desc;
  const OutputParams output;
  const bool flip;  // images are int8
  Buffer padding;   // bytes of the input zero point, as they stand in the image
  size_t weight_bytes = 0;
  TileFormat tile = {};  // none for depthwise kernels
  char name[48] = "", reason[96] = "";
};

Status create_convolution(const qnnp_convolution2d_desc& desc, Form form, Operator** out);
Status setup_convolution(Operator* op, size_t batch_size, size_t input_height, size_t input_width,
                         const void* input, size_t input_stride, void* output,
                         size_t output_stride);

// The paths; nullptr without memory. The problem is valid and of the path's kind.
ConvolutionPlan* new_pointwise(const qnnp_convolution2d_desc& desc, const WeightProblem& problem);
ConvolutionPlan* new_depthwise(const qnnp_convolution2d_desc& desc, const WeightProblem& problem);
ConvolutionPlan* new_indirect(const qnnp_convolution2d_desc& desc, const WeightProblem& problem);

}  // namespace qnnp
