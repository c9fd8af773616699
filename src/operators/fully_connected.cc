// SPDX-License-Identifier: BSD-3-Clause
#include "operators/fully_connected.h"

#include "operators/dynamic.h"
#include "operators/gemm.h"

namespace qnnp {
namespace {

struct Binding {
  size_t batch_size;
  const uint8_t* input;
  size_t input_stride;
  uint8_t* output;
  size_t output_stride;
};

struct FullyConnected : Operator {
  FullyConnected(const Shared<GemmPlan>& shared_plan, const Shared<DynamicWeights>& dynamic_weights)
      : Operator(OperatorType::fully_connected), plan(shared_plan), dynamic(dynamic_weights) {}
  ~FullyConnected() override { delete work; }

  void run(pthreadpool_t pool) const override;
  Operator* clone() const override { return new FullyConnected(plan, dynamic); }
  void describe(qnnp_operator_info* info) const override;
  Status bind(const Binding& to);

  size_t input_bytes() const { return dynamic ? sizeof(float) : 1; }
  size_t output_bytes() const { return element_bytes(plan->output.kind); }

  const Shared<GemmPlan> plan;
  const Shared<DynamicWeights> dynamic;  // or none
  Binding binding = {};
  DynamicWork* work = nullptr;
};

void FullyConnected::run(pthreadpool_t pool) const {
  const Binding& b = binding;
  if (!dynamic) {
    plan->run(b.batch_size, b.input, b.input_stride, b.output, b.output_stride, pool);
    return;
  }
  work->quantize(reinterpret_cast<const float*>(b.input), b.input_stride, pool);
  plan->run(b.batch_size, work->bytes(), plan->k, b.output, b.output_stride, pool);
  work->finish(*dynamic, reinterpret_cast<float*>(b.output), b.output_stride, pool);
}

void FullyConnected::describe(qnnp_operator_info* info) const {
  describe_tile(plan->name, plan->reason, plan->kernel->format, info);
  info->weight_bytes = plan->weights.data.size();
  if (state != State::bound) return;
  const uint64_t inputs = uint64_t{binding.batch_size} * plan->k;
  const uint64_t columns = plan->weights.shape.columns;
  info->input_bytes = inputs * input_bytes();
  info->output_bytes = binding.batch_size * columns * output_bytes();
  info->macs = inputs * columns;
}

Status FullyConnected::bind(const Binding& to) {
  QNNP_TRY(check_layout(to.input, plan->k, to.input_stride, "input"));
  QNNP_TRY(check_layout(to.output, plan->weights.shape.columns, to.output_stride, "output"));
  const CheckedSize batch(to.batch_size);
  QNNP_TRY(check_extent(batch * input_bytes(), to.input_stride, "input"));
  QNNP_TRY(check_extent(batch * output_bytes(), to.output_stride, "output"));
  if (dynamic) QNNP_TRY(DynamicWork::renew(&work, {to.batch_size, 1, plan->k, 1, 0}));
  binding = to;
  state = State::bound;
  return qnnp_status_success;
}

}  // namespace

Status create_fully_connected(const qnnp_fully_connected_desc& desc, Form form, Operator** out) {
  QNNP_TRY(check_nonzero(desc.input_channels, "input_channels"));
  QNNP_TRY(check_nonzero(desc.output_channels, "output_channels"));
  WeightProblem problem;
  QNNP_TRY(read_weights(weight_fields(desc), form, &problem));
  problem.groups = 1;
  problem.group_output_channels = desc.output_channels;
  problem.depth = desc.input_channels;
  QNNP_TRY(check_weight_sizes(problem));
  const Shared<GemmPlan> plan(new GemmPlan);
  if (!plan) return fail_memory("fully connected operator", sizeof(GemmPlan));
  QNNP_TRY(plan->prepare(problem, true));
  const Shared<DynamicWeights> dynamic(problem.dynamic ? new DynamicWeights : nullptr);
  if (problem.dynamic) {
    if (!dynamic) return fail_memory("fully connected operator", sizeof(DynamicWeights));
    QNNP_TRY(dynamic->prepare(problem));
  }
  *out = new FullyConnected(plan, dynamic);
  return *out == nullptr ? fail_memory("fully connected operator", sizeof(FullyConnected))
                         : qnnp_status_success;
}

Status setup_fully_connected(Operator* op, size_t batch_size, const void* input,
                             size_t input_stride, void* output, size_t output_stride) {
  bool done = false;
  QNNP_TRY(begin_setup(op, OperatorType::fully_connected, batch_size, &done));
  if (done) return qnnp_status_success;
  return static_cast<FullyConnected*>(op)->bind({batch_size, static_cast<const uint8_t*>(input),
                                                 input_stride, static_cast<uint8_t*>(output),
                                                 output_stride});
}

}  // namespace qnnp
