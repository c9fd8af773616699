// SPDX-License-Identifier: BSD-3-Clause
// Convolution operators on the layers of real networks, in three types.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "cases.h"
#include "peak.h"

namespace qnnp::bench {
namespace {

constexpr char kAbout[] =
    "convolution_bench: convolutions of real networks, network/type/layer/threads.\n"
    "  --benchmark_filter=mobilenet_v2/uint8   one network's layers in one type\n"
    "  --sums [THREADS]   whole networks in uint8: medians of repeated runs, layer after layer";

// Every layer in turn, over and over; per layer the median. Sums are what a network costs without
// its other operators.
void print_sums(const Network& network, size_t threads) {
  using Clock = std::chrono::steady_clock;
  constexpr int kRounds = 25;
  const double peak = peak_gops();
  pthreadpool_t pool = threads > 1 ? pthreadpool_create(threads) : nullptr;
  std::vector<Bound> bound;
  for (const Layer& layer : network.layers) {
    bound.emplace_back(layer_case(network.name, layer, Types::uint8));
  }
  std::vector<std::vector<double>> times(bound.size());
  for (int round = 0; round < kRounds; round++) {
    for (size_t i = 0; i < bound.size(); i++) {
      const auto start = Clock::now();
      bound[i].run(pool);
      times[i].push_back(std::chrono::duration<double, std::micro>(Clock::now() - start).count());
    }
  }
  double sum = 0, macs = 0, depthwise = 0;
  for (size_t i = 0; i < bound.size(); i++) {
    const Layer& layer = network.layers[i];
    std::sort(times[i].begin(), times[i].end());
    const double us = times[i][kRounds / 2];
    printf("  %-36s %d x %8.1f us %7.1f GOPS %5.1f %% of peak\n", layer.name().c_str(),
           layer.repeats, us, 2e-3 * layer.macs() / us, 0.2 * layer.macs() / us / peak);
    sum += us * layer.repeats;
    macs += layer.macs() * layer.repeats;
    if (layer.depthwise()) depthwise += us * layer.repeats;
  }
  printf(
      "%s: %.1f MMAC, %.0f us, %.1f GOPS, %.1f %% of the %s peak (%.1f GOPS), depthwise %.0f us, "
      "%zu thread(s)\n",
      network.name, macs * 1e-6, sum, 2e-3 * macs / sum, 0.2 * macs / sum / peak, peak_name(), peak,
      depthwise, threads);
  if (pool != nullptr) pthreadpool_destroy(pool);
}

std::vector<Case> cases() {
  std::vector<Case> result;
  for (const Network& network : networks()) {
    for (const Types types : {Types::uint8, Types::int8, Types::dynamic}) {
      for (const Layer& layer : network.layers) {
        result.push_back(layer_case(network.name, layer, types));
      }
    }
  }
  return result;
}

}  // namespace
}  // namespace qnnp::bench

int main(int argc, char** argv) {
  using namespace qnnp::bench;
  require(qnnp_initialize());
  for (int i = 1; i < argc; i++) {
    if (strcmp(argv[i], "--sums") == 0) {
      const size_t threads = i + 1 < argc ? strtoul(argv[i + 1], nullptr, 10) : 1;
      for (const Network& network : networks()) print_sums(network, threads == 0 ? 1 : threads);
      return 0;
    }
  }
  return run_cases(argc, argv, kAbout, cases());
}
