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
};

template <bool kFlip>
struct Avx2 {
  static constexpr Isa kIsa = Isa::avx2;
  // Four bytes of a row become (a0 a1)(a2 a3) in every 64 bits; an accumulator holds 4 columns as 2
  // partial sums each.
  static constexpr int kStep = 4, kCols = 4;
  static constexpr WeightCode kCode = WeightCode::s16;
  static constexpr SlotOrder kOrder = SlotOrder::avx2_pairs;
  using Acc = __m256i;
  using Output = Avx2Output;

  static QNNP_INLINE Acc bias(const int32_t* p) {
    return _mm256_cvtepu32_epi64(_mm_load_si128(reinterpret_cast<const __m128i*>(p)));
  }
  static QNNP_INLINE Acc add(Acc acc, int32_t) { return acc; }
  static QNNP_INLINE uint32_t load_full(const uint8_t* p) { return load_u32(p); }
  static QNNP_INLINE uint32_t load_short(const uint8_t* p, size_t n) {
    return load_u32_short(p, n);
  }

  // Interleaving with zero widens within lanes: vpmovzxbw crosses them and has half the throughput
  // of a shuffle on Zen 3.
  template <class Load>
  static QNNP_INLINE __m256i broadcast(const uint8_t* p, Load load) {
    __m256i bytes = _mm256_set1_epi32(static_cast<int32_t>(load(p)));
    if (kFlip) bytes = _mm256_xor_si256(bytes, _mm256_set1_epi8(-128));
    return _mm256_unpacklo_epi8(bytes, _mm256_setzero_si256());
  }

  template <int MR, int NV, class Load>
  static QNNP_INLINE void step(Acc (&acc)[MR][NV], const uint8_t* const (&p)[MR], size_t k,
                               const uint8_t* b, Load load) {
    const __m256i* w = reinterpret_cast<const __m256i*>(b);
    if constexpr (NV <= 2) {  // weights stay in registers, rows pass by
      __m256i weights[NV];
      unroll<NV>([&](auto j) QNNP_LAMBDA { weights[j] = _mm256_load_si256(w + j); });
      unroll<MR>([&](auto i) QNNP_LAMBDA {
        const __m256i a = broadcast(p[i] + k, load);
        unroll<NV>([&](auto j) QNNP_LAMBDA {
          acc[i][j] = _mm256_add_epi32(acc[i][j], _mm256_madd_epi16(a, weights[j]));
        });
      });
    } else {  // rows stay in registers, weights pass by
      __m256i a[MR];
      unroll<MR>([&](auto i) QNNP_LAMBDA { a[i] = broadcast(p[i] + k, load); });
      unroll<NV>([&](auto j) QNNP_LAMBDA {
        const __m256i weights = _mm256_load_si256(w + j);
        unroll<MR>([&](auto i) QNNP_LAMBDA {
          acc[i][j] = _mm256_add_epi32(acc[i][j], _mm256_madd_epi16(a[i], weights));
        });
      });
    }
  }

  template <int NV>
  static QNNP_INLINE void store(const Acc (&acc)[NV], const float* scale, const Output& out,
                                uint8_t* c, size_t n) {
    static_assert(NV == 2 || NV == 4, "8 or 16 columns");
    __m256i x[2];
    unroll<NV / 2>([&](auto q) QNNP_LAMBDA {
      const __m256i sums = _mm256_hadd_epi32(acc[2 * q], acc[2 * q + 1]);
      const __m256 scales = _mm256_insertf128_ps(_mm256_castps128_ps256(_mm_load_ps(scale + 4 * q)),
                                                 _mm_load_ps(scale + 2 * NV + 4 * q), 1);
      x[q] = avx2_scaled(sums, scales, out.high);
    });
    const __m256i bytes = out.bytes(x[0], x[NV / 2 - 1]);
    const __m128i lower = _mm256_castsi256_si128(bytes);
    const __m128i upper = _mm256_extracti128_si256(bytes, 1);
    store_short(c, NV == 4 ? _mm_unpacklo_epi64(lower, upper) : _mm_unpacklo_epi32(lower, upper),
                n);
  }
  template <int NV>
  static QNNP_INLINE void spill(const Acc (&acc)[NV], int32_t* sums) {
    unroll<NV / 2>([&](auto q) QNNP_LAMBDA {
      const __m256i four = _mm256_hadd_epi32(acc[2 * q], acc[2 * q + 1]);
      __m128i* const to = reinterpret_cast<__m128i*>(sums);
      _mm_storeu_si128(to + q, _mm256_castsi256_si128(four));
      _mm_storeu_si128(to + NV / 2 + q, _mm256_extracti128_si256(four, 1));
    });
  }
};

}  // namespace
}  // namespace qnnp
