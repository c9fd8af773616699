// SPDX-License-Identifier: BSD-3-Clause
// The table of 32-bit entries is four tables of bytes, looked up 64 distances at a time; sums of
// bytes are those of vpsadbw. Quotients are made eight at a time.
#include "isa/avx512_blocks.h"
#include "isa/avx512_table.h"
#include "isa/byte_rows.h"
#include "u8lut32norm/tile.h"

namespace qnnp {
namespace {

// Byte p of every entry.
struct Planes {
  Avx512ByteTable byte[4];

  QNNP_INLINE explicit Planes(const uint32_t* table) {
    unroll<4>([&](auto q) QNNP_LAMBDA { fill(q, table + 64 * q); });
  }

 private:
  // Quarter q: 64 entries, first each four of them as four planes of four bytes.
  QNNP_INLINE void fill(int q, const uint32_t* entries) {
    const __m512i planes =
        _mm512_broadcast_i32x4(_mm_setr_epi8(0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15));
    __m512i v[4];
    unroll<4>([&](auto j) QNNP_LAMBDA {  // block k: entries 16 * k + 4 * j and the next three
      const auto* p = reinterpret_cast<const uint8_t*>(entries + 4 * j);
      v[j] = _mm512_shuffle_epi8(Avx512Blocks::gather(p, 4), planes);
    });
    const __m512i low01 = _mm512_unpacklo_epi32(v[0], v[1]);
    const __m512i low23 = _mm512_unpacklo_epi32(v[2], v[3]);
    const __m512i high01 = _mm512_unpackhi_epi32(v[0], v[1]);
    const __m512i high23 = _mm512_unpackhi_epi32(v[2], v[3]);
    byte[0].quarters[q] = _mm512_unpacklo_epi64(low01, low23);
    byte[1].quarters[q] = _mm512_unpackhi_epi64(low01, low23);
    byte[2].quarters[q] = _mm512_unpacklo_epi64(high01, high23);
    byte[3].quarters[q] = _mm512_unpackhi_epi64(high01, high23);
  }
};

QNNP_INLINE uint64_t sum_by_planes(const LutNormArgs& args) {
  const Planes planes(args.table);
  const __m512i nearest = Avx512Bytes::set8(args.nearest()), zero = _mm512_setzero_si512();
  __m512i sums[4] = {zero, zero, zero, zero};
  for (size_t i = 0; i < args.n; i += 64) {
    const __mmask64 lanes = first64(args.n - i);
    const __m512i distance = _mm512_sub_epi8(nearest, _mm512_maskz_loadu_epi8(lanes, args.x + i));
    unroll<4>([&](auto p) QNNP_LAMBDA {
      const __m512i bytes = _mm512_maskz_mov_epi8(lanes, planes.byte[p](distance));
      sums[p] = _mm512_add_epi64(sums[p], _mm512_sad_epu8(bytes, zero));
    });
  }
  const __m512i low = _mm512_add_epi64(sums[0], _mm512_slli_epi64(sums[1], 8));
  const __m512i high = _mm512_add_epi64(sums[2], _mm512_slli_epi64(sums[3], 8));
  return static_cast<uint64_t>(
      _mm512_reduce_add_epi64(_mm512_add_epi64(low, _mm512_slli_epi64(high, 16))));
}

// Where integers below 2^53 are what this takes and makes, doubles are exact: a quotient that is off
// by one, because the reciprocal is rounded, shows in the sign or the size of its remainder.
QNNP_INLINE __m512d quotients(__m512d x, __m512d divisor, __m512d reciprocal) {
  const __m512d one = _mm512_set1_pd(1.0);
  const __m512d q = _mm512_roundscale_pd(_mm512_mul_pd(x, reciprocal), _MM_FROUND_TO_ZERO);
  const __m512d rest = _mm512_fnmadd_pd(q, divisor, x);
  const __mmask8 high = _mm512_cmp_pd_mask(rest, _mm512_setzero_pd(), _CMP_LT_OQ);
  const __mmask8 low = _mm512_cmp_pd_mask(rest, divisor, _CMP_GE_OQ);
  return _mm512_mask_add_pd(_mm512_mask_sub_pd(q, high, q, one), low, q, one);
}

struct VbmiSteps : PlainSteps {
  static constexpr size_t kShortRow = 16;

  static QNNP_INLINE uint64_t sum(const LutNormArgs& args) {
    constexpr size_t kLeast = 256;  // less is not worth the planes
    return args.n < kLeast ? sum_of_table(args) : sum_by_planes(args);
  }
  static QNNP_INLINE size_t divide(const LutNormArgs& args, uint64_t sum, uint8_t* outputs) {
    if (args.n >= size_t{1} << 20) return PlainSteps::divide(args, sum, outputs);
    const __m512d divisor = _mm512_set1_pd(static_cast<double>(sum));
    const __m512d reciprocal = _mm512_div_pd(_mm512_set1_pd(1.0), divisor);
    const __m512i half = _mm512_set1_epi64(static_cast<int64_t>(sum / 2));
    size_t count = 0;
    for (; count <= args.largest; count += 8) {
      const __m512i entries = _mm512_cvtepu32_epi64(
          _mm256_loadu_si256(reinterpret_cast<const __m256i*>(args.table + count)));
      const __m512d x = _mm512_cvtepu64_pd(_mm512_add_epi64(_mm512_slli_epi64(entries, 8), half));
      const __m128i bytes =
          _mm512_cvtusepi64_epi8(_mm512_cvttpd_epu64(quotients(x, divisor, reciprocal)));
      _mm_storel_epi64(reinterpret_cast<__m128i*>(outputs + count), bytes);
      if (_mm_extract_epi8(bytes, 7) == 0) return count + 8;
    }
    return count;
  }
  static QNNP_INLINE void lookup(const LutNormArgs& args, const uint8_t* outputs, size_t) {
    const Avx512ByteTable table(outputs);
    const __m512i nearest = Avx512Bytes::set8(args.nearest());
    const __m512i y_flip = Avx512Bytes::set8(args.y_flip);
    map_bytes<Avx512Bytes>(args.x, args.y, args.n, [&](__m512i x) QNNP_LAMBDA {
      return _mm512_xor_si512(table(_mm512_sub_epi8(nearest, x)), y_flip);
    });
  }
};

}  // namespace
QNNP_DEFINE_U8LUT32NORM(VbmiSteps, avx512vbmi)
}  // namespace qnnp
