// SPDX-License-Identifier: BSD-3-Clause
// Part of kernels_bench: every q8dwconv kernel that this processor runs, on the layers that it is
// made for. Each result is compared with the scalar row's before it is timed.
#include <cstdio>

#include "kernel_rows.h"
#include "q8dwconv/pack.h"

namespace qnnp::bench {
namespace {

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
  const std::vector<float> scales = random_scales(l.channels, taps);
  const WeightSource source = {weights.data(), nullptr, scales.data(), kInputZero, kKernelZero, 0};
  exit_on_failure(packed.resize(packing.bytes().value(), "weights"));
  exit_on_failure(pack_dwconv(packing, source, packed.data()));
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
  time_like_scalar(state, problem, scalar,
                   layer.output_bytes() * static_cast<size_t>(layer.kernel * layer.kernel), peak);
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
