// SPDX-License-Identifier: BSD-3-Clause
// For ratios of at most 1, the sum in 32-bit lanes by dot products (doc/quantization.md, "Add,
// subtract", "32 bits"). A lane is the bytes 0 a' 0 b': two words 256 * a', 256 * b' for the upper
// digits of the multipliers, and two bytes beside zeros for the lower ones. Lanes of even and of odd
// elements meet as words, shifted to where they belong, so that nothing is left to permute.
#include "isa/avx512_bytes.h"
#include "q8vadd/tile.h"

namespace qnnp {
namespace {

template <class I, bool kLimits, bool kFlip>
struct Dots32 {
  using V = __m512i;
  V a_flip, b_flip;  // to a - 128 and b - 128
  V high, low;       // the multipliers' digits beside those of words, of bytes
  V offset;
  V even, odd;  // bytes a0 b0 a1 b1 ... -> lanes
  __mmask32 odd_words = 0xaaaaaaaa;
  AddOutput<I, kLimits, kFlip> output;

  QNNP_INLINE explicit Dots32(const AddParams& p)
      : a_flip(I::set8(p.a_flip ^ 0x80)),
        b_flip(I::set8(p.b_flip ^ 0x80)),
        high(set_pair16<I>(p.a_multiplier >> 8, p.b_multiplier >> 8)),
        low(set_pair16<I>((p.a_multiplier & 255) << 8, (p.b_multiplier & 255) << 8)),
        offset(I::set32(static_cast<int32_t>(
            p.offset + 128 * (int64_t{p.a_multiplier} + int64_t{p.b_multiplier})))),
        even(lanes(0x0180'0080)),
        odd(lanes(0x0380'0280)),
        output(p) {
    asm("" : "+Yk"(odd_words));  // a mask that is known is loaded in the loop
  }

  // The shuffle of one lane, of those after it in turn; bytes of 0x80 give 0.
  static QNNP_INLINE V lanes(int32_t first) {
    return _mm512_broadcast_i32x4(_mm_add_epi32(
        _mm_set1_epi32(first), _mm_set_epi32(0x0c00'0c00, 0x0800'0800, 0x0400'0400, 0)));
  }
  QNNP_INLINE V sum32(V bytes, V shuffle) const {
    const V x = _mm512_shuffle_epi8(bytes, shuffle);
    V sum = offset;
    // clang makes two instructions of half of _mm512_dpwssd_epi32.
    asm("vpdpwssd %2, %1, %0" : "+v"(sum) : "v"(x), "v"(high));
    return _mm512_dpbusd_epi32(sum, low, x);
  }
  // Bytes a0 b0 a1 b1 ... -> their sums in 16 bits.
  QNNP_INLINE V sum16(V bytes) const {
    const V first = _mm512_srai_epi32(sum32(bytes, even), AddParams::kShift);
    return _mm512_mask_srai_epi16(first, odd_words, sum32(bytes, odd), AddParams::kShift - 16);
  }
  QNNP_INLINE V operator()(V a, V b) const {
    a = I::bit_xor(a, a_flip);
    b = I::bit_xor(b, b_flip);
    return output(I::pack16(sum16(I::lower8(a, b)), sum16(I::upper8(a, b))));
  }
};

}  // namespace
QNNP_DEFINE_Q8VADD(Avx512Bytes, Dots32, AnyRatio, avx512vnni)
}  // namespace qnnp
