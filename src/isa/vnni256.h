// SPDX-License-Identifier: BSD-3-Clause
// vpdpbusd at 256 bits (vnni.h), for two instruction sets: AVX-VNNI has its VEX encoding, AVX512-VNNI
// with VL its EVEX encoding. Compiled with the flags of either one, the same source is the kernels of
// both, so that tests execute it on processors that have only one of them.
#pragma once

#include "isa/avx2_floats.h"
#include "isa/vnni.h"

namespace qnnp {
namespace {

struct Vnni256Width : Avx2Floats {
#if defined(__AVXVNNI__)
  static constexpr Isa kIsa = Isa::avxvnni;
  static QNNP_INLINE V dot(V acc, V u8, V s8) { return _mm256_dpbusd_avx_epi32(acc, u8, s8); }
#else
  static constexpr Isa kIsa = Isa::vnni256;
  static QNNP_INLINE V dot(V acc, V u8, V s8) { return _mm256_dpbusd_epi32(acc, u8, s8); }
#endif
  static constexpr size_t kShortRow = 0;
  static QNNP_INLINE void totals(const V (&v)[4], int32_t more, int32_t factor, int32_t* to) {
    const V lanes = _mm256_hadd_epi32(_mm256_hadd_epi32(v[0], v[1]), _mm256_hadd_epi32(v[2], v[3]));
    const __m128i four =
        _mm_add_epi32(_mm256_castsi256_si128(lanes), _mm256_extracti128_si256(lanes, 1));
    _mm_storeu_si128(
        reinterpret_cast<__m128i*>(to),
        _mm_mullo_epi32(_mm_add_epi32(four, _mm_set1_epi32(more)), _mm_set1_epi32(factor)));
  }

  using Output = Avx2Output;
  static constexpr int kStoredVectors = 1;
  static constexpr bool kNarrows = false;
  static constexpr int kStepsTogether = 1;
  static constexpr bool kTurnsRows = false;
  static constexpr bool kBounded = false;
  template <int NV>
  static QNNP_INLINE void store_rows(const V (&rows)[1][NV], const float* scale, const Output& out,
                                     uint8_t* const (&c)[1], size_t n) {
    const V(&acc)[NV] = rows[0];
    static_assert(NV == 1 || NV == 2, "8 or 16 columns");
    V x[NV];
    unroll<NV>([&](auto j) QNNP_LAMBDA {
      x[j] = avx2_scaled(acc[j], _mm256_load_ps(scale + 8 * j), out.high);
    });
    // Lanes hold columns 0-3 8-11 and 4-7 12-15.
    const V bytes = out.bytes(x[0], x[NV - 1]);
    qnnp::store_short(
        c[0], _mm_unpacklo_epi32(_mm256_castsi256_si128(bytes), _mm256_extracti128_si256(bytes, 1)),
        n);
  }
};

template <bool kFlip>
using Vnni256 = Vnni<Vnni256Width, kFlip>;

}  // namespace
}  // namespace qnnp
