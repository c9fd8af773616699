// SPDX-License-Identifier: BSD-3-Clause
// Copies of runs that are often shorter than what a call of memcpy is for.
#pragma once

#include "base/common.h"

namespace qnnp {

// Two copies of N bytes that overlap: n is N to 2 * N.
template <size_t N>
QNNP_INLINE void copy_overlapping(const uint8_t* from, uint8_t* to, size_t n) {
  uint8_t first[N], last[N];
  memcpy(first, from, N);
  memcpy(last, from + n - N, N);
  memcpy(to, first, N);
  memcpy(to + n - N, last, N);
}

// Short runs are not worth a call.
QNNP_INLINE void copy_run(const uint8_t* from, uint8_t* to, size_t n) {
  if (n > 32) {
    memcpy(to, from, n);
  } else if (n >= 16) {
    copy_overlapping<16>(from, to, n);
  } else if (n >= 8) {
    copy_overlapping<8>(from, to, n);
  } else if (n >= 4) {
    copy_overlapping<4>(from, to, n);
  } else if (n >= 2) {
    copy_overlapping<2>(from, to, n);
  } else {
    *to = *from;
  }
}

}  // namespace qnnp
