// SPDX-License-Identifier: BSD-3-Clause
// AVX2 as a row of byte lanes (bytes.h).
#pragma once

#include "isa/avx2.h"
#include "isa/sse41_bytes.h"

namespace qnnp {
namespace {

struct Avx2Bytes {
  static constexpr Isa kIsa = Isa::avx2;
  static constexpr size_t kBytes = 32;
  static constexpr int kVectors = 1;
  static constexpr bool kIndexedLoads = true;
  using V = __m256i;
  using F = __m256;
  using Count = __m128i;

  static QNNP_INLINE V load(const uint8_t* p) {
    return _mm256_loadu_si256(reinterpret_cast<const V*>(p));
  }
  static QNNP_INLINE V load_short(const uint8_t* p, size_t n) {
    const __m128i low = qnnp::load_short(p, min<size_t>(n, 16));
    const __m128i high = n > 16 ? qnnp::load_short(p + 16, n - 16) : _mm_setzero_si128();
    return _mm256_inserti128_si256(_mm256_castsi128_si256(low), high, 1);
  }
  template <int N>
  static QNNP_INLINE V load_apart(const uint8_t* p, ptrdiff_t apart) {
    static_assert(N == 2, "halves");
    return _mm256_loadu2_m128i(reinterpret_cast<const __m128i*>(p + apart),
                               reinterpret_cast<const __m128i*>(p));
  }
  template <int N>
  static QNNP_INLINE V load_apart(const uint8_t* p, ptrdiff_t apart, size_t n) {
    static_assert(N == 2, "halves");
    return _mm256_inserti128_si256(_mm256_castsi128_si256(qnnp::load_short(p, n)),
                                   qnnp::load_short(p + apart, n), 1);
  }
  static QNNP_INLINE void store(uint8_t* p, V v) {
    _mm256_storeu_si256(reinterpret_cast<V*>(p), v);
  }
  static QNNP_INLINE void store_short(uint8_t* p, V v, size_t n) {
    qnnp::store_short(p, _mm256_castsi256_si128(v), min<size_t>(n, 16));
    if (n > 16) qnnp::store_short(p + 16, _mm256_extracti128_si256(v, 1), n - 16);
  }

  template <int N>
  static QNNP_INLINE V shift_parts(V v, V fill, bool up) {
    static_assert(N == 2, "halves");
    return up ? _mm256_permute2x128_si256(v, fill, 0x02) : _mm256_permute2x128_si256(v, fill, 0x21);
  }

  static QNNP_INLINE V zero() { return _mm256_setzero_si256(); }
  static QNNP_INLINE V set8(uint8_t x) { return _mm256_set1_epi8(static_cast<char>(x)); }
  static QNNP_INLINE V set16(int16_t x) { return _mm256_set1_epi16(x); }
  static QNNP_INLINE V set32(int32_t x) { return _mm256_set1_epi32(x); }
  static QNNP_INLINE F set_float(float x) { return _mm256_set1_ps(x); }
  static QNNP_INLINE V lower8(V a, V b) { return _mm256_unpacklo_epi8(a, b); }
  static QNNP_INLINE V upper8(V a, V b) { return _mm256_unpackhi_epi8(a, b); }
  static QNNP_INLINE V lower16(V a, V b) { return _mm256_unpacklo_epi16(a, b); }
  static QNNP_INLINE V upper16(V a, V b) { return _mm256_unpackhi_epi16(a, b); }
  static QNNP_INLINE V lower8(V a) { return lower8(a, zero()); }
  static QNNP_INLINE V upper8(V a) { return upper8(a, zero()); }
  static QNNP_INLINE V lower16(V a) { return lower16(a, zero()); }
  static QNNP_INLINE V upper16(V a) { return upper16(a, zero()); }
  static QNNP_INLINE V min8(V a, V b) { return _mm256_min_epu8(a, b); }
  static QNNP_INLINE V max8(V a, V b) { return _mm256_max_epu8(a, b); }
  static QNNP_INLINE V signed_min8(V a, V b) { return _mm256_min_epi8(a, b); }
  static QNNP_INLINE V signed_max8(V a, V b) { return _mm256_max_epi8(a, b); }
  static QNNP_INLINE V bit_or(V a, V b) { return _mm256_or_si256(a, b); }
  static QNNP_INLINE V bit_xor(V a, V b) { return _mm256_xor_si256(a, b); }
  static QNNP_INLINE V sub8(V a, V b) { return _mm256_sub_epi8(a, b); }
  static QNNP_INLINE V load_table(const uint8_t* p) {
    return _mm256_broadcastsi128_si256(_mm_loadu_si128(reinterpret_cast<const __m128i*>(p)));
  }
  // A shuffle gives 0 for indices with the highest bit, which the sum sets in those above 15.
  static QNNP_INLINE V table_lookup(V table, V index) {
    return _mm256_shuffle_epi8(table, _mm256_adds_epu8(index, set8(0x70)));
  }
  static QNNP_INLINE V add16(V a, V b) { return _mm256_add_epi16(a, b); }
  static QNNP_INLINE V sub16(V a, V b) { return _mm256_sub_epi16(a, b); }
  static QNNP_INLINE V add32(V a, V b) { return _mm256_add_epi32(a, b); }
  static QNNP_INLINE V saturating_add16(V a, V b) { return _mm256_adds_epi16(a, b); }
  static QNNP_INLINE V lower_sums(V a, V b) { return _mm256_maddubs_epi16(lower8(a, b), set8(1)); }
  static QNNP_INLINE V upper_sums(V a, V b) { return _mm256_maddubs_epi16(upper8(a, b), set8(1)); }
  static QNNP_INLINE V byte_products(V a, V b) { return _mm256_maddubs_epi16(a, b); }
  static QNNP_INLINE V add_products(V acc, V a, V b) { return add32(acc, _mm256_madd_epi16(a, b)); }
  static QNNP_INLINE V lower_products(V a, V b) {
    return lower16(_mm256_mullo_epi16(a, b), _mm256_mulhi_epi16(a, b));
  }
  static QNNP_INLINE V upper_products(V a, V b) {
    return upper16(_mm256_mullo_epi16(a, b), _mm256_mulhi_epi16(a, b));
  }
  template <int N>
  static QNNP_INLINE V shift_right16(V a) {
    return _mm256_srai_epi16(a, N);
  }
  template <int N>
  static QNNP_INLINE V unsigned_shift_right16(V a) {
    return _mm256_srli_epi16(a, N);
  }
  template <int N>
  static QNNP_INLINE V shift_right32(V a) {
    return _mm256_srai_epi32(a, N);
  }
  static QNNP_INLINE Count count(uint32_t n) { return _mm_cvtsi32_si128(static_cast<int32_t>(n)); }
  static QNNP_INLINE V shift_right32(V a, Count count) { return _mm256_sra_epi32(a, count); }
  static QNNP_INLINE V pack32(V a, V b) { return _mm256_packs_epi32(a, b); }
  static QNNP_INLINE V pack16(V a, V b) { return _mm256_packus_epi16(a, b); }
  static QNNP_INLINE V scaled(V acc, F scale, F high) { return avx2_scaled(acc, scale, high); }
  static QNNP_INLINE V scaled(V acc, F scale) {
    return _mm256_cvtps_epi32(_mm256_mul_ps(_mm256_cvtepi32_ps(acc), scale));
  }
  // 0x4B00 above a word makes the float 2^23 + word; subtracting is exact.
  static QNNP_INLINE V lower_scaled(V a, F offset, F scale) {
    return offset_scaled(lower16(a, set16(0x4b00)), offset, scale);
  }
  static QNNP_INLINE V upper_scaled(V a, F offset, F scale) {
    return offset_scaled(upper16(a, set16(0x4b00)), offset, scale);
  }
  static QNNP_INLINE uint8_t largest(V v) {
    return largest_byte(_mm_max_epu8(_mm256_castsi256_si128(v), _mm256_extracti128_si256(v, 1)));
  }

 private:
  static QNNP_INLINE V offset_scaled(V a, F offset, F scale) {
    const F x = _mm256_add_ps(_mm256_castsi256_ps(a), _mm256_sub_ps(offset, set_float(0x1p23f)));
    return _mm256_cvtps_epi32(_mm256_mul_ps(x, scale));
  }
};

}  // namespace
}  // namespace qnnp
