// SPDX-License-Identifier: BSD-3-Clause
// AVX512 without VNNI: vpmaddwd of pairs of 16-bit numbers (q8gemm/pair_tile.h), an accumulator is 16
// columns. Rows are widened as AVX2 does it.
#pragma once

#include "isa/avx2.h"
#include "isa/avx512.h"

namespace qnnp {
namespace {

struct Avx512Pairs : Avx2 {
  static constexpr Isa kIsa = Isa::avx512bw;
  static constexpr int kCols = 16;
  using Acc = __m512i;
  using Output = Avx512Output;

  static QNNP_INLINE Acc load(const int32_t* p) { return _mm512_load_si512(p); }
  static QNNP_INLINE void save(int32_t* p, Acc acc) { _mm512_store_si512(p, acc); }
  static QNNP_INLINE __m512i weights(const uint8_t* p) { return _mm512_load_si512(p); }
  static QNNP_INLINE __m512i pair(const int16_t* p) {
    int32_t two;
    memcpy(&two, p, 4);
    return _mm512_set1_epi32(two);
  }
  static QNNP_INLINE Acc dot(Acc acc, __m512i a, __m512i w) {
    return _mm512_add_epi32(acc, _mm512_madd_epi16(a, w));
  }
  template <int MR, int NV>
  static QNNP_INLINE void store(const Acc (&acc)[MR][NV], const float* scale, const Output& out,
                                uint8_t* c, size_t c_stride, size_t n) {
    unroll<MR>([&](auto i) QNNP_LAMBDA {
      const Acc(&row)[1][NV] = reinterpret_cast<const Acc(&)[1][NV]>(acc[i]);
      out.store(row, scale, {c + i * c_stride}, n);
    });
  }
};

}  // namespace
}  // namespace qnnp
