// SPDX-License-Identifier: BSD-3-Clause
// Operators of two tensors against their definitions: every instruction set and pool, all types,
// strides, repeated rows, in place; the short form of the sum. What they refuse:
// binary_refusals_test.cc.
#include <gtest/gtest.h>

#include "harness/binary_parameters.h"
#include "harness/definitions.h"
#include "harness/draw.h"
#include "harness/guarded_buffer.h"
#include "harness/isa.h"
#include "harness/threads.h"

namespace qnnp {
namespace test {
namespace {

BinaryParameters draw_parameters(size_t channels, Random& random) {
  BinaryParameters p;
  p.operation = static_cast<enum qnnp_binary_operation>(random.size(0, 2));
  p.channels = channels;
  p.a.zero_point = draw_zero_point(random);
  p.b.zero_point = draw_zero_point(random);
  p.output.scale = static_cast<float>(std::exp2(random.real(-20, 20)));
  p.a.scale = static_cast<float>(p.output.scale * std::exp2(random.real(-13.9, 7.9)));
  p.b.scale = static_cast<float>(p.operation == qnnp_binary_operation_multiply
                                     ? std::exp2(random.real(-3, 3))
                                     : p.output.scale * std::exp2(random.real(-3, 3)));
  const Output output = draw_output(random);
  p.output.zero_point = output.zero_point;
  p.min = output.min;
  p.max = output.max;
  if (p.min == 0 && p.max == 0) p.max = 1;  // both 0 are the whole range
  const bool all_unsigned = random.coin();
  for (BinaryParameters::Tensor* t : {&p.a, &p.b, &p.output}) {
    t->type = !all_unsigned && random.coin() ? qnnp_datatype_int8 : qnnp_datatype_uint8;
    if (t->type == qnnp_datatype_int8 && t == &p.output && p.min == 128 && p.max == 128) p.max++;
  }
  return p;
}

// What bytes in memory become.
struct Definition {
  const BinaryParameters p;
  const AddDefinition sum;
  const MulDefinition product;

  explicit Definition(const BinaryParameters& q)
      : p(q),
        sum(q.a.zero_point, q.a.scale, q.b.zero_point, q.b.scale, q.output.scale, limits(q),
            q.operation == qnnp_binary_operation_subtract),
        product(q.a.zero_point, q.a.scale, q.b.zero_point, q.b.scale, q.output.scale, limits(q)) {}
  uint8_t operator()(uint8_t a, uint8_t b) const {
    a ^= p.a.flip();
    b ^= p.b.flip();
    const bool multiplies = p.operation == qnnp_binary_operation_multiply;
    return (multiplies ? product(a, b) : sum(a, b)) ^ p.output.flip();
  }

 private:
  static Output limits(const BinaryParameters& q) { return {q.output.zero_point, q.min, q.max}; }
};

// Which tensors have one row for all.
struct Repeated {
  bool a, b;
};

class Case {
 public:
  Case(size_t batch, size_t channels, bool dense, Repeated repeated, Random& random)
      : parameters_(draw_parameters(channels, random)),
        batch_(batch),
        repeated_(repeated),
        flush_(random.coin() ? Flush::left : Flush::right),
        a_bytes_((repeated.a ? 1 : batch) * channels),
        b_bytes_((repeated.b ? 1 : batch) * channels) {
    for (size_t& stride : strides_) stride = channels + (dense ? 0 : random.size(0, 70));
    draw_bytes(random, a_bytes_);
    draw_bytes(random, b_bytes_);
    const Definition definition(parameters_);
    for (size_t i = 0; i < batch * channels; i++) {
      expected_.push_back(definition(a_bytes_[i % a_bytes_.size()], b_bytes_[i % b_bytes_.size()]));
    }
  }
  const BinaryParameters& parameters() const { return parameters_; }

  // place 0: apart, 1: in a, 2: in b.
  void check(qnnp_operator_t op, pthreadpool_t pool, int place) const {
    if ((place == 1 && repeated_.a) || (place == 2 && repeated_.b)) return;
    const size_t channels = parameters_.channels;
    GuardedRows a(repeated_.a ? 1 : batch_, channels, strides_[0], flush_);
    GuardedRows b(repeated_.b ? 1 : batch_, channels, strides_[1], flush_);
    GuardedRows other(batch_, channels, strides_[2], flush_);
    a.assign(a_bytes_);
    b.assign(b_bytes_);
    GuardedRows& output = place == 0 ? other : place == 1 ? a : b;
    ASSERT_EQ(qnnp_status_success,
              qnnp_setup_binary(op, batch_, a.data(), repeated_.a ? 0 : a.stride(), b.data(),
                                repeated_.b ? 0 : b.stride(), output.data(), output.stride()))
        << qnnp_get_last_error();
    ASSERT_EQ(qnnp_status_success, qnnp_run_operator(op, pool));
    EXPECT_TRUE(expected_ == output.dense()) << batch_ << " rows of " << channels;
    EXPECT_TRUE(a.intact() && b.intact() && other.intact());
    if (place != 1) {
      EXPECT_TRUE(a_bytes_ == a.dense());
    }
    if (place != 2) {
      EXPECT_TRUE(b_bytes_ == b.dense());
    }
  }

 private:
  BinaryParameters parameters_;
  size_t batch_, strides_[3];
  Repeated repeated_;
  Flush flush_;
  std::vector<uint8_t> a_bytes_, b_bytes_, expected_;
};

void check_shape(size_t batch, size_t channels, bool dense, Repeated repeated, Random& random) {
  const Case c(batch, channels, dense, repeated, random);
  for_each_isa([&] {
    const OperatorHandle op = c.parameters().create();
    for_each_pool([&](pthreadpool_t pool) {
      for (int place = 0; place < 3; place++) c.check(op.get(), pool, place);
    });
  });
}

TEST(Binary, Shapes) {
  QNNP_TRACE_SEED();
  Random random(1);
  for (size_t repeat = 0; repeat < effort(60); repeat++) {
    check_shape(random.size(1, 9), random.size(1, 300), random.coin(), {}, random);
  }
}

// Rows shorter and longer than what is made of them, a scalar among them.
TEST(Binary, RepeatedRows) {
  QNNP_TRACE_SEED();
  Random random(2);
  for (size_t repeat = 0; repeat < effort(24); repeat++) {
    const size_t channels = random.coin() ? random.size(1, 70) : random.size(1, 1500);
    const Repeated repeated = {repeat % 3 != 0, repeat % 3 != 1};
    check_shape(random.size(1, 60), channels, random.size(0, 3) != 0, repeated, random);
  }
  check_shape(effort(5000), 1, true, {false, true}, random);
  check_shape(effort(5000), 1, true, {true, false}, random);
}

// Cut into tasks: dense, many rows, few wide rows with gaps.
TEST(Binary, ManyTasks) {
  QNNP_TRACE_SEED();
  Random random(3);
  check_shape(effort(1500), 67, true, {}, random);
  check_shape(effort(1500), 67, false, {}, random);
  check_shape(effort(1500), 67, true, {false, true}, random);
  check_shape(2, effort(50001), false, {}, random);
  check_shape(2, effort(50001), true, {true, false}, random);
  check_shape(1, effort(100003), false, {}, random);
}

TEST(Binary, SetupAgainAndClones) {
  QNNP_TRACE_SEED();
  Random random(4);
  for (const Repeated repeated : {Repeated{}, Repeated{true, false}}) {
    const Case c(3, 37, false, repeated, random);
    const OperatorHandle op = c.parameters().create();
    qnnp_operator_t copy = nullptr;
    ASSERT_EQ(qnnp_status_success, qnnp_clone_operator(op.get(), &copy));
    const OperatorHandle clone(copy);
    c.check(op.get(), nullptr, 0);
    c.check(clone.get(), nullptr, 1);
    c.check(clone.get(), nullptr, 2);
    c.check(op.get(), nullptr, 0);
  }
}

// The short form gives the bytes of the long one.
TEST(Binary, ShortFormOfTheSum) {
  QNNP_TRACE_SEED();
  Random random(5);
  for (size_t repeat = 0; repeat < effort(20); repeat++) {
    BinaryParameters p = draw_parameters(random.size(1, 200), random);
    p.operation = qnnp_binary_operation_add;
    p.a.type = p.b.type = p.output.type = qnnp_datatype_uint8;
    p.b.scale = p.output.scale;
    if (p.min == p.max) p.min = 0, p.max = 255;
    const size_t n = p.channels;
    std::vector<uint8_t> a(2 * n), b(2 * n), sum(2 * n), expected;
    draw_bytes(random, a);
    draw_bytes(random, b);
    const Definition definition(p);
    for (size_t i = 0; i < a.size(); i++) expected.push_back(definition(a[i], b[i]));
    const OperatorHandle op =
        create_operator([&](qnnp_operator_t* out) { return p.create_short(out); });
    ASSERT_EQ(qnnp_status_success,
              qnnp_setup_add_nc_q8(op.get(), 2, a.data(), n, b.data(), n, sum.data(), n));
    ASSERT_EQ(qnnp_status_success, qnnp_run_operator(op.get(), nullptr));
    EXPECT_EQ(expected, sum);
  }
}

// Both limits 0: the whole range of the type.
TEST(Binary, LimitsByDefault) {
  for (enum qnnp_datatype type : {qnnp_datatype_uint8, qnnp_datatype_int8}) {
    qnnp_binary_desc desc = QNNP_BINARY_DESC_INIT;
    desc.channels = 2;
    desc.a_type = desc.b_type = desc.output_type = type;
    desc.a_scale = desc.b_scale = desc.output_scale = 1;
    const OperatorHandle op =
        create_operator([&](qnnp_operator_t* out) { return qnnp_create_binary(&desc, out); });
    const bool is_signed = type == qnnp_datatype_int8;
    const uint8_t x[2] = {static_cast<uint8_t>(is_signed ? -100 : 0), 100};
    const uint8_t expected[2] = {static_cast<uint8_t>(is_signed ? -128 : 0),
                                 static_cast<uint8_t>(is_signed ? 127 : 200)};
    uint8_t y[2] = {};
    ASSERT_EQ(qnnp_status_success, qnnp_setup_binary(op.get(), 1, x, 2, x, 2, y, 2));
    ASSERT_EQ(qnnp_status_success, qnnp_run_operator(op.get(), nullptr));
    EXPECT_EQ(0, memcmp(expected, y, 2)) << int{y[0]} << " " << int{y[1]};
  }
}

}  // namespace
}  // namespace test
}  // namespace qnnp
