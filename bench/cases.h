// SPDX-License-Identifier: BSD-3-Clause
// The cases of all operators: each program of one group times its own, compare_bench picks from all.
#pragma once

#include "layers.h"
#include "operator_bench.h"

namespace qnnp::bench {

std::vector<Case> elementwise_cases();
std::vector<Case> movement_cases();
std::vector<Case> pooling_cases();
std::vector<Case> weights_cases();

constexpr int32_t kKernelZeroPoint = 131;  // of uint8 weights, if nothing else is said

// A convolution layer's description and what it points to.
struct LayerDesc {
  LayerDesc(const Layer& layer, Types types, int32_t kernel_zero_point, bool symmetric);
  LayerDesc(const LayerDesc&) = delete;
  LayerDesc& operator=(const LayerDesc&) = delete;

  qnnp_convolution2d_desc desc = QNNP_CONVOLUTION2D_DESC_INIT;
  Weights weights;
};
// symmetric: as much padding before as behind, rounded up; the output's size is the same.
Case layer_case(const char* network, const Layer& layer, Types types,
                int32_t kernel_zero_point = kKernelZeroPoint, bool symmetric = false);

// The same weights and inputs as a 1x1 layer with `batch` pixels has.
Case fully_connected(size_t batch, size_t inputs, size_t outputs, Types types);

}  // namespace qnnp::bench
