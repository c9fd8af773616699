// SPDX-License-Identifier: BSD-3-Clause
//
// Which buffer each tensor of a running network lives in. A buffer is free again after the last
// layer that reads its tensor, so a chain of layers needs two buffers however long it is, and a
// residual network three. network.h stands above.
#pragma once

#include <cstddef>
#include <vector>

namespace classify {

// What a layer does to tensors, by index. An alias gives its input another shape and no buffer of
// its own.
struct TensorUse {
  std::vector<int> inputs;
  int output;
  bool is_alias;
};

struct BufferPlan {
  std::vector<size_t> sizes;   // of the buffers
  std::vector<int> of_tensor;  // index of a buffer, or -1
};

// `bytes`: size of each tensor; `inside`: the tensor that each is a part of, or -1. The network's
// output keeps its buffer to the end.
BufferPlan PlanBuffers(const std::vector<TensorUse>& layers, const std::vector<size_t>& bytes,
                       const std::vector<int>& inside, int input, int output);

}  // namespace classify
