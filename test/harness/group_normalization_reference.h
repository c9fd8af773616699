// SPDX-License-Identifier: BSD-3-Clause
// "Group normalization" of doc/quantization.md for one image of bytes as uint8, pixel by pixel: the
// definition, and real arithmetic.
#pragma once

#include <cmath>
#include <vector>

#include "harness/requantize_reference.h"

namespace qnnp {
namespace test {

struct GroupNormalizationCase {
  size_t width, channels, groups;
  std::vector<float> gamma, beta;
  float epsilon, input_scale, output_scale;
  Output output;

  size_t group_channels() const { return channels / groups; }

  template <class Body>
  void for_each_of_group(size_t group, const Body& body) const {
    for (size_t x = 0; x < width; x++) {
      for (size_t c = group * group_channels(); c < (group + 1) * group_channels(); c++) {
        body(x * channels + c, c);
      }
    }
  }

  std::vector<uint8_t> definition(const std::vector<uint8_t>& q) const {
    std::vector<uint8_t> result(q.size());
    const int64_t n = static_cast<int64_t>(width * group_channels());
    for (size_t group = 0; group < groups; group++) {
      int64_t s1 = 0, d1 = 0, d2 = 0;
      for_each_of_group(group, [&](size_t i, size_t) { s1 += q[i]; });
      const int64_t m = (s1 + n / 2) / n;
      for_each_of_group(group, [&](size_t i, size_t) {
        d1 += q[i] - m;
        d2 += (q[i] - m) * (q[i] - m);
      });
      const double count = static_cast<double>(n), mean = static_cast<double>(d1) / count;
      const double mean_square = mean * mean;
      const double variance = static_cast<double>(d2) / count - mean_square;
      const double s = input_scale, square = s * s;
      const double sum = square * variance + static_cast<double>(epsilon);
      const double slope = d2 == 0 ? 0 : s / std::sqrt(sum);
      for_each_of_group(group, [&](size_t i, size_t c) {
        const double step = output_scale;
        const double a = static_cast<double>(gamma[c]) / step * slope;
        const double shift = (static_cast<double>(m) + mean) * a;
        const double b = (static_cast<double>(beta[c]) / step + output.zero_point) - shift;
        const double product = static_cast<double>(q[i]) * a;
        const double y = std::clamp<double>(product + b, output.min, output.max);
        result[i] = static_cast<uint8_t>(std::nearbyint(y));
      });
    }
    return result;
  }

  // The largest distance of `result` from real arithmetic, in output steps.
  double distance(const std::vector<uint8_t>& q, const std::vector<uint8_t>& result) const {
    long double worst = 0;
    const long double n = static_cast<long double>(width * group_channels());
    for (size_t group = 0; group < groups; group++) {
      long double sum = 0, squares = 0;
      for_each_of_group(group, [&](size_t i, size_t) { sum += q[i]; });
      const long double mean = sum / n;
      for_each_of_group(group, [&](size_t i, size_t) { squares += (q[i] - mean) * (q[i] - mean); });
      const long double s = input_scale;
      const long double deviation = std::sqrt(s * s * squares / n + epsilon);
      for_each_of_group(group, [&](size_t i, size_t c) {
        const long double x = squares == 0 ? 0 : (q[i] - mean) * s / deviation;
        const long double y = (x * gamma[c] + beta[c]) / output_scale + output.zero_point;
        const long double limited = std::clamp<long double>(y, output.min, output.max);
        worst = std::max(worst, std::abs(result[i] - limited));
      });
    }
    return static_cast<double>(worst);
  }
};

}  // namespace test
}  // namespace qnnp
