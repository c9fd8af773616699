// SPDX-License-Identifier: BSD-3-Clause
// NEON without dot product: products of bytes, four of them added before they become 32 bits wide.
//   smull  t, w01, a01      a0 w0, a1 w1 of four columns, 16 bits
//   smlsl  t, w23, a23      - a2 w2, - a3 w3: rows hold 127 - a there (RowCode::alternating)
//   sadalp acc, t           both halves of every column
// Products of two signed bytes reach 16384, and two of them 32768: one too much for 16 bits. Their
// difference is at most 16384 + 16256. So rows are signed in turn, and no weight is too large.
#include "q8gemm/neon_rows.h"

namespace qnnp {
namespace {

template <int R>
QNNP_INLINE void load_pairs(const uint8_t* a, int8x16_t (&pairs)[2][R]) {
  const int16_t* const p = reinterpret_cast<const int16_t*>(a);
  if constexpr (R == 4) {
    const int16x8x4_t first = neon_load4_dup(p), second = neon_load4_dup(p + 4);
    unroll<4>([&](auto i) QNNP_LAMBDA {
      pairs[0][i] = vreinterpretq_s8_s16(first.val[i]);
      pairs[1][i] = vreinterpretq_s8_s16(second.val[i]);
    });
  } else {
    unroll<2 * R>([&](auto i) QNNP_LAMBDA {
      pairs[i / R][i % R] = vreinterpretq_s8_s16(vld1q_dup_s16(p + i));
    });
  }
}

template <int R, int NV>
void neon_strip(const Strip* strip) {
  Strip s = *strip;
  for (; s.tiles != 0; s.tiles--) {
    int32x4_t acc[R][NV];
    start_sums<kNeonColumns>(s, acc);
    const int8_t* w = reinterpret_cast<const int8_t*>(s.weights);
    for (size_t step = s.steps; step != 0; step--, s.a += 4 * R, w += 4 * kNeonColumns) {
      int8x16_t a[2][R];
      load_pairs(s.a, a);
      unroll<NV / 2>([&](auto half) QNNP_LAMBDA {
        const int8x16_t w01 = vld1q_s8(w + 16 * half);
        const int8x16_t w23 = vld1q_s8(w + 2 * kNeonColumns + 16 * half);
        unroll<R>([&](auto i) QNNP_LAMBDA {
          const int16x8_t low = vmlsl_s8(vmull_s8(vget_low_s8(w01), vget_low_s8(a[0][i])),
                                         vget_low_s8(w23), vget_low_s8(a[1][i]));
          const int16x8_t high = neon_mlsl_high(neon_mull_high(w01, a[0][i]), w23, a[1][i]);
          acc[i][2 * half] = vpadalq_s16(acc[i][2 * half], low);
          acc[i][2 * half + 1] = vpadalq_s16(acc[i][2 * half + 1], high);
          // In this order, or compilers hold more products than there are registers.
          __asm__ volatile("" : "+w"(acc[i][2 * half]), "+w"(acc[i][2 * half + 1]) : : "memory");
        });
      });
    }
    store_sums<kNeonColumns>(s, acc);
  }
}

}  // namespace

#if defined(__aarch64__)
extern "C" {
void qnnp_q8gemm_neon_1x16(const Strip*);
void qnnp_q8gemm_neon_2x16(const Strip*);
void qnnp_q8gemm_neon_4x16(const Strip*);
void qnnp_q8gemm_neon_4x8(const Strip*);
void qnnp_q8gemm_neon_4x16_inorder(const Strip*);
}
const StripKernels neon_strips = {qnnp_q8gemm_neon_1x16, qnnp_q8gemm_neon_2x16,
                                  qnnp_q8gemm_neon_4x16, nullptr, qnnp_q8gemm_neon_4x8};
const StripKernels neon_inorder_strips = {qnnp_q8gemm_neon_1x16, qnnp_q8gemm_neon_2x16,
                                          qnnp_q8gemm_neon_4x16_inorder, nullptr,
                                          qnnp_q8gemm_neon_4x8};
const StripKernels neon_intrinsics_strips = {neon_strip<1, 4>, neon_strip<2, 4>, neon_strip<4, 4>,
                                             nullptr, neon_strip<4, 2>};
#else
extern "C" {
void qnnp_q8gemm_neon_1x8(const Strip*);
void qnnp_q8gemm_neon_2x8(const Strip*);
void qnnp_q8gemm_neon_4x8(const Strip*);
}
const StripKernels neon_strips = {qnnp_q8gemm_neon_1x8, qnnp_q8gemm_neon_2x8, qnnp_q8gemm_neon_4x8,
                                  nullptr, nullptr};
const StripKernels neon_intrinsics_strips = {neon_strip<1, 2>, neon_strip<2, 2>, neon_strip<4, 2>,
                                             nullptr, nullptr};
#endif

#if defined(__aarch64__)
QNNP_DEFINE_Q8GEMM_BAND(NeonBand, neon, 4x16, neon_strips)
QNNP_DEFINE_Q8GEMM_BAND_FOR(in_order, NeonBand, neon, 4x16_inorder, neon_inorder_strips)
QNNP_DEFINE_Q8GEMM_BAND(NeonBand, neon, 4x16_intrinsics, neon_intrinsics_strips)
#else
QNNP_DEFINE_Q8GEMM_BAND(NeonBand, neon, 4x8, neon_strips)
QNNP_DEFINE_Q8GEMM_BAND(NeonBand, neon, 4x8_intrinsics, neon_intrinsics_strips)
#endif

}  // namespace qnnp
