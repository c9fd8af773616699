// SPDX-License-Identifier: BSD-3-Clause
//
// From a model's operators to the library's: checks that shapes fit together, works out padding and
// output ranges, lays weights out the library's way and creates the operators. What only gives data
// another shape, or folds into its neighbour, becomes no operator at all; what a concatenation puts
// together is computed in its place there. builder.h and the files layers_*.cc are its parts; below
// stand model.h and qnnpack.h, above stands network.h.
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
  std::vector<int> inputs;  // tensors it reads, at least one
  int output = 0;           // the tensor it computes, or a part of it
  Operator op;              // NULL: the output is the first input under another shape
  // Of the output it writes rows this far apart, in elements; 0: a layer that can only write dense
  // tensors, or none.
  size_t output_stride = 0;
  size_t output_offset = 0;  // where in the output it begins
  // Gives the operator its buffers.
  std::function<qnnp_status(const void* const* inputs, void* output, size_t output_stride)> bind;
};

// Where a tensor lies whose bytes are a part of another's.
struct Place {
  int owner = -1;         // -1: it has a buffer of its own
  size_t offset = 0;      // elements from the owner's first
  bool has_rows = false;  // its rows lie as far apart as the owner's, else it is dense
};

struct Plan {
  std::vector<Layer> layers;  // in order of execution
  std::vector<Place> places;  // of all tensors
};

// For `batch` pictures at once. The library is initialized. Throws Error, which names everything
// that is not supported.
Plan BuildLayers(const Model& model, size_t batch);

}  // namespace classify
