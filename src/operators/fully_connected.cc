// SPDX-License-Identifier: BSD-3-Clause
#include "operators/fully_connected.h"

#include "operators/gemm.h"

namespace qnnp {
namespace {

struct FullyConnected : Operator {
  explicit FullyConnected(const Shared<GemmPlan>& shared_plan)
      : Operator(OperatorType::fully_connected), plan(shared_plan) {}

  void run(pthreadpool_t pool) const override {
    plan->run(batch_size, input, input_stride, output, output_stride, pool);
  }
  Operator* clone() const override { return new FullyConnected(plan); }
  void describe(qnnp_operator_info* info) const override {
    info->kernel = plan->name;
    info->reason = plan->reason;
    info->weight_bytes = plan->weights.data.size();
    if (state != State::bound) return;
    info->input_bytes = uint64_t{batch_size} * plan->k;
    info->output_bytes = uint64_t{batch_size} * plan->weights.shape.columns;
    info->macs = info->input_bytes * plan->weights.shape.columns;
  }

  const Shared<GemmPlan> plan;
  size_t batch_size = 0, input_stride = 0, output_stride = 0;
  const uint8_t* input = nullptr;
  uint8_t* output = nullptr;
};

}  // namespace

Status create_fully_connected(const qnnp_fully_connected_desc& desc, Operator** out) {
  QNNP_TRY(check_nonzero(desc.input_channels, "input_channels"));
  QNNP_TRY(check_nonzero(desc.output_channels, "output_channels"));
  const WeightProblem problem = {1,
                                 desc.output_channels,
                                 desc.input_channels,
                                 desc.input_scale,
                                 desc.output_scale,
                                 desc.kernel_scale,
                                 desc.kernel_scales,
                                 desc.kernel,
                                 desc.bias,
                                 desc.input_zero_point,
                                 desc.kernel_zero_point,
                                 desc.output_zero_point,
                                 desc.output_min,
                                 desc.output_max};
  QNNP_TRY(check_quantization(problem, desc.flags));
  QNNP_TRY(check_weight_sizes(problem));
  const Shared<GemmPlan> plan(new GemmPlan);
  if (!plan) return fail_memory("fully connected operator", sizeof(GemmPlan));
  QNNP_TRY(plan->prepare(problem));
  *out = new FullyConnected(plan);
  return *out == nullptr ? fail_memory("fully connected operator", sizeof(FullyConnected))
                         : qnnp_status_success;
}

Status setup_fully_connected(Operator* op, size_t batch_size, const uint8_t* input,
                             size_t input_stride, uint8_t* output, size_t output_stride) {
  bool done = false;
  QNNP_TRY(begin_setup(op, OperatorType::fully_connected, batch_size, &done));
  if (done) return qnnp_status_success;
  FullyConnected& fc = static_cast<FullyConnected&>(*op);
  QNNP_TRY(check_layout(input, fc.plan->k, input_stride, "input"));
  QNNP_TRY(check_layout(output, fc.plan->weights.shape.columns, output_stride, "output"));
  QNNP_TRY(check_extent(batch_size, input_stride, "input"));
  QNNP_TRY(check_extent(batch_size, output_stride, "output"));
  fc.batch_size = batch_size;
  fc.input = input;
  fc.input_stride = input_stride;
  fc.output = output;
  fc.output_stride = output_stride;
  fc.state = Operator::State::bound;
  return qnnp_status_success;
}

}  // namespace qnnp
