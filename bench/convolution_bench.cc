// SPDX-License-Identifier: BSD-3-Clause
// Convolution operators on the layers of real networks: GOPS (2 per multiply-accumulate) and the
// share of this machine's own peak, which is measured in the same process just before. Output is
// checked against the definition once before a layer is timed.
//   convolution_bench --benchmark_filter=mobilenet_v2        one network's layers
//   convolution_bench --sums                                 whole networks: medians of repeated
//   runs, layer after layer
#include <benchmark/benchmark.h>
#include <qnnpack.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <random>
#include <stdexcept>

#include "layers.h"
#include "peak.h"

namespace qnnp::bench {
namespace {

void require(enum qnnp_status status) {
  if (status != qnnp_status_success) throw std::runtime_error(qnnp_get_last_error());
}

struct OperatorDeleter {
  void operator()(qnnp_operator_t op) const { qnnp_delete_operator(op); }
};

// A layer with random weights and input, set up and checked.
class BoundLayer {
 public:
  explicit BoundLayer(const Layer& layer);
  void run(pthreadpool_t pool) const { qnnp_run_operator(op_.get(), pool); }
  const Layer& layer() const { return layer_; }

 private:
  void check() const;

  static constexpr uint8_t kInputZero = 3, kKernelZero = 131, kOutputZero = 128;
  Layer layer_;
  std::vector<uint8_t> input_, kernel_, output_;
  std::vector<int32_t> bias_;
  float kernel_scale_;
  std::unique_ptr<struct qnnp_operator, OperatorDeleter> op_;
};

BoundLayer::BoundLayer(const Layer& layer) : layer_(layer) {
  const size_t group_inputs = layer.depthwise ? 1 : layer.inputs;
  const size_t depth = layer.kernel * layer.kernel * group_inputs;
  std::mt19937 random(static_cast<uint32_t>(layer.inputs + layer.outputs));
  const auto fill = [&](std::vector<uint8_t>& bytes, size_t size) {
    bytes.resize(size);
    for (uint8_t& byte : bytes) byte = static_cast<uint8_t>(random() >> 24);
  };
  fill(input_, layer.size * layer.size * layer.inputs);
  fill(kernel_, layer.outputs * depth);
  output_.resize(layer.output_size() * layer.output_size() * layer.outputs);
  bias_.resize(layer.outputs);
  for (int32_t& value : bias_) value = static_cast<int32_t>(random() % 2000) - 1000;
  kernel_scale_ = 1.0f / (300.0f * std::sqrt(static_cast<float>(depth)));
  const uint32_t before = layer.padding() / 2, after = layer.padding() - before;
  qnnp_operator_t op = nullptr;
  require(qnnp_create_convolution2d_nhwc_q8(
      before, after, after, before, layer.kernel, layer.kernel, layer.stride, layer.stride, 1, 1,
      layer.depthwise ? static_cast<uint32_t>(layer.inputs) : 1, group_inputs,
      layer.depthwise ? 1 : layer.outputs, kInputZero, 1.0f, kKernelZero, kernel_scale_,
      kernel_.data(), bias_.data(), kOutputZero, 1.0f, 0, 255, 0, &op));
  op_.reset(op);
  require(qnnp_setup_convolution2d_nhwc_q8(op, 1, layer.size, layer.size, input_.data(),
                                           layer.inputs, output_.data(), layer.outputs, nullptr));
  check();
}

// 500 outputs by definition.
void BoundLayer::check() const {
  run(nullptr);
  std::mt19937 random(7);
  const size_t out = layer_.output_size(), group = layer_.depthwise ? 1 : layer_.inputs;
  const ptrdiff_t before = layer_.padding() / 2, size = static_cast<ptrdiff_t>(layer_.size);
  for (int i = 0; i < 500; i++) {
    const size_t y = random() % out, x = random() % out, n = random() % layer_.outputs;
    int64_t acc = bias_[n];
    for (uint32_t ky = 0; ky < layer_.kernel; ky++) {
      for (uint32_t kx = 0; kx < layer_.kernel; kx++) {
        const ptrdiff_t row = static_cast<ptrdiff_t>(y * layer_.stride + ky) - before;
        const ptrdiff_t column = static_cast<ptrdiff_t>(x * layer_.stride + kx) - before;
        if (row < 0 || column < 0 || row >= size || column >= size) continue;
        const uint8_t* a = &input_[static_cast<size_t>(row * size + column) * layer_.inputs];
        for (size_t c = 0; c < group; c++) {
          const uint8_t w = kernel_[((n * layer_.kernel + ky) * layer_.kernel + kx) * group + c];
          acc += (int{a[layer_.depthwise ? n : c]} - kInputZero) * (int{w} - kKernelZero);
        }
      }
    }
    const float product = static_cast<float>(acc) * kernel_scale_;
    const double value =
        std::clamp(std::nearbyint(static_cast<double>(product)) + kOutputZero, 0.0, 255.0);
    if (output_[(y * out + x) * layer_.outputs + n] != static_cast<uint8_t>(value)) {
      throw std::runtime_error(layer_.name() + ": wrong output");
    }
  }
}

void run_layer(benchmark::State& state, const Layer& layer, double peak) {
  const BoundLayer bound(layer);
  for (auto _ : state) bound.run(nullptr);
  const double operations = 2 * layer.macs() * static_cast<double>(state.iterations());
  state.counters["GOPS"] = benchmark::Counter(operations * 1e-9, benchmark::Counter::kIsRate);
  state.counters["of_peak_%"] =
      benchmark::Counter(operations * 1e-7 / peak, benchmark::Counter::kIsRate);
}

struct Network {
  const char* name;
  std::vector<Layer> layers;
};

std::vector<Network> networks() {
  return {{"mobilenet_v1", mobilenet_v1()},
          {"mobilenet_v2", mobilenet_v2()},
          {"resnet50_3x3", resnet50_3x3()}};
}

// Every layer in turn, over and over; per layer the median. Sums are what a network costs without
// its other operators.
void print_sums(const Network& network, size_t threads) {
  using Clock = std::chrono::steady_clock;
  constexpr int kRounds = 25;
  const double peak = peak_gops();
  pthreadpool_t pool = threads > 1 ? pthreadpool_create(threads) : nullptr;
  std::vector<BoundLayer> layers;
  for (const Layer& layer : network.layers) layers.emplace_back(layer);
  std::vector<std::vector<double>> times(layers.size());
  for (int round = 0; round < kRounds; round++) {
    for (size_t i = 0; i < layers.size(); i++) {
      const auto start = Clock::now();
      layers[i].run(pool);
      times[i].push_back(std::chrono::duration<double, std::micro>(Clock::now() - start).count());
    }
  }
  double sum = 0, macs = 0, depthwise = 0;
  for (size_t i = 0; i < layers.size(); i++) {
    const Layer& layer = layers[i].layer();
    std::sort(times[i].begin(), times[i].end());
    const double us = times[i][kRounds / 2];
    printf("  %-32s %8.1f us %7.1f GOPS %5.1f %% of peak\n", layer.name().c_str(), us,
           2e-3 * layer.macs() / us, 0.2 * layer.macs() / us / peak);
    sum += us * layer.repeats;
    macs += layer.macs() * layer.repeats;
    if (layer.depthwise) depthwise += us * layer.repeats;
  }
  printf(
      "%s: %.1f MMAC, %.0f us, %.1f GOPS, %.1f %% of the %s peak (%.1f GOPS), depthwise %.0f us, "
      "%zu thread(s)\n",
      network.name, macs * 1e-6, sum, 2e-3 * macs / sum, 0.2 * macs / sum / peak, peak_name(), peak,
      depthwise, threads);
  if (pool != nullptr) pthreadpool_destroy(pool);
}

int run_benchmarks(int argc, char** argv) {
  for (int i = 1; i < argc; i++) {
    if (strcmp(argv[i], "--sums") == 0) {
      const size_t threads = i + 1 < argc ? strtoul(argv[i + 1], nullptr, 10) : 1;
      for (const Network& network : networks()) print_sums(network, threads == 0 ? 1 : threads);
      return 0;
    }
  }
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 2;
  const double peak = peak_gops();
  benchmark::AddCustomContext("peak",
                              std::string(peak_name()) + " " + std::to_string(peak) + " GOPS");
  for (const Network& network : networks()) {
    for (const Layer& layer : network.layers) {
      const std::string name = std::string(network.name) + "/" + layer.name();
      benchmark::RegisterBenchmark(
          name.c_str(), [layer, peak](benchmark::State& state) { run_layer(state, layer, peak); })
          ->Unit(benchmark::kMicrosecond)
          ->UseRealTime();
    }
  }
  benchmark::RunSpecifiedBenchmarks();
  return 0;
}

}  // namespace
}  // namespace qnnp::bench

int main(int argc, char** argv) {
  if (qnnp_initialize() != qnnp_status_success) {
    fprintf(stderr, "convolution_bench: %s\n", qnnp_get_last_error());
    return 1;
  }
  try {
    return qnnp::bench::run_benchmarks(argc, argv);
  } catch (const std::exception& error) {
    fprintf(stderr, "convolution_bench: %s\n", error.what());
    return 1;
  }
}
