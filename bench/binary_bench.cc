// SPDX-License-Identifier: BSD-3-Clause
// Operators of two tensors, clamp, softargmax and group normalization, uint8 and int8, one and two
// threads. Each result is compared with real arithmetic before it is timed. times_memcpy: the best
// time over that of a memcpy that reads and writes as many bytes together, measured just before.
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

constexpr size_t kPixels = 56 * 56, kChannels = 64;
constexpr float kScale = 0.05f;  // of every tensor but softargmax's output
constexpr int kZero = 128;       // as uint8

using Values = std::vector<double>;  // (q - kZero) of a tensor

struct Case {
  std::string name;
  enum qnnp_datatype type;
  size_t a_bytes, b_bytes, output_bytes;  // b_bytes 0: one input
  std::function<enum qnnp_status(const uint8_t* a, const uint8_t* b, uint8_t* output,
                                 qnnp_operator_t* op)>
      make;
  std::function<Values(const Values& a, const Values& b)> expected;  // output as uint8, not rounded
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
  const std::vector<uint8_t> from(bytes / 2, 1);
  std::vector<uint8_t> to(bytes / 2);
  return best_seconds(200, [&] { memcpy(to.data(), from.data(), to.size()); });
}

Values values_of(const std::vector<uint8_t>& bytes, uint8_t flip) {
  Values values;
  for (uint8_t byte : bytes) values.push_back((byte ^ flip) - kZero);
  return values;
}

bool close(const std::vector<uint8_t>& output, uint8_t flip, const Values& expected) {
  for (size_t i = 0; i < output.size(); i++) {
    const double exact = std::clamp(expected[i], 0.0, 255.0);
    if (std::abs((output[i] ^ flip) - exact) > 0.5 + 0x1p-13) return false;
  }
  return true;
}

void run_case(benchmark::State& state, const Case& c) {
  const std::unique_ptr<struct pthreadpool, decltype(&pthreadpool_destroy)> pool(
      state.range(0) == 1 ? nullptr : pthreadpool_create(static_cast<size_t>(state.range(0))),
      pthreadpool_destroy);
  std::vector<uint8_t> a(c.a_bytes), b(c.b_bytes), output(c.output_bytes);
  for (size_t i = 0; i < a.size(); i++) a[i] = static_cast<uint8_t>(i * 167 + (i >> 8));
  for (size_t i = 0; i < b.size(); i++) b[i] = static_cast<uint8_t>(i * 89 + (i >> 7));
  const uint8_t flip = c.type == qnnp_datatype_int8 ? 0x80 : 0;
  qnnp_operator_t op = nullptr;
  if (c.make(a.data(), b.data(), output.data(), &op) != qnnp_status_success ||
      qnnp_run_operator(op, pool.get()) != qnnp_status_success) {
    state.SkipWithError(qnnp_get_last_error());
  } else if (!close(output, flip, c.expected(values_of(a, flip), values_of(b, flip)))) {
    state.SkipWithError("wrong output");
  }
  const size_t bytes = c.a_bytes + c.b_bytes + c.output_bytes;
  const double copy = copy_seconds(bytes);
  double best = 1;
  for (auto _ : state) {
    best = std::min(best, best_seconds(1, [&] { qnnp_run_operator(op, pool.get()); }));
  }
  state.counters["best_us"] = best * 1e6;
  state.counters["best_GB/s"] = static_cast<double>(bytes) / best * 1e-9;
  state.counters["times_memcpy"] = best / copy;
  if (op != nullptr) qnnp_delete_operator(op);
}

int32_t zero_of(enum qnnp_datatype type) {
  return type == qnnp_datatype_int8 ? kZero - 128 : kZero;
}

// b: `repeated` is one row for all pixels.
Case binary(const char* name, enum qnnp_binary_operation operation, bool repeated,
            enum qnnp_datatype type) {
  const size_t size = kPixels * kChannels;
  const auto make = [=](const uint8_t* a, const uint8_t* b, uint8_t* output, qnnp_operator_t* op) {
    qnnp_binary_desc d = QNNP_BINARY_DESC_INIT;
    d.operation = operation;
    d.channels = kChannels;
    d.a_type = d.b_type = d.output_type = type;
    d.a_scale = d.b_scale = d.output_scale = kScale;
    d.a_zero_point = d.b_zero_point = d.output_zero_point = zero_of(type);
    const enum qnnp_status status = qnnp_create_binary(&d, op);
    return status != qnnp_status_success
               ? status
               : qnnp_setup_binary(*op, kPixels, a, kChannels, b, repeated ? 0 : kChannels, output,
                                   kChannels);
  };
  const auto expected = [=](const Values& a, const Values& b) {
    Values y;
    for (size_t i = 0; i < a.size(); i++) {
      const double other = b[i % b.size()];
      const bool multiplies = operation == qnnp_binary_operation_multiply;
      y.push_back(kZero + (multiplies ? a[i] * other * static_cast<double>(kScale) : a[i] + other));
    }
    return y;
  };
  return {name, type, size, repeated ? kChannels : size, size, make, expected};
}

Case clamp(enum qnnp_datatype type) {
  const size_t size = 1 << 20;
  const auto make = [=](const uint8_t* a, const uint8_t*, uint8_t* output, qnnp_operator_t* op) {
    qnnp_clamp_desc d = QNNP_CLAMP_DESC_INIT;
    d.channels = size;
    d.input_type = d.output_type = type;
    d.output_min = zero_of(type);
    d.output_max = zero_of(type) + 100;
    const enum qnnp_status status = qnnp_create_clamp(&d, op);
    return status != qnnp_status_success ? status : qnnp_setup_clamp(*op, 1, a, size, output, size);
  };
  const auto expected = [](const Values& a, const Values&) {
    Values y;
    for (double value : a) y.push_back(kZero + std::clamp(value, 0.0, 100.0));
    return y;
  };
  return {"clamp/1M", type, size, 0, size, make, expected};
}

Case softargmax(enum qnnp_datatype type) {
  constexpr size_t kSize = 1000;
  const auto make = [=](const uint8_t* a, const uint8_t*, uint8_t* output, qnnp_operator_t* op) {
    qnnp_softargmax_desc d = QNNP_SOFTARGMAX_DESC_INIT;
    d.channels = kSize;
    d.input_type = d.output_type = type;
    d.input_scale = kScale;
    const enum qnnp_status status = qnnp_create_softargmax(&d, op);
    return status != qnnp_status_success ? status
                                         : qnnp_setup_softargmax(*op, 1, a, kSize, output, kSize);
  };
  const auto expected = [](const Values& a, const Values&) {
    Values y;
    double sum = 0;
    for (double value : a) sum += std::exp(value * static_cast<double>(kScale));
    for (double value : a) y.push_back(256 * std::exp(value * static_cast<double>(kScale)) / sum);
    return y;
  };
  return {"softargmax/1x1000", type, kSize, 0, kSize, make, expected};
}

Case group_normalization(size_t groups, enum qnnp_datatype type) {
  const size_t size = kPixels * kChannels;
  const auto make = [=](const uint8_t* a, const uint8_t*, uint8_t* output, qnnp_operator_t* op) {
    qnnp_group_normalization_desc d = QNNP_GROUP_NORMALIZATION_DESC_INIT;
    d.channels = kChannels;
    d.groups = groups;
    d.epsilon = 1e-5f;
    d.input_type = d.output_type = type;
    d.input_scale = d.output_scale = kScale;
    d.output_zero_point = zero_of(type);
    const enum qnnp_status status = qnnp_create_group_normalization(&d, op);
    return status != qnnp_status_success
               ? status
               : qnnp_setup_group_normalization(*op, 1, kPixels, a, kChannels, output, kChannels);
  };
  const auto expected = [=](const Values& a, const Values&) {
    const size_t of_group = kChannels / groups;
    const double count = static_cast<double>(kPixels * of_group), step = kScale;
    Values mean(groups), variance(groups), y;
    const auto group = [=](size_t i) { return i % kChannels / of_group; };
    for (size_t i = 0; i < a.size(); i++) mean[group(i)] += a[i] / count;
    for (size_t i = 0; i < a.size(); i++) {
      const double difference = (a[i] - mean[group(i)]) * step;
      variance[group(i)] += difference * difference / count;
    }
    for (size_t i = 0; i < a.size(); i++) {
      const double deviation = std::sqrt(variance[group(i)] + static_cast<double>(1e-5f));
      y.push_back(kZero + (a[i] - mean[group(i)]) * step / deviation / step);
    }
    return y;
  };
  return {"group_normalization/56x56x64/" + std::to_string(groups),
          type,
          size,
          0,
          size,
          make,
          expected};
}

void register_cases(enum qnnp_datatype type) {
  const Case cases[] = {
      binary("add/56x56x64", qnnp_binary_operation_add, false, type),
      binary("multiply/56x56x64", qnnp_binary_operation_multiply, false, type),
      binary("squeeze_excite/56x56x64", qnnp_binary_operation_multiply, true, type),
      clamp(type),
      softargmax(type),
      group_normalization(1, type),
      group_normalization(8, type),
  };
  for (const Case& c : cases) {
    const std::string name = c.name + (type == qnnp_datatype_int8 ? "/int8" : "/uint8");
    benchmark::RegisterBenchmark(name.c_str(), [c](benchmark::State& state) { run_case(state, c); })
        ->ArgName("threads")
        ->Arg(1)
        ->Arg(2)
        ->Unit(benchmark::kMicrosecond)
        ->UseRealTime();
  }
}

}  // namespace
}  // namespace qnnp::bench

int main(int argc, char** argv) {
  if (qnnp_initialize() != qnnp_status_success) {
    fprintf(stderr, "binary_bench: %s\n", qnnp_get_last_error());
    return 1;
  }
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 2;
  qnnp::bench::register_cases(qnnp_datatype_uint8);
  qnnp::bench::register_cases(qnnp_datatype_int8);
  benchmark::RunSpecifiedBenchmarks();
  return 0;
}
