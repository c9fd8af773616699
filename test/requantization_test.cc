// SPDX-License-Identifier: BSD-3-Clause
// Every row of the requantization family against the definition of its scheme, written here from
// doc/quantization.md in divisions of exact integers; constants, refusals and error bounds.
#include <gtest/gtest.h>

#include <cfloat>
#include <set>

#include "harness/draw.h"
#include "harness/guarded_buffer.h"
#include "harness/kernel_matrix.h"
#include "requantization/params.h"

namespace qnnp {
namespace test {
namespace {

constexpr Scheme kSchemes[] = {Scheme::precise, Scheme::fp32, Scheme::q31, Scheme::gemmlowp};

int64_t floor_div(int64_t a, int64_t b) {
  const int64_t quotient = a / b;
  return a % b < 0 ? quotient - 1 : quotient;
}
int64_t half_up(int64_t a, int64_t b) { return floor_div(2 * a + b, 2 * b); }
int64_t half_away(int64_t a, int64_t b) { return a < 0 ? -half_up(-a, b) : half_up(a, b); }

// A scheme with a scale, as the page defines it.
class Definition {
 public:
  Definition(Scheme scheme, double scale, const Output& output)
      : scheme_(scheme), scale_(static_cast<float>(scale)), output_(output) {
    int exponent = 0;
    const double fraction =
        std::frexp(scheme == Scheme::gemmlowp ? scale : double{scale_}, &exponent);
    bits = scheme == Scheme::precise ? 24 : 31;
    multiplier = static_cast<int64_t>(std::floor(std::ldexp(fraction, bits) + 0.5));
    if (multiplier == int64_t{1} << bits) {
      multiplier /= 2;
      exponent++;
    }
    shift = -exponent;
  }

  uint8_t operator()(int32_t acc) const {
    if (scheme_ == Scheme::fp32) return requantize_reference(acc, scale_, output_);
    const int64_t product = acc * multiplier;
    const int64_t power = int64_t{1} << shift;
    const int64_t value = scheme_ == Scheme::precise
                              ? half_away(product, power << 24)
                              : half_away(half_up(product, int64_t{1} << 31), power);
    return static_cast<uint8_t>(
        std::clamp<int64_t>(value + output_.zero_point, output_.min, output_.max));
  }

  int64_t multiplier;  // of `bits` bits
  int bits, shift;

 private:
  Scheme scheme_;
  float scale_;
  Output output_;
};

RequantizationParams make_params(Scheme scheme, double scale, const Output& output) {
  RequantizationParams params = {};
  EXPECT_EQ(qnnp_status_success, requantization_params(scheme, scale, output.zero_point, output.min,
                                                       output.max, &params))
      << last_error();
  return params;
}

void run(const RequantizationKernel& kernel, const RequantizationParams& params,
         const std::vector<int32_t>& acc, std::vector<uint8_t>& c) {
  c.assign(acc.size(), kCanary);
  kernel.run({acc.size(), acc.data(), c.data(), &params});
}

void expect_definition(const RequantizationKernel& kernel, double scale, const Output& output,
                       const std::vector<int32_t>& acc) {
  const Definition definition(kernel.scheme, scale, output);
  std::vector<uint8_t> c;
  run(kernel, make_params(kernel.scheme, scale, output), acc, c);
  for (size_t i = 0; i < acc.size(); i++) {
    ASSERT_EQ(definition(acc[i]), c[i])
        << "accumulator " << acc[i] << ", scale " << scale << ", zero point "
        << int{output.zero_point} << ", range " << int{output.min} << ".." << int{output.max};
  }
}

// The scales that every scheme takes: each exponent with the smallest, the largest and some other
// mantissas, among them those with more bits than a float.
std::vector<double> all_scales(Random& random) {
  std::vector<double> scales;
  for (int exponent = -32; exponent <= -1; exponent++) {
    const double power = std::ldexp(1.0, exponent);
    for (double mantissa :
         {1.0, 1 + 0x1p-23, 1.5, 2 - 0x1p-22, 2 - 0x1p-23, 1 + 0x1p-30, 4.0 / 3}) {
      scales.push_back(power * mantissa);
    }
    if (exponent < -1) scales.push_back(power * (2 - 0x1p-40));  // rounds to the next power
    scales.push_back(power * (1 + 0x0.ffffp0 * random.unit()));
  }
  return scales;
}

int32_t saturated(double x) {
  return static_cast<int32_t>(std::clamp(x, double{INT32_MIN}, double{INT32_MAX}));
}

// Around every half of a step of the output range in both signs, the ends of int32, powers of two.
std::vector<int32_t> accumulators(double scale, Random& random) {
  std::vector<int32_t> acc = {0, 1, -1, INT32_MAX, INT32_MAX - 1, INT32_MIN, INT32_MIN + 1};
  for (int half = -520; half <= 520; half += 1 + static_cast<int>(random.size(0, 12))) {
    const double tie = std::floor(half * 0.5 / scale);
    for (int d : {-1, 0, 1}) acc.push_back(saturated(tie + d));
  }
  for (int bit = 1; bit <= 30; bit++) {
    for (int32_t d : {-1, 0, 1}) {
      acc.push_back((1 << bit) + d);
      acc.push_back(-(1 << bit) - d);
    }
  }
  for (int i = 0; i < 50; i++) {
    acc.push_back(static_cast<int32_t>(random.bits() >> 32) >> random.size(0, 31));
  }
  return acc;
}

TEST(Requantization, EveryScaleAndTie) {
  QNNP_TRACE_SEED();
  for_each_kernel("requantization", requantization_kernels(), [](const RequantizationKernel& k) {
    SCOPED_TRACE(k.name);
    Random random(1);
    const std::vector<double> scales = all_scales(random);
    for_each_size(0, scales.size() - 1, [&](size_t i) {
      const std::vector<int32_t> acc = accumulators(scales[i], random);
      for (const Output& output :
           {Output{0, 0, 255}, Output{255, 0, 255}, Output{127, 1, 254}, draw_output(random)}) {
        expect_definition(k, scales[i], output, acc);
        if (::testing::Test::HasFatalFailure()) return;
      }
    });
  });
}

// fp32 is not limited to scales below 1.
TEST(Requantization, EveryScaleOfFp32) {
  QNNP_TRACE_SEED();
  for_each_kernel("requantization", requantization_kernels(), [](const RequantizationKernel& k) {
    if (k.scheme != Scheme::fp32) return;
    SCOPED_TRACE(k.name);
    Random random(2);
    for_each_size(0, 253, [&](size_t i) {
      const double power = std::ldexp(1.0, static_cast<int>(i) - 126);
      for (double scale : {power, power * (2 - 0x1p-23), power * (1 + random.unit())}) {
        expect_definition(k, scale, draw_output(random), accumulators(scale, random));
        if (::testing::Test::HasFatalFailure()) return;
      }
    });
  });
}

// Every n up to three vectors of bytes, between inaccessible pages, from every alignment.
TEST(Requantization, EveryTail) {
  QNNP_TRACE_SEED();
  for_each_kernel("requantization", requantization_kernels(), [](const RequantizationKernel& k) {
    SCOPED_TRACE(k.name);
    Random random(3);
    for_each_size(0, 3 * 64 + 1, [&](size_t n) {
      const Output output = draw_output(random);
      const double scale = std::exp2(random.real(-31.9, -0.1));
      const Definition definition(k.scheme, scale, output);
      const RequantizationParams params = make_params(k.scheme, scale, output);
      for (Flush flush : kFlushes) {
        // With Flush::left the data begins anywhere, with Flush::right it ends at the page.
        const size_t shift = flush == Flush::left ? random.size(0, 16) : 0;
        GuardedBuffer<int32_t> acc(n + shift, flush);
        GuardedBuffer<uint8_t> c(n + shift, flush);
        for (int32_t& x : acc) x = saturated(random.real(-300, 300) / scale);
        const std::vector<int32_t> before(acc.begin(), acc.end());
        k.run({n, acc.data() + shift, c.data() + shift, &params});
        for (size_t i = 0; i < shift; i++) ASSERT_EQ(kCanary, c[i]);
        for (size_t i = 0; i < n; i++) ASSERT_EQ(definition(acc[shift + i]), c[shift + i]) << n;
        ASSERT_TRUE(std::equal(before.begin(), before.end(), acc.begin()));
        ASSERT_TRUE(acc.intact() && c.intact());
      }
    });
  });
}

TEST(Requantization, EveryInstructionSetHasEveryScheme) {
  std::set<std::pair<Isa, Scheme>> rows;
  std::set<Isa> isas;
  for (const RequantizationKernel* kernel : requantization_kernels()) {
    isas.insert(kernel->isa);
    EXPECT_TRUE(rows.insert({kernel->isa, kernel->scheme}).second) << kernel->name;
    EXPECT_EQ(std::string(scheme_name(kernel->scheme)) + "__" + isa_name(kernel->isa),
              kernel->name);
  }
  EXPECT_EQ(isas.size() * std::size(kSchemes), rows.size());
}

TEST(Requantization, ConstantsFollowTheDefinition) {
  QNNP_TRACE_SEED();
  Random random(4);
  std::vector<double> scales = all_scales(random);
  for (size_t i = 0; i < 2000; i++) scales.push_back(std::exp2(random.real(-32, -0.001)));
  for (double scale : scales) {
    for (Scheme scheme : kSchemes) {
      const RequantizationParams params = make_params(scheme, scale, {7, 5, 250});
      EXPECT_EQ(7, params.zero_point);
      EXPECT_EQ(5, params.min);
      EXPECT_EQ(250, params.max);
      EXPECT_EQ(static_cast<float>(scale), params.scale);
      if (scheme == Scheme::fp32) continue;
      const Definition definition(scheme, scale, {7, 5, 250});
      const int bits = scheme == Scheme::precise ? 32 : 31;
      ASSERT_EQ(definition.multiplier << (bits - definition.bits), params.multiplier) << scale;
      ASSERT_EQ(definition.shift, static_cast<int>(params.shift)) << scale;
      ASSERT_LE(params.shift, 31u);
      ASSERT_EQ(1u, params.multiplier >> (bits - 1));
    }
  }
}

void expect_refusal(Status status, Scheme scheme, double scale, const Output& output,
                    const char* words) {
  RequantizationParams params = {0.25f, 1, 2, 3, 4, 5};
  EXPECT_EQ(status, requantization_params(scheme, scale, output.zero_point, output.min, output.max,
                                          &params))
      << scheme_name(scheme) << " " << scale;
  EXPECT_NE(nullptr, strstr(last_error(), words)) << last_error();
  EXPECT_EQ(0.25f, params.scale);
  EXPECT_EQ(5, params.max);
}

TEST(Requantization, Refusals) {
  constexpr Output kAny = {0, 0, 255};
  for (Scheme scheme : kSchemes) {
    for (double scale : {0.0, -0.5, -1e-300, 1e-300, 0x1p-127, 0x1p128, 1e300, HUGE_VAL, -HUGE_VAL,
                         std::nan("")}) {
      expect_refusal(qnnp_status_invalid_parameter, scheme, scale, kAny, "positive and normal");
    }
    expect_refusal(qnnp_status_invalid_parameter, scheme, 0.5, {0, 2, 1}, "output_min 2");
    if (scheme == Scheme::fp32) {
      for (double scale : {double{FLT_MIN}, double{FLT_MAX}, 1.0, 0x1p-33}) {
        make_params(scheme, scale, kAny);
      }
      continue;
    }
    for (double scale :
         {1.0, 1 - 0x1p-32, 2.0, double{FLT_MAX}, 0x0.fffffep-32, 0x1p-33, double{FLT_MIN}}) {
      expect_refusal(qnnp_status_unsupported_parameter, scheme, scale, kAny, scheme_name(scheme));
    }
    make_params(scheme, 0x1p-32, kAny);
    make_params(scheme, 1 - 0x1p-24, kAny);
  }
  // A float of it is 1.
  constexpr double kAlmostOne = 1 - 0x1p-31;
  make_params(Scheme::gemmlowp, kAlmostOne, kAny);
  expect_refusal(qnnp_status_unsupported_parameter, Scheme::q31, kAlmostOne, kAny, "q31");
  expect_refusal(qnnp_status_unsupported_parameter, Scheme::precise, kAlmostOne, kAny, "precise");
}

// With the same scale, q31 and gemmlowp are the same function: of a float they have the same
// multiplier, and their two descriptions of one rounding agree. Both are scalar rows of their own.
TEST(Requantization, Q31IsGemmlowpOfFloatScales) {
  QNNP_TRACE_SEED();
  Random random(5);
  const Output output = {128, 0, 255};
  for (double x : all_scales(random)) {
    const double scale = static_cast<float>(x);
    const std::vector<int32_t> acc = accumulators(scale, random);
    std::vector<uint8_t> q31, gemmlowp;
    run(requantization_q31__scalar, make_params(Scheme::q31, scale, output), acc, q31);
    run(requantization_gemmlowp__scalar, make_params(Scheme::gemmlowp, scale, output), acc,
        gemmlowp);
    ASSERT_EQ(q31, gemmlowp) << scale;
  }
}

// The page's bounds, in steps of the output, against real arithmetic.
double bound(Scheme scheme, int shift) {
  const double twice = shift == 0 ? 0 : std::ldexp(0.5, -shift);
  switch (scheme) {
    case Scheme::precise:
      return 0.5 + 0x1p-16;
    case Scheme::fp32:
      return 0.5 + 0x1p-14;
    case Scheme::q31:
      return 0.5 + twice + 0x1p-16;
    case Scheme::gemmlowp:
      return 0.5 + twice + 0x1p-23;
  }
  return 0;
}

TEST(Requantization, CloseToRealNumbers) {
  QNNP_TRACE_SEED();
  Random random(6);
  const Output output = {100, 0, 255};
  const std::vector<double> scales = all_scales(random);
  for (Scheme scheme : kSchemes) {
    double worst = 0;
    for_each_size(0, scales.size() / 4 - 1, [&](size_t i) {
      const double scale = scales[4 * i];
      const Definition definition(scheme, scale, output);
      for (int32_t acc : accumulators(scale, random)) {
        const long double real = static_cast<long double>(acc) * scale + output.zero_point;
        const double error =
            static_cast<double>(std::abs(definition(acc) - std::clamp(real, 0.0L, 255.0L)));
        ASSERT_LT(error, bound(scheme, definition.shift)) << scheme_name(scheme) << acc << scale;
        worst = std::max(worst, error);
      }
    });
    EXPECT_GE(worst, 0.499);
  }
  // Rounding twice: a quarter becomes a half, and that 1.
  for (Scheme scheme : {Scheme::q31, Scheme::gemmlowp}) {
    EXPECT_EQ(101, Definition(scheme, 0.25, output)(1));
    EXPECT_EQ(100, Definition(scheme, 0.25, output)(-1));
  }
  for (Scheme scheme : {Scheme::precise, Scheme::fp32}) {
    EXPECT_EQ(100, Definition(scheme, 0.25, output)(1));
  }
}

// The definitions above, where the answer is known: ties of the last rounding in both signs.
TEST(Requantization, KnownTies) {
  const Output output = {100, 0, 255};
  const auto of = [&](Scheme scheme, int32_t acc) {
    return int{Definition(scheme, 0.5, output)(acc)};
  };
  EXPECT_EQ(101, of(Scheme::precise, 1));
  EXPECT_EQ(99, of(Scheme::precise, -1));
  EXPECT_EQ(100, of(Scheme::fp32, 1));
  EXPECT_EQ(100, of(Scheme::fp32, -1));
  EXPECT_EQ(98, of(Scheme::fp32, -3));
  // Without a shift there is only the high product: half up.
  for (Scheme scheme : {Scheme::q31, Scheme::gemmlowp}) {
    EXPECT_EQ(101, of(scheme, 1));
    EXPECT_EQ(100, of(scheme, -1));
    EXPECT_EQ(99, of(scheme, -3));
    EXPECT_EQ(99, Definition(scheme, 0.25, output)(-2));
  }
}

}  // namespace
}  // namespace test
}  // namespace qnnp
