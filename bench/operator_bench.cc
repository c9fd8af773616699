// SPDX-License-Identifier: BSD-3-Clause
#include "operator_bench.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <random>

namespace qnnp::bench {
namespace {

constexpr size_t kOtherPointer = 64;  // bytes from one place of the input to the other

// Small whole numbers, so that ranges are not accidents of single values.
Bytes random_floats(size_t bytes) {
  Bytes result(bytes);
  std::mt19937 random(2);
  for (size_t i = 0; i < bytes; i += sizeof(float)) {
    const float value = static_cast<float>(random() >> 24) - 100.0f;
    memcpy(&result[i], &value, sizeof(value));
  }
  return result;
}

Bytes input_of(const Case& c) {
  const size_t room = c.input_bytes + kOtherPointer;
  return c.float_input ? random_floats(room) : random_bytes(room);
}

Handle make(const Case& c, const Bytes& input, Bytes& output) {
  qnnp_operator_t op = nullptr;
  require(c.create(&op));
  Handle handle(op);
  require(c.setup(op, input.data(), output.data()));
  return handle;
}

struct IsUint8 {
  bool operator()(std::monostate) const { return false; }
  bool operator()(const ShuffleDesc&) const { return true; }
  bool operator()(const qnnp_binary_desc& d) const { return d.a_type == qnnp_datatype_uint8; }
  bool operator()(const qnnp_pooling2d_desc& d) const { return d.type == qnnp_datatype_uint8; }
  bool operator()(const qnnp_global_pooling_desc& d) const { return d.type == qnnp_datatype_uint8; }
  template <class Desc>
  bool operator()(const Desc& d) const {
    return d.input_type == qnnp_datatype_uint8;
  }
};

}  // namespace

bool Described::is_uint8() const { return std::visit(IsUint8(), desc); }

bool with_isa(const char* name, const std::function<void()>& work) {
  const char* isa = getenv("QNNP_ISA");
  const std::string before = isa == nullptr ? "" : isa;
  setenv("QNNP_ISA", name, 1);
  const bool has = qnnp_initialize() == qnnp_status_success;
  if (has) work();
  if (before.empty()) {
    unsetenv("QNNP_ISA");
  } else {
    setenv("QNNP_ISA", before.c_str(), 1);
  }
  require(qnnp_initialize());
  return has;
}

void require(enum qnnp_status status) {
  if (status == qnnp_status_success) return;
  fprintf(stderr, "%s\n", qnnp_get_last_error());
  exit(1);
}

const char* name_of(Types types) {
  return types == Types::uint8 ? "uint8" : types == Types::int8 ? "int8_per_channel" : "float32";
}

Bytes random_bytes(size_t size, uint32_t seed) {
  Bytes result(size);
  std::mt19937 random(seed);
  for (uint8_t& byte : result) byte = static_cast<uint8_t>(random() >> 24);
  return result;
}

Bytes computed(const Case& c) {
  const Bytes input = input_of(c);
  Bytes output(c.output_bytes, 0x55);
  require(qnnp_run_operator(make(c, input, output).get(), nullptr));
  return output;
}

Bound::Bound(const Case& c) : case_(c), input_(input_of(c)), output_(c.output_bytes, 0xaa) {
  Bytes expected;
  with_isa("scalar", [&] { expected = computed(c); });
  op_ = make(c, input_, output_);
  run(nullptr);
  if (output_ != expected) {
    fprintf(stderr, "%s: not what the scalar kernels compute\n", c.name.c_str());
    exit(1);
  }
}

void Bound::run(pthreadpool_t pool) { require(qnnp_run_operator(op_.get(), pool)); }

double Bound::best_setup_us() {
  double best = 1;
  for (size_t i = 1; i <= 20; i++) {  // the last one is back at the first pointer
    const uint8_t* input = input_.data() + i % 2 * kOtherPointer;
    best = std::min(best, seconds([&] { require(case_.setup(op_.get(), input, output_.data())); }));
  }
  return best * 1e6;
}

double Bound::best_new_shape_us() {
  if (!case_.setup_smaller) return 0;
  double best = 1;
  for (int i = 0; i < 20; i++) {
    const auto both = [&] {
      require(case_.setup_smaller(op_.get(), input_.data(), output_.data()));
      require(case_.setup(op_.get(), input_.data(), output_.data()));
    };
    best = std::min(best, seconds(both) / 2);
  }
  return best * 1e6;
}

qnnp_operator_info Bound::info() const {
  qnnp_operator_info info = {};
  info.struct_size = sizeof(info);
  require(qnnp_describe_operator(op_.get(), &info));
  return info;
}

}  // namespace qnnp::bench
