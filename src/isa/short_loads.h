// SPDX-License-Identifier: BSD-3-Clause
// Exact-length loads of a few bytes into an integer, the first byte lowest (little endian, as all
// instruction sets here).
#pragma once

#include "base/common.h"

namespace qnnp {
namespace {

QNNP_INLINE uint32_t load_u32(const uint8_t* p) {
  uint32_t value;
  memcpy(&value, p, 4);
  return value;
}
QNNP_INLINE uint64_t load_u64(const uint8_t* p) {
  uint64_t value;
  memcpy(&value, p, 8);
  return value;
}

// n < 4 bytes, zeros above.
QNNP_INLINE uint32_t load_u32_short(const uint8_t* p, size_t n) {
  uint32_t value = 0;
  if (n & 2) {
    uint16_t pair;
    memcpy(&pair, p, 2);
    value = pair;
  }
  if (n & 1) value |= static_cast<uint32_t>(p[n - 1]) << (8 * (n - 1));
  return value;
}

// n < 8 bytes, zeros above.
QNNP_INLINE uint64_t load_u64_short(const uint8_t* p, size_t n) {
  if (n < 4) return load_u32_short(p, n);
  // The two halves overlap; the shift drops what the first one has already.
  return load_u32(p) | (n == 4 ? 0 : static_cast<uint64_t>(load_u32(p + n - 4)) << (8 * (n - 4)));
}

}  // namespace
}  // namespace qnnp
