// SPDX-License-Identifier: BSD-3-Clause
// Dot product: four signed products per 32-bit lane.
#include "q8gemm/neondot_rows.h"

namespace qnnp {
namespace {

template <int R, int NV>
void dot_strip(const Strip* strip) {
  Strip s = *strip;
  for (; s.tiles != 0; s.tiles--) {
    int32x4_t acc[R][NV];
    start_sums<16>(s, acc);
    const int8_t* w = reinterpret_cast<const int8_t*>(s.weights);
    for (size_t step = s.steps; step != 0; step--, s.a += 4 * R, w += 64) {
      int8x16_t a[R], b[NV];
      unroll<NV>([&](auto j) QNNP_LAMBDA { b[j] = vld1q_s8(w + 16 * j); });
      unroll<R>([&](auto i) QNNP_LAMBDA {
        int32_t bytes;
        memcpy(&bytes, s.a + 4 * i, 4);
        a[i] = vreinterpretq_s8_s32(vdupq_n_s32(bytes));
        unroll<NV>([&](auto j) QNNP_LAMBDA { acc[i][j] = vdotq_s32(acc[i][j], b[j], a[i]); });
      });
    }
    store_sums<16>(s, acc);
  }
}

}  // namespace

extern "C" {
void qnnp_q8gemm_neondot_1x16(const Strip*);
void qnnp_q8gemm_neondot_2x16(const Strip*);
void qnnp_q8gemm_neondot_4x16(const Strip*);
void qnnp_q8gemm_neondot_4x8(const Strip*);
}

const StripKernels neondot_strips = {qnnp_q8gemm_neondot_1x16, qnnp_q8gemm_neondot_2x16,
                                     qnnp_q8gemm_neondot_4x16, nullptr, qnnp_q8gemm_neondot_4x8};
const StripKernels neondot_intrinsics_strips = {dot_strip<1, 4>, dot_strip<2, 4>, dot_strip<4, 4>,
                                                nullptr, dot_strip<4, 2>};

QNNP_DEFINE_Q8GEMM_BAND(NeonDotBand, neondot, 4x16_intrinsics, neondot_intrinsics_strips)
QNNP_DEFINE_Q8GEMM_BAND(NeonDotBand, neondot, 4x16, neondot_strips)

}  // namespace qnnp
