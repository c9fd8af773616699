// SPDX-License-Identifier: BSD-3-Clause
// The driver of operators that compute every element of an NC tensor from the elements at the same
// place of one or two others. An operator derives from it and says what happens to a rectangle;
// setup, the cut into tasks and the description are here. Above: one file per operator. Below:
// cut.h.
#pragma once

#include "operators/operator.h"

namespace qnnp {

struct ElementwiseTensor {
  const char* name;  // parameter, "input": for messages
  uint8_t element_bytes = 1;
};

// Pointers and row strides (in elements) of a rectangle: the inputs, then the output.
struct ElementwiseBinding {
  static constexpr int kMost = 3;
  uint8_t* data[kMost];
  size_t stride[kMost];
};

struct Elementwise : Operator {
  // `operands` tensors, the last of them the output. Where constants depend on the channel, rows are
  // never taken for one long row.
  Elementwise(OperatorType operator_type, size_t channel_count, int operands,
              const ElementwiseTensor* tensor_list, bool depends_on_channel = false);

  // `rows` rows of n elements; the first of them is channel `column`.
  virtual void compute(const ElementwiseBinding&, size_t /*rows*/, size_t /*n*/,
                       size_t /*column*/) const {}

  void run(pthreadpool_t pool) const final;
  void describe(qnnp_operator_info* info) const override;
  Status bind(size_t batch_size, const ElementwiseBinding& tensors);

  const size_t channels;
  const int count;
  const bool per_channel;
  // Whether input i may have stride 0: one row for all rows of the batch. Set by the operator.
  bool repeats[ElementwiseBinding::kMost] = {};
  ElementwiseTensor tensors[ElementwiseBinding::kMost];
  size_t batch = 0;
  ElementwiseBinding binding = {};
  char kernel_name[48] = "";

 private:
  bool dense() const;
};

// begin_setup, then bind.
Status setup_elementwise(Operator* op, OperatorType type, size_t batch_size,
                         const ElementwiseBinding& tensors);
// One input.
Status setup_unary(Operator* op, OperatorType type, size_t batch_size, const void* input,
                   size_t input_stride, void* output, size_t output_stride);

}  // namespace qnnp
