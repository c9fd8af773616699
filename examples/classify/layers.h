// SPDX-License-Identifier: BSD-3-Clause
//
// From a model's operators to the library's: checks that shapes fit together, works out padding and
// output ranges, lays weights out the library's way and creates the operators. What only gives data
// another shape, or folds into its neighbour, becomes no operator at all. Below stand model.h and
// qnnpack.h, above stands network.h.
#pragma once

#include <qnnpack.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "model.h"

namespace classify {

struct OperatorDeleter {
  void operator()(qnnp_operator* op) const { qnnp_delete_operator(op); }
};
using Operator = std::unique_ptr<qnnp_operator, OperatorDeleter>;

struct Layer {
  std::string name;         // "CONV_2D"
  std::string shape;        // "112x112x32 -> 56x56x64 3x3/2"
  std::vector<int> inputs;  // tensors it reads, one or two
  int output = 0;           // the tensor it computes
  Operator op;              // NULL: the output is the first input under another shape
  // Gives the operator its buffers: first input, second input or NULL, output.
  std::function<qnnp_status(const uint8_t*, const uint8_t*, uint8_t*)> bind;
};

// Layers for `batch` pictures at once, in order of execution. The library is initialized. Throws
// Error.
std::vector<Layer> BuildLayers(const Model& model, size_t batch);

}  // namespace classify
