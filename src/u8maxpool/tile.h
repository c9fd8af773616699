// SPDX-License-Identifier: BSD-3-Clause
// The largest pixel of a window for vectors of bytes (isa/bytes.h). Signed bytes are compared as
// such: nothing is flipped.
#pragma once

#include "q8avgpool/vector_windows.h"
#include "u8maxpool/u8maxpool.h"

namespace qnnp {
namespace {

// A Reducer (vector_windows.h).
template <class I, bool SIGNED>
class Maximum {
 public:
  using V = typename I::V;
  using Column = V;

  QNNP_INLINE explicit Maximum(const MaxPoolParams& params)
      : low_(I::set8(params.min ^ params.flip)), high_(I::set8(params.max ^ params.flip)) {}
  QNNP_INLINE Maximum reducer(size_t) const { return *this; }

  template <int ROWS, class Lanes>
  QNNP_INLINE V column(const Cursor<I, ROWS>& cursor, size_t first, const Lanes& lanes) const {
    V most = lanes.load(cursor.template row<0>() + first);
    unroll<ROWS - 1>([&](auto row) QNNP_LAMBDA {
      most = join(most, lanes.load(cursor.template row<row + 1>() + first));
    });
    return most;
  }
  QNNP_INLINE V join(V a, V b) const { return SIGNED ? I::signed_max8(a, b) : I::max8(a, b); }
  QNNP_INLINE V finish(V most) const {
    const V limited = join(most, low_);
    return SIGNED ? I::signed_min8(limited, high_) : I::min8(limited, high_);
  }
  template <int NV, class Lanes>
  QNNP_INLINE void window(const Window& w, const Lanes& lanes, uint8_t* c) const {
    V most[NV];
    unroll<NV>([&](auto j) QNNP_LAMBDA { most[j] = low_; });
    for (size_t row = 0; row < w.rows; row++) {
      const uint8_t* p = w.p + row * w.row_stride;
      for (size_t col = 0; col < w.cols; col++, p += w.stride) {
        unroll<NV>([&](auto j)
                       QNNP_LAMBDA { most[j] = join(most[j], lanes.load(p + j * I::kBytes)); });
      }
    }
    unroll<NV>([&](auto j) QNNP_LAMBDA { lanes.store(c + j * I::kBytes, finish(most[j])); });
  }

 private:
  V low_, high_;
};

template <class I>
void max_pool(const MaxPoolArgs& args) {
  if (args.params.flip == 0) {
    pool_row<VectorPooler<I>>(args.row, Maximum<I, false>(args.params));
  } else {
    pool_row<VectorPooler<I>>(args.row, Maximum<I, true>(args.params));
  }
}

}  // namespace

#define QNNP_DEFINE_U8MAXPOOL(Traits, isa) \
  const MaxPoolKernel u8maxpool__##isa = {#isa, Isa::isa, max_pool<Traits>};

}  // namespace qnnp
