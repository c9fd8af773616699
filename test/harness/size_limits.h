// SPDX-License-Identifier: BSD-3-Clause
// Sizes at the edges of size_t, and how messages write them, where it has 64 bits and where it has
// 32.
#pragma once

#include <stddef.h>
#include <stdint.h>

namespace qnnp {
namespace test {

constexpr unsigned kSizeBits = 8 * sizeof(size_t);
constexpr size_t kTopBit = size_t{1} << (kSizeBits - 1);
constexpr size_t kQuarter = size_t{1} << (kSizeBits - 2);  // 4 of it are 0
constexpr size_t kRoot = size_t{1} << (kSizeBits / 2);     // its square is 0

// 2^bits, or 2^fallback where size_t is too narrow for it.
constexpr size_t power_of_two(unsigned bits, unsigned fallback) {
  return size_t{1} << (bits < kSizeBits ? bits : fallback);
}

#if SIZE_MAX > UINT32_MAX
#define TEXT_SIZE_MAX "18446744073709551615"
#define TEXT_TOP_BIT "9223372036854775808"
#define TEXT_BELOW_TOP_BIT "9223372036854775807"
#define TEXT_QUARTER "4611686018427387904"
#define TEXT_ROOT "4294967296"
#else
#define TEXT_SIZE_MAX "4294967295"
#define TEXT_TOP_BIT "2147483648"
#define TEXT_BELOW_TOP_BIT "2147483647"
#define TEXT_QUARTER "1073741824"
#define TEXT_ROOT "65536"
#endif

}  // namespace test
}  // namespace qnnp
