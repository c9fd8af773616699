// SPDX-License-Identifier: BSD-3-Clause
// AVX512 as a row of byte lanes (bytes.h), tails by masks.
#pragma once

#include "isa/avx2_bytes.h"
#include "isa/avx512.h"

namespace qnnp {
namespace {

struct Avx512Bytes {
  static constexpr Isa kIsa = Isa::avx512vnni;
  static constexpr size_t kBytes = 64;
  static constexpr int kVectors = 1;
  static constexpr bool kIndexedLoads = true;
  using V = __m512i;
  using F = __m512;
  using Count = __m128i;

  static QNNP_INLINE V load(const uint8_t* p) { return _mm512_loadu_si512(p); }
  static QNNP_INLINE V load_short(const uint8_t* p, size_t n) {
    return _mm512_maskz_loadu_epi8(first64(n), p);
  }
  // Inserted from memory: what is in a register already would cost a shuffle.
  template <int N>
  static QNNP_INLINE V load_apart(const uint8_t* p, ptrdiff_t apart) {
    static_assert(N == 2 || N == 4, "halves, quarters");
    if constexpr (N == 2) {
      const auto half = [](const uint8_t* from) QNNP_LAMBDA { return Avx2Bytes::load(from); };
      return _mm512_inserti64x4(_mm512_castsi256_si512(half(p)), half(p + apart), 1);
    } else {
      const auto quarter = [](const uint8_t* from) QNNP_LAMBDA {
        return _mm_loadu_si128(reinterpret_cast<const __m128i*>(from));
      };
      const V two = _mm512_inserti32x4(_mm512_castsi128_si512(quarter(p)), quarter(p + apart), 1);
      const V three = _mm512_inserti32x4(two, quarter(p + 2 * apart), 2);
      return _mm512_inserti32x4(three, quarter(p + 3 * apart), 3);
    }
  }
  template <int N>
  static QNNP_INLINE V load_apart(const uint8_t* p, ptrdiff_t apart, size_t n) {
    V v = zero();
    for (int i = 0; i < N; i++, p += apart) {
      // In every part; all but one stay as they are.
      const __mmask64 mask = first64(n) << (64 / N * i);
      v = _mm512_mask_loadu_epi8(v, mask, p - 64 / N * i);
    }
    return v;
  }
  static QNNP_INLINE void store(uint8_t* p, V v) { _mm512_storeu_si512(p, v); }
  static QNNP_INLINE void store_short(uint8_t* p, V v, size_t n) {
    _mm512_mask_storeu_epi8(p, first64(n), v);
  }

  template <int N>
  static QNNP_INLINE V shift_parts(V v, V fill, bool up) {
    constexpr int kPart = 8 / N;
    return up ? _mm512_alignr_epi64(v, fill, 8 - kPart) : _mm512_alignr_epi64(fill, v, kPart);
  }

  static QNNP_INLINE V zero() { return _mm512_setzero_si512(); }
  static QNNP_INLINE V set8(uint8_t x) { return _mm512_set1_epi8(static_cast<char>(x)); }
  static QNNP_INLINE V set16(int16_t x) { return _mm512_set1_epi16(x); }
  static QNNP_INLINE V set32(int32_t x) { return _mm512_set1_epi32(x); }
  static QNNP_INLINE F set_float(float x) { return _mm512_set1_ps(x); }
  static QNNP_INLINE V lower8(V a, V b) { return _mm512_unpacklo_epi8(a, b); }
  static QNNP_INLINE V upper8(V a, V b) { return _mm512_unpackhi_epi8(a, b); }
  static QNNP_INLINE V lower16(V a, V b) { return _mm512_unpacklo_epi16(a, b); }
  static QNNP_INLINE V upper16(V a, V b) { return _mm512_unpackhi_epi16(a, b); }
  static QNNP_INLINE V lower8(V a) { return lower8(a, zero()); }
  static QNNP_INLINE V upper8(V a) { return upper8(a, zero()); }
  static QNNP_INLINE V lower16(V a) { return lower16(a, zero()); }
  static QNNP_INLINE V upper16(V a) { return upper16(a, zero()); }
  static QNNP_INLINE V min8(V a, V b) { return _mm512_min_epu8(a, b); }
  static QNNP_INLINE V max8(V a, V b) { return _mm512_max_epu8(a, b); }
  static QNNP_INLINE V signed_min8(V a, V b) { return _mm512_min_epi8(a, b); }
  static QNNP_INLINE V signed_max8(V a, V b) { return _mm512_max_epi8(a, b); }
  static QNNP_INLINE V bit_or(V a, V b) { return _mm512_or_si512(a, b); }
  static QNNP_INLINE V bit_xor(V a, V b) { return _mm512_xor_si512(a, b); }
  static QNNP_INLINE V sub8(V a, V b) { return _mm512_sub_epi8(a, b); }
  static QNNP_INLINE V load_table(const uint8_t* p) {
    return _mm512_broadcast_i32x4(_mm_loadu_si128(reinterpret_cast<const __m128i*>(p)));
  }
  static QNNP_INLINE V table_lookup(V table, V index) {
    return _mm512_shuffle_epi8(table, _mm512_adds_epu8(index, set8(0x70)));
  }
  static QNNP_INLINE V add16(V a, V b) { return _mm512_add_epi16(a, b); }
  static QNNP_INLINE V sub16(V a, V b) { return _mm512_sub_epi16(a, b); }
  static QNNP_INLINE V add32(V a, V b) { return _mm512_add_epi32(a, b); }
  static QNNP_INLINE V saturating_add16(V a, V b) { return _mm512_adds_epi16(a, b); }
  static QNNP_INLINE V lower_sums(V a, V b) { return _mm512_maddubs_epi16(lower8(a, b), set8(1)); }
  static QNNP_INLINE V upper_sums(V a, V b) { return _mm512_maddubs_epi16(upper8(a, b), set8(1)); }
  static QNNP_INLINE V add_products(V acc, V a, V b) { return _mm512_dpwssd_epi32(acc, a, b); }
  static QNNP_INLINE V lower_products(V a, V b) {
    return lower16(_mm512_mullo_epi16(a, b), _mm512_mulhi_epi16(a, b));
  }
  static QNNP_INLINE V upper_products(V a, V b) {
    return upper16(_mm512_mullo_epi16(a, b), _mm512_mulhi_epi16(a, b));
  }
  template <int N>
  static QNNP_INLINE V shift_right32(V a) {
    return _mm512_srai_epi32(a, N);
  }
  static QNNP_INLINE Count count(uint32_t n) { return Avx2Bytes::count(n); }
  static QNNP_INLINE V shift_right32(V a, Count count) { return _mm512_sra_epi32(a, count); }
  static QNNP_INLINE V pack32(V a, V b) { return _mm512_packs_epi32(a, b); }
  static QNNP_INLINE V pack16(V a, V b) { return _mm512_packus_epi16(a, b); }
  static QNNP_INLINE V scaled(V acc, F scale, F high) { return avx512_scaled(acc, scale, high); }
  static QNNP_INLINE V scaled(V acc, F scale) {
    return _mm512_cvtps_epi32(_mm512_mul_ps(_mm512_cvtepi32_ps(acc), scale));
  }
  static QNNP_INLINE V lower_scaled(V a, F offset, F scale) {
    return offset_scaled(lower16(a, set16(0x4b00)), offset, scale);
  }
  static QNNP_INLINE V upper_scaled(V a, F offset, F scale) {
    return offset_scaled(upper16(a, set16(0x4b00)), offset, scale);
  }
  static QNNP_INLINE uint8_t largest(V v) {
    return Avx2Bytes::largest(
        _mm256_max_epu8(_mm512_castsi512_si256(v), _mm512_extracti64x4_epi64(v, 1)));
  }

 private:
  static QNNP_INLINE V offset_scaled(V a, F offset, F scale) {
    const F x = _mm512_add_ps(_mm512_castsi512_ps(a), _mm512_sub_ps(offset, set_float(0x1p23f)));
    return _mm512_cvtps_epi32(_mm512_mul_ps(x, scale));
  }
};

}  // namespace
}  // namespace qnnp
