// SPDX-License-Identifier: BSD-3-Clause
// Part of kernels_bench: every q8dwconv kernel that this processor runs, on the layers that it is
// made for. Each result is compared with the scalar row's before it is timed.
#include "dwconv_kernels.h"

#include <benchmark/benchmark.h>

#include <cmath>
#include <cstdio>
#include <random>
#include <string>
#include <vector>

#include "q8dwconv/pack.h"

namespace qnnp::bench {
namespace {

constexpr uint8_t kInputZero = 3, kKernelZero = 131, kOutputZero = 128;

struct Layer {
  ptrdiff_t size, kernel, stride;
  size_t channels;

  ptrdiff_t output_size() const { return (size + stride - 1) / stride; }
  size_t output_bytes() const {
    return static_cast<size_t>(output_size() * output_size()) * channels;
  }
};
constexpr Layer kLayers[] = {{112, 3, 1, 16}, {112, 3, 1, 32}, {112, 3, 1, 64}, {56, 3, 1, 128},
                             {28, 3, 1, 256}, {14, 3, 1, 512}, {7, 3, 1, 960},  {112, 3, 2, 64},
                             {56, 3, 2, 128}, {28, 3, 2, 256}, {28, 5, 1, 120}, {14, 5, 1, 480},
                             {56, 5, 2, 72}};

std::vector<uint8_t> random_codes(size_t size, uint32_t seed) {
  std::mt19937 random(seed);
  std::vector<uint8_t> codes(size);
  for (uint8_t& code : codes) code = static_cast<uint8_t>(random() >> 24);
  return codes;
}

// A layer with random data, packed for a kernel.
struct Problem {
  Problem(const DwconvKernel& kernel, const Layer& layer, bool flip);
  void run() const;

  const DwconvKernel& kernel;
  Layer layer;
  bool flip;  // the image is int8
  DwconvShape packing;
  std::vector<uint8_t> image, zeros;
  mutable std::vector<uint8_t> c;
  Buffer packed;
};

Problem::Problem(const DwconvKernel& row, const Layer& l, bool image_is_signed)
    : kernel(row),
      layer(l),
      flip(image_is_signed),
      packing{row.format, l.channels, static_cast<size_t>(l.kernel), static_cast<size_t>(l.kernel)},
      image(random_codes(static_cast<size_t>(l.size * l.size) * l.channels, 1)),
      zeros(l.channels, kInputZero ^ (image_is_signed ? 0x80 : 0)),
      c(l.output_bytes()) {
  const size_t taps = static_cast<size_t>(l.kernel * l.kernel);
  const std::vector<uint8_t> weights = random_codes(l.channels * taps, 2);
  const std::vector<float> scales(l.channels,
                                  1.0f / (300.0f * std::sqrt(static_cast<float>(taps))));
  const WeightSource source = {weights.data(), nullptr, scales.data(), kInputZero, kKernelZero, 0};
  if (packed.resize(packing.bytes().value(), "weights") != qnnp_status_success ||
      pack_dwconv(packing, source, packed.data()) != qnnp_status_success) {
    fprintf(stderr, "kernels_bench: %s\n", last_error());
    exit(1);
  }
}

void Problem::run() const {
  const ptrdiff_t width = static_cast<ptrdiff_t>(layer.channels), output = layer.output_size();
  const ptrdiff_t padding = layer.kernel / 2;
  const DwconvGeometry geometry = {
      layer.size, layer.size, output,  layer.kernel, layer.kernel, layer.stride,   layer.stride, 1,
      1,          padding,    padding, width,        width,        layer.channels, zeros.data()};
  kernel.run(
      {&geometry, packed.data(), packing.block_bytes().value(), image.data(), 0, output, c.data(),
       row_sum_factor(kernel.format.code, kKernelZero), output_params(kOutputZero, 0, 255)},
      flip);
}

void run_layer(benchmark::State& state, const DwconvKernel& kernel, const Layer& layer, bool flip,
               double peak) {
  const Problem problem(kernel, layer, flip), scalar(*q8dwconv_kernels()[0], layer, flip);
  problem.run();
  scalar.run();
  if (problem.c != scalar.c) {
    state.SkipWithError("wrong output");
    return;
  }
  for (auto _ : state) problem.run();
  const double operations = 2.0 * static_cast<double>(layer.output_bytes()) *
                            static_cast<double>(layer.kernel * layer.kernel) *
                            static_cast<double>(state.iterations());
  state.counters["GOPS"] = benchmark::Counter(operations * 1e-9, benchmark::Counter::kIsRate);
  state.counters["of_peak_%"] =
      benchmark::Counter(operations * 1e-7 / peak, benchmark::Counter::kIsRate);
}

bool suits(const DwconvKernel& kernel, const Layer& layer) {
  return kernel.kernel_height == 0 ||
         (kernel.kernel_height == layer.kernel && kernel.subsampling_width == layer.stride);
}

}  // namespace

void register_dwconv_kernels(double peak) {
  for (const DwconvKernel* kernel : q8dwconv_kernels()) {
    if (!isa_enabled(kernel->isa)) continue;
    for (const Layer& layer : kLayers) {
      if (!suits(*kernel, layer)) continue;
      for (bool flip : {false, true}) {
        char name[96];
        snprintf(name, sizeof(name), "q8dwconv/%s/%s/%dx%dx%zu/%dx%ds%d", kernel->name,
                 flip ? "int8" : "uint8", static_cast<int>(layer.size),
                 static_cast<int>(layer.size), layer.channels, static_cast<int>(layer.kernel),
                 static_cast<int>(layer.kernel), static_cast<int>(layer.stride));
        const auto run = [=](benchmark::State& state) {
          run_layer(state, *kernel, layer, flip, peak);
        };
        benchmark::RegisterBenchmark(name, run)->Unit(benchmark::kMicrosecond);
      }
    }
  }
}

}  // namespace qnnp::bench
