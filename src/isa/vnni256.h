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
  static QNNP_INLINE V first_lane(int32_t x) { return _mm256_insert_epi32(zero(), x, 0); }
  static QNNP_INLINE uint32_t total(V v) {
    const __m128i four = _mm_add_epi32(_mm256_castsi256_si128(v), _mm256_extracti128_si256(v, 1));
    const __m128i two = _mm_add_epi32(four, _mm_unpackhi_epi64(four, four));
    return static_cast<uint32_t>(_mm_cvtsi128_si32(two)) +
           static_cast<uint32_t>(_mm_extract_epi32(two, 1));
  }

  using Output = Avx2Output;
  template <int NV>
  static QNNP_INLINE void store_row(const V (&acc)[NV], const float* scale, const Output& out,
                                    uint8_t* c, size_t n) {
    static_assert(NV == 1 || NV == 2, "8 or 16 columns");
    V x[NV];
    unroll<NV>([&](auto j) QNNP_LAMBDA {
      x[j] = avx2_scaled(acc[j], _mm256_load_ps(scale + 8 * j), out.high);
    });
    // Lanes hold columns 0-3 8-11 and 4-7 12-15.
    const V bytes = out.bytes(x[0], x[NV - 1]);
    qnnp::store_short(
        c, _mm_unpacklo_epi32(_mm256_castsi256_si128(bytes), _mm256_extracti128_si256(bytes, 1)),
        n);
  }
};

template <bool kFlip>
using Vnni256 = Vnni<Vnni256Width, kFlip>;

}  // namespace
}  // namespace qnnp
