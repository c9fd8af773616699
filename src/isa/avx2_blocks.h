// SPDX-License-Identifier: BSD-3-Clause
// Two blocks of 16 bytes, and one, of AVX2 (zip.h).
#pragma once

#include "isa/avx2_bytes.h"
#include "isa/zip.h"

namespace qnnp {
namespace {

struct XmmBytes {
  static constexpr size_t kBytes = 16;
  using V = __m128i;
  using Block = XmmBytes;

  static QNNP_INLINE V load(const uint8_t* p) {
    return _mm_loadu_si128(reinterpret_cast<const V*>(p));
  }
  static QNNP_INLINE V load_short(const uint8_t* p, size_t n) { return qnnp::load_short(p, n); }
  static QNNP_INLINE void store(uint8_t* p, V v) { _mm_storeu_si128(reinterpret_cast<V*>(p), v); }
  static QNNP_INLINE void store_short(uint8_t* p, V v, size_t n) { qnnp::store_short(p, v, n); }
  static QNNP_INLINE V zero() { return _mm_setzero_si128(); }
  static QNNP_INLINE V lower8(V a, V b) { return _mm_unpacklo_epi8(a, b); }
  static QNNP_INLINE V upper8(V a, V b) { return _mm_unpackhi_epi8(a, b); }
  static QNNP_INLINE V bit_or(V a, V b) { return _mm_or_si128(a, b); }
  static QNNP_INLINE V load_table(const uint8_t* p) { return load(p); }
  static QNNP_INLINE V table_lookup(V table, V index) {
    return _mm_shuffle_epi8(table, _mm_adds_epu8(index, _mm_set1_epi8(0x70)));
  }

  static QNNP_INLINE V gather(const uint8_t* p, size_t) { return load(p); }
  template <int G>
  static QNNP_INLINE void zip_store(uint8_t* c, V (&v)[G]) {
    zip<XmmBytes>(v);
    unroll<G>([&](auto k) QNNP_LAMBDA { store(c + 16 * k, v[k]); });
  }
};

struct Avx2Blocks : Avx2Bytes {
  using Block = XmmBytes;

  static QNNP_INLINE V gather(const uint8_t* p, size_t stride) {
    return _mm256_inserti128_si256(_mm256_castsi128_si256(Block::load(p)),
                                   Block::load(p + 16 * stride), 1);
  }
  // Block b of the row is block b / G of v[b % G].
  template <int G>
  static QNNP_INLINE void zip_store(uint8_t* c, V (&v)[G]) {
    zip<Avx2Blocks>(v);
    unroll<G>([&](auto m) QNNP_LAMBDA {
      constexpr int kFirst = 2 * m, kSecond = kFirst + 1;
      store(c + 32 * m, _mm256_permute2x128_si256(v[kFirst % G], v[kSecond % G],
                                                  kFirst / G | (kSecond / G + 2) << 4));
    });
  }
};

}  // namespace
}  // namespace qnnp
