// SPDX-License-Identifier: BSD-3-Clause
// AVX512 with VNNI: vpdpbusd, four u8 x s8 products per 32-bit lane, exact (it does not saturate).
#pragma once

#include "isa/dot.h"
#include "isa/x86.h"

namespace qnnp {
namespace {

// round_half_even(min(float(acc) * scale, high)), as in avx2.h.
QNNP_INLINE __m512i avx512_scaled(__m512i acc, __m512 scale, __m512 high) {
  return _mm512_cvtps_epi32(_mm512_min_ps(_mm512_mul_ps(_mm512_cvtepi32_ps(acc), scale), high));
}
// The lowest n of 16 or 64 elements.
QNNP_INLINE __mmask16 first16(size_t n) {
  return static_cast<__mmask16>(n >= 16 ? 0xffffu : (1u << n) - 1);
}
QNNP_INLINE __mmask64 first64(size_t n) { return n >= 64 ? ~uint64_t{0} : (uint64_t{1} << n) - 1; }

struct Avx512Output {
  __m512 high;
  __m512i low, zero_point;
  __m128i flip;
  QNNP_INLINE explicit Avx512Output(const OutputParams& output)
      : high(_mm512_set1_ps(output.high)),
        low(_mm512_set1_epi32(static_cast<int32_t>(output.low))),
        zero_point(_mm512_set1_epi32(output.zero_point)),
        flip(_mm_set1_epi8(static_cast<char>(output.flip))) {}
};

template <bool kFlip>
struct Avx512Vnni {
  static constexpr Isa kIsa = Isa::avx512vnni;
  static constexpr int kStep = 4, kCols = 16;
  static constexpr WeightCode kCode = WeightCode::s8;
  static constexpr SlotOrder kOrder = SlotOrder::natural;
  using Acc = __m512i;
  using Output = Avx512Output;

  static QNNP_INLINE Acc bias(const int32_t* p) { return _mm512_load_si512(p); }
  static QNNP_INLINE Acc add(Acc acc, int32_t value) {
    return _mm512_add_epi32(acc, _mm512_set1_epi32(value));
  }
  static QNNP_INLINE __m512i load_full(const uint8_t* p) { return broadcast(load_u32(p)); }
  static QNNP_INLINE __m512i load_short(const uint8_t* p, size_t n) {
    return broadcast(load_u32_short(p, n));
  }
  // The XOR is one instruction with the broadcast, vpxord mem{1to16}. clang would XOR four bytes and
  // broadcast them from a register, three instructions; it must not know that the mask is a splat.
  static QNNP_INLINE __m512i broadcast(uint32_t four) {
    const __m512i a = _mm512_set1_epi32(static_cast<int32_t>(four));
    if (!kFlip) return a;
    __m512i mask = _mm512_set1_epi8(-128);
    __asm__("" : "+v"(mask));
    return _mm512_xor_si512(a, mask);
  }

  using Sum = __m512i;
  static QNNP_INLINE Sum no_sum() { return _mm512_setzero_si512(); }
  static QNNP_INLINE Sum sum(Sum acc, const uint8_t* p, size_t n) {
    // Signed bytes are summed as they are; each is 128 short of its unsigned value.
    if (kFlip) acc = _mm512_add_epi32(acc, first_lane(static_cast<int32_t>(128 * n)));
    for (; n > 64; n -= 64, p += 64) acc = add_bytes(acc, _mm512_loadu_si512(p));
    return add_bytes(acc, _mm512_maskz_loadu_epi8(first64(n), p));
  }
  static QNNP_INLINE uint32_t total(Sum acc) {
    return static_cast<uint32_t>(_mm512_reduce_add_epi32(acc));
  }

  static QNNP_INLINE __m512i first_lane(int32_t value) { return _mm512_maskz_set1_epi32(1, value); }
  static QNNP_INLINE Sum add_bytes(Sum acc, __m512i bytes) {
    const __m512i ones = _mm512_set1_epi8(1);
    return kFlip ? _mm512_dpbusd_epi32(acc, ones, bytes) : _mm512_dpbusd_epi32(acc, bytes, ones);
  }

  template <int MR, int NV, class Load>
  static QNNP_INLINE void step(Acc (&acc)[MR][NV], const uint8_t* const (&p)[MR], size_t k,
                               const uint8_t* b, Load load) {
    __m512i weights[NV];
    unroll<NV>([&](auto j) QNNP_LAMBDA { weights[j] = _mm512_load_si512(b + 64 * j); });
    unroll<MR>([&](auto i) QNNP_LAMBDA {
      const __m512i a = load(p[i] + k);
      unroll<NV>([&](auto j)
                     QNNP_LAMBDA { acc[i][j] = _mm512_dpbusd_epi32(acc[i][j], a, weights[j]); });
    });
  }

  template <int NV>
  static QNNP_INLINE void store(const Acc (&acc)[NV], const float* scale, const Output& out,
                                uint8_t* c, size_t n) {
    unroll<NV>([&](auto j) QNNP_LAMBDA {
      const __m512i x = avx512_scaled(acc[j], _mm512_load_ps(scale + 16 * j), out.high);
      const __m512i y = _mm512_add_epi32(_mm512_max_epi32(x, out.low), out.zero_point);
      const size_t left = n > size_t(16 * j) ? n - size_t(16 * j) : 0;
      _mm_mask_storeu_epi8(c + 16 * j, first16(left),
                           _mm_xor_si128(_mm512_cvtepi32_epi8(y), out.flip));
    });
  }
  template <int NV>
  static QNNP_INLINE void spill(const Acc (&acc)[NV], int32_t* sums) {
    unroll<NV>([&](auto j) QNNP_LAMBDA { _mm512_storeu_si512(sums + 16 * j, acc[j]); });
  }
};

}  // namespace
}  // namespace qnnp
