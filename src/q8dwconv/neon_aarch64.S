// SPDX-License-Identifier: BSD-3-Clause
// AArch64 NEON, 3 x 3 at stride 1: two output rows, 4 pixels and 8 channels at once, all weights in
// registers; compilers spill that. neon_rows.h says what is computed.
//
//   v0 - v8     weights, row after row of the kernel
//   v9 - v12    a column: input rows 0 - 3, then scales (v9, v10) and a temporary (v11)
//   v13 - v15   constants of the ending
//   v16 - v31   sums: of output row r and pixel p v(16 + 4 p + 2 r) and the next
//
// x0 reads the struct NeonStrip.
#include "isa/asm.h"

// Sums of pixel \p, both rows, from row \ky of the kernel: weight \w; \d and \e are the input rows.
.macro products s0, s1, s2, s3, w, d, e
  smlal v\s0\().4s, v\d\().4h, v\w\().4h
  smlal2 v\s1\().4s, v\d\().8h, v\w\().8h
  smlal v\s2\().4s, v\e\().4h, v\w\().4h
  smlal2 v\s3\().4s, v\e\().8h, v\w\().8h
.endm
.macro pixel p, w, d, e
  .if \p == 0
  products 16, 17, 18, 19, \w, \d, \e
  .elseif \p == 1
  products 20, 21, 22, 23, \w, \d, \e
  .elseif \p == 2
  products 24, 25, 26, 27, \w, \d, \e
  .else
  products 28, 29, 30, 31, \w, \d, \e
  .endif
.endm
// The column that is the kernel's column \kx of pixel \p; nothing where there is none.
.macro tap p, kx, pixels
  .if (\p >= 0) && (\p < \pixels)
  .if \kx == 0
  pixel \p, 0, 9, 10
  pixel \p, 3, 10, 11
  pixel \p, 6, 11, 12
  .elseif \kx == 1
  pixel \p, 1, 9, 10
  pixel \p, 4, 10, 11
  pixel \p, 7, 11, 12
  .else
  pixel \p, 2, 9, 10
  pixel \p, 5, 10, 11
  pixel \p, 8, 11, 12
  .endif
  .endif
.endm
// Column number \x, whose pointers have moved on by \moved bytes.
.macro column x, moved, pixels
  ldp q9, q10, [x1, #(64 * \x - \moved)]
  ldp q11, q12, [x2, #(64 * \x - \moved)]
  taps \x, \pixels
.endm
.macro taps x, pixels
  tap \x - 2, 2, \pixels
  tap \x - 1, 1, \pixels
  tap \x, 0, \pixels
.endm

.macro scaled a, b, c, d
  scvtf v\a\().4s, v\a\().4s
  scvtf v\b\().4s, v\b\().4s
  scvtf v\c\().4s, v\c\().4s
  scvtf v\d\().4s, v\d\().4s
  fmul v\a\().4s, v\a\().4s, v9.4s
  fmul v\b\().4s, v\b\().4s, v10.4s
  fmul v\c\().4s, v\c\().4s, v9.4s
  fmul v\d\().4s, v\d\().4s, v10.4s
  fcvtns v\a\().4s, v\a\().4s
  fcvtns v\b\().4s, v\b\().4s
  fcvtns v\c\().4s, v\c\().4s
  fcvtns v\d\().4s, v\d\().4s
  sqxtn v\a\().4h, v\a\().4s
  sqxtn v\c\().4h, v\c\().4s
  sqxtn2 v\a\().8h, v\b\().4s
  sqxtn2 v\c\().8h, v\d\().4s
.endm
// Row 0's words in v\a, row 1's in v\c.
.macro whole a, c
  sqadd v\a\().8h, v\a\().8h, v13.8h
  sqadd v\c\().8h, v\c\().8h, v13.8h
  sqxtun v\a\().8b, v\a\().8h
  sqxtun2 v\a\().16b, v\c\().8h
.endm
.macro whole_signed a, c
  sqadd v\a\().8h, v\a\().8h, v13.8h
  sqadd v\c\().8h, v\c\().8h, v13.8h
  sqxtn v\a\().8b, v\a\().8h
  sqxtn2 v\a\().16b, v\c\().8h
.endm
.macro clamped a, c
  sqsub v\a\().8h, v\a\().8h, v13.8h
  sqsub v\c\().8h, v\c\().8h, v13.8h
  sqxtun v\a\().8b, v\a\().8h
  sqxtun2 v\a\().16b, v\c\().8h
  umin v\a\().16b, v\a\().16b, v14.16b
  add v\a\().16b, v\a\().16b, v15.16b
.endm
// What is clamped from 0 on.
.macro rectified a, c
  sqxtun v\a\().8b, v\a\().8h
  sqxtun2 v\a\().16b, v\c\().8h
  umin v\a\().16b, v\a\().16b, v14.16b
  add v\a\().16b, v\a\().16b, v15.16b
.endm
.macro finish a, b, c, d, ending
  scaled \a, \b, \c, \d
  \ending \a, \c
  st1 {v\a\().8b}, [x5], x7
  st1 {v\a\().d}[1], [x6], x7
.endm

// The bias stands twice on the stack, for both output rows: x3.
.macro kernel ending
QNNP_FUNCTION qnnp_q8dwconv_neon_3x3s1_\ending
  sub sp, sp, #128
  stp d8, d9, [sp]
  stp d10, d11, [sp, #16]
  stp d12, d13, [sp, #32]
  stp d14, d15, [sp, #48]
  ldr q13, [x0, #80]
  ldp q14, q15, [x0, #96]
  mov x11, #0
  // Eight channels, x11 bytes from the block's first in vectors of 32-bit values.
5:
  ldp x1, x2, [x0]
  ldp x3, x4, [x0, #16]
  ldp x8, x5, [x0, #32]
  ldp x6, x7, [x0, #48]
  ldr x9, [x0, #64]
  add x1, x1, x11
  add x2, x2, x11
  add x3, x3, x11
  add x4, x4, x11
  add x8, x8, x11
  add x5, x5, x11, lsr #2
  add x6, x5, x6
  ldp q16, q17, [x3]
  add x3, sp, #64
  stp q16, q17, [x3]
  stp q16, q17, [x3, #32]
  // Pairs of rows: of the first two, of the third and zeros.
  mov x10, #64
  ld2 {v0.8h, v1.8h}, [x8], x10
  ld2 {v6.8h, v7.8h}, [x8], x10
  ld2 {v16.8h, v17.8h}, [x8], x10
  ld2 {v18.8h, v19.8h}, [x8], x10
  ld2 {v20.8h, v21.8h}, [x8], x10
  ld2 {v8.8h, v9.8h}, [x8]
  mov v3.16b, v1.16b
  mov v1.16b, v16.16b
  mov v4.16b, v17.16b
  mov v7.16b, v18.16b
  mov v2.16b, v20.16b
  mov v5.16b, v21.16b
  subs x9, x9, #4
  b.lo 1f
0:
  ld1 {v16.4s, v17.4s, v18.4s, v19.4s}, [x3]
  ldp q9, q10, [x1], #256
  ldp q11, q12, [x2], #256
  ld1 {v20.4s, v21.4s, v22.4s, v23.4s}, [x3]
  taps 0, 4
  ld1 {v24.4s, v25.4s, v26.4s, v27.4s}, [x3]
  column 1, 256, 4
  ld1 {v28.4s, v29.4s, v30.4s, v31.4s}, [x3]
  column 2, 256, 4
  column 3, 256, 4
  column 4, 256, 4
  column 5, 256, 4
  ldp q9, q10, [x4]
  subs x9, x9, #4
  finish 16, 17, 18, 19, \ending
  finish 20, 21, 22, 23, \ending
  finish 24, 25, 26, 27, \ending
  finish 28, 29, 30, 31, \ending
  b.hs 0b
1:
  tbz x9, #1, 2f
  ld1 {v16.4s, v17.4s, v18.4s, v19.4s}, [x3]
  ldp q9, q10, [x1], #128
  ldp q11, q12, [x2], #128
  ld1 {v20.4s, v21.4s, v22.4s, v23.4s}, [x3]
  taps 0, 2
  column 1, 128, 2
  column 2, 128, 2
  column 3, 128, 2
  ldp q9, q10, [x4]
  finish 16, 17, 18, 19, \ending
  finish 20, 21, 22, 23, \ending
2:
  tbz x9, #0, 3f
  ld1 {v16.4s, v17.4s, v18.4s, v19.4s}, [x3]
  ldp q9, q10, [x1], #64
  ldp q11, q12, [x2], #64
  taps 0, 1
  column 1, 64, 1
  column 2, 64, 1
  ldp q9, q10, [x4]
  finish 16, 17, 18, 19, \ending
3:
  eor x11, x11, #32
  cbnz x11, 5b
  ldp d8, d9, [sp]
  ldp d10, d11, [sp, #16]
  ldp d12, d13, [sp, #32]
  ldp d14, d15, [sp, #48]
  add sp, sp, #128
  ret
QNNP_END_FUNCTION qnnp_q8dwconv_neon_3x3s1_\ending
.endm

kernel whole
kernel whole_signed
kernel clamped
kernel rectified

// void(to, from[2], step[2], count): widens `count` columns of two rows of 16 channels. Signed
// bytes become what they would be if they were XORed with 0x80: they minus -128.
.macro widened_column extend
  ld1 {v0.16b}, [x4], x6
  ld1 {v1.16b}, [x5], x7
  \extend\()l v2.8h, v0.8b, v16.8b
  \extend\()l v3.8h, v1.8b, v16.8b
  \extend\()l2 v4.8h, v0.16b, v16.16b
  \extend\()l2 v5.8h, v1.16b, v16.16b
  stp q2, q3, [x0], #32
  stp q4, q5, [x0], #32
.endm
.macro widen name, extend, zero
QNNP_FUNCTION qnnp_q8dwconv_neon_\name
  ldp x4, x5, [x1]
  ldp x6, x7, [x2]
  movi v16.16b, #\zero
  subs x3, x3, #4
  b.lo 1f
0:
  widened_column \extend
  widened_column \extend
  subs x3, x3, #4
  widened_column \extend
  widened_column \extend
  b.hs 0b
1:
  adds x3, x3, #4
  b.eq 3f
2:
  widened_column \extend
  subs x3, x3, #1
  b.ne 2b
3:
  ret
QNNP_END_FUNCTION qnnp_q8dwconv_neon_\name
.endm

widen widen, usub, 0
widen widen_signed, ssub, 0x80
