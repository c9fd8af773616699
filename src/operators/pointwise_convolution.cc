// SPDX-License-Identifier: BSD-3-Clause
#include "operators/convolution.h"
#include "operators/gemm.h"

namespace qnnp {
namespace {

struct PointwisePlan : ConvolutionPlan {
  using ConvolutionPlan::ConvolutionPlan;

  Status prepare(const WeightProblem& problem) override {
    QNNP_TRY(gemm.prepare(problem));
    weight_bytes = gemm.weights.data.size();
    tile = gemm.kernel->format;
    memcpy(name, gemm.name, sizeof(name));
    memcpy(reason, gemm.reason, sizeof(reason));
    return qnnp_status_success;
  }
  void run(const ConvolutionBinding& b, pthreadpool_t pool) const override {
    gemm.run(b.batch_size * b.input_pixels(), b.input, b.input_stride, b.output, b.output_stride,
             pool);
  }

  GemmPlan gemm;
};

}  // namespace

ConvolutionPlan* new_pointwise(const qnnp_convolution2d_desc& desc, const WeightProblem& problem) {
  return new PointwisePlan(desc, problem);
}

}  // namespace qnnp
