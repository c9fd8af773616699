// SPDX-License-Identifier: BSD-3-Clause
// The one vector body: a few groups are zipped, any other number of them is a transposition.
#pragma once

#include "isa/zip.h"
#include "x8transpose/x8transpose.h"
#include "x8zip/rows.h"

namespace qnnp {
namespace {

template <class I, int G>
void zip_rows(const ZipArgs& args) {
  const ZipArgs t = args;
  for (size_t row = 0; row < t.rows; row++) {
    zip_row<I, G>(t.a + row * t.a_stride, t.pitch, t.n, t.c + row * t.c_stride);
  }
}

// With the transposition of the same instruction set.
template <const TransposeKernel& kTranspose>
void zip_any(const ZipArgs& args) {
  const ZipArgs t = args;
  for (size_t row = 0; row < t.rows; row++) {
    kTranspose.run(
        {t.groups, t.n, t.a + row * t.a_stride, t.pitch, t.c + row * t.c_stride, t.groups});
  }
}

}  // namespace
}  // namespace qnnp
