// SPDX-License-Identifier: BSD-3-Clause
// The operators that are a table: sigmoid, leaky relu, activations, requantization. Every value of
// random cases against the definition and against real arithmetic; shapes, instruction sets, pools;
// int8 against uint8. What they refuse: activation_refusals_test.cc.
#include <gtest/gtest.h>

#include <cfloat>
#include <cmath>

#include "harness/activation_case.h"
#include "harness/draw.h"
#include "harness/guarded_buffer.h"
#include "harness/isa.h"
#include "harness/threads.h"

namespace qnnp {
namespace test {
namespace {

// Real arithmetic, by formulas of the mathematics and not of the page.
long double real_value(const Activation& d, long double x) {
  const long double alpha = d.alpha != 0 ? static_cast<long double>(d.alpha) : 1;
  switch (d.function) {
    case qnnp_activation_custom:
    case qnnp_activation_identity:
      return x;
    case qnnp_activation_sigmoid:
      return 1 / (1 + std::exp(-x));
    case qnnp_activation_swish:
      return x / (1 + std::exp(-x));
    case qnnp_activation_tanh:
      return std::tanh(x);
    case qnnp_activation_relu:
      return std::max(x, 0.0L);
    case qnnp_activation_relu6:
      return std::clamp(x, 0.0L, 6.0L);
    case qnnp_activation_relu_n1_to_1:
      return std::clamp(x, -1.0L, 1.0L);
    case qnnp_activation_leaky_relu:
      return x >= 0 ? x : (d.alpha != 0 ? alpha : 0.01L) * x;
    case qnnp_activation_elu:
      return x >= 0 ? x : alpha * std::expm1(x);
    case qnnp_activation_hard_sigmoid: {
      const bool given = d.alpha != 0 || d.beta != 0;
      const long double beta = given ? static_cast<long double>(d.beta) : 0.5L;
      return std::clamp((d.alpha != 0 ? alpha : 1 / 6.0L) * x + beta, 0.0L, 1.0L);
    }
    case qnnp_activation_hard_swish:
      return x * std::clamp(x + 3, 0.0L, 6.0L) / 6;
  }
  return 0;
}

// "Functions of one byte", where it needs nothing but IEEE operations.
bool exactly_defined(enum qnnp_activation function) {
  return function == qnnp_activation_identity || function == qnnp_activation_relu ||
         function == qnnp_activation_relu6 || function == qnnp_activation_relu_n1_to_1;
}

int low_of(enum qnnp_datatype type) { return type == qnnp_datatype_int8 ? -128 : 0; }
int value_of(uint8_t byte, enum qnnp_datatype type) {
  return type == qnnp_datatype_int8 ? static_cast<int8_t>(byte) : byte;
}

// Scales that fit together often, any of the allowed ones sometimes.
Activation draw_case(Random& random, int function) {
  Activation d = simple(static_cast<enum qnnp_activation>(function));
  d.input_scale = static_cast<float>(std::exp2(random.real(-12, 3)));
  d.output_scale = static_cast<float>(std::exp2(random.real(-16, 1)));
  if (random.size(0, 7) == 0) {
    d.input_scale = static_cast<float>(std::exp2(random.real(-120, 120)));
    d.output_scale = static_cast<float>(std::exp2(random.real(-36, 120)));
  }
  if (random.coin()) d.alpha = static_cast<float>(random.real(-2, 2));
  if (random.coin()) d.beta = static_cast<float>(random.real(-1, 1));
  for (auto [type, zero] : {std::pair(&d.input_type, &d.input_zero_point),
                            std::pair(&d.output_type, &d.output_zero_point)}) {
    *type = random.coin() ? qnnp_datatype_int8 : qnnp_datatype_uint8;
    *zero = draw_zero_point(random) + low_of(*type);
  }
  const Output limits = draw_output(random);
  d.output_min = limits.min + low_of(d.output_type);
  d.output_max = limits.max + low_of(d.output_type);
  return d;
}

// What operator `d` makes of all 256 bytes.
std::vector<uint8_t> all_outputs(Activation d) {
  d.channels = 256;
  const OperatorHandle op = create(d);
  std::vector<uint8_t> bytes(256);
  for (size_t i = 0; i < 256; i++) bytes[i] = static_cast<uint8_t>(i);
  EXPECT_EQ(qnnp_status_success,
            qnnp_setup_activation(op.get(), 1, bytes.data(), 256, bytes.data(), 256));
  EXPECT_EQ(qnnp_status_success, qnnp_run_operator(op.get(), nullptr));
  return bytes;
}

void limits_of(const Activation& d, int* low, int* high) {
  const bool whole = d.output_min == 0 && d.output_max == 0;
  *low = whole ? low_of(d.output_type) : d.output_min;
  *high = whole ? low_of(d.output_type) + 255 : d.output_max;
}

void check_values(const Activation& d) {
  SCOPED_TRACE("function " + std::to_string(d.function));
  const std::vector<uint8_t> outputs = all_outputs(d);
  int low, high;
  limits_of(d, &low, &high);
  for (size_t i = 0; i < 256; i++) {
    const int q = value_of(static_cast<uint8_t>(i), d.input_type);
    const int out = value_of(outputs[i], d.output_type);
    const double x = static_cast<double>(d.input_scale) * (q - d.input_zero_point);
    const long double y = real_value(d, x);
    const long double steps = y / static_cast<long double>(d.output_scale) + d.output_zero_point;
    const long double limited = std::clamp<long double>(steps, low, high);
    ASSERT_LE(std::abs(out - limited), 0.5L + 0x1p-13L) << "input " << q;
    if (!exactly_defined(d.function)) continue;
    const double exact =
        std::nearbyint(static_cast<double>(y) / static_cast<double>(d.output_scale));
    ASSERT_EQ(std::clamp<double>(exact + d.output_zero_point, low, high), out) << "input " << q;
  }
}

TEST(Activation, ValuesOfEveryFunction) {
  QNNP_TRACE_SEED();
  Random random(1);
  for (int f = qnnp_activation_identity; f <= qnnp_activation_hard_swish; f++) {
    check_values(simple(static_cast<enum qnnp_activation>(f)));
    for (size_t repeat = 0; repeat < effort(300); repeat++) check_values(draw_case(random, f));
  }
}

// Arguments so small that e^x - 1 would cancel, magnified by a small output scale.
TEST(Activation, NoCancellationNearZero) {
  for (enum qnnp_activation f : {qnnp_activation_tanh, qnnp_activation_elu}) {
    for (int exponent = -60; exponent <= -4; exponent++) {
      Activation d = simple(f);
      d.input_scale = std::ldexp(1.7f, exponent);
      d.output_scale = std::ldexp(1.3f, exponent);
      check_values(d);
    }
  }
}

// Values by hand: ties go to the even value; limits; infinities.
TEST(Activation, ValuesByHand) {
  Activation d = simple(qnnp_activation_identity);
  d.input_scale = 0.5f;
  d.output_scale = 1;
  d.input_zero_point = 10;
  d.output_zero_point = 3;
  d.output_max = 100;
  std::vector<uint8_t> y = all_outputs(d);
  const uint8_t expected[] = {0, 0, 0, 0, 0, 1, 1, 1, 2, 3, 3, 3, 4, 5, 5, 5, 6};
  for (size_t i = 0; i < sizeof(expected); i++) EXPECT_EQ(expected[i], y[i]) << i;
  EXPECT_EQ(100, y[255]);

  d = simple(qnnp_activation_sigmoid);
  d.output_scale = 1.0f / 256;
  d.output_zero_point = 0;
  d.input_scale = 10;
  y = all_outputs(d);
  EXPECT_EQ(0, y[99]);
  EXPECT_EQ(128, y[100]);
  EXPECT_EQ(255, y[101]);
}

double count_and_square(double x, void* context) {
  static_cast<std::vector<double>*>(context)->push_back(x);
  return x * x;
}

TEST(Activation, CustomFunctionSeesEveryInputOnce) {
  for (enum qnnp_datatype type : {qnnp_datatype_uint8, qnnp_datatype_int8}) {
    std::vector<double> seen;
    Activation d = simple(qnnp_activation_custom);
    d.custom = count_and_square;
    d.context = &seen;
    d.input_type = type;
    d.output_scale = 1;
    const std::vector<uint8_t> y = all_outputs(d);
    ASSERT_EQ(256u, seen.size());
    for (size_t i = 0; i < 256; i++) {
      const double x = 0.0625 * (low_of(type) + static_cast<int>(i) - 100);
      EXPECT_EQ(x, seen[i]);
      const uint8_t byte = static_cast<uint8_t>(low_of(type) + static_cast<int>(i));
      EXPECT_EQ(std::min(255.0, std::nearbyint(x * x) + 40), y[byte]);
    }
  }
}

double infinite(double x, void*) { return x / 0.0; }

TEST(Activation, CustomFunctionMayBeInfinite) {
  Activation d = simple(qnnp_activation_custom);
  d.custom = [](double x, void*) { return x == 0 ? 0 : infinite(x, nullptr); };
  const std::vector<uint8_t> y = all_outputs(d);
  EXPECT_EQ(0, y[99]);
  EXPECT_EQ(40, y[100]);
  EXPECT_EQ(255, y[101]);
}

// XOR 0x80 of input and output, zero points and limits 128 higher: the same bytes.
TEST(Activation, SignedIsUnsignedAndAnXor) {
  QNNP_TRACE_SEED();
  Random random(2);
  for (size_t repeat = 0; repeat < effort(200); repeat++) {
    Activation s = draw_case(random, static_cast<int>(random.size(1, 11)));
    s.input_type = s.output_type = qnnp_datatype_int8;
    s.input_zero_point = draw_zero_point(random) - 128;
    const Output output = draw_output(random);
    s.output_zero_point = output.zero_point - 128;
    s.output_min = output.min - 128;
    s.output_max = output.max - 128;
    if (output.min == 128 && output.max == 128) continue;  // stands for the whole range
    Activation u = s;
    u.input_type = u.output_type = qnnp_datatype_uint8;
    u.input_zero_point += 128;
    u.output_zero_point += 128;
    u.output_min += 128;
    u.output_max += 128;
    if (u.output_max == 0) continue;
    const std::vector<uint8_t> of_signed = all_outputs(s), of_unsigned = all_outputs(u);
    for (size_t i = 0; i < 256; i++) {
      ASSERT_EQ(of_unsigned[i ^ 0x80], of_signed[i] ^ 0x80) << i;
    }
  }
}

struct Case {
  Activation desc;
  size_t batch, input_stride, output_stride;
  Flush flush;
  std::vector<uint8_t> bytes, expected;

  Case(size_t batch_size, size_t n, bool dense, Random& random)
      : desc(draw_case(random, static_cast<int>(random.size(1, 11)))),
        batch(batch_size),
        input_stride(n + (dense ? 0 : random.size(0, 70))),
        output_stride(n + (dense ? 0 : random.size(0, 70))),
        flush(random.coin() ? Flush::left : Flush::right),
        bytes(batch_size * n) {
    const std::vector<uint8_t> table = all_outputs(desc);
    desc.channels = n;
    draw_bytes(random, bytes);
    for (uint8_t x : bytes) expected.push_back(table[x]);
  }
  void check(qnnp_operator_t op, pthreadpool_t pool, bool in_place) const {
    GuardedRows input(batch, desc.channels, input_stride, flush);
    GuardedRows other(batch, desc.channels, output_stride, flush);
    input.assign(bytes);
    GuardedRows& output = in_place ? input : other;
    ASSERT_EQ(qnnp_status_success, qnnp_setup_activation(op, batch, input.data(), input.stride(),
                                                         output.data(), output.stride()))
        << qnnp_get_last_error();
    ASSERT_EQ(qnnp_status_success, qnnp_run_operator(op, pool));
    EXPECT_TRUE(expected == output.dense()) << batch << " rows of " << desc.channels;
    EXPECT_TRUE(input.intact() && other.intact());
  }
};

void check_shape(size_t batch, size_t channels, bool dense, Random& random) {
  const Case c(batch, channels, dense, random);
  for_each_isa([&] {
    const OperatorHandle op = create(c.desc);
    for_each_pool([&](pthreadpool_t pool) {
      c.check(op.get(), pool, false);
      c.check(op.get(), pool, true);
    });
  });
}

TEST(Activation, Shapes) {
  QNNP_TRACE_SEED();
  Random random(3);
  for (size_t repeat = 0; repeat < effort(60); repeat++) {
    check_shape(random.size(1, 9), random.size(1, 300), random.coin(), random);
  }
}

TEST(Activation, ManyTasks) {
  QNNP_TRACE_SEED();
  Random random(4);
  check_shape(effort(3000), 67, true, random);
  check_shape(effort(3000), 67, false, random);
  check_shape(2, effort(100001), false, random);
}

TEST(Activation, SetupAgainAndClones) {
  QNNP_TRACE_SEED();
  Random random(5);
  const Case c(3, 37, false, random);
  OperatorHandle op = create(c.desc);
  qnnp_operator_t copy = nullptr;
  ASSERT_EQ(qnnp_status_success, qnnp_clone_operator(op.get(), &copy));
  const OperatorHandle clone(copy);
  c.check(op.get(), nullptr, true);
  c.check(clone.get(), nullptr, false);
  c.check(op.get(), nullptr, false);
  op.reset();  // the table lives on
  c.check(clone.get(), nullptr, true);
}

// ---- The short forms ---------------------------------------------------------------------------

template <class Setup>
std::vector<uint8_t> run_all(const OperatorHandle& op, const Setup& setup) {
  std::vector<uint8_t> input(256), output(256);
  for (size_t i = 0; i < 256; i++) input[i] = static_cast<uint8_t>(i);
  EXPECT_EQ(qnnp_status_success, setup(op.get(), 1, input.data(), 256, output.data(), 256));
  EXPECT_EQ(qnnp_status_success, qnnp_run_operator(op.get(), nullptr));
  return output;
}

TEST(Activation, ShortFormsEqualTheLongOne) {
  QNNP_TRACE_SEED();
  Random random(6);
  for (size_t repeat = 0; repeat < effort(100); repeat++) {
    ShortForm s;
    s.channels = 256;
    s.slope = static_cast<float>(random.real(1e-3, 1));
    s.input_scale = static_cast<float>(std::exp2(random.real(-10, 4)));
    s.output_scale = static_cast<float>(s.input_scale * std::exp2(random.real(-7.9, 7.9)));
    s.input_zero_point = draw_zero_point(random);
    s.output_zero_point = draw_zero_point(random);
    s.output_min = random.byte(0, 127);
    s.output_max = random.byte(128, 255);
    const OperatorHandle sigmoid =
        create_operator([&](qnnp_operator_t* out) { return s.sigmoid(out); });
    EXPECT_EQ(all_outputs(s.long_form(qnnp_activation_sigmoid)),
              run_all(sigmoid, qnnp_setup_sigmoid_nc_q8));
    const OperatorHandle leaky_relu =
        create_operator([&](qnnp_operator_t* out) { return s.leaky_relu(out); });
    EXPECT_EQ(all_outputs(s.long_form(qnnp_activation_leaky_relu)),
              run_all(leaky_relu, qnnp_setup_leaky_relu_nc_q8));
  }
}

// ---- Requantization --------------------------------------------------

TEST(Requantize, ConversionOfTypesIsAnXor) {
  for (enum qnnp_datatype from : {qnnp_datatype_uint8, qnnp_datatype_int8}) {
    for (enum qnnp_datatype to : {qnnp_datatype_uint8, qnnp_datatype_int8}) {
      for (float scale : {0.0123f, FLT_MIN, FLT_MAX, 1.0f, 0x1.fffffep5f}) {
        qnnp_requantize_desc d = conversion(from, to);
        d.input_scale = d.output_scale = scale;
        const std::vector<uint8_t> y = run_all(
            create_operator([&](qnnp_operator_t* out) { return qnnp_create_requantize(&d, out); }),
            qnnp_setup_requantize);
        for (size_t i = 0; i < 256; i++) ASSERT_EQ(from == to ? i : i ^ 0x80, y[i]);
      }
    }
  }
}

TEST(Requantize, EqualsActivationOfIdentity) {
  QNNP_TRACE_SEED();
  Random random(7);
  for (size_t repeat = 0; repeat < effort(100); repeat++) {
    const Activation a = draw_case(random, qnnp_activation_identity);
    qnnp_requantize_desc d = QNNP_REQUANTIZE_DESC_INIT;
    d.channels = 256;
    d.input_type = a.input_type;
    d.output_type = a.output_type;
    d.input_scale = a.input_scale;
    d.output_scale = a.output_scale;
    d.input_zero_point = a.input_zero_point;
    d.output_zero_point = a.output_zero_point;
    d.output_min = a.output_min;
    d.output_max = a.output_max;
    EXPECT_EQ(all_outputs(a), run_all(create_operator([&](qnnp_operator_t* out) {
                                        return qnnp_create_requantize(&d, out);
                                      }),
                                      qnnp_setup_requantize));
  }
}

}  // namespace
}  // namespace test
}  // namespace qnnp
