// SPDX-License-Identifier: BSD-3-Clause
// vpermi2w looks up 64 entries of 16 bits: the table as 128 words, entry i beside entry i + 128.
// Bits 0 to 5 of an index are the permutation's, bit 6 chooses between two, bit 7 a word's half.
// Even and odd bytes take turns.
#include "isa/avx512_bytes.h"
#include "x8lut/tile.h"

namespace qnnp {
namespace {

struct Avx512Table {
  using I = Avx512Bytes;
  __m512i words[4];

  QNNP_INLINE explicit Avx512Table(const uint8_t* bytes) {
    unroll<4>([&](auto i) QNNP_LAMBDA {
      const __m512i low = _mm512_cvtepu8_epi16(load32(bytes + 32 * i));
      const __m512i high = _mm512_cvtepu8_epi16(load32(bytes + 128 + 32 * i));
      words[i] = _mm512_or_si512(low, _mm512_slli_epi16(high, 8));
    });
  }

  QNNP_INLINE __m512i operator()(__m512i x) const {
    const __m512i even = lookup(x, _mm512_test_epi16_mask(x, _mm512_set1_epi16(0x0040)));
    const __m512i odd =
        lookup(_mm512_srli_epi16(x, 8), _mm512_test_epi16_mask(x, _mm512_set1_epi16(0x4000)));
    // Bits of the first operand choose: the even bytes here, the odd ones there.
    const __m512i even_bytes = _mm512_set1_epi16(0x00ff);
    const __m512i low =
        _mm512_ternarylogic_epi32(even_bytes, even, _mm512_slli_epi16(odd, 8), kChoose);
    const __m512i high =
        _mm512_ternarylogic_epi32(even_bytes, _mm512_srli_epi16(even, 8), odd, kChoose);
    return _mm512_mask_blend_epi8(_mm512_movepi8_mask(x), low, high);
  }

 private:
  static constexpr int kChoose = 0xca;  // first ? second : third
  static QNNP_INLINE __m256i load32(const uint8_t* p) {
    return _mm256_loadu_si256(reinterpret_cast<const __m256i*>(p));
  }
  QNNP_INLINE __m512i lookup(__m512i index, __mmask32 bit6) const {
    return _mm512_mask_blend_epi16(bit6, _mm512_permutex2var_epi16(words[0], index, words[1]),
                                   _mm512_permutex2var_epi16(words[2], index, words[3]));
  }
};

}  // namespace
QNNP_DEFINE_X8LUT(Avx512Table, avx512vnni)
}  // namespace qnnp
