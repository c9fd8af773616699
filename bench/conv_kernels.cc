// SPDX-License-Identifier: BSD-3-Clause
// Part of kernels_bench: every q8conv kernel that this processor runs, on 3x3 layers and a first
// layer. Each result is compared with the scalar row's before it is timed.
#include <algorithm>
#include <cstdio>

#include "kernel_rows.h"
#include "q8conv/q8conv.h"
#include "q8gemm/pack.h"

namespace qnnp::bench {
namespace {

constexpr ptrdiff_t kKernel = 3;

struct Layer {
  ptrdiff_t size, stride;
  size_t inputs, outputs;

  ptrdiff_t output_size() const { return (size + stride - 1) / stride; }
  size_t pixels() const { return static_cast<size_t>(output_size() * output_size()); }
};
constexpr Layer kLayers[] = {{224, 2, 3, 32},   {56, 1, 64, 64},   {56, 2, 16, 16},
                             {28, 1, 128, 128}, {14, 1, 256, 256}, {7, 1, 512, 512}};

// A layer with random data, packed for a kernel.
struct Problem {
  Problem(const ConvKernel& kernel, const Layer& layer, bool flip);
  void run() const;

  const ConvKernel& kernel;
  Layer layer;
  bool flip;  // the image is int8
  size_t patch_rows;
  PackShape packing;
  std::vector<uint8_t> image, zeros;
  mutable std::vector<uint8_t> c;
  Buffer packed;
};

Problem::Problem(const ConvKernel& row, const Layer& l, bool image_is_signed)
    : kernel(row),
      layer(l),
      flip(image_is_signed),
      patch_rows(choose_patch_rows(kKernel, kKernel, l.inputs)),
      packing{row.format, l.outputs, patch_rows == 0 ? kKernel * kKernel : kKernel / patch_rows,
              patch_rows == 0 ? l.inputs : patch_rows * kKernel * l.inputs},
      image(random_codes(static_cast<size_t>(l.size * l.size) * l.inputs, 1)),
      zeros(l.inputs, kInputZero ^ (image_is_signed ? 0x80 : 0)),
      c(l.pixels() * l.outputs) {
  const size_t depth = packing.runs * packing.length;
  const std::vector<uint8_t> weights = random_codes(l.outputs * depth, 2);
  const std::vector<float> scales = random_scales(l.outputs, depth);
  const WeightSource source = {weights.data(), nullptr, scales.data(), kInputZero, kKernelZero, 0};
  exit_on_failure(packed.resize(packing.bytes().value(), "weights"));
  exit_on_failure(pack_weights(packing, source, packed.data()));
}

void Problem::run() const {
  const ptrdiff_t stride = layer.stride, padding = kKernel / 2;
  const ConvGeometry geometry = {layer.size,
                                 layer.size,
                                 layer.output_size(),
                                 kKernel,
                                 kKernel,
                                 stride,
                                 stride,
                                 1,
                                 1,
                                 padding,
                                 padding,
                                 static_cast<ptrdiff_t>(layer.inputs),
                                 layer.inputs,
                                 static_cast<ptrdiff_t>(patch_rows),
                                 true,
                                 zeros.data()};
  const size_t step = kMaxRows / kernel.format.mr * kernel.format.mr, pixels = layer.pixels();
  for (size_t first = 0; first < pixels; first += step) {
    kernel.run(
        {{packed.data(), packing.block_bytes().value(), layer.outputs, &c[first * layer.outputs],
          layer.outputs, row_sum_factor(kernel.format.code, kKernelZero),
          output_params(kOutputZero, 0, 255)},
         &geometry,
         image.data(),
         first,
         std::min(step, pixels - first)},
        flip);
  }
}

void run_layer(benchmark::State& state, const ConvKernel& kernel, const Layer& layer, bool flip,
               double peak) {
  const Problem problem(kernel, layer, flip), scalar(*q8conv_kernels()[0], layer, flip);
  time_like_scalar(state, problem, scalar,
                   problem.c.size() * problem.packing.runs * problem.packing.length, peak);
}

}  // namespace

void register_conv_kernels(double peak) {
  for (const ConvKernel* kernel : q8conv_kernels()) {
    if (!isa_enabled(kernel->isa)) continue;
    for (const Layer& layer : kLayers) {
      for (bool flip : {false, true}) {
        char name[96];
        snprintf(name, sizeof(name), "q8conv/%s/%s/%dx%dx%zu-%zu/3x3s%d", kernel->name,
                 flip ? "int8" : "uint8", static_cast<int>(layer.size),
                 static_cast<int>(layer.size), layer.inputs, layer.outputs,
                 static_cast<int>(layer.stride));
        const auto run = [=](benchmark::State& state) {
          run_layer(state, *kernel, layer, flip, peak);
        };
        benchmark::RegisterBenchmark(name, run)->Unit(benchmark::kMicrosecond);
      }
    }
  }
}

}  // namespace qnnp::bench
