// SPDX-License-Identifier: BSD-3-Clause
// Lines of eight channels at a time on x86. Eight is what the instruction set gives:
//   run(x, factor, offset, high)  round_half_even(min(x * factor + offset, high)) of eight int32;
//                                 what is far below int32 gives its minimum
#pragma once

#include "isa/avx2.h"
#include "q8gnorm/q8gnorm.h"

namespace qnnp {
namespace {

template <class Eight>
void x86_lines(const NormLineArgs& args) {
  const NormLineArgs t = args;
  const __m128i x_flip = _mm_set1_epi8(static_cast<char>(t.x_flip));
  const __m128i y_flip = _mm_set1_epi8(static_cast<char>(t.y_flip));
  const __m128i low = _mm_set1_epi8(static_cast<char>(t.low));
  const double high = t.high;
  const auto line = [&](__m128i x, size_t c) QNNP_LAMBDA {
    const __m256i ints = Eight::run(_mm256_cvtepu8_epi32(_mm_xor_si128(x, x_flip)), t.factor + c,
                                    t.offset + c, high);
    const __m128i words =
        _mm_packs_epi32(_mm256_castsi256_si128(ints), _mm256_extracti128_si256(ints, 1));
    return _mm_xor_si128(_mm_max_epu8(_mm_packus_epi16(words, words), low), y_flip);
  };
  for (size_t row = 0; row < t.rows; row++) {
    const uint8_t* x = t.x + row * t.x_stride;
    uint8_t* y = t.y + row * t.y_stride;
    size_t c = 0;
    for (; c + kNormChannels <= t.n; c += kNormChannels) {
      const __m128i bytes = _mm_loadl_epi64(reinterpret_cast<const __m128i*>(x + c));
      _mm_storel_epi64(reinterpret_cast<__m128i*>(y + c), line(bytes, c));
    }
    const size_t rest = t.n - c;
    if (rest != 0) store_short(y + c, line(load_short(x + c, rest), c), rest);
  }
}

}  // namespace
}  // namespace qnnp
