// SPDX-License-Identifier: BSD-3-Clause
// Batched matrix multiplication against its definition: types, transposition, strides; every
// instruction set and pool; and what it refuses.
#include <gtest/gtest.h>
#include <qnnpack.h>

#include "harness/draw.h"
#include "harness/guarded_buffer.h"
#include "harness/isa.h"
#include "harness/operator_checks.h"
#include "harness/threads.h"

namespace qnnp {
namespace test {
namespace {

struct Case {
  size_t batch, m, k, n;
  bool transposed;
  uint8_t a_zero_point, b_zero_point;
  Output range;
  float a_scale = 0.25f, b_scale, c_scale = 0.5f;
  std::vector<uint8_t> a, b;  // b: [batch][k][n], or [batch][n][k]
  std::vector<int64_t> sums;

  explicit Case(Random& random)
      : batch(random.size(1, 4)),
        m(random.size(1, 20)),
        k(random.size(1, 70)),
        n(random.size(1, 80)),
        transposed(random.coin()),
        a_zero_point(draw_zero_point(random)),
        b_zero_point(draw_zero_point(random)),
        range(draw_output(random)),
        b_scale(static_cast<float>(random.real(0.0001, 0.05))),
        a(batch * m * k),
        b(batch * k * n) {
    draw_bytes(random, a);
    draw_bytes(random, b);
    for (size_t i = 0; i < batch; i++) {
      for (size_t row = 0; row < m; row++) {
        for (size_t column = 0; column < n; column++) sums.push_back(sum(i, row, column));
      }
    }
  }
  int64_t sum(size_t i, size_t row, size_t column) const {
    int64_t total = 0;
    for (size_t d = 0; d < k; d++) {
      const size_t at = transposed ? column * k + d : d * n + column;
      total += (int64_t{a[(i * m + row) * k + d]} - a_zero_point) *
               (int64_t{b[i * k * n + at]} - b_zero_point);
    }
    return total;
  }
  std::vector<uint8_t> expected() const {
    const float scale = static_cast<float>(double(a_scale) * double(b_scale) / double(c_scale));
    std::vector<uint8_t> bytes;
    for (int64_t total : sums) bytes.push_back(requantize_reference(total, scale, range));
    return bytes;
  }
  qnnp_batch_matrix_multiply_desc desc() const {
    qnnp_batch_matrix_multiply_desc d = QNNP_BATCH_MATRIX_MULTIPLY_DESC_INIT;
    d.transpose_b = transposed;
    d.a_scale = a_scale;
    d.b_scale = b_scale;
    d.output_scale = c_scale;
    d.a_zero_point = a_zero_point;
    d.b_zero_point = b_zero_point;
    d.output_zero_point = range.zero_point;
    d.output_min = range.min;
    d.output_max = range.max;
    return d;
  }
};

OperatorHandle create(const qnnp_batch_matrix_multiply_desc& desc) {
  return create_operator(
      [&](qnnp_operator_t* out) { return qnnp_create_batch_matrix_multiply(&desc, out); });
}

std::vector<uint8_t> flipped(std::vector<uint8_t> bytes, bool flip) {
  for (uint8_t& byte : bytes) byte ^= flip ? 0x80 : 0;
  return bytes;
}

// a, b, c signed or not: the same bytes but for their highest bits.
struct Signs {
  bool a = false, b = false, c = false;
};

void expect_bytes(qnnp_operator_t op, const Case& t, const Signs& flip, pthreadpool_t pool,
                  Random& random) {
  const Flush flush = random.coin() ? Flush::left : Flush::right;
  const size_t b_rows = t.transposed ? t.n : t.k, b_n = t.transposed ? t.k : t.n;
  GuardedRows a(t.batch * t.m, t.k, t.k + random.size(0, 9), flush);
  GuardedRows b(t.batch * b_rows, b_n, b_n + random.size(0, 9), flush);
  GuardedRows c(t.batch * t.m, t.n, t.n + random.size(0, 9), flush);
  a.assign(flipped(t.a, flip.a));
  b.assign(flipped(t.b, flip.b));
  ASSERT_EQ(qnnp_status_success,
            qnnp_setup_batch_matrix_multiply(op, t.batch, t.m, t.k, t.n, a.data(), a.stride(),
                                             b.data(), b.stride(), c.data(), c.stride()))
      << qnnp_get_last_error();
  ASSERT_EQ(qnnp_status_success, qnnp_run_operator(op, pool));
  EXPECT_TRUE(flipped(t.expected(), flip.c) == c.dense());
  EXPECT_TRUE(a.intact() && b.intact() && c.intact());
}

TEST(BatchMatrixMultiply, RandomShapes) {
  QNNP_TRACE_SEED();
  Random random(1);
  for (size_t i = 0; i < effort(100); i++) {
    const Case t(random);
    for_each_isa([&] {
      const OperatorHandle op = create(t.desc());
      expect_bytes(op.get(), t, {}, nullptr, random);
      if (i % 8 != 0) return;
      for_each_pool([&](pthreadpool_t pool) { expect_bytes(op.get(), t, {}, pool, random); });
    });
  }
}

TEST(BatchMatrixMultiply, SignedBytes) {
  QNNP_TRACE_SEED();
  Random random(2);
  for (size_t i = 0; i < effort(60); i++) {
    const Case t(random);
    const Signs flip = {random.coin(), random.coin(), random.coin()};
    qnnp_batch_matrix_multiply_desc d = t.desc();
    const auto type = [](bool sign) { return sign ? qnnp_datatype_int8 : qnnp_datatype_uint8; };
    d.a_type = type(flip.a);
    d.b_type = type(flip.b);
    d.output_type = type(flip.c);
    d.a_zero_point -= flip.a ? 128 : 0;
    d.b_zero_point -= flip.b ? 128 : 0;
    d.output_zero_point -= flip.c ? 128 : 0;
    d.output_min -= flip.c ? 128 : 0;
    d.output_max -= flip.c ? 128 : 0;
    if (d.output_min == 0 && d.output_max == 0) continue;  // the default: the whole range
    for_each_isa([&] { expect_bytes(create(d).get(), t, flip, nullptr, random); });
  }
}

TEST(BatchMatrixMultiply, WideOutputs) {
  QNNP_TRACE_SEED();
  Random random(3);
  for (size_t i = 0; i < effort(60); i++) {
    const Case t(random);
    for_each_isa([&] {
      qnnp_batch_matrix_multiply_desc d = t.desc();
      std::vector<int32_t> sums(t.sums.size());
      std::vector<float> reals(t.sums.size());
      const auto run = [&](enum qnnp_datatype type, void* c) {
        d.output_type = type;
        const OperatorHandle op = create(d);
        ASSERT_EQ(qnnp_status_success, qnnp_setup_batch_matrix_multiply(
                                           op.get(), t.batch, t.m, t.k, t.n, t.a.data(), t.k,
                                           t.b.data(), t.transposed ? t.k : t.n, c, t.n));
        ASSERT_EQ(qnnp_status_success, qnnp_run_operator(op.get(), nullptr));
      };
      run(qnnp_datatype_int32, sums.data());
      run(qnnp_datatype_float32, reals.data());
      const float scale = static_cast<float>(double(t.a_scale) * double(t.b_scale));
      for (size_t j = 0; j < sums.size(); j++) {
        ASSERT_EQ(t.sums[j], sums[j]);
        ASSERT_EQ(static_cast<float>(t.sums[j]) * scale, reals[j]);
      }
    });
  }
}

// Both operands are read anew at every run; a clone has a binding of its own.
TEST(BatchMatrixMultiply, SetupAgainAndClones) {
  QNNP_TRACE_SEED();
  Random random(4);
  const Case first(random);
  Case second(random);
  const OperatorHandle op = create(first.desc());
  qnnp_operator_t copy = nullptr;
  ASSERT_EQ(qnnp_status_success, qnnp_clone_operator(op.get(), &copy));
  const OperatorHandle clone(copy);
  expect_bytes(op.get(), first, {}, nullptr, random);
  expect_bytes(clone.get(), first, {}, nullptr, random);
  std::vector<uint8_t> a(6, 3), b(6, 5), c(4);
  qnnp_batch_matrix_multiply_desc d = QNNP_BATCH_MATRIX_MULTIPLY_DESC_INIT;
  d.a_scale = d.b_scale = d.output_scale = 1;
  const OperatorHandle small = create(d);
  ASSERT_EQ(qnnp_status_success, qnnp_setup_batch_matrix_multiply(small.get(), 1, 2, 3, 2, a.data(),
                                                                  3, b.data(), 2, c.data(), 2));
  ASSERT_EQ(qnnp_status_success, qnnp_run_operator(small.get(), nullptr));
  EXPECT_EQ(std::vector<uint8_t>(4, 45), c);
  b.assign(6, 2);
  ASSERT_EQ(qnnp_status_success, qnnp_run_operator(small.get(), nullptr));
  EXPECT_EQ(std::vector<uint8_t>(4, 18), c);
}

OperatorKind kind() {
  static std::vector<uint8_t> data(100);
  return {"batch_matrix_multiply_q8", "q8gemm", "out-handle",
          [](qnnp_operator_t* out) {
            qnnp_batch_matrix_multiply_desc d = QNNP_BATCH_MATRIX_MULTIPLY_DESC_INIT;
            d.a_scale = d.b_scale = d.output_scale = 1;
            return qnnp_create_batch_matrix_multiply(&d, out);
          },
          [](qnnp_operator_t op, size_t batch) {
            uint8_t* p = batch == 0 ? nullptr : data.data();
            const size_t s = batch == 0 ? 0 : 3;
            return qnnp_setup_batch_matrix_multiply(op, batch, s, s, s, p, s, p, s, p, s);
          }};
}

TEST(BatchMatrixMultiply, LifeCycle) {
  expect_refusals_of_kind(kind());
  expect_empty_batch(kind());
  expect_survives_lack_of_memory(kind().create);
}

TEST(BatchMatrixMultiply, RefusesParameters) {
  const auto expect = [](enum qnnp_status status, const char* parameter, const auto& spoil) {
    qnnp_batch_matrix_multiply_desc d = QNNP_BATCH_MATRIX_MULTIPLY_DESC_INIT;
    d.a_scale = d.b_scale = d.output_scale = 1;
    spoil(d);
    expect_create_refuses(status, parameter, [&](qnnp_operator_t* op) {
      return qnnp_create_batch_matrix_multiply(&d, op);
    });
  };
  constexpr enum qnnp_status kInvalid = qnnp_status_invalid_parameter;
  expect(kInvalid, "struct_size", [](auto& d) { d.struct_size--; });
  expect(kInvalid, "a_type", [](auto& d) { d.a_type = qnnp_datatype_float32; });
  expect(kInvalid, "b_type", [](auto& d) { d.b_type = qnnp_datatype_int32; });
  expect(kInvalid, "output_type", [](auto& d) { d.output_type = qnnp_datatype_float16; });
  expect(kInvalid, "a_scale", [](auto& d) { d.a_scale = 0; });
  expect(kInvalid, "b_scale", [](auto& d) { d.b_scale = -1; });
  expect(kInvalid, "a_zero_point", [](auto& d) { d.a_zero_point = 256; });
  expect(kInvalid, "b_zero_point", [](auto& d) { d.b_zero_point = -1; });
  expect(kInvalid, "output_scale", [](auto& d) { d.output_scale = 0; });
  expect(kInvalid, "output_zero_point", [](auto& d) { d.output_zero_point = 256; });
  expect(kInvalid, "output_min", [](auto& d) { d.output_min = 5; });
  expect(kInvalid, "flags", [](auto& d) { d.flags = 1; });
  expect(qnnp_status_unsupported_parameter, "a_scale * b_scale / output_scale", [](auto& d) {
    d.output_scale = 0x1p127f;
    d.a_scale = 0x1p-20f;
  });
}

TEST(BatchMatrixMultiply, RefusesSetup) {
  const OperatorHandle op = create_operator(kind().create);
  uint8_t x[100] = {};
  const auto setup = [&](size_t batch, size_t m, size_t k, size_t n, size_t stride) {
    return qnnp_setup_batch_matrix_multiply(op.get(), batch, m, k, n, x, stride, x, stride, x,
                                            stride);
  };
  constexpr enum qnnp_status kInvalid = qnnp_status_invalid_parameter;
  constexpr enum qnnp_status kUnsupported = qnnp_status_unsupported_parameter;
  expect_refusal(kInvalid, "m is 0", setup(1, 0, 2, 2, 2));
  expect_refusal(kInvalid, "k is 0", setup(1, 2, 0, 2, 2));
  expect_refusal(kInvalid, "n is 0", setup(1, 2, 2, 0, 2));
  expect_refusal(kInvalid, "a_stride", setup(1, 2, 3, 2, 2));
  expect_refusal(kInvalid, "b_stride", setup(1, 2, 2, 3, 2));
  expect_refusal(kUnsupported, "a:", setup(SIZE_MAX / 4, 64, 2, 2, 2));
  // 33025 * 65025 < 2^31 <= 33026 * 65025
  expect_refusal(kUnsupported, "k is 33026", setup(1, 1, 33026, 1, 33026));
  ASSERT_EQ(qnnp_status_success, setup(1, 2, 2, 2, 2));
  FailingAllocator allocator(1);
  expect_refusal(qnnp_status_out_of_memory, "packed", setup(1, 1, 70, 1, 70));
  EXPECT_EQ(qnnp_status_success, qnnp_run_operator(op.get(), nullptr));  // as it was
}

}  // namespace
}  // namespace test
}  // namespace qnnp
