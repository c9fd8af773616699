// SPDX-License-Identifier: BSD-3-Clause
// A vector as a row of int32 lanes with exact 64-bit products. avx2_words.h, avx512_words.h and
// neon_words.h add to the struct of bytes (the same names there)
//   load_words(p)           kBytes / 4 lanes, unaligned
//   load_words_short(p, n)  the first n of them; touches nothing beyond
//   scaled(acc, scale, high) as there, or without the limit: it is applied to the bytes, too
//   in_order(v)             bytes of four consecutive vectors, packed by pack32 and pack16, as they
//                           were in memory
//   Precise, FixedPoint     function objects made of multiplier and shift, vector -> vector:
//                             Precise     acc * multiplier / 2^(32 + shift), half away from zero;
//                                         2^31 <= multiplier < 2^32, a multiple of 2^8
//                             FixedPoint  h / 2^shift, half away from zero, where
//                                         h = floor(acc * multiplier / 2^31 + 1/2);
//                                         2^30 <= multiplier < 2^31
//                           with 0 <= shift <= 31
#pragma once

#include "isa/bytes.h"
