// SPDX-License-Identifier: BSD-3-Clause
// What the benchmarks of operators have in common: a case is checked once (the fastest kernels
// against the scalar ones, byte for byte, so that a case needs no reference of its own; the tests
// compare those with the definitions), then timed with one and two threads. Counters:
//   best_us    the fastest run
//   setup_us   the fastest setup that changes nothing but pointers
//   GOPS       of the fastest run, 2 for a multiply-accumulate; without any, GB/s of both tensors
//   of_peak_%  GOPS: of peak.h times threads, GB/s: of a memcpy that moves as many bytes on one
//              thread; both measured in this process
#pragma once

#include <qnnpack.h>

#include <chrono>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <new>
#include <string>
#include <variant>
#include <vector>

namespace qnnp::bench {

// Where frameworks put their tensors, and other libraries of `--peers` theirs: large blocks of malloc
// begin 16 bytes behind such an address, where every vector of 64 bytes touches two cache lines.
template <class T>
struct LineAllocator {
  using value_type = T;
  static constexpr std::align_val_t kLine{64};

  LineAllocator() = default;
  template <class U>
  LineAllocator(const LineAllocator<U>&) {}
  T* allocate(size_t n) { return static_cast<T*>(::operator new(n * sizeof(T), kLine)); }
  void deallocate(T* p, size_t) { ::operator delete(p, kLine); }
  friend bool operator==(const LineAllocator&, const LineAllocator&) { return true; }
  friend bool operator!=(const LineAllocator&, const LineAllocator&) { return false; }
};
using Bytes = std::vector<uint8_t, LineAllocator<uint8_t>>;

struct ShuffleDesc {
  size_t groups, group_channels;
};

// What a case without weights computes, so that other libraries can do the same.
struct Described {
  std::variant<std::monostate, qnnp_binary_desc, qnnp_clamp_desc, qnnp_activation_desc,
               qnnp_softargmax_desc, qnnp_pooling2d_desc, qnnp_global_pooling_desc, ShuffleDesc>
      desc;
  size_t size = 0;  // rows; pixels of an image; of windows: height and width of the image

  bool is_uint8() const;  // and something at all
};

struct Case {
  std::string name;
  size_t input_bytes, output_bytes;
  std::function<enum qnnp_status(qnnp_operator_t* op)> create;
  std::function<enum qnnp_status(qnnp_operator_t op, const uint8_t* input, uint8_t* output)> setup;
  bool float_input = false;
  size_t moved_bytes = 0;  // where that is not both sizes together
  // Timed in turn with it; counter times_beside is the ratio of the fastest runs.
  std::shared_ptr<const Case> beside = nullptr;
  // As setup, for a smaller tensor: what a new shape costs; or nothing.
  decltype(setup) setup_smaller = nullptr;
  Described described = {};
};

struct DeleteOperator {
  void operator()(qnnp_operator_t op) const { qnnp_delete_operator(op); }
};
using Handle = std::unique_ptr<struct qnnp_operator, DeleteOperator>;

// The output of one run, on the calling thread.
Bytes computed(const Case& c);

// An operator with random input, checked.
class Bound {
 public:
  explicit Bound(const Case& c);
  void run(pthreadpool_t pool);
  double best_setup_us();
  // Of setups that change the shape; 0 where the case has only one.
  double best_new_shape_us();
  qnnp_operator_info info() const;
  const Bytes& input() const { return input_; }
  const Bytes& output() const { return output_; }

 private:
  Case case_;
  Bytes input_, output_;
  Handle op_;
};

Bytes random_bytes(size_t size, uint32_t seed = 1);

// Of one call, whose stores are not moved out of it.
template <class Work>
double seconds(const Work& work) {
  const auto begin = std::chrono::steady_clock::now();
  work();
  asm volatile("" : : : "memory");
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

// Prints the library's last error, if there is one, and ends the program.
void require(enum qnnp_status status);

// Does the work as if the processor had nothing beyond this instruction set. False if it cannot.
bool with_isa(const char* name, const std::function<void()>& work);

// The rest of every program's main; `about` comes first in --help. Benchmarks run 0.05 s each unless
// --benchmark_min_time says something else.
int run_cases(int argc, char** argv, const char* about, const std::vector<Case>& cases);

// ---- Operators with weights ---------------------------------------------------------------------

enum class Types {
  uint8,
  int8,     // everything; a scale per channel
  dynamic,  // float32 tensors, weights as in int8
};
const char* name_of(Types types);
inline size_t element_size(Types types) { return types == Types::dynamic ? sizeof(float) : 1; }

// Random weights; alive until create has packed them.
struct Weights {
  Bytes kernel;
  std::vector<int32_t> bias;
  std::vector<float> scales;
};

// Types, scales, zero points and weights of any description that has them. `depth`: weights of one
// output; `pixels`: output pixels with weights of their own.
template <class Desc>
Weights fill_weights(Desc& desc, Types types, size_t outputs, size_t depth, size_t pixels = 1) {
  Weights weights = {
      random_bytes(pixels * outputs * depth, 3), std::vector<int32_t>(pixels * outputs, 500), {}};
  desc.kernel = weights.kernel.data();
  desc.input_scale = desc.output_scale = 1.0f;
  desc.kernel_scale = 1.0f / (300.0f * std::sqrt(static_cast<float>(depth)));
  if (types == Types::uint8) {
    desc.input_zero_point = 3;
    desc.kernel_zero_point = 131;
    desc.output_zero_point = 128;
  } else {
    for (size_t i = 0; i < outputs; i++) {
      weights.scales.push_back(desc.kernel_scale * (1.0f + static_cast<float>(i % 16) / 16));
    }
    desc.kernel_scales = weights.scales.data();
    desc.kernel_type = qnnp_datatype_int8;
    desc.input_type = desc.output_type =
        types == Types::int8 ? qnnp_datatype_int8 : qnnp_datatype_float32;
  }
  if (types != Types::dynamic) desc.bias = weights.bias.data();
  return weights;
}

}  // namespace qnnp::bench
