// SPDX-License-Identifier: BSD-3-Clause
// What all AVX512 instruction sets share: masks for the ends of rows, and the epilogue.
#pragma once

#include "isa/x86.h"
#include "requantization/output.h"

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
  __m512i low8, high8, zero_point16, flip;
  __m512i order;         // each lane of packed bytes has four columns of every vector
  bool limited, turned;  // not the whole range of bytes; signed
  QNNP_INLINE explicit Avx512Output(const OutputParams& output)
      : low8(_mm512_set1_epi8(static_cast<char>(lowest_byte(output)))),
        high8(_mm512_set1_epi8(static_cast<char>(highest_byte(output)))),
        zero_point16(_mm512_set1_epi16(static_cast<int16_t>(output.zero_point))),
        flip(_mm512_set1_epi8(static_cast<char>(output.flip))),
        order(_mm512_setr_epi32(0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15)),
        limited(lowest_byte(output) != 0 || highest_byte(output) != 255),
        turned(output.flip != 0) {}

  // round_half_even(float(acc) * scale). kBounded: products are below 2^31. Others are limited: what
  // is above 2^16 stays above 2^15, so that packing saturates. Positive floats are in the order of
  // their bits, negative ones have those of negative integers: an integer minimum keeps a port of
  // the dot product free.
  template <bool kBounded>
  static QNNP_INLINE __m512i scaled(__m512i acc, __m512 scale) {
    const __m512 product = _mm512_mul_ps(_mm512_cvtepi32_ps(acc), scale);
    if constexpr (kBounded) return _mm512_cvtps_epi32(product);
    const __m512i most = _mm512_castps_si512(_mm512_set1_ps(65536.0f));
    return _mm512_cvtps_epi32(
        _mm512_castsi512_ps(_mm512_min_epi32(_mm512_castps_si512(product), most)));
  }
  // Requantizes the sums of R rows of 16 * NV columns, at most 64 in all, and stores the first n
  // columns of each.
  template <bool kBounded = false, int R, int NV>
  QNNP_INLINE void store(const __m512i (&acc)[R][NV], const float* scale, uint8_t* const (&c)[R],
                         size_t n) const {
    constexpr int kVectors = R * NV;
    static_assert(kVectors == 1 || kVectors == 2 || kVectors == 4, "16, 32 or 64 sums");
    __m512i x[kVectors];
    unroll<kVectors>([&](auto i) QNNP_LAMBDA {
      x[i] = scaled<kBounded>(acc[i / NV][i % NV], _mm512_load_ps(scale + 16 * (i % NV)));
    });
    const __m512i lower =
        _mm512_adds_epi16(_mm512_packs_epi32(x[0], x[min(1, kVectors - 1)]), zero_point16);
    __m512i upper = lower;
    if constexpr (kVectors == 4) {
      upper = _mm512_adds_epi16(_mm512_packs_epi32(x[2], x[3]), zero_point16);
    }
    __m512i lanes = _mm512_packus_epi16(lower, upper);
    if (limited || turned) {
      if (limited) lanes = _mm512_min_epu8(_mm512_max_epu8(lanes, low8), high8);
      lanes = _mm512_xor_si512(lanes, flip);
    }
    const __m512i bytes = _mm512_permutexvar_epi32(order, lanes);
    if (R > 1 && n == 16 * NV) {  // halves and quarters go to memory without a shuffle
      store_whole<R, NV>(bytes, c);
      return;
    }
    unroll<R>([&](auto i) QNNP_LAMBDA {
      if constexpr (NV == 4) {
        _mm512_mask_storeu_epi8(c[i], first64(n), bytes);
      } else if constexpr (NV == 2) {
        _mm256_mask_storeu_epi8(c[i], static_cast<__mmask32>(first64(n)),
                                _mm512_extracti64x4_epi64(bytes, i));
      } else {
        _mm_mask_storeu_epi8(c[i], first16(n), _mm512_extracti32x4_epi32(bytes, i));
      }
    });
  }

  template <int R, int NV>
  static QNNP_INLINE void store_whole(__m512i bytes, uint8_t* const (&c)[R]) {
    if constexpr (R * NV == 4) {
      bool together = true;  // one after the other
      unroll<R>([&](auto i) QNNP_LAMBDA { together = together && c[i] == c[0] + 16 * NV * i; });
      if (together) {
        _mm512_storeu_si512(c[0], bytes);
        return;
      }
    }
    unroll<R>([&](auto i) QNNP_LAMBDA {
      if constexpr (NV == 2) {
        _mm256_storeu_si256(reinterpret_cast<__m256i*>(c[i]), _mm512_extracti64x4_epi64(bytes, i));
      } else if constexpr (NV == 1) {
        _mm_storeu_si128(reinterpret_cast<__m128i*>(c[i]), _mm512_extracti32x4_epi32(bytes, i));
      }
    });
  }
};

}  // namespace
}  // namespace qnnp
