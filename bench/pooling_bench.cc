// SPDX-License-Identifier: BSD-3-Clause
// Poolings, reductions and argmax on shapes of real networks, one and two threads. Each result is
// compared with the definition's plain loop before it is timed. times_memcpy: the best time over
// that of a memcpy that reads and writes as many bytes together, measured just before.
#include <benchmark/benchmark.h>
#include <qnnpack.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstring>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace qnnp::bench {
namespace {

using Bytes = std::vector<uint8_t>;

constexpr int32_t kInputZero = 5, kOutputZero = 7;
constexpr float kInputScale = 0.75f, kOutputScale = 0.5f;

struct Case {
  std::string name;
  size_t input_bytes, output_bytes;
  // Makes the operator and binds it.
  std::function<enum qnnp_status(const uint8_t* input, uint8_t* output, qnnp_operator_t* op)> make;
  std::function<Bytes(const Bytes& input)> expected;
};

template <class Work>
double best_seconds(int repeats, const Work& work) {
  double best = 1;
  for (int i = 0; i < repeats; i++) {
    const auto begin = std::chrono::steady_clock::now();
    work();
    benchmark::ClobberMemory();
    const std::chrono::duration<double> time = std::chrono::steady_clock::now() - begin;
    best = std::min(best, time.count());
  }
  return best;
}

double copy_seconds(size_t bytes) {
  const Bytes from(bytes / 2, 1);
  Bytes to(bytes / 2);
  return best_seconds(200, [&] { memcpy(to.data(), from.data(), to.size()); });
}

void run_case(benchmark::State& state, const Case& c) {
  const std::unique_ptr<struct pthreadpool, decltype(&pthreadpool_destroy)> pool(
      state.range(0) == 1 ? nullptr : pthreadpool_create(static_cast<size_t>(state.range(0))),
      pthreadpool_destroy);
  Bytes input(c.input_bytes), output(c.output_bytes);
  for (size_t i = 0; i < input.size(); i++) input[i] = static_cast<uint8_t>(i * 167 + (i >> 8));
  qnnp_operator_t op = nullptr;
  if (c.make(input.data(), output.data(), &op) != qnnp_status_success ||
      qnnp_run_operator(op, pool.get()) != qnnp_status_success) {
    state.SkipWithError(qnnp_get_last_error());
  } else if (output != c.expected(input)) {
    state.SkipWithError("wrong output");
  }
  const double bytes = static_cast<double>(c.input_bytes + c.output_bytes);
  const double copy = copy_seconds(c.input_bytes + c.output_bytes);
  double best = 1;
  for (auto _ : state) {
    best = std::min(best, best_seconds(1, [&] { qnnp_run_operator(op, pool.get()); }));
  }
  state.counters["best_us"] = best * 1e6;
  state.counters["best_GB/s"] = bytes / best * 1e-9;
  state.counters["times_memcpy"] = best / copy;
  if (op != nullptr) qnnp_delete_operator(op);
}

uint8_t mean_of(int64_t sum, size_t area) {
  const double divisor = static_cast<double>(kOutputScale) * static_cast<double>(area);
  const float scale = static_cast<float>(static_cast<double>(kInputScale) / divisor);
  const double mean = std::nearbyint(static_cast<double>(static_cast<float>(sum) * scale));
  return static_cast<uint8_t>(std::clamp(mean + kOutputZero, 0.0, 255.0));
}

template <class Desc>
Desc with_quantization(Desc desc, enum qnnp_reduction operation) {
  desc.operation = operation;
  desc.input_zero_point = kInputZero;
  desc.input_scale = kInputScale;
  desc.output_zero_point = kOutputZero;
  desc.output_scale = kOutputScale;
  return desc;
}

const char* name_of(enum qnnp_reduction operation) {
  return operation == qnnp_reduction_max ? "max" : "mean";
}

struct Window {
  size_t image, channels;
  uint32_t size, stride, padding;
  bool exclude_padding;
};

Bytes pooled(const Bytes& input, enum qnnp_reduction operation, const Window& w, size_t outputs) {
  Bytes result;
  for (size_t pixel = 0; pixel < outputs * outputs; pixel++) {
    const size_t top = pixel / outputs * w.stride, left = pixel % outputs * w.stride;
    for (size_t c = 0; c < w.channels; c++) {
      int64_t sum = 0;
      size_t inside = 0;
      uint8_t largest = 0;
      for (size_t y = std::max<size_t>(top, w.padding); y < top + w.size; y++) {
        for (size_t x = std::max<size_t>(left, w.padding); x < left + w.size; x++) {
          if (y >= w.image + w.padding || x >= w.image + w.padding) continue;
          const size_t at = (y - w.padding) * w.image + x - w.padding;
          const uint8_t value = input[at * w.channels + c];
          sum += value - kInputZero;
          largest = std::max(largest, value);
          inside++;
        }
      }
      const size_t area = w.exclude_padding ? inside : size_t{w.size} * w.size;
      result.push_back(operation == qnnp_reduction_max ? largest : mean_of(sum, area));
    }
  }
  return result;
}

Case window_case(enum qnnp_reduction operation, const Window& w) {
  qnnp_pooling2d_desc desc = QNNP_POOLING2D_DESC_INIT;
  desc = with_quantization(desc, operation);
  desc.channels = w.channels;
  desc.pooling_height = desc.pooling_width = w.size;
  desc.stride_height = desc.stride_width = w.stride;
  desc.input_padding_top = desc.input_padding_bottom = w.padding;
  desc.input_padding_left = desc.input_padding_right = w.padding;
  desc.exclude_padding = w.exclude_padding;
  const size_t outputs = (w.image + 2 * w.padding - w.size) / w.stride + 1;
  const auto number = [](size_t value) { return std::to_string(value); };
  return {std::string(name_of(operation)) + "_pooling/" + number(w.image) + "x" + number(w.image) +
              "x" + number(w.channels) + "/" + number(w.size) + "x" + number(w.size) + "s" +
              number(w.stride) + "p" + number(w.padding) +
              (w.exclude_padding ? "/exclude_padding" : ""),
          w.image * w.image * w.channels, outputs * outputs * w.channels,
          [=](const uint8_t* input, uint8_t* output, qnnp_operator_t* op) {
            const enum qnnp_status status = qnnp_create_pooling2d(&desc, op);
            if (status != qnnp_status_success) return status;
            return qnnp_setup_pooling2d(*op, 1, w.image, w.image, input, w.channels, output,
                                        w.channels);
          },
          [=](const Bytes& input) { return pooled(input, operation, w, outputs); }};
}

// Of a tensor [outer][middle][inner], over the middle axis.
Bytes reduced(const Bytes& input, enum qnnp_reduction operation, size_t middle, size_t inner) {
  Bytes result;
  for (size_t at = 0; at < input.size(); at += middle * inner) {
    for (size_t c = 0; c < inner; c++) {
      int64_t sum = 0;
      uint8_t largest = 0;
      for (size_t i = 0; i < middle; i++) {
        sum += input[at + i * inner + c] - kInputZero;
        largest = std::max(largest, input[at + i * inner + c]);
      }
      result.push_back(operation == qnnp_reduction_max ? largest : mean_of(sum, middle));
    }
  }
  return result;
}

Case global_case(enum qnnp_reduction operation, size_t pixels, size_t channels) {
  qnnp_global_pooling_desc desc = QNNP_GLOBAL_POOLING_DESC_INIT;
  desc = with_quantization(desc, operation);
  desc.channels = channels;
  return {std::string("global_") + name_of(operation) + "_pooling/" + std::to_string(pixels) + "x" +
              std::to_string(channels),
          pixels * channels, channels,
          [=](const uint8_t* input, uint8_t* output, qnnp_operator_t* op) {
            const enum qnnp_status status = qnnp_create_global_pooling(&desc, op);
            if (status != qnnp_status_success) return status;
            return qnnp_setup_global_pooling(*op, 1, pixels, input, channels, output, channels);
          },
          [=](const Bytes& input) { return reduced(input, operation, pixels, channels); }};
}

Case reduce_case(enum qnnp_reduction operation, size_t outer, size_t middle, size_t inner) {
  qnnp_reduce_desc desc = QNNP_REDUCE_DESC_INIT;
  desc = with_quantization(desc, operation);
  desc.axes = 1u << 1;
  return {std::string("reduce_") + name_of(operation) + "/" + std::to_string(outer) + "x[" +
              std::to_string(middle) + "]x" + std::to_string(inner),
          outer * middle * inner, outer * inner,
          [=](const uint8_t* input, uint8_t* output, qnnp_operator_t* op) {
            const enum qnnp_status status = qnnp_create_reduce(&desc, op);
            if (status != qnnp_status_success) return status;
            const size_t sizes[3] = {outer, middle, inner};
            return qnnp_setup_reduce(*op, 3, sizes, input, output);
          },
          [=](const Bytes& input) { return reduced(input, operation, middle, inner); }};
}

Case argmax_case(size_t rows, size_t channels) {
  qnnp_argmax_desc desc = QNNP_ARGMAX_DESC_INIT;
  desc.channels = channels;
  return {"argmax/" + std::to_string(rows) + "x" + std::to_string(channels), rows * channels,
          rows * sizeof(int32_t),
          [=](const uint8_t* input, uint8_t* output, qnnp_operator_t* op) {
            const enum qnnp_status status = qnnp_create_argmax(&desc, op);
            if (status != qnnp_status_success) return status;
            return qnnp_setup_argmax(*op, rows, input, channels, output, 1);
          },
          [=](const Bytes& input) {
            Bytes result(rows * sizeof(int32_t));
            for (size_t row = 0; row < rows; row++) {
              const uint8_t* x = &input[row * channels];
              const int32_t index = static_cast<int32_t>(std::max_element(x, x + channels) - x);
              memcpy(&result[row * sizeof(index)], &index, sizeof(index));
            }
            return result;
          }};
}

std::vector<Case> cases() {
  const auto mean = qnnp_reduction_mean, most = qnnp_reduction_max;
  return {window_case(most, {112, 64, 3, 2, 0, false}),  // ResNet-50, SqueezeNet
          window_case(most, {112, 64, 2, 2, 0, false}),  // VGG
          window_case(most, {28, 256, 3, 1, 1, false}),  // Inception
          window_case(mean, {56, 64, 3, 2, 1, false}),   // ShuffleNet
          window_case(mean, {56, 64, 3, 2, 1, true}),
          window_case(mean, {35, 192, 3, 1, 1, true}),  // Inception
          global_case(mean, 49, 1024),                  // MobileNet v1
          global_case(mean, 49, 2048),                  // ResNet-50, Xception
          global_case(most, 49, 1024),
          reduce_case(mean, 1, 784, 64),  // squeeze and excite, MobileNet v3
          reduce_case(mean, 784, 64, 1),  // over the channels of each pixel
          reduce_case(most, 784, 64, 1),
          reduce_case(mean, 128, 768, 1),
          argmax_case(1, 1000),
          argmax_case(4096, 21)};  // segmentation
}

}  // namespace
}  // namespace qnnp::bench

int main(int argc, char** argv) {
  using namespace qnnp::bench;
  if (qnnp_initialize() != qnnp_status_success) {
    fprintf(stderr, "pooling_bench: %s\n", qnnp_get_last_error());
    return 1;
  }
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 2;
  for (const Case& c : cases()) {
    benchmark::RegisterBenchmark(c.name.c_str(),
                                 [c](benchmark::State& state) { run_case(state, c); })
        ->Arg(1)
        ->Arg(2)
        ->ArgName("threads")
        ->UseRealTime()
        ->Unit(benchmark::kMicrosecond);
  }
  benchmark::RunSpecifiedBenchmarks();
  return 0;
}
