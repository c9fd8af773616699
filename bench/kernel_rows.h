// SPDX-License-Identifier: BSD-3-Clause
// What the parts of kernels_bench share: zero points, random data, and how a row of a table is
// checked and timed. `peak` is always what peak_gops() says.
#pragma once

#include <benchmark/benchmark.h>

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <random>
#include <vector>

#include "base/status.h"

namespace qnnp::bench {

// Add the rows of q8conv (conv_kernels.cc) and q8dwconv (dwconv_kernels.cc).
void register_conv_kernels(double peak);
void register_dwconv_kernels(double peak);

constexpr uint8_t kInputZero = 3, kKernelZero = 131, kOutputZero = 128;

inline std::vector<uint8_t> random_codes(size_t size, uint32_t seed) {
  std::mt19937 random(seed);
  std::vector<uint8_t> codes(size);
  for (uint8_t& code : codes) code = static_cast<uint8_t>(random() >> 24);
  return codes;
}

// Scales that spread sums of `depth` products of random codes over the output's range.
inline std::vector<float> random_scales(size_t channels, size_t depth) {
  return std::vector<float>(channels, 1.0f / (300.0f * std::sqrt(static_cast<float>(depth))));
}

inline void exit_on_failure(Status status) {
  if (status == qnnp_status_success) return;
  fprintf(stderr, "kernels_bench: %s\n", last_error());
  exit(1);
}

// Times problem.run(), which makes `macs` multiply-adds.
template <class Problem>
void time_kernel(benchmark::State& state, const Problem& problem, size_t macs, double peak) {
  for (auto _ : state) problem.run();
  const double operations =
      2.0 * static_cast<double>(macs) * static_cast<double>(state.iterations());
  state.counters["GOPS"] = benchmark::Counter(operations * 1e-9, benchmark::Counter::kIsRate);
  state.counters["of_peak_%"] =
      benchmark::Counter(operations * 1e-7 / peak, benchmark::Counter::kIsRate);
}

// The same, if the output `c` is that of the scalar row's problem.
template <class Problem>
void time_like_scalar(benchmark::State& state, const Problem& problem, const Problem& scalar,
                      size_t macs, double peak) {
  problem.run();
  scalar.run();
  if (problem.c != scalar.c) {
    state.SkipWithError("wrong output");
    return;
  }
  time_kernel(state, problem, macs, peak);
}

}  // namespace qnnp::bench
