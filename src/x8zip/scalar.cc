// SPDX-License-Identifier: BSD-3-Clause
#include "x8zip/rows.h"

namespace qnnp {
namespace {

struct Scalar {};

template <class, size_t G>
void zip_rows(const ZipArgs& args) {
  const ZipArgs t = args;  // a store of bytes could change what args refers to
  const size_t groups = G == 0 ? t.groups : G;
  for (size_t row = 0; row < t.rows; row++) {
    const uint8_t* a = t.a + row * t.a_stride;
    uint8_t* c = t.c + row * t.c_stride;
    for (size_t i = 0; i < t.n; i++) {
      for (size_t g = 0; g < groups; g++) c[i * groups + g] = a[g * t.pitch + i];
    }
  }
}

}  // namespace

QNNP_DEFINE_X8ZIP(Scalar, scalar, zip_rows<Scalar, 0>)

}  // namespace qnnp
