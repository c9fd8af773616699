// SPDX-License-Identifier: BSD-3-Clause
// AVX512-VNNI: vpdpbusd at 512 bits (vnni.h).
#pragma once

#include "isa/avx512_floats.h"
#include "isa/vnni.h"

namespace qnnp {
namespace {

struct Avx512VnniWidth : Avx512Floats {
  static constexpr Isa kIsa = Isa::avx512vnni;

  static QNNP_INLINE V dot(V acc, V u8, V s8) { return _mm512_dpbusd_epi32(acc, u8, s8); }
  static QNNP_INLINE V first_lane(int32_t x) { return _mm512_maskz_set1_epi32(1, x); }
  static QNNP_INLINE uint32_t total(V v) {
    return static_cast<uint32_t>(_mm512_reduce_add_epi32(v));
  }

  using Output = Avx512Output;
  template <int NV>
  static QNNP_INLINE void store_row(const V (&acc)[NV], const float* scale, const Output& out,
                                    uint8_t* c, size_t n) {
    out.store<NV>(acc, scale, c, n);
  }
};

template <bool kFlip>
using Avx512Vnni = Vnni<Avx512VnniWidth, kFlip>;

}  // namespace
}  // namespace qnnp
