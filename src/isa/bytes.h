// SPDX-License-Identifier: BSD-3-Clause
// A vector as a row of byte lanes: the operations that pooling and elementwise families are written
// in, once for every width. avx2_bytes.h, avx512_bytes.h and neon_bytes.h define a struct with
//   kIsa, kBytes
//   kVectors                how many vectors a loop takes at once (byte_rows.h)
//   kIndexedLoads           whether a load adds two registers at no cost
//   V, F, Count             a vector of integers; of floats; a distance of shifts
//   load(p), store(p, v)    kBytes bytes, unaligned
//   load_short(p, n), store_short(p, v, n)
//                           the first n < kBytes of them; loads zeros above, touches nothing beyond
//   load_apart<N>(p, apart), load_apart<N>(p, apart, n)
//                           N equal parts of a vector from p, p + apart, ...; of each the first n
//                           bytes; only on x86
//   shift_parts<N>(v, fill, up)
//                           each of N parts goes to the next place, or to the one before; `fill`,
//                           the same in all lanes, comes in; only on AVX2 and above
//   zero(), set8(x), set16(x), set32(x), set_float(x)
//                           the same value in every lane
//   lower8(a, b), upper8(a, b), lower16(a, b), upper16(a, b)
//                           lanes of a and b in turn (a0 b0 a1 b1 ...), from the lower or upper half
//                           of every 128 bits
//   lower8(a), upper8(a), lower16(a), upper16(a)
//                           the same with zeros for b: unsigned lanes of twice the width
//   pack32(a, b)            signed 32 -> signed 16 bits, saturating; undoes what lower16 and upper16
//                           did to the order
//   pack16(a, b)            signed 16 -> unsigned 8 bits, likewise
//   signed_min8, signed_max8
//                           of signed bytes
//   min8, max8, sub8, add16, sub16, add32, saturating_add16, bit_or, bit_xor
//                           bytes are unsigned, sums of 16 bits saturate as signed ones
//   lower_sums(a, b), upper_sums(a, b)
//                           lower8(a) + lower8(b), upper8(a) + upper8(b)
//   add_products(acc, a, b) acc + a0 * b0 + a1 * b1 of the signed 16-bit pairs in each 32 bits
//   byte_products(a, b)     a0 * b0 + a1 * b1 of the unsigned bytes of a and the signed ones of b in
//                           each 16 bits, saturating; only on x86
//   lower_products(a, b), upper_products(a, b)
//                           signed 32-bit products of the words that lower16 and upper16 would take
//   shift_right32<N>(a), shift_right32(a, count(n))
//                           arithmetic, n < 32
//   shift_right16<N>(a), unsigned_shift_right16<N>(a)
//                           arithmetic, logical; only on x86
//   load_table(p)           16 bytes
//   table_lookup(table, index)
//                           table[index], 0 where index > 15
//   scaled(acc, scale, high)
//                           round_half_even(min(float(acc) * scale, high)); what is beyond +-2^22
//                           gives anything beyond, for pack32 to saturate
//   scaled(acc, scale)      the same without a limit, for products below 2^31
//   lower_scaled(a, offset, scale), upper_scaled(a, offset, scale)
//                           round_half_even((float(x) + offset) * scale) of the unsigned words that
//                           lower16(a), upper16(a) would take; offset is an integer in [-65535, 0],
//                           the result is below 2^22
//   largest(v)              of all bytes
// Interleaving and packing stay within 128-bit lanes and undo each other, so nothing is ever
// permuted.
#pragma once

#include "isa/cpu.h"
