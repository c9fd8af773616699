// SPDX-License-Identifier: BSD-3-Clause
#include "q8gemm/cost.h"

namespace qnnp {
namespace {

constexpr TileCost kCosts[] = {
#define QNNP_TILE_COST(kernel, step, fixed) {kernel, step, fixed},
#include "q8gemm/costs.inc"
#undef QNNP_TILE_COST
};

// A step of a column that is packed, but not computed: tiles as wide as the output come first.
constexpr float kPadding = 0.01f;

}  // namespace

Span<const TileCost> tile_costs() { return {kCosts, sizeof(kCosts) / sizeof(kCosts[0])}; }

float row_cost(const char* kernel, const PackShape& shape) {
  for (const TileCost& cost : kCosts) {
    if (strcmp(cost.kernel, kernel) != 0) continue;
    const float steps = static_cast<float>(shape.steps());
    const size_t nr = shape.format.nr, computed = shape.computed();
    const float blocks = static_cast<float>(computed) / static_cast<float>(nr);
    const float padding = static_cast<float>(shape.blocks() * nr - computed);
    return blocks * (steps * cost.step + cost.fixed) + padding * steps * kPadding;
  }
  return 0;
}

}  // namespace qnnp
