// SPDX-License-Identifier: BSD-3-Clause
// vpermb moves each of 64 bytes anywhere. Blocks of three or four groups meet in one vector by
// inserts from memory, which need no port of shuffles; then one permutation zips them. Eight groups
// are two times four, zipped in 32 bits. Two and four groups alone gain nothing by it.
#include "isa/avx512_blocks.h"
#include "x8zip/tile.h"

namespace qnnp {
namespace {

template <int G>
struct VbmiZip {
  static constexpr size_t kBlock = 16;
  static constexpr int kInVector = G == 8 ? 4 : 3;

  __m512i order;

  QNNP_INLINE VbmiZip() : order() {
    alignas(64) uint8_t from[64] = {};
    for (int i = 0; i < kInVector * 16; i++) {
      from[i] = static_cast<uint8_t>(i % kInVector * 16 + i / kInVector);
    }
    order = Avx512Bytes::load(from);
    asm("" : "+v"(order));  // compilers make unpackings of a permutation that they know
  }

  // A block of each of kInVector groups, zipped.
  QNNP_INLINE __m512i groups(const uint8_t* a, size_t pitch) const {
    const auto block = [&](size_t g) QNNP_LAMBDA { return Sse41Blocks::load(a + g * pitch); };
    __m512i v = _mm512_inserti32x4(_mm512_castsi128_si512(block(0)), block(1), 1);
    v = _mm512_inserti32x4(v, block(2), 2);
    if constexpr (kInVector == 4) v = _mm512_inserti32x4(v, block(3), 3);
    return _mm512_permutexvar_epi8(order, v);
  }

  // A block of every group.
  QNNP_INLINE void operator()(const uint8_t* a, size_t pitch, uint8_t* c) const {
    const __m512i v = groups(a, pitch);
    if constexpr (G == 8) {
      const __m512i w = groups(a + 4 * pitch, pitch);
      const __m512i lower =
          _mm512_setr_epi32(0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
      const __m512i upper = _mm512_add_epi32(lower, _mm512_set1_epi32(8));
      Avx512Bytes::store(c, _mm512_permutex2var_epi32(v, lower, w));
      Avx512Bytes::store(c + 64, _mm512_permutex2var_epi32(v, upper, w));
    } else {  // two stores are faster than one with a mask
      Avx2Blocks::store(c, _mm512_castsi512_si256(v));
      Sse41Blocks::store(c + 32, _mm512_extracti32x4_epi32(v, 2));
    }
  }
};

template <int G>
void zip_rows_vbmi(const ZipArgs& args) {
  constexpr size_t kBlock = VbmiZip<G>::kBlock;
  const ZipArgs t = args;
  const VbmiZip<G> zip;
  for (size_t row = 0; row < t.rows; row++) {
    const uint8_t* a = t.a + row * t.a_stride;
    uint8_t* c = t.c + row * t.c_stride;
    if (t.n >= kBlock) {
      for_each_tile(t.n, kBlock, [&](size_t i) QNNP_LAMBDA { zip(a + i, t.pitch, c + G * i); });
    } else {
      zip_few<Sse41Blocks, G>(a, t.pitch, t.n, c);
    }
  }
}

}  // namespace
QNNP_DEFINE_X8ZIP_ROW(avx512vbmi, 3, "3", zip_rows_vbmi<3>)
QNNP_DEFINE_X8ZIP_ROW(avx512vbmi, 8, "8", zip_rows_vbmi<8>)
}  // namespace qnnp
