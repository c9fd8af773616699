// SPDX-License-Identifier: BSD-3-Clause
// Matrix products of bytes: two rows against two columns, eight bytes of depth.
#include "q8gemm/neoni8mm_rows.h"

namespace qnnp {
namespace {

QNNP_INLINE int32x4_t halves(int32x2_t low, int32x2_t high) { return vcombine_s32(low, high); }

// R rows as pairs: two columns of one row, of the next. A single row has zeros beside it.
template <int R, int P>
QNNP_INLINE void pair_rows(const int32x4_t (&rows)[R][2], int32x4_t (&pairs)[P][4]) {
  unroll<P>([&](auto p) QNNP_LAMBDA {
    constexpr int r = 2 * p, next = r + 1 < R ? r + 1 : r;
    unroll<2>([&](auto j) QNNP_LAMBDA {
      pairs[p][2 * j] = halves(vget_low_s32(rows[r][j]), vget_low_s32(rows[next][j]));
      pairs[p][2 * j + 1] = halves(vget_high_s32(rows[r][j]), vget_high_s32(rows[next][j]));
    });
  });
}
template <int R, int P>
QNNP_INLINE void split_rows(const int32x4_t (&pairs)[P][4], int32x4_t (&rows)[R][2]) {
  unroll<R>([&](auto i) QNNP_LAMBDA {
    unroll<2>([&](auto j) QNNP_LAMBDA {
      const int32x4_t a = pairs[i / 2][2 * j], b = pairs[i / 2][2 * j + 1];
      rows[i][j] = i % 2 == 0 ? halves(vget_low_s32(a), vget_low_s32(b))
                              : halves(vget_high_s32(a), vget_high_s32(b));
    });
  });
}

template <int R>
QNNP_INLINE int8x16_t load_pair(const int8_t* a, size_t panel_bytes, int p) {
  if constexpr (R == 1) return vcombine_s8(vld1_s8(a), vdup_n_s8(0));
  return vld1q_s8(p < 2 ? a + 16 * p : a + panel_bytes + 16 * (p - 2));
}

template <int R>
void i8mm_strip(const Strip* strip) {
  constexpr int kPairs = (R + 1) / 2, kPanelRows = R < 4 ? R : 4;
  Strip s = *strip;
  const size_t panel_bytes = s.steps * 8 * kPanelRows;
  for (; s.tiles != 0; s.tiles--, s.a += s.steps * 8 * R) {
    int32x4_t rows[R][2], acc[kPairs][4];
    start_sums<8>(s, rows);
    pair_rows(rows, acc);
    const int8_t* w = reinterpret_cast<const int8_t*>(s.weights);
    const int8_t* a = reinterpret_cast<const int8_t*>(s.a);
    for (size_t step = s.steps; step != 0; step--, a += 8 * kPanelRows, w += 64) {
      unroll<kPairs>([&](auto p) QNNP_LAMBDA {
        const int8x16_t pair = load_pair<R>(a, panel_bytes, p);
        unroll<4>([&](auto j) QNNP_LAMBDA {
          acc[p][j] = vmmlaq_s32(acc[p][j], pair, vld1q_s8(w + 16 * j));
        });
      });
    }
    split_rows(acc, rows);
    store_sums<8>(s, rows);
  }
}

}  // namespace

extern "C" {
void qnnp_q8gemm_neoni8mm_1x8(const Strip*);
void qnnp_q8gemm_neoni8mm_2x8(const Strip*);
void qnnp_q8gemm_neoni8mm_4x8(const Strip*);
void qnnp_q8gemm_neoni8mm_8x8(const Strip*);
}

const StripKernels neoni8mm_strips = {qnnp_q8gemm_neoni8mm_1x8, qnnp_q8gemm_neoni8mm_2x8,
                                      qnnp_q8gemm_neoni8mm_4x8, qnnp_q8gemm_neoni8mm_8x8, nullptr};
const StripKernels neoni8mm_intrinsics_strips = {i8mm_strip<1>, i8mm_strip<2>, i8mm_strip<4>,
                                                 i8mm_strip<8>, nullptr};

QNNP_DEFINE_Q8GEMM_BAND(NeonI8mmBand, neoni8mm, 8x8_intrinsics, neoni8mm_intrinsics_strips)
QNNP_DEFINE_Q8GEMM_BAND(NeonI8mmBand, neoni8mm, 8x8, neoni8mm_strips)

}  // namespace qnnp
