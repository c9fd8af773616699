// SPDX-License-Identifier: BSD-3-Clause
// AVX2: exact dot products of 16-bit operands (vpmaddwd). vpmaddubsw would be faster and saturates.
#pragma once

#include "isa/dot.h"
#include "isa/x86.h"

namespace qnnp {
namespace {

// round_half_even(min(float(acc) * scale, high)); cvtps turns what is far below int32 into its
// minimum, which later clamps as it should.
QNNP_INLINE __m256i avx2_scaled(__m256i acc, __m256 scale, __m256 high) {
  return _mm256_cvtps_epi32(_mm256_min_ps(_mm256_mul_ps(_mm256_cvtepi32_ps(acc), scale), high));
}

// A constant per operator, in the shape the epilogue wants.
struct Avx2Output {
  __m256 high;
  __m256i zero_point;  // s16
  __m256i low;         // u8: output_min
  __m256i flip;
  QNNP_INLINE explicit Avx2Output(const OutputParams& output)
      : high(_mm256_set1_ps(output.high)),
        zero_point(_mm256_set1_epi16(static_cast<int16_t>(output.zero_point))),
        low(_mm256_set1_epi8(
            static_cast<char>(static_cast<int32_t>(output.low) + output.zero_point))),
        flip(_mm256_set1_epi8(static_cast<char>(output.flip))) {}
  // Two vectors of 8 scaled values -> u8, the bytes of each 128-bit lane in its lower half: x0 x1
  // of that lane.
  QNNP_INLINE __m256i bytes(__m256i x0, __m256i x1) const {
    const __m256i words = _mm256_adds_epi16(_mm256_packs_epi32(x0, x1), zero_point);
    return _mm256_xor_si256(_mm256_max_epu8(_mm256_packus_epi16(words, words), low), flip);
  }
  // Four vectors -> 32 bytes in the same order.
  QNNP_INLINE __m256i bytes(const __m256i (&x)[4]) const {
    const __m256i lower = _mm256_adds_epi16(_mm256_packs_epi32(x[0], x[1]), zero_point);
    const __m256i upper = _mm256_adds_epi16(_mm256_packs_epi32(x[2], x[3]), zero_point);
    const __m256i lanes =
        _mm256_xor_si256(_mm256_max_epu8(_mm256_packus_epi16(lower, upper), low), flip);
    return _mm256_permutevar8x32_epi32(lanes, _mm256_setr_epi32(0, 4, 1, 5, 2, 6, 3, 7));
  }
};

// Pairs of 16-bit numbers for q8gemm/pair_tile.h; an accumulator is 8 columns.
struct Avx2 {
  static constexpr Isa kIsa = Isa::avx2;
  static constexpr int kStep = 2, kCols = 8;
  static constexpr WeightCode kCode = WeightCode::s16;
  static constexpr SlotOrder kOrder = SlotOrder::pairs;
  using Acc = __m256i;
  using Flip = __m256i;
  using Output = Avx2Output;

  static QNNP_INLINE Acc load(const int32_t* p) {
    return _mm256_load_si256(reinterpret_cast<const __m256i*>(p));
  }
  static QNNP_INLINE void save(int32_t* p, Acc acc) {
    _mm256_store_si256(reinterpret_cast<__m256i*>(p), acc);
  }
  static QNNP_INLINE __m256i weights(const uint8_t* p) {
    return _mm256_load_si256(reinterpret_cast<const __m256i*>(p));
  }
  static QNNP_INLINE __m256i pair(const int16_t* p) {
    int32_t two;
    memcpy(&two, p, 4);
    return _mm256_set1_epi32(two);
  }
  static QNNP_INLINE Acc dot(Acc acc, __m256i a, __m256i w) {
    return _mm256_add_epi32(acc, _mm256_madd_epi16(a, w));
  }

  static constexpr size_t kWide = 16;
  static QNNP_INLINE Flip flip(uint8_t value) { return _mm256_set1_epi16(value); }
  static QNNP_INLINE void widen(const uint8_t* from, Flip mask, int16_t* to) {
    const __m256i words =
        _mm256_cvtepu8_epi16(_mm_loadu_si128(reinterpret_cast<const __m128i*>(from)));
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(to), _mm256_xor_si256(words, mask));
  }
  // n < 16 bytes. May write up to 16 words.
  static QNNP_INLINE void widen_short(const uint8_t* from, size_t n, Flip mask, int16_t* to) {
    if (n >= 8) {
      widen_8(load_u64(from), mask, to);
      widen_8(load_u64(from + n - 8), mask, to + n - 8);
    } else {
      widen_8(load_u64_short(from, n), mask, to);
    }
  }
  static QNNP_INLINE void widen_8(uint64_t bytes, Flip mask, int16_t* to) {
    const __m128i words = _mm_cvtepu8_epi16(_mm_cvtsi64_si128(static_cast<long long>(bytes)));
    _mm_storeu_si128(reinterpret_cast<__m128i*>(to),
                     _mm_xor_si128(words, _mm256_castsi256_si128(mask)));
  }

  // Requantizes MR rows of NV vectors and stores the first n columns of each.
  template <int MR, int NV>
  static QNNP_INLINE void store(const Acc (&acc)[MR][NV], const float* scale, const Output& out,
                                uint8_t* c, size_t c_stride, size_t n) {
    static_assert(NV <= 2, "a row is a quarter or half of a vector of bytes");
    constexpr int kRows = 4 / NV;  // of a vector
    __m256 scales[NV];
    unroll<NV>([&](auto j) QNNP_LAMBDA { scales[j] = _mm256_load_ps(scale + 8 * j); });
    unroll<(MR + kRows - 1) / kRows>([&](auto group) QNNP_LAMBDA {
      __m256i x[4];
      unroll<4>([&](auto q) QNNP_LAMBDA {
        constexpr int kLast = MR - 1, row = kRows * group + q / NV, j = q % NV;
        x[q] = row <= kLast ? avx2_scaled(acc[row < kLast ? row : kLast][j], scales[j], out.high)
                            : x[j];
      });
      const __m256i bytes = out.bytes(x);
      const __m128i half[2] = {_mm256_castsi256_si128(bytes), _mm256_extracti128_si256(bytes, 1)};
      unroll<kRows>([&](auto r) QNNP_LAMBDA {
        constexpr int row = kRows * group + r;
        if constexpr (row < MR) {
          store_row<NV>(c + row * c_stride, half[r * NV / 2], r % 2 == 1, n);
        }
      });
    });
  }
  // The first n bytes of a row that is all of v, or its lower or upper half.
  template <int NV>
  static QNNP_INLINE void store_row(uint8_t* c, __m128i v, bool upper, size_t n) {
    if (NV == 2) {
      store_short(c, v, n);
    } else {
      const __m128i row = upper ? _mm_unpackhi_epi64(v, v) : v;
      if (n == 8) {
        _mm_storel_epi64(reinterpret_cast<__m128i*>(c), row);
      } else {
        store_short(c, row, n);
      }
    }
  }
};

// The same with weights of 8 bits.
struct Avx2NarrowWeights : Avx2 {
  static constexpr WeightCode kCode = WeightCode::s8;

  static QNNP_INLINE __m256i weights(const uint8_t* p) {
    return _mm256_cvtepi8_epi16(_mm_load_si128(reinterpret_cast<const __m128i*>(p)));
  }
  static QNNP_INLINE Acc add(Acc acc, int32_t value) {
    return _mm256_add_epi32(acc, _mm256_set1_epi32(value));
  }
  static QNNP_INLINE uint32_t sum(const int16_t* p, size_t n) {
    alignas(32) static constexpr int16_t kOnes[32] = {1, 1, 1, 1, 1, 1, 1, 1,
                                                      1, 1, 1, 1, 1, 1, 1, 1};
    const auto load = [](const int16_t* words) QNNP_LAMBDA {
      return _mm256_loadu_si256(reinterpret_cast<const __m256i*>(words));
    };
    __m256i acc = _mm256_setzero_si256();
    size_t i = 0;
    for (; i + 16 <= n; i += 16) acc = dot(acc, load(p + i), load(kOnes));
    if (i != n) acc = dot(acc, load(p + i), load(kOnes + (16 - (n - i))));
    const __m128i four =
        _mm_add_epi32(_mm256_castsi256_si128(acc), _mm256_extracti128_si256(acc, 1));
    const __m128i two = _mm_add_epi32(four, _mm_unpackhi_epi64(four, four));
    return static_cast<uint32_t>(_mm_cvtsi128_si32(two)) +
           static_cast<uint32_t>(_mm_extract_epi32(two, 1));
  }
};

}  // namespace
}  // namespace qnnp
