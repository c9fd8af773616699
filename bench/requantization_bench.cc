// SPDX-License-Identifier: BSD-3-Clause
// The four requantization schemes side by side, on every instruction set that this processor runs:
// time per 16 outputs, accumulators and outputs in the first-level cache. Each row's result
// is compared with the scalar row and with real arithmetic before it is timed. What the figures are
// for: doc/quantization.md, "Requantization schemes".
#include <benchmark/benchmark.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <random>
#include <string>
#include <vector>

#include "requantization/params.h"

namespace qnnp::bench {
namespace {

constexpr size_t kOutputs = 4096;
constexpr double kScale = 0x1.8765432p-9;
constexpr uint8_t kZeroPoint = 121, kMin = 2, kMax = 253;

// The schemes round twice at most: this far from the real result, at any scale.
constexpr double kBound = 0.75 + 0x1p-13;

const RequantizationKernel* scalar_row(Scheme scheme) {
  for (const RequantizationKernel* kernel : requantization_kernels()) {
    if (kernel->isa == Isa::scalar && kernel->scheme == scheme) return kernel;
  }
  return nullptr;
}

bool correct(const RequantizationKernel& kernel, const std::vector<int32_t>& acc,
             const RequantizationParams& params) {
  std::vector<uint8_t> c(acc.size()), scalar(acc.size());
  kernel.run({acc.size(), acc.data(), c.data(), &params});
  scalar_row(kernel.scheme)->run({acc.size(), acc.data(), scalar.data(), &params});
  for (size_t i = 0; i < acc.size(); i++) {
    const double real = std::clamp<double>(acc[i] * kScale + kZeroPoint, kMin, kMax);
    if (std::abs(c[i] - real) > kBound) return false;
  }
  return c == scalar;
}

void run_row(benchmark::State& state, const RequantizationKernel& kernel) {
  std::mt19937 random(1);
  std::vector<int32_t> acc(kOutputs);
  // A few of them beyond the range of a byte.
  for (int32_t& x : acc) x = static_cast<int32_t>(random() >> 15) - (1 << 16);
  std::vector<uint8_t> c(kOutputs);
  RequantizationParams params;
  if (requantization_params(kernel.scheme, kScale, kZeroPoint, kMin, kMax, &params) !=
      qnnp_status_success) {
    state.SkipWithError(last_error());
    return;
  }
  if (!correct(kernel, acc, params)) {
    state.SkipWithError("wrong output");
    return;
  }
  for (auto _ : state) {
    kernel.run({kOutputs, acc.data(), c.data(), &params});
    benchmark::ClobberMemory();
  }
  const double sixteens = static_cast<double>(kOutputs / 16 * state.iterations());
  state.counters["time_per_16"] =
      benchmark::Counter(sixteens, benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
}

}  // namespace
}  // namespace qnnp::bench

int main(int argc, char** argv) {
  using namespace qnnp;
  if (initialize() != qnnp_status_success) {
    fprintf(stderr, "requantization_bench: %s\n", last_error());
    return 1;
  }
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 2;
  for (const RequantizationKernel* kernel : requantization_kernels()) {
    if (!isa_enabled(kernel->isa)) continue;
    const std::string name = std::string("requantization/") + kernel->name;
    benchmark::RegisterBenchmark(
        name.c_str(), [kernel](benchmark::State& state) { bench::run_row(state, *kernel); });
  }
  benchmark::RunSpecifiedBenchmarks();
  return 0;
}
