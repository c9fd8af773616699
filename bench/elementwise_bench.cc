// SPDX-License-Identifier: BSD-3-Clause
// Operators whose time is the bytes they move: GB/s of input and output together, and, for whom no
// absolute number says enough, memcpy of the same number of elements as the first row. Outputs are
// checked once before they are timed.
#include <benchmark/benchmark.h>
#include <qnnpack.h>

#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <functional>
#include <memory>
#include <random>
#include <string>
#include <vector>

namespace qnnp::bench {
namespace {

void require(enum qnnp_status status) {
  if (status == qnnp_status_success) return;
  fprintf(stderr, "elementwise_bench: %s\n", qnnp_get_last_error());
  exit(1);
}

struct OperatorDeleter {
  void operator()(qnnp_operator_t op) const { qnnp_delete_operator(op); }
};
using Handle = std::unique_ptr<struct qnnp_operator, OperatorDeleter>;

template <class Create>
Handle create(const Create& create_it) {
  qnnp_operator_t op = nullptr;
  require(create_it(&op));
  return Handle(op);
}

// Rows of NC tensors.
struct Shape {
  const char* name;
  size_t batch, channels;
  size_t elements() const { return batch * channels; }
};
constexpr Shape kShapes[] = {{"1M", 1, 1 << 20},
                             {"56x56x64", 56 * 56, 64},
                             {"112x112x16", 112 * 112, 16},
                             {"14x14x480", 14 * 14, 480},
                             {"1x1280", 1, 1280}};

// Random bytes and floats of a shape, room for every output.
struct Data {
  std::vector<uint8_t> a, b, c;
  std::vector<float> x, y;

  explicit Data(size_t elements) : a(elements), b(elements), c(elements), x(elements), y(elements) {
    std::mt19937 random(1);
    for (size_t i = 0; i < elements; i++) {
      a[i] = static_cast<uint8_t>(random() >> 24);
      b[i] = static_cast<uint8_t>(random() >> 24);
      x[i] = static_cast<float>(a[i]) - 100.0f;
    }
  }
};

// An operator bound to data, and what one element's output must be.
struct Bound {
  Handle op;
  size_t element_bytes;  // read and written
  std::function<bool(size_t)> correct;
};
using Bind = Bound (*)(const Shape& shape, Data& data);

constexpr float kScale = 0.05f;
constexpr uint8_t kZero = 100;

double real(const Data& d, size_t i) { return static_cast<double>(kScale) * (d.a[i] - kZero); }
bool near(double value, double steps) { return std::abs(value - steps) < 0.51; }

Bound bind_sigmoid(const Shape& s, Data& d) {
  Handle op = create([&](qnnp_operator_t* out) {
    return qnnp_create_sigmoid_nc_q8(s.channels, kZero, kScale, 0, 1.0f / 256, 0, 255, 0, out);
  });
  require(
      qnnp_setup_sigmoid_nc_q8(op.get(), s.batch, d.a.data(), s.channels, d.c.data(), s.channels));
  return {std::move(op), 2, [&d](size_t i) {
            return near(d.c[i], std::min(255.0, 256 / (1 + std::exp(-real(d, i)))));
          }};
}

Bound bind_clamp(const Shape& s, Data& d) {
  Handle op = create(
      [&](qnnp_operator_t* out) { return qnnp_create_clamp_nc_u8(s.channels, 10, 200, 0, out); });
  require(
      qnnp_setup_clamp_nc_u8(op.get(), s.batch, d.a.data(), s.channels, d.c.data(), s.channels));
  return {std::move(op), 2, [&d](size_t i) {
            return d.c[i] == std::min<uint8_t>(std::max<uint8_t>(d.a[i], 10), 200);
          }};
}

Bound bind_add(const Shape& s, Data& d) {
  Handle op = create([&](qnnp_operator_t* out) {
    return qnnp_create_add_nc_q8(s.channels, 0, 1.0f, 0, 1.0f, 0, 2.0f, 0, 255, 0, out);
  });
  require(qnnp_setup_add_nc_q8(op.get(), s.batch, d.a.data(), s.channels, d.b.data(), s.channels,
                               d.c.data(), s.channels));
  return {std::move(op), 3, [&d](size_t i) { return near(d.c[i], (d.a[i] + d.b[i]) / 2.0); }};
}

Bound bind_prelu(const Shape& s, Data& d) {
  const std::vector<float> slopes(s.channels, 0.25f);
  qnnp_prelu_desc desc = QNNP_PRELU_DESC_INIT;
  desc.channels = s.channels;
  desc.input_scale = desc.output_scale = kScale;
  desc.input_zero_point = desc.output_zero_point = kZero;
  desc.slope = slopes.data();
  Handle op = create([&](qnnp_operator_t* out) { return qnnp_create_prelu(&desc, out); });
  require(qnnp_setup_prelu(op.get(), s.batch, d.a.data(), s.channels, d.c.data(), s.channels));
  return {std::move(op), 2, [&d](size_t i) {
            const int x = d.a[i] - kZero;
            return near(d.c[i], kZero + (x < 0 ? 0.25 * x : x));
          }};
}

Bound bind_quantize(const Shape& s, Data& d) {
  qnnp_quantize_desc desc = QNNP_QUANTIZE_DESC_INIT;
  desc.channels = s.channels;
  desc.output_scale = 1;
  desc.output_zero_point = kZero;
  Handle op = create([&](qnnp_operator_t* out) { return qnnp_create_quantize(&desc, out); });
  require(qnnp_setup_quantize(op.get(), s.batch, d.x.data(), s.channels, d.c.data(), s.channels));
  return {std::move(op), 5, [&d](size_t i) { return d.c[i] == d.a[i]; }};
}

Bound bind_dequantize(const Shape& s, Data& d) {
  qnnp_dequantize_desc desc = QNNP_DEQUANTIZE_DESC_INIT;
  desc.channels = s.channels;
  desc.input_scale = kScale;
  desc.input_zero_point = kZero;
  Handle op = create([&](qnnp_operator_t* out) { return qnnp_create_dequantize(&desc, out); });
  require(qnnp_setup_dequantize(op.get(), s.batch, d.a.data(), s.channels, d.y.data(), s.channels));
  return {std::move(op), 5, [&d](size_t i) { return d.y[i] == static_cast<float>(real(d, i)); }};
}

// float16 in the memory of floats.
Bound bind_float16(const Shape& s, Data& d) {
  qnnp_dequantize_desc desc = QNNP_DEQUANTIZE_DESC_INIT;
  desc.channels = s.channels;
  desc.output_type = qnnp_datatype_float16;
  desc.input_scale = 1;
  desc.input_zero_point = kZero;
  Handle op = create([&](qnnp_operator_t* out) { return qnnp_create_dequantize(&desc, out); });
  require(qnnp_setup_dequantize(op.get(), s.batch, d.a.data(), s.channels, d.y.data(), s.channels));
  return {std::move(op), 3, [&d](size_t i) {
            uint16_t half;
            memcpy(&half, reinterpret_cast<const uint8_t*>(d.y.data()) + 2 * i, 2);
            const int fraction = half & 1023, exponent = half >> 10 & 31;
            const double value = std::ldexp(exponent == 0 ? 0 : 1024 + fraction, exponent - 25);
            return ((half & 0x8000) != 0 ? -value : value) == d.a[i] - kZero;
          }};
}

constexpr struct {
  const char* name;
  Bind bind;
} kOperators[] = {{"sigmoid", bind_sigmoid},
                  {"clamp", bind_clamp},
                  {"add", bind_add},
                  {"prelu", bind_prelu},
                  {"quantize_f32", bind_quantize},
                  {"dequantize_f32", bind_dequantize},
                  {"dequantize_f16", bind_float16}};

void count_bytes(benchmark::State& state, size_t bytes) {
  state.counters["GB/s"] = benchmark::Counter(
      1e-9 * static_cast<double>(bytes) * static_cast<double>(state.iterations()),
      benchmark::Counter::kIsRate);
}

void run_memcpy(benchmark::State& state, const Shape& shape) {
  Data data(shape.elements());
  for (auto _ : state) {
    memcpy(data.c.data(), data.a.data(), shape.elements());
    benchmark::ClobberMemory();
  }
  count_bytes(state, 2 * shape.elements());
}

void run_operator(benchmark::State& state, const Shape& shape, Bind bind) {
  Data data(shape.elements());
  const Bound bound = bind(shape, data);
  require(qnnp_run_operator(bound.op.get(), nullptr));
  for (size_t i = 0; i < shape.elements(); i++) {
    if (!bound.correct(i)) {
      state.SkipWithError("wrong output");
      return;
    }
  }
  for (auto _ : state) qnnp_run_operator(bound.op.get(), nullptr);
  count_bytes(state, bound.element_bytes * shape.elements());
}

}  // namespace
}  // namespace qnnp::bench

int main(int argc, char** argv) {
  using namespace qnnp::bench;
  require(qnnp_initialize());
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 2;
  for (const Shape& shape : kShapes) {
    const std::string suffix = std::string("/") + shape.name;
    benchmark::RegisterBenchmark(("memcpy" + suffix).c_str(), [&](benchmark::State& state) {
      run_memcpy(state, shape);
    })->Unit(benchmark::kMicrosecond);
    for (const auto& row : kOperators) {
      benchmark::RegisterBenchmark((row.name + suffix).c_str(), [&](benchmark::State& state) {
        run_operator(state, shape, row.bind);
      })->Unit(benchmark::kMicrosecond);
    }
  }
  benchmark::RunSpecifiedBenchmarks();
  return 0;
}
