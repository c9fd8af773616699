// SPDX-License-Identifier: BSD-3-Clause
// A shuffle looks up 16 entries: by the lowest four bits of an index, 0 where its highest bit is
// set. So the highest bit costs an OR, the three between a tree of blends: 16 shuffles, 8 ORs and 7
// blends for 32 bytes. The tables are loaded every time, which the ports for loads have room for.
#include "isa/avx2_bytes.h"
#include "x8lut/tile.h"

namespace qnnp {
namespace {

struct Avx2Table {
  using I = Avx2Bytes;
  const uint8_t* table;

  QNNP_INLINE explicit Avx2Table(const uint8_t* bytes) : table(bytes) {}

  QNNP_INLINE __m256i operator()(__m256i x) const {
    const __m256i upper_half = _mm256_xor_si256(x, I::set8(0x80));
    // Moved to the highest bit, where a blend looks; by sums, which need no port of shuffles.
    const __m256i bit6 = _mm256_add_epi8(x, x);
    const __m256i bit5 = _mm256_add_epi8(bit6, bit6);
    const __m256i bit4 = _mm256_add_epi8(bit5, bit5);
    const auto sixteen = [&](int i) QNNP_LAMBDA {
      return I::bit_or(_mm256_shuffle_epi8(I::load_table(table + 16 * i), x),
                       _mm256_shuffle_epi8(I::load_table(table + 128 + 16 * i), upper_half));
    };
    const auto two = [&](int i) QNNP_LAMBDA {
      return _mm256_blendv_epi8(sixteen(i), sixteen(i + 1), bit4);
    };
    const auto four = [&](int i)
                          QNNP_LAMBDA { return _mm256_blendv_epi8(two(i), two(i + 2), bit5); };
    return _mm256_blendv_epi8(four(0), four(4), bit6);
  }
};

}  // namespace
QNNP_DEFINE_X8LUT(Avx2Table, avx2)
}  // namespace qnnp
