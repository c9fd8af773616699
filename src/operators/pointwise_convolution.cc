// SPDX-License-Identifier: BSD-3-Clause
#include "operators/convolution.h"
#include "operators/gemm.h"

namespace qnnp {
namespace {

struct PointwiseConvolution : Convolution {
  PointwiseConvolution(const qnnp_convolution2d_desc& description, const Shared<GemmPlan>& shared)
      : Convolution(description), plan(shared) {}

  void run(pthreadpool_t pool) const override {
    plan->run(binding.batch_size * binding.input_pixels(), binding.input, binding.input_stride,
              binding.output, binding.output_stride, pool);
  }
  Operator* clone() const override { return new PointwiseConvolution(desc, plan); }
  void describe(qnnp_operator_info* info) const override {
    Convolution::describe(info);
    info->kernel = plan->name;
    info->reason = plan->reason;
    info->weight_bytes = plan->weights.data.size();
  }

  const Shared<GemmPlan> plan;
};

}  // namespace

Status create_pointwise(const qnnp_convolution2d_desc& desc, const WeightProblem& problem,
                        Operator** out) {
  const Shared<GemmPlan> plan(new GemmPlan);
  if (!plan) return fail_memory("convolution operator", sizeof(GemmPlan));
  QNNP_TRY(plan->prepare(problem));
  *out = new PointwiseConvolution(desc, plan);
  return *out == nullptr ? fail_memory("convolution operator", sizeof(PointwiseConvolution))
                         : qnnp_status_success;
}

}  // namespace qnnp
