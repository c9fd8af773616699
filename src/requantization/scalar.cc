// SPDX-License-Identifier: BSD-3-Clause
// The definitions, in 64 bits. q31 and gemmlowp are the same function of multiplier and shift, said
// in two ways: with floors, and with truncating division and a remainder as gemmlowp's authors do.
#include "isa/scalar.h"

#include "requantization/output.h"
#include "requantization/requantization.h"

namespace qnnp {
namespace {

using Params = RequantizationParams;

QNNP_INLINE uint8_t limited(int64_t value, const Params& p) {
  return static_cast<uint8_t>(min<int64_t>(max<int64_t>(value + p.zero_point, p.min), p.max));
}

// x / 2^shift, half away from zero; shift may be 0.
QNNP_INLINE int64_t shift_half_away(int64_t x, uint32_t shift) {
  const uint64_t half = (uint64_t{1} << shift) / 2;
  const uint64_t magnitude =
      x < 0 ? uint64_t{0} - static_cast<uint64_t>(x) : static_cast<uint64_t>(x);
  const int64_t rounded = static_cast<int64_t>((magnitude + half) >> shift);
  return x < 0 ? -rounded : rounded;
}

QNNP_INLINE uint8_t precise(int32_t acc, const Params& p) {
  return limited(shift_half_away(int64_t{acc} * p.multiplier, 32 + p.shift), p);
}

QNNP_INLINE uint8_t fp32(int32_t acc, const Params& p) {
  return requantize(acc, p.scale, output_params(p.zero_point, p.min, p.max));
}

QNNP_INLINE uint8_t q31(int32_t acc, const Params& p) {
  const int64_t high = (int64_t{acc} * p.multiplier + (1 << 30)) >> 31;  // floor
  return limited(shift_half_away(high, p.shift), p);
}

QNNP_INLINE uint8_t gemmlowp(int32_t acc, const Params& p) {
  const int64_t product = int64_t{acc} * p.multiplier;
  const int64_t nudge = product < 0 ? 1 - (1 << 30) : 1 << 30;
  const int64_t high = (product + nudge) / (int64_t{1} << 31);  // towards zero
  const int64_t mask = (int64_t{1} << p.shift) - 1;
  const bool up = (high & mask) > (mask >> 1) + (high < 0);
  return limited((high >> p.shift) + up, p);
}

template <uint8_t (*one)(int32_t, const Params&)>
void requantize_all(const RequantizationArgs& args) {
  // Copies: the compiler must take it that a store changes what `args` refers to.
  const Params p = *args.params;
  const int32_t* acc = args.acc;
  uint8_t* c = args.c;
  const size_t n = args.n;
  for (size_t i = 0; i < n; i++) c[i] = one(acc[i], p);
}

}  // namespace

QNNP_DEFINE_REQUANTIZATION(scalar, precise, requantize_all<precise>)
QNNP_DEFINE_REQUANTIZATION(scalar, fp32, requantize_all<fp32>)
QNNP_DEFINE_REQUANTIZATION(scalar, q31, requantize_all<q31>)
QNNP_DEFINE_REQUANTIZATION(scalar, gemmlowp, requantize_all<gemmlowp>)

}  // namespace qnnp
