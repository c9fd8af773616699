// SPDX-License-Identifier: BSD-3-Clause
// Signed rows become unsigned ones once for all columns, in a copy, where the dot product shares its
// ports with the XOR that tiles would do for every block of columns (kTurnsRows): at 6x64 of
// AVX512-VNNI on Intel's two ports that is a fifth of the time.
#pragma once

#include "q8gemm/q8gemm.h"

namespace qnnp {
namespace {

// On the stack of whoever runs a task.
constexpr size_t kTurnedBytes = 65536, kTurnedVector = 64;  // the longest vector
// Fewer columns do not pay for the copy.
constexpr size_t kLeastTurnedColumns = 33;
// Rows so deep that fewer fit: weights would be read too often.
constexpr size_t kLeastTurnedRows = 42;

// Runs the kernel for unsigned rows over copies, band after band. False: nothing is done.
template <class I>
__attribute__((noinline)) bool multiply_turned(const GemmArgs& args, size_t mr,
                                               void (*unsigned_rows)(const GemmArgs&)) {
  const bool dense = args.a_stride == args.k;
  const size_t pitch = dense ? args.k : round_up(args.k, kTurnedVector);
  const size_t most = kTurnedBytes / max<size_t>(pitch, 1);
  if (args.panel.columns < kLeastTurnedColumns || most < min(args.rows, kLeastTurnedRows)) {
    return false;
  }
  alignas(kTurnedVector) uint8_t turned[kTurnedBytes + kTurnedVector];
  GemmArgs band = args;
  band.a = turned;
  band.a_stride = pitch;
  const uint8_t* from = args.a;
  for (size_t left = args.rows; left != 0; left -= band.rows) {
    const size_t even = round_up(ceil_div(left, ceil_div(left, most)), mr);
    band.rows = min(left, even <= most ? even : most);
    if (dense) {
      I::turn(turned, from, band.rows * args.k);
    } else {
      for (size_t i = 0; i < band.rows; i++) {
        I::turn(turned + i * pitch, from + i * args.a_stride, args.k);
      }
    }
    unsigned_rows(band);
    from += band.rows * args.a_stride;
    band.panel.c += band.rows * band.panel.c_stride;
  }
  return true;
}

}  // namespace
}  // namespace qnnp
