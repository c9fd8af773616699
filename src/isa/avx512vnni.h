// SPDX-License-Identifier: BSD-3-Clause
// AVX512-VNNI: vpdpbusd at 512 bits (vnni.h).
#pragma once

#include "isa/avx512_bytes.h"
#include "isa/vnni.h"

namespace qnnp {
namespace {

struct Avx512VnniWidth : Avx512Bytes {
  static constexpr Isa kIsa = Isa::avx512vnni;

  static QNNP_INLINE V dot(V acc, V u8, V s8) { return _mm512_dpbusd_epi32(acc, u8, s8); }
  static QNNP_INLINE V first_lane(int32_t x) { return _mm512_maskz_set1_epi32(1, x); }
  static QNNP_INLINE uint32_t total(V v) {
    return static_cast<uint32_t>(_mm512_reduce_add_epi32(v));
  }

  struct Output {
    __m512 high;
    __m512i low, zero_point;
    __m128i flip;
    QNNP_INLINE explicit Output(const OutputParams& output)
        : high(_mm512_set1_ps(output.high)),
          low(_mm512_set1_epi32(static_cast<int32_t>(output.low))),
          zero_point(_mm512_set1_epi32(output.zero_point)),
          flip(_mm_set1_epi8(static_cast<char>(output.flip))) {}
  };
  template <int NV>
  static QNNP_INLINE void store_row(const V (&acc)[NV], const float* scale, const Output& out,
                                    uint8_t* c, size_t n) {
    unroll<NV>([&](auto j) QNNP_LAMBDA {
      const __m512i x = avx512_scaled(acc[j], _mm512_load_ps(scale + 16 * j), out.high);
      const __m512i y = _mm512_add_epi32(_mm512_max_epi32(x, out.low), out.zero_point);
      const size_t left = n > size_t(16 * j) ? n - size_t(16 * j) : 0;
      _mm_mask_storeu_epi8(c + 16 * j, first16(left),
                           _mm_xor_si128(_mm512_cvtepi32_epi8(y), out.flip));
    });
  }
};

template <bool kFlip>
using Avx512Vnni = Vnni<Avx512VnniWidth, kFlip>;

}  // namespace
}  // namespace qnnp
