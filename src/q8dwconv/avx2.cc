// SPDX-License-Identifier: BSD-3-Clause
#include "isa/avx2_bytes.h"
#include "q8dwconv/buffer.h"

namespace qnnp {
namespace {

// 32 channels; two rows side by side as pairs of 16-bit values for vpmaddwd. Unpacking works within
// 128-bit lanes: vector i holds channels 4 i .. 4 i + 3 of every 16, and packing the results puts
// them in order again.
template <bool kFlip>
struct Avx2Dwconv {
  static constexpr Isa kIsa = Isa::avx2;
  static constexpr int kBlock = 32, kGroup = 2, kVectors = 4, kLanes = 2, kRows = 2, kPixels = 4;
  static constexpr WeightCode kCode = WeightCode::s16;
  using Sums = Avx2Dwconv<false>;
  using Acc = __m256i;
  using Data = __m256i;
  using Output = Avx2Output;

  static QNNP_INLINE Acc start_vector(const int32_t* bias) {
    return _mm256_load_si256(reinterpret_cast<const __m256i*>(bias));
  }
  static QNNP_INLINE void start(Acc (&acc)[4], const int32_t* bias) {
    unroll<4>([&](auto i) QNNP_LAMBDA { acc[i] = start_vector(bias + 8 * i); });
  }

  template <class Size>
  static QNNP_INLINE __m256i load(const uint8_t* p, Size n) {
    const __m256i bytes = n == kBlock ? Avx2Bytes::load(p) : Avx2Bytes::load_short(p, n);
    return kFlip ? _mm256_xor_si256(bytes, _mm256_set1_epi8(-128)) : bytes;
  }
  template <class Count, class Size>
  static QNNP_INLINE void interleave(const uint8_t* const (&rows)[2], Count count, Size n,
                                     Data (&data)[4]) {
    const __m256i zero = _mm256_setzero_si256();
    const __m256i a = load(rows[0], n), b = count == 1 ? zero : load(rows[1], n);
    const __m256i low = _mm256_unpacklo_epi8(a, b), high = _mm256_unpackhi_epi8(a, b);
    data[0] = _mm256_unpacklo_epi8(low, zero);
    data[1] = _mm256_unpackhi_epi8(low, zero);
    data[2] = _mm256_unpacklo_epi8(high, zero);
    data[3] = _mm256_unpackhi_epi8(high, zero);
  }

  static QNNP_INLINE Acc dot(Acc acc, Data data, const uint8_t* weights) {
    const __m256i w = _mm256_load_si256(reinterpret_cast<const __m256i*>(weights));
    acc = _mm256_add_epi32(acc, _mm256_madd_epi16(data, w));
    // One sum after the other: the compiler's trees of sums need more registers than there are.
    asm("" : "+x"(acc));
    return acc;
  }
  static QNNP_INLINE void mac(Acc (&acc)[4], const Data (&data)[4], const uint8_t* weights) {
    unroll<4>([&](auto i) QNNP_LAMBDA { acc[i] = dot(acc[i], data[i], weights + 32 * i); });
  }
  static QNNP_INLINE void correct(Acc (&)[4], const Data (&)[4], int32_t) {}

  using Words = __m256i;
  static QNNP_INLINE Words words(Acc acc0, Acc acc1, const float* scale, const Output& out) {
    const __m256i x0 = avx2_scaled(acc0, _mm256_load_ps(scale), out.high);
    const __m256i x1 = avx2_scaled(acc1, _mm256_load_ps(scale + 8), out.high);
    return _mm256_adds_epi16(_mm256_packs_epi32(x0, x1), out.zero_point);
  }
  static QNNP_INLINE __m256i bytes(const Words (&words)[2], const Output& out) {
    return _mm256_xor_si256(_mm256_max_epu8(_mm256_packus_epi16(words[0], words[1]), out.low),
                            out.flip);
  }
  static QNNP_INLINE void store_bytes(__m256i bytes, uint8_t* c) { Avx2Bytes::store(c, bytes); }
  static QNNP_INLINE void copy_short(uint8_t* c, const uint8_t* bytes, size_t n) {
    Avx2Bytes::store_short(c, Avx2Bytes::load(bytes), n);
  }

  template <class Size>
  static QNNP_INLINE void store(const Acc (&acc)[4], const float* scale, const Output& out,
                                uint8_t* c, Size n) {
    const __m256i result =
        bytes({words(acc[0], acc[1], scale, out), words(acc[2], acc[3], scale + 16, out)}, out);
    if (n == kBlock) {
      store_bytes(result, c);
    } else {
      Avx2Bytes::store_short(c, result, n);
    }
  }
};

}  // namespace

QNNP_DEFINE_Q8DWCONV(Avx2Dwconv, avx2, any, 0, 0, 0)
QNNP_DEFINE_Q8DWCONV_BUFFERED(Avx2Dwconv, avx2, 3x3s1, 3, 3, 1)
QNNP_DEFINE_Q8DWCONV_BUFFERED(Avx2Dwconv, avx2, 3x3s2, 3, 3, 2)
QNNP_DEFINE_Q8DWCONV_BUFFERED(Avx2Dwconv, avx2, 5x5s1, 5, 5, 1)
QNNP_DEFINE_Q8DWCONV_BUFFERED(Avx2Dwconv, avx2, 5x5s2, 5, 5, 2)

}  // namespace qnnp
