// SPDX-License-Identifier: BSD-3-Clause
#include "isa/avx2.h"

#include "q8dwconv/tile.h"

namespace qnnp {
namespace {

// 16 channels; two rows side by side as pairs of 16-bit values for vpmaddwd.
template <bool kFlip>
struct Avx2Dwconv {
  static constexpr Isa kIsa = Isa::avx2;
  static constexpr int kBlock = 16, kGroup = 2, kVectors = 2;
  static constexpr WeightCode kCode = WeightCode::s16;
  static constexpr bool kLanesOf16 = false;
  using Acc = __m256i;
  using Data = __m256i;
  using Output = Avx2Output;

  static QNNP_INLINE void start(Acc (&acc)[2], const int32_t* bias) {
    acc[0] = _mm256_load_si256(reinterpret_cast<const __m256i*>(bias));
    acc[1] = _mm256_load_si256(reinterpret_cast<const __m256i*>(bias + 8));
  }

  // The same 16 bytes in both lanes, so that what follows is shuffles within lanes (crossing them
  // has half the throughput on Zen 3).
  static QNNP_INLINE __m256i load(const uint8_t* p, size_t n) {
    const __m256i bytes = _mm256_broadcastsi128_si256(load_short(p, n));
    return kFlip ? _mm256_xor_si256(bytes, _mm256_set1_epi8(-128)) : bytes;
  }
  static QNNP_INLINE __m256i shuffle(__m256i bytes, long long m0, long long m1, long long m2,
                                     long long m3) {
    return _mm256_shuffle_epi8(bytes, _mm256_setr_epi64x(m0, m1, m2, m3));
  }
  template <class Count, class Size>
  static QNNP_INLINE void interleave(const uint8_t* const (&rows)[2], Count count, Size n,
                                     Data (&data)[2]) {
    constexpr long long kZero = static_cast<long long>(0x8080808080808080);
    const __m256i a = load(rows[0], n);
    if (count == 1) {  // bytes 0 1 2 3 | 4 5 6 7 as 32-bit values, then 8 .. 15
      constexpr long long kOne = 0x0000000100000000 | (kZero & ~0x000000ff000000ff);
      constexpr long long kStep = 0x0000000200000002;
      data[0] = shuffle(a, kOne, kOne + kStep, kOne + 2 * kStep, kOne + 3 * kStep);
      data[1] = shuffle(a, kOne + 4 * kStep, kOne + 5 * kStep, kOne + 6 * kStep, kOne + 7 * kStep);
      return;
    }
    const __m256i b = load(rows[1], n);
    // Pairs (a0 b0) (a1 b1) ... of channels 0-7 and 8-15; the lower lane takes the first four
    // pairs, the upper lane the others.
    constexpr long long kPairs = 0x0003000200010000 | (kZero & ~0x00ff00ff00ff00ff);
    constexpr long long kStep = 0x0004000400040004;
    data[0] = shuffle(_mm256_unpacklo_epi8(a, b), kPairs, kPairs + kStep, kPairs + 2 * kStep,
                      kPairs + 3 * kStep);
    data[1] = shuffle(_mm256_unpackhi_epi8(a, b), kPairs, kPairs + kStep, kPairs + 2 * kStep,
                      kPairs + 3 * kStep);
  }

  static QNNP_INLINE void mac(Acc (&acc)[2], const Data (&data)[2], const uint8_t* weights) {
    const __m256i* w = reinterpret_cast<const __m256i*>(weights);
    unroll<2>([&](auto i) QNNP_LAMBDA {
      acc[i] = _mm256_add_epi32(acc[i], _mm256_madd_epi16(data[i], _mm256_load_si256(w + i)));
    });
  }
  static QNNP_INLINE void correct(Acc (&)[2], const Data (&)[2], int32_t) {}

  template <class Size>
  static QNNP_INLINE void store(const Acc (&acc)[2], const float* scale, const Output& out,
                                uint8_t* c, Size n) {
    const __m256i bytes = out.bytes(avx2_scaled(acc[0], _mm256_load_ps(scale), out.high),
                                    avx2_scaled(acc[1], _mm256_load_ps(scale + 8), out.high));
    // Lanes hold channels 0-3 8-11 and 4-7 12-15.
    store_short(
        c, _mm_unpacklo_epi32(_mm256_castsi256_si128(bytes), _mm256_extracti128_si256(bytes, 1)),
        n);
  }
};

}  // namespace

QNNP_DEFINE_Q8DWCONV(Avx2Dwconv, avx2, any, 0, 0, 0)
QNNP_DEFINE_Q8DWCONV(Avx2Dwconv, avx2, 3x3s1, 3, 3, 1)
QNNP_DEFINE_Q8DWCONV(Avx2Dwconv, avx2, 3x3s2, 3, 3, 2)

}  // namespace qnnp
