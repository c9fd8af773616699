// SPDX-License-Identifier: BSD-3-Clause
// Every q8gemm kernel of the table that this processor runs, on the shapes of fully connected and
// 1x1 layers, with rows of uint8 and of int8; and every q8conv and q8dwconv kernel
// (conv_kernels.cc, dwconv_kernels.cc). The first rows of each result are checked against the
// definition before it is timed. Operator figures (convolution_bench) are what users get; these
// explain them.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <random>
#include <string>
#include <vector>

#include "kernel_rows.h"
#include "peak.h"
#include "q8gemm/pack.h"
#include "q8gemm/q8gemm.h"

namespace qnnp::bench {
namespace {

struct Shape {
  size_t m, n, k;
};
constexpr Shape kShapes[] = {{1024, 1024, 1024}, {196, 512, 512}, {49, 1024, 1024},
                             {196, 256, 1152},   {784, 128, 128}, {3136, 64, 64},
                             {12544, 32, 27},    {12544, 96, 16}, {3136, 144, 24},
                             {12544, 16, 32},    {1, 1000, 1024}};

// A GEMM with random data, packed for a kernel.
struct Problem {
  Problem(const GemmKernel& kernel, const Shape& shape, bool flip);
  void run() const;
  bool correct() const;

  const GemmKernel& kernel;
  Shape shape;
  bool flip;  // rows are int8
  PackShape packing;
  std::vector<uint8_t> a, w;
  mutable std::vector<uint8_t> c;
  std::vector<int32_t> bias;
  std::vector<float> scale;
  Buffer packed;
};

Problem::Problem(const GemmKernel& row, const Shape& s, bool rows_are_signed)
    : kernel(row),
      shape(s),
      flip(rows_are_signed),
      packing{row.format, s.n, 1, s.k},
      a(random_codes(s.m * s.k, 1)),
      w(random_codes(s.n * s.k, 2)),
      c(s.m * s.n),
      bias(s.n),
      scale(random_scales(s.n, s.k)) {
  std::mt19937 random(3);
  for (int32_t& value : bias) value = static_cast<int32_t>(random() % 2000) - 1000;
  const WeightSource source = {w.data(), bias.data(), scale.data(), kInputZero, kKernelZero, 0};
  exit_on_failure(packed.resize(packing.bytes().value(), "weights"));
  exit_on_failure(pack_weights(packing, source, packed.data()));
}

void Problem::run() const {
  const size_t step = kMaxRows / kernel.format.mr * kernel.format.mr;
  for (size_t row = 0; row < shape.m; row += step) {
    kernel.run(
        {{packed.data(), packing.block_bytes().value(), shape.n, &c[row * shape.n], shape.n,
          row_sum_factor(kernel.format.code, kKernelZero), output_params(kOutputZero, 0, 255)},
         std::min(step, shape.m - row),
         &a[row * shape.k],
         shape.k,
         shape.k},
        flip);
  }
}

bool Problem::correct() const {
  run();
  for (size_t row = 0; row < std::min<size_t>(shape.m, 3); row++) {
    for (size_t n = 0; n < shape.n; n++) {
      int64_t acc = bias[n];
      for (size_t k = 0; k < shape.k; k++) {
        const int x = a[row * shape.k + k] ^ (flip ? 0x80 : 0);
        acc += (x - kInputZero) * (int{w[n * shape.k + k]} - kKernelZero);
      }
      const float product = static_cast<float>(acc) * scale[n];
      const double value = std::nearbyint(static_cast<double>(product)) + kOutputZero;
      if (c[row * shape.n + n] != static_cast<uint8_t>(std::clamp(value, 0.0, 255.0))) return false;
    }
  }
  return true;
}

void run_shape(benchmark::State& state, const GemmKernel& kernel, const Shape& shape, bool flip,
               double peak) {
  const Problem problem(kernel, shape, flip);
  if (!problem.correct()) {
    state.SkipWithError("wrong output");
    return;
  }
  time_kernel(state, problem, shape.m * shape.n * shape.k, peak);
  // What tools/fit_tile_costs.py explains the times by.
  state.counters["blocks"] = static_cast<double>(problem.packing.computed()) / kernel.format.nr;
  state.counters["steps"] = static_cast<double>(problem.packing.steps());
}

}  // namespace
}  // namespace qnnp::bench

int main(int argc, char** argv) {
  using namespace qnnp;
  if (initialize() != qnnp_status_success) {
    fprintf(stderr, "kernels_bench: %s\n", last_error());
    return 1;
  }
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 2;
  const double peak = bench::peak_gops();
  benchmark::AddCustomContext(
      "peak", std::string(bench::peak_name()) + " " + std::to_string(peak) + " GOPS");
  for (const GemmKernel* kernel : q8gemm_kernels()) {
    if (!isa_enabled(kernel->isa)) continue;
    for (const bench::Shape& shape : bench::kShapes) {
      for (bool flip : {false, true}) {
        const std::string name = std::string("q8gemm/") + kernel->name + "/" +
                                 (flip ? "int8/" : "uint8/") + std::to_string(shape.m) + "x" +
                                 std::to_string(shape.n) + "x" + std::to_string(shape.k);
        const auto run = [kernel, shape, flip, peak](benchmark::State& state) {
          bench::run_shape(state, *kernel, shape, flip, peak);
        };
        benchmark::RegisterBenchmark(name.c_str(), run)->Unit(benchmark::kMicrosecond);
      }
    }
  }
  bench::register_conv_kernels(peak);
  bench::register_dwconv_kernels(peak);
  benchmark::RunSpecifiedBenchmarks();
  return 0;
}
