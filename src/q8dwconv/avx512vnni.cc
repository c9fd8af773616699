// SPDX-License-Identifier: BSD-3-Clause
#include "isa/avx512vnni.h"

#include "q8dwconv/tile.h"

namespace qnnp {
namespace {

// 64 channels; four rows side by side as bytes for vpdpbusd. Unpacking works within 128-bit lanes:
// vector i holds channels 4 i .. 4 i + 3 of every 16, and packing the results puts them in order
// again.
template <bool kFlip>
struct Avx512Dwconv {
  static constexpr Isa kIsa = Isa::avx512vnni;
  static constexpr int kBlock = 64, kGroup = 4, kVectors = 4;
  static constexpr WeightCode kCode = WeightCode::s8;
  static constexpr int kLanes = 4;
  using Acc = __m512i;
  using Data = __m512i;
  struct Output {
    __m512 high;
    __m512i zero_point, low;  // s16; u8: output_min
    __m512i flip;
    QNNP_INLINE explicit Output(const OutputParams& output)
        : high(_mm512_set1_ps(output.high)),
          zero_point(_mm512_set1_epi16(static_cast<short>(output.zero_point))),
          low(_mm512_set1_epi8(
              static_cast<char>(static_cast<int32_t>(output.low) + output.zero_point))),
          flip(_mm512_set1_epi8(static_cast<char>(output.flip))) {}
  };

  static QNNP_INLINE void start(Acc (&acc)[4], const int32_t* bias) {
    unroll<4>([&](auto i) QNNP_LAMBDA { acc[i] = _mm512_load_si512(bias + 16 * i); });
  }

  template <class Count, class Size>
  static QNNP_INLINE void interleave(const uint8_t* const (&rows)[4], Count count, Size n,
                                     Data (&data)[4]) {
    const __mmask64 mask = first64(n);
    __m512i r[4];
    unroll<4>([&](auto i) QNNP_LAMBDA {
      r[i] = i < count ? _mm512_maskz_loadu_epi8(mask, rows[i]) : _mm512_setzero_si512();
      if (kFlip && i < count) r[i] = _mm512_xor_si512(r[i], _mm512_set1_epi8(-128));
    });
    const __m512i low01 = _mm512_unpacklo_epi8(r[0], r[1]);
    const __m512i high01 = _mm512_unpackhi_epi8(r[0], r[1]);
    const __m512i low23 = _mm512_unpacklo_epi8(r[2], r[3]);
    const __m512i high23 = _mm512_unpackhi_epi8(r[2], r[3]);
    data[0] = _mm512_unpacklo_epi16(low01, low23);
    data[1] = _mm512_unpackhi_epi16(low01, low23);
    data[2] = _mm512_unpacklo_epi16(high01, high23);
    data[3] = _mm512_unpackhi_epi16(high01, high23);
  }

  static QNNP_INLINE void mac(Acc (&acc)[4], const Data (&data)[4], const uint8_t* weights) {
    unroll<4>([&](auto i) QNNP_LAMBDA {
      acc[i] = _mm512_dpbusd_epi32(acc[i], data[i], _mm512_load_si512(weights + 64 * i));
    });
  }

  // factor is -127 .. 128: 128 takes a second product.
  static QNNP_INLINE void correct(Acc (&acc)[4], const Data (&data)[4], int32_t factor) {
    const __m512i first = _mm512_set1_epi8(static_cast<char>(factor > 127 ? 127 : factor));
    unroll<4>([&](auto i) QNNP_LAMBDA { acc[i] = _mm512_dpbusd_epi32(acc[i], data[i], first); });
    if (factor > 127) {
      const __m512i one = _mm512_set1_epi8(1);
      unroll<4>([&](auto i) QNNP_LAMBDA { acc[i] = _mm512_dpbusd_epi32(acc[i], data[i], one); });
    }
  }

  template <class Size>
  static QNNP_INLINE void store(const Acc (&acc)[4], const float* scale, const Output& out,
                                uint8_t* c, Size n) {
    __m512i x[4];
    unroll<4>([&](auto i) QNNP_LAMBDA {
      x[i] = avx512_scaled(acc[i], _mm512_load_ps(scale + 16 * i), out.high);
    });
    const __m512i words01 = _mm512_adds_epi16(_mm512_packs_epi32(x[0], x[1]), out.zero_point);
    const __m512i words23 = _mm512_adds_epi16(_mm512_packs_epi32(x[2], x[3]), out.zero_point);
    const __m512i bytes = _mm512_max_epu8(_mm512_packus_epi16(words01, words23), out.low);
    _mm512_mask_storeu_epi8(c, first64(n), _mm512_xor_si512(bytes, out.flip));
  }
};

}  // namespace

QNNP_DEFINE_Q8DWCONV(Avx512Dwconv, avx512vnni, any, 0, 0, 0)
QNNP_DEFINE_Q8DWCONV(Avx512Dwconv, avx512vnni, 3x3s1, 3, 3, 1)
QNNP_DEFINE_Q8DWCONV(Avx512Dwconv, avx512vnni, 3x3s2, 3, 3, 2)

}  // namespace qnnp
