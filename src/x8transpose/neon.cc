// SPDX-License-Identifier: BSD-3-Clause
// 2, 3 and 4 dense columns are taken apart by the load itself.
#include "isa/neon_blocks.h"
#include "x8transpose/tile.h"

namespace qnnp {
namespace {

template <int COLUMNS>
QNNP_INLINE void take_apart(const uint8_t* a, uint8_t* c, size_t c_stride) {
  const auto store = [&](const auto& columns) QNNP_LAMBDA {
    unroll<COLUMNS>([&](auto j) QNNP_LAMBDA { vst1q_u8(c + j * c_stride, columns.val[j]); });
  };
  if constexpr (COLUMNS == 2) store(vld2q_u8(a));
  if constexpr (COLUMNS == 3) store(vld3q_u8(a));
  if constexpr (COLUMNS == 4) store(vld4q_u8(a));
}

template <int COLUMNS>
QNNP_INLINE void transpose_columns(const TransposeArgs& args) {
  const TransposeArgs t = args;
  for_each_tile(t.rows, 16, [&](size_t row) QNNP_LAMBDA {
    take_apart<COLUMNS>(t.a + COLUMNS * row, t.c + row, t.c_stride);
  });
}

void transpose_neon(const TransposeArgs& t) {
  if (t.rows >= 16 && t.a_stride == t.columns) {
    if (t.columns == 2) return transpose_columns<2>(t);
    if (t.columns == 3) return transpose_columns<3>(t);
    if (t.columns == 4) return transpose_columns<4>(t);
  }
  transpose<NeonBlocks>(t);
}

}  // namespace

const TransposeKernel x8transpose__neon = {"neon", Isa::neon, transpose_neon};

}  // namespace qnnp
