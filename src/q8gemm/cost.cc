// SPDX-License-Identifier: BSD-3-Clause
#include "q8gemm/cost.h"

namespace qnnp {
namespace {

constexpr TileCost kCosts[] = {
#define QNNP_TILE_COST(kernel, step, fixed) {kernel, step, fixed},
#include "q8gemm/costs.inc"
#undef QNNP_TILE_COST
};

}  // namespace

Span<const TileCost> tile_costs() { return {kCosts, sizeof(kCosts) / sizeof(kCosts[0])}; }

float row_cost(const char* kernel, const PackShape& shape) {
  for (const TileCost& cost : kCosts) {
    if (strcmp(cost.kernel, kernel) != 0) continue;
    return static_cast<float>(shape.blocks()) *
           (static_cast<float>(shape.steps()) * cost.step + cost.fixed);
  }
  return 0;
}

}  // namespace qnnp
