// SPDX-License-Identifier: BSD-3-Clause
// The one vector body. Table is how an instruction set keeps 256 bytes and looks up a vector:
//   I            its byte lanes (isa/bytes.h)
//   Table(p)     from the 256 bytes
//   operator()   V -> V
#pragma once

#include "x8lut/x8lut.h"

namespace qnnp {
namespace {

template <class Table>
void lut(const LutArgs& args) {
  using I = typename Table::I;
  const Table table(args.table);
  const size_t n = args.n;
  for (size_t row = 0; row < args.rows; row++) {
    const uint8_t* a = args.a + row * args.a_stride;
    uint8_t* c = args.c + row * args.c_stride;
    size_t i = 0;
    for (; i + I::kBytes <= n; i += I::kBytes) I::store(c + i, table(I::load(a + i)));
    const size_t rest = n - i;
    if (rest != 0) I::store_short(c + i, table(I::load_short(a + i, rest)), rest);
  }
}

}  // namespace

#define QNNP_DEFINE_X8LUT(Table, isa) const LutKernel x8lut__##isa = {#isa, Isa::isa, lut<Table>};

}  // namespace qnnp
