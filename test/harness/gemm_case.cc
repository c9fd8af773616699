// SPDX-License-Identifier: BSD-3-Clause
#include "harness/gemm_case.h"

#include <cmath>

#include "harness/draw.h"

namespace qnnp {
namespace test {

GemmCase::GemmCase(size_t rows, size_t columns, size_t depth, Random& random)
    : m(rows),
      n(columns),
      k(depth),
      input_zero_point(draw_zero_point(random)),
      kernel_zero_point(draw_zero_point(random)),
      output(draw_output(random)),
      has_bias(random.size(0, 7) != 0),
      a(m * k),
      kernel(n * k),
      bias(n),
      scales(n) {
  const size_t kind = random.size(0, 7);
  if (kind == 0) {
    draw_ties(random);
    return;
  }
  draw_bytes(random, a);
  draw_bytes(random, kernel);
  draw_scales(random);
  for (int32_t& value : bias) value = static_cast<int32_t>(random.in(0, 200000)) - 100000;
  if (kind == 1) draw_largest_bias(random);
}

void GemmCase::set_types(const ElementTypes& to) {
  flip_bytes(a, types.input_flip ^ to.input_flip);
  flip_bytes(kernel, types.kernel_flip ^ to.kernel_flip);
  types = to;
  output = describable(output, types);
}

// Small accumulators and multipliers 1/2, 1/4, 1/8: many products end in exactly .5.
void GemmCase::draw_ties(Random& random) {
  const auto near = [&](uint8_t zero) {
    return static_cast<uint8_t>(std::clamp(zero + static_cast<int>(random.size(0, 2)) - 1, 0, 255));
  };
  for (uint8_t& value : a) value = near(input_zero_point);
  for (uint8_t& value : kernel) value = near(kernel_zero_point);
  for (size_t i = 0; i < n; i++) {
    const int shift = static_cast<int>(random.size(1, 3));
    scales[i] = std::ldexp(1.0f, -shift);
    bias[i] = (static_cast<int32_t>(random.in(0, 600)) - 300) * (1 << shift) / 2;
  }
}

void GemmCase::draw_scales(Random& random) {
  // Maps a typical accumulator onto the range of the output.
  const double typical = std::log2(100.0 / (2400.0 * std::sqrt(static_cast<double>(k))));
  const size_t kind = random.size(0, 7);
  for (float& scale : scales) {
    const size_t mine = kind == 7 ? random.size(0, 6) : kind;
    const double exponent = mine == 0   ? random.real(-30, -20)
                            : mine == 1 ? random.real(0, 10)
                                        : typical + random.real(-3, 3);
    scale = static_cast<float>(std::exp2(exponent));
  }
}

// |bias| + sum |w - w_zero| * max(a_zero, 255 - a_zero) = 2^31 - 1, the largest that is accepted.
void GemmCase::draw_largest_bias(Random& random) {
  const int64_t largest = std::max<int>(input_zero_point, 255 - input_zero_point);
  has_bias = true;
  for (size_t i = 0; i < n; i++) {
    int64_t magnitude = 0;
    for (size_t j = 0; j < k; j++) magnitude += std::abs(kernel[i * k + j] - kernel_zero_point);
    const int64_t rest = INT32_MAX - magnitude * largest;
    bias[i] = static_cast<int32_t>(random.coin() ? rest : -rest);
  }
}

std::vector<uint8_t> GemmCase::reference() const {
  std::vector<uint8_t> c;
  for (size_t i = 0; i < m; i++) {
    for (size_t j = 0; j < n; j++) {
      int64_t sum = has_bias ? bias[j] : 0;
      for (size_t l = 0; l < k; l++) {
        const uint8_t x = a[i * k + l] ^ types.input_flip;
        const uint8_t w = kernel[j * k + l] ^ types.kernel_flip;
        sum += int64_t{x - input_zero_point} * (w - kernel_zero_point);
      }
      append_result(sum, scales[j], output, types, &c);
    }
  }
  return c;
}

GuardedRows GemmCase::make_a(size_t stride, Flush flush) const {
  GuardedRows rows(m, k, stride, flush);
  auto next = a.begin();
  rows.fill([&] { return *next++; });
  return rows;
}

GuardedRows GemmCase::make_c(size_t stride, Flush flush) const {
  const size_t bytes = element_bytes(types.kind);
  return GuardedRows(m, n * bytes, stride * bytes, flush);
}

std::string GemmCase::text() const {
  const auto item = [](const char* name, size_t value) {
    return std::string(name) + std::to_string(value);
  };
  return item("m ", m) + item(" n ", n) + item(" k ", k) + item(" zero points ", input_zero_point) +
         item(" ", kernel_zero_point) + item(" ", output.zero_point) + item(" range ", output.min) +
         item("..", output.max) + (has_bias ? "" : ", no bias") + types.text();
}

}  // namespace test
}  // namespace qnnp
