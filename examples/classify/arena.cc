// SPDX-License-Identifier: BSD-3-Clause

#include "arena.h"

#include <algorithm>
#include <limits>
#include <utility>

namespace classify {
namespace {

constexpr size_t kForever = std::numeric_limits<size_t>::max();

class Planner {
 public:
  explicit Planner(const std::vector<size_t>& bytes) : bytes_(bytes) {
    plan_.of_tensor.assign(bytes.size(), -1);
  }

  // The free buffer that wastes least: the smallest that is large enough, else the largest, which
  // then grows. A new one only when none is free.
  void Place(size_t tensor) {
    const size_t size = bytes_[tensor];
    size_t best = plan_.sizes.size();
    for (size_t i = 0; i < plan_.sizes.size(); i++) {
      if (is_free_[i] && (best == plan_.sizes.size() || IsBetter(i, best, size))) best = i;
    }
    if (best == plan_.sizes.size()) {
      plan_.sizes.push_back(0);
      is_free_.push_back(true);
    }
    plan_.sizes[best] = std::max(plan_.sizes[best], size);
    is_free_[best] = false;
    plan_.of_tensor[tensor] = static_cast<int>(best);
  }

  void Release(size_t tensor) { is_free_[static_cast<size_t>(plan_.of_tensor[tensor])] = true; }

  BufferPlan plan_;

 private:
  bool IsBetter(size_t a, size_t b, size_t size) const {
    const bool a_fits = plan_.sizes[a] >= size, b_fits = plan_.sizes[b] >= size;
    if (a_fits != b_fits) return a_fits;
    return a_fits ? plan_.sizes[a] < plan_.sizes[b] : plan_.sizes[a] > plan_.sizes[b];
  }

  const std::vector<size_t>& bytes_;
  std::vector<bool> is_free_;
};

}  // namespace

BufferPlan PlanBuffers(const std::vector<TensorUse>& layers, const std::vector<size_t>& bytes,
                       const std::vector<int>& inside, int input, int output) {
  // Aliases and parts share the fate of the tensor whose bytes they show.
  std::vector<size_t> owner(bytes.size());
  for (size_t i = 0; i < owner.size(); i++) {
    owner[i] = i;
    while (inside[owner[i]] >= 0) owner[i] = static_cast<size_t>(inside[owner[i]]);
  }
  std::vector<size_t> last_use(bytes.size(), 0);
  for (size_t i = 0; i < layers.size(); i++) {
    const auto result = static_cast<size_t>(layers[i].output);
    if (layers[i].is_alias) owner[result] = owner[static_cast<size_t>(layers[i].inputs[0])];
    for (int tensor : layers[i].inputs) last_use[owner[static_cast<size_t>(tensor)]] = i;
    last_use[owner[result]] = i;
  }
  last_use[owner[static_cast<size_t>(output)]] = kForever;

  Planner planner(bytes);
  std::vector<size_t> alive = {static_cast<size_t>(input)};
  planner.Place(alive[0]);
  for (size_t i = 0; i < layers.size(); i++) {
    const size_t result = owner[static_cast<size_t>(layers[i].output)];
    if (!layers[i].is_alias && planner.plan_.of_tensor[result] < 0) {
      alive.push_back(result);
      planner.Place(result);
    }
    const auto dead = std::partition(alive.begin(), alive.end(),
                                     [&](size_t tensor) { return last_use[tensor] > i; });
    std::for_each(dead, alive.end(), [&](size_t tensor) { planner.Release(tensor); });
    alive.erase(dead, alive.end());
  }
  for (size_t i = 0; i < owner.size(); i++) {
    planner.plan_.of_tensor[i] = planner.plan_.of_tensor[owner[i]];
  }
  return std::move(planner.plan_);
}

}  // namespace classify
