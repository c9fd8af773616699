// SPDX-License-Identifier: BSD-3-Clause
// Operators that move bytes, on shapes of real networks, against memcpy of as many bytes as they
// write, timed just before in the same process. Each result is checked before it is timed.
#include <benchmark/benchmark.h>
#include <qnnpack.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace qnnp::bench {
namespace {

using Bytes = std::vector<uint8_t>;

struct Case {
  std::string name;
  size_t input_bytes, output_bytes;
  // Makes the operator and binds it.
  std::function<enum qnnp_status(const uint8_t* input, uint8_t* output, qnnp_operator_t* op)> make;
  // The input's byte that is output byte i; empty where values are computed.
  std::function<size_t(size_t i)> source;
};

// Seconds of the fastest of many copies.
double copy_seconds(const Bytes& input, Bytes& output) {
  constexpr size_t kPiece = 2048;
  const size_t bytes = std::min(input.size(), output.size());
  double best = 1;
  for (int repeat = 0; repeat < 200; repeat++) {
    const auto begin = std::chrono::steady_clock::now();
    // In pieces: for long copies some C libraries change to instructions that are slow here.
    for (size_t i = 0; i < bytes; i += kPiece) {
      memcpy(&output[i], &input[i], std::min(kPiece, bytes - i));
    }
    benchmark::ClobberMemory();
    const std::chrono::duration<double> time = std::chrono::steady_clock::now() - begin;
    best = std::min(best, time.count());
  }
  return best * static_cast<double>(output.size()) / static_cast<double>(bytes);
}

bool correct(const Case& c, const Bytes& input, const Bytes& output) {
  for (size_t i = 0; c.source && i < output.size(); i++) {
    if (output[i] != input[c.source(i)]) return false;
  }
  return true;
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
  } else if (!correct(c, input, output)) {
    state.SkipWithError("wrong output");
  }
  const double copy = copy_seconds(input, output);
  double best = 1;
  for (auto _ : state) {
    const auto begin = std::chrono::steady_clock::now();
    qnnp_run_operator(op, pool.get());
    const std::chrono::duration<double> time = std::chrono::steady_clock::now() - begin;
    best = std::min(best, time.count());
  }
  const double bytes = static_cast<double>(c.input_bytes + c.output_bytes);
  state.counters["best_us"] = best * 1e6;
  state.counters["best_GB/s"] = bytes / best * 1e-9;
  state.counters["of_memcpy_%"] = 100 * copy / best;
  if (op != nullptr) qnnp_delete_operator(op);
}

struct Shuffle {
  size_t pixels, groups, group_channels;
};

Case shuffle_case(const Shuffle& s) {
  const size_t channels = s.groups * s.group_channels, bytes = s.pixels * channels;
  return {"channel_shuffle/" + std::to_string(s.pixels) + "x" + std::to_string(channels) + "/" +
              std::to_string(s.groups) + "_groups",
          bytes, bytes,
          [=](const uint8_t* input, uint8_t* output, qnnp_operator_t* op) {
            const enum qnnp_status status =
                qnnp_create_channel_shuffle_nc_x8(s.groups, s.group_channels, 0, op);
            if (status != qnnp_status_success) return status;
            return qnnp_setup_channel_shuffle_nc_x8(*op, s.pixels, input, channels, output,
                                                    channels);
          },
          [=](size_t i) {
            const size_t channel = i % channels;
            return i - channel + channel % s.groups * s.group_channels + channel / s.groups;
          }};
}

using Sizes = std::vector<size_t>;

size_t product(const Sizes& sizes) {
  size_t result = 1;
  for (size_t size : sizes) result *= size;
  return result;
}

std::string text(const Sizes& sizes) {
  std::string result;
  for (size_t size : sizes) result += (result.empty() ? "" : "x") + std::to_string(size);
  return result;
}

// The matrix of one image between NHWC and NCHW.
Case transpose_case(const char* name, size_t rows, size_t columns) {
  qnnp_transpose_desc desc = QNNP_TRANSPOSE_DESC_INIT;
  desc.dimensions = 2;
  desc.permutation[0] = 1;
  return {name, rows * columns, rows * columns,
          [=](const uint8_t* input, uint8_t* output, qnnp_operator_t* op) {
            const enum qnnp_status status = qnnp_create_transpose(&desc, op);
            if (status != qnnp_status_success) return status;
            const size_t shape[2] = {rows, columns};
            return qnnp_setup_transpose(*op, shape, input, output);
          },
          [=](size_t i) { return i % rows * columns + i / rows; }};
}

Case depth_to_space_case(size_t size, size_t block, size_t channels) {
  qnnp_depth_space_desc desc = QNNP_DEPTH_SPACE_DESC_INIT;
  desc.block_size = static_cast<uint32_t>(block);
  desc.channels = channels;
  const size_t deep = block * block * channels, bytes = size * size * deep;
  return {"depth_to_space/" + text({size, size, deep}) + "/block_" + std::to_string(block), bytes,
          bytes,
          [=](const uint8_t* input, uint8_t* output, qnnp_operator_t* op) {
            const enum qnnp_status status = qnnp_create_depth_to_space(&desc, op);
            if (status != qnnp_status_success) return status;
            return qnnp_setup_depth_to_space(*op, 1, size, size, input, deep, output, channels);
          },
          [=](size_t i) {
            const size_t c = i % channels, pixel = i / channels;
            const size_t x = pixel % (size * block), y = pixel / (size * block);
            return (y / block * size + x / block) * deep +
                   (y % block * block + x % block) * channels + c;
          }};
}

// A slice: half of the channels of every row.
Case copy_case(size_t rows, size_t channels) {
  qnnp_copy_desc desc = QNNP_COPY_DESC_INIT;
  desc.channels = channels;
  return {"copy/" + text({rows, channels}) + "/of_" + std::to_string(2 * channels),
          2 * rows * channels, rows * channels,
          [=](const uint8_t* input, uint8_t* output, qnnp_operator_t* op) {
            const enum qnnp_status status = qnnp_create_copy(&desc, op);
            if (status != qnnp_status_success) return status;
            return qnnp_setup_copy(*op, rows, input, 2 * channels, output, channels);
          },
          [=](size_t i) { return i / channels * 2 * channels + i % channels; }};
}

Case pad_case(const Sizes& shape, size_t padding) {
  qnnp_constant_pad_desc desc = QNNP_CONSTANT_PAD_DESC_INIT;
  desc.dimensions = 3;
  Sizes padded = shape;
  for (size_t d = 0; d < 2; d++) {
    desc.before[d] = desc.after[d] = padding;
    padded[d] += 2 * padding;
  }
  return {"constant_pad/" + text(shape) + "/by_" + std::to_string(padding), product(shape),
          product(padded),
          [=](const uint8_t* input, uint8_t* output, qnnp_operator_t* op) {
            const enum qnnp_status status = qnnp_create_constant_pad(&desc, op);
            if (status != qnnp_status_success) return status;
            return qnnp_setup_constant_pad(*op, shape.data(), input, output);
          },
          nullptr};
}

Case resize_case(const char* name, qnnp_resize_mode mode, size_t from, size_t to, size_t channels) {
  qnnp_resize2d_desc desc = QNNP_RESIZE2D_DESC_INIT;
  desc.channels = channels;
  desc.mode = mode;
  desc.coordinates = qnnp_resize_half_pixel;
  return {
      std::string("resize_") + name + "/" + text({from, from, channels}) + "/to_" + text({to, to}),
      from * from * channels, to * to * channels,
      [=](const uint8_t* input, uint8_t* output, qnnp_operator_t* op) {
        const enum qnnp_status status = qnnp_create_resize2d(&desc, op);
        if (status != qnnp_status_success) return status;
        return qnnp_setup_resize2d(*op, 1, from, from, to, to, input, channels, output, channels);
      },
      nullptr};
}

std::vector<Case> cases() {
  std::vector<Case> all;
  // 28x28x240 in every division; ShuffleNet v1 (3 and 8 groups), v2.
  for (const Shuffle& s :
       {Shuffle{784, 2, 120}, Shuffle{784, 3, 80}, Shuffle{784, 4, 60}, Shuffle{784, 8, 30},
        Shuffle{784, 5, 48}, Shuffle{196, 3, 40}, Shuffle{784, 8, 12}, Shuffle{784, 2, 58},
        Shuffle{196, 2, 116}, Shuffle{49, 2, 232}}) {
    all.push_back(shuffle_case(s));
  }
  all.push_back(transpose_case("nhwc_to_nchw/56x56x64", 3136, 64));
  all.push_back(transpose_case("nchw_to_nhwc/56x56x64", 64, 3136));
  all.push_back(transpose_case("nhwc_to_nchw/224x224x3", 50176, 3));
  all.push_back(transpose_case("nchw_to_nhwc/224x224x3", 3, 50176));
  all.push_back(transpose_case("nhwc_to_nchw/7x7x1024", 49, 1024));
  all.push_back(depth_to_space_case(28, 2, 32));
  all.push_back(depth_to_space_case(112, 2, 3));
  all.push_back(copy_case(784, 58));
  all.push_back(copy_case(3136, 24));
  all.push_back(pad_case({112, 112, 32}, 1));
  all.push_back(pad_case({224, 224, 3}, 3));
  all.push_back(resize_case("nearest", qnnp_resize_nearest, 28, 56, 128));
  all.push_back(resize_case("bilinear", qnnp_resize_bilinear, 28, 56, 128));
  all.push_back(resize_case("bilinear", qnnp_resize_bilinear, 33, 129, 21));
  all.push_back(resize_case("bilinear", qnnp_resize_bilinear, 28, 45, 128));
  all.push_back(resize_case("bilinear", qnnp_resize_bilinear, 160, 224, 3));
  return all;
}

}  // namespace
}  // namespace qnnp::bench

int main(int argc, char** argv) {
  if (qnnp_initialize() != qnnp_status_success) {
    fprintf(stderr, "movement_bench: %s\n", qnnp_get_last_error());
    return 1;
  }
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 2;
  for (const qnnp::bench::Case& c : qnnp::bench::cases()) {
    benchmark::RegisterBenchmark(c.name.c_str(),
                                 [c](benchmark::State& state) { qnnp::bench::run_case(state, c); })
        ->ArgName("threads")
        ->Arg(1)
        ->Arg(2)
        ->Unit(benchmark::kMicrosecond)
        ->UseRealTime();
  }
  benchmark::RunSpecifiedBenchmarks();
  return 0;
}
