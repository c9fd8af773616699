// SPDX-License-Identifier: BSD-3-Clause
// One block of 16 bytes of SSE4.1 (zip.h); also what remains of a row for AVX2 and AVX512.
#pragma once

#include "isa/sse41_bytes.h"
#include "isa/zip.h"

namespace qnnp {
namespace {

struct Sse41Blocks : Sse41Bytes {
  using Block = Sse41Blocks;

  static QNNP_INLINE V gather(const uint8_t* p, size_t) { return load(p); }
  template <int G>
  static QNNP_INLINE void zip_store(uint8_t* c, V (&v)[G]) {
    zip<Sse41Blocks>(v);
    unroll<G>([&](auto k) QNNP_LAMBDA { store(c + 16 * k, v[k]); });
  }
};

}  // namespace
}  // namespace qnnp
