// SPDX-License-Identifier: BSD-3-Clause
// SSE4.1 as a row of byte lanes (bytes.h).
#pragma once

#include "isa/bytes.h"
#include "isa/sse41.h"

namespace qnnp {
namespace {

// The largest of 16 bytes: the only horizontal minimum of x86 is that of eight words.
QNNP_INLINE uint8_t largest_byte(__m128i v) {
  const __m128i flipped = _mm_xor_si128(v, _mm_set1_epi8(-1));
  const __m128i pairs = _mm_min_epu8(flipped, _mm_srli_epi16(flipped, 8));
  return static_cast<uint8_t>(~_mm_cvtsi128_si32(_mm_minpos_epu16(pairs)));
}

struct Sse41Bytes {
  static constexpr Isa kIsa = Isa::sse41;
  static constexpr size_t kBytes = 16;
  static constexpr int kVectors = 1;
  static constexpr bool kIndexedLoads = true;
  using V = __m128i;
  using F = __m128;
  using Count = __m128i;

  static QNNP_INLINE V load(const uint8_t* p) {
    return _mm_loadu_si128(reinterpret_cast<const V*>(p));
  }
  static QNNP_INLINE V load_short(const uint8_t* p, size_t n) { return qnnp::load_short(p, n); }
  template <int N>
  static QNNP_INLINE V load_apart(const uint8_t* p, ptrdiff_t apart) {
    static_assert(N == 2, "halves");
    return _mm_set_epi64x(static_cast<long long>(load_u64(p + apart)),
                          static_cast<long long>(load_u64(p)));
  }
  template <int N>
  static QNNP_INLINE V load_apart(const uint8_t* p, ptrdiff_t apart, size_t n) {
    static_assert(N == 2, "halves");
    return _mm_unpacklo_epi64(load_short(p, n), load_short(p + apart, n));
  }
  static QNNP_INLINE void store(uint8_t* p, V v) { _mm_storeu_si128(reinterpret_cast<V*>(p), v); }
  static QNNP_INLINE void store_short(uint8_t* p, V v, size_t n) { qnnp::store_short(p, v, n); }

  static QNNP_INLINE V zero() { return _mm_setzero_si128(); }
  static QNNP_INLINE V set8(uint8_t x) { return _mm_set1_epi8(static_cast<char>(x)); }
  static QNNP_INLINE V set16(int16_t x) { return _mm_set1_epi16(x); }
  static QNNP_INLINE V set32(int32_t x) { return _mm_set1_epi32(x); }
  static QNNP_INLINE F set_float(float x) { return _mm_set1_ps(x); }
  static QNNP_INLINE V lower8(V a, V b) { return _mm_unpacklo_epi8(a, b); }
  static QNNP_INLINE V upper8(V a, V b) { return _mm_unpackhi_epi8(a, b); }
  static QNNP_INLINE V lower16(V a, V b) { return _mm_unpacklo_epi16(a, b); }
  static QNNP_INLINE V upper16(V a, V b) { return _mm_unpackhi_epi16(a, b); }
  static QNNP_INLINE V lower8(V a) { return lower8(a, zero()); }
  static QNNP_INLINE V upper8(V a) { return upper8(a, zero()); }
  static QNNP_INLINE V lower16(V a) { return lower16(a, zero()); }
  static QNNP_INLINE V upper16(V a) { return upper16(a, zero()); }
  static QNNP_INLINE V min8(V a, V b) { return _mm_min_epu8(a, b); }
  static QNNP_INLINE V max8(V a, V b) { return _mm_max_epu8(a, b); }
  static QNNP_INLINE V signed_min8(V a, V b) { return _mm_min_epi8(a, b); }
  static QNNP_INLINE V signed_max8(V a, V b) { return _mm_max_epi8(a, b); }
  static QNNP_INLINE V bit_or(V a, V b) { return _mm_or_si128(a, b); }
  static QNNP_INLINE V bit_xor(V a, V b) { return _mm_xor_si128(a, b); }
  static QNNP_INLINE V sub8(V a, V b) { return _mm_sub_epi8(a, b); }
  static QNNP_INLINE V load_table(const uint8_t* p) { return load(p); }
  // A shuffle gives 0 for indices with the highest bit, which the sum sets in those above 15.
  static QNNP_INLINE V table_lookup(V table, V index) {
    return _mm_shuffle_epi8(table, _mm_adds_epu8(index, set8(0x70)));
  }
  static QNNP_INLINE V add16(V a, V b) { return _mm_add_epi16(a, b); }
  static QNNP_INLINE V sub16(V a, V b) { return _mm_sub_epi16(a, b); }
  static QNNP_INLINE V add32(V a, V b) { return _mm_add_epi32(a, b); }
  static QNNP_INLINE V saturating_add16(V a, V b) { return _mm_adds_epi16(a, b); }
  static QNNP_INLINE V lower_sums(V a, V b) { return _mm_maddubs_epi16(lower8(a, b), set8(1)); }
  static QNNP_INLINE V upper_sums(V a, V b) { return _mm_maddubs_epi16(upper8(a, b), set8(1)); }
  static QNNP_INLINE V byte_products(V a, V b) { return _mm_maddubs_epi16(a, b); }
  static QNNP_INLINE V add_products(V acc, V a, V b) { return add32(acc, _mm_madd_epi16(a, b)); }
  static QNNP_INLINE V lower_products(V a, V b) {
    return lower16(_mm_mullo_epi16(a, b), _mm_mulhi_epi16(a, b));
  }
  static QNNP_INLINE V upper_products(V a, V b) {
    return upper16(_mm_mullo_epi16(a, b), _mm_mulhi_epi16(a, b));
  }
  template <int N>
  static QNNP_INLINE V shift_right16(V a) {
    return _mm_srai_epi16(a, N);
  }
  template <int N>
  static QNNP_INLINE V unsigned_shift_right16(V a) {
    return _mm_srli_epi16(a, N);
  }
  template <int N>
  static QNNP_INLINE V shift_right32(V a) {
    return _mm_srai_epi32(a, N);
  }
  static QNNP_INLINE Count count(uint32_t n) { return _mm_cvtsi32_si128(static_cast<int32_t>(n)); }
  static QNNP_INLINE V shift_right32(V a, Count count) { return _mm_sra_epi32(a, count); }
  static QNNP_INLINE V pack32(V a, V b) { return _mm_packs_epi32(a, b); }
  static QNNP_INLINE V pack16(V a, V b) { return _mm_packus_epi16(a, b); }
  static QNNP_INLINE V scaled(V acc, F scale, F high) { return sse41_scaled(acc, scale, high); }
  static QNNP_INLINE V scaled(V acc, F scale) {
    return _mm_cvtps_epi32(_mm_mul_ps(_mm_cvtepi32_ps(acc), scale));
  }
  // 0x4B00 above a word makes the float 2^23 + word; subtracting is exact.
  static QNNP_INLINE V lower_scaled(V a, F offset, F scale) {
    return offset_scaled(lower16(a, set16(0x4b00)), offset, scale);
  }
  static QNNP_INLINE V upper_scaled(V a, F offset, F scale) {
    return offset_scaled(upper16(a, set16(0x4b00)), offset, scale);
  }
  static QNNP_INLINE uint8_t largest(V v) { return largest_byte(v); }

 private:
  static QNNP_INLINE V offset_scaled(V a, F offset, F scale) {
    const F x = _mm_add_ps(_mm_castsi128_ps(a), _mm_sub_ps(offset, set_float(0x1p23f)));
    return _mm_cvtps_epi32(_mm_mul_ps(x, scale));
  }
};

}  // namespace
}  // namespace qnnp
