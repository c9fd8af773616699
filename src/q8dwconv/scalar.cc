// SPDX-License-Identifier: BSD-3-Clause
#include "isa/scalar.h"

#include "q8dwconv/tile.h"

namespace qnnp {
namespace {

template <bool kFlip>
struct ScalarDwconv {
  static constexpr Isa kIsa = Isa::scalar;
  static constexpr int kBlock = 8, kGroup = 1, kVectors = 8;
  static constexpr WeightCode kCode = WeightCode::s16;
  static constexpr int kLanes = 1;
  using Acc = int32_t;
  using Data = uint8_t;
  using Output = OutputParams;
  using Sums = ScalarDwconv<false>;

  static QNNP_INLINE void start(Acc (&acc)[8], const int32_t* bias) {
    memcpy(acc, bias, sizeof(acc));
  }
  template <class Size>
  static QNNP_INLINE void interleave(const uint8_t* const (&rows)[1], ptrdiff_t, Size n,
                                     Data (&data)[8]) {
    for (size_t i = 0; i < 8; i++) data[i] = (i < size_t(n) ? rows[0][i] : 0) ^ (kFlip ? 0x80 : 0);
  }
  static QNNP_INLINE void mac(Acc (&acc)[8], const Data (&data)[8], const uint8_t* weights) {
    int16_t w[8];
    memcpy(w, weights, sizeof(w));
    for (int i = 0; i < 8; i++) acc[i] += data[i] * w[i];
  }
  static QNNP_INLINE void correct(Acc (&)[8], const Data (&)[8], int32_t) {}
  template <class Size>
  static QNNP_INLINE void store(const Acc (&acc)[8], const float* scale, const OutputParams& output,
                                uint8_t* c, Size n) {
    for (size_t i = 0; i < size_t(n); i++) c[i] = requantize(acc[i], scale[i], output);
  }
};

}  // namespace

QNNP_DEFINE_Q8DWCONV(ScalarDwconv, scalar, any, 0, 0, 0)

}  // namespace qnnp
