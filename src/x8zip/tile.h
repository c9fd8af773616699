// SPDX-License-Identifier: BSD-3-Clause
// The one vector body: a few groups are zipped, any other number of them is a transposition.
#pragma once

#include "x8transpose/tile.h"
#include "x8zip/rows.h"

namespace qnnp {
namespace {

template <class I, int G>
void zip_rows(const ZipArgs& args) {
  const ZipArgs t = args;
  for (size_t row = 0; row < t.rows; row++) {
    const uint8_t* a = t.a + row * t.a_stride;
    uint8_t* c = t.c + row * t.c_stride;
    if constexpr (G == 0) {
      transpose<I>({t.groups, t.n, a, t.pitch, c, t.groups});
    } else {
      zip_row<I, G>(a, t.pitch, t.n, c);
    }
  }
}

}  // namespace
}  // namespace qnnp
