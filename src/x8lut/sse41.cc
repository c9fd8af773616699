// SPDX-License-Identifier: BSD-3-Clause
#include "isa/sse41_bytes.h"
#include "x8lut/blend_table.h"

namespace qnnp {
namespace {

struct Sse41Lanes : Sse41Bytes {
  static QNNP_INLINE V shuffle(V table, V index) { return _mm_shuffle_epi8(table, index); }
  static QNNP_INLINE V add8(V a, V b) { return _mm_add_epi8(a, b); }
  static QNNP_INLINE V blend(V a, V b, V mask) { return _mm_blendv_epi8(a, b, mask); }
};

}  // namespace
QNNP_DEFINE_X8LUT(BlendTable<Sse41Lanes>, sse41)
}  // namespace qnnp
