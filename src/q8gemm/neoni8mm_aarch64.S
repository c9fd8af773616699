// SPDX-License-Identifier: BSD-3-Clause
// Matrix products of bytes (SMMLA): two rows against two columns, eight bytes of depth. Tiles of 8,
// 4, 2 or 1 rows and 8 columns; neoni8mm.cc has the same kernels in intrinsics. Eight bytes of depth
// are a step, two steps a turn of the loop:
//
//                            v4  v5  v6  v7      (step 0)   weights: two columns in a register,
//                            v12 v13 v14 v15     (step 1)   eight bytes of each
//   pairs of rows of A
//   v0  v8 (step 1)          v16 v17 v18 v19     a sum: row 0 columns 0 1, row 1 columns 0 1
//   v1  v9                   v20 v21 v22 v23
//   v2  v10                  v24 v25 v26 v27     rows 4 - 7 have a panel of their own (x13)
//   v3  v11                  v28 v29 v30 v31
//
// The loop:
//   v0 - v15 = the rows' next bytes, the weights'
//   sums += rows * weights (step 0), for each pair of rows
//   sums += rows * weights (step 1)
#include "q8gemm/strip_aarch64.inc"

  .arch armv8.2-a+dotprod+i8mm

.macro mmla s0, s1, s2, s3, w0, w1, w2, w3, a
  smmla v\s0\().4s, v\a\().16b, v\w0\().16b
  smmla v\s1\().4s, v\a\().16b, v\w1\().16b
  smmla v\s2\().4s, v\a\().16b, v\w2\().16b
  smmla v\s3\().4s, v\a\().16b, v\w3\().16b
.endm

.macro step rows, w0, w1, w2, w3, a0, a1, a2, a3
  mmla 16, 17, 18, 19, \w0, \w1, \w2, \w3, \a0
  .if \rows > 2
  mmla 20, 21, 22, 23, \w0, \w1, \w2, \w3, \a1
  .endif
  .if \rows > 4
  mmla 24, 25, 26, 27, \w0, \w1, \w2, \w3, \a2
  mmla 28, 29, 30, 31, \w0, \w1, \w2, \w3, \a3
  .endif
.endm

// The second step of 8 rows adds to the sums, that of fewer to sums of its own: the latency of an
// instruction is as long as all of one step's.
.macro step_1 rows
  .if \rows == 8
  step 8, 12, 13, 14, 15, 8, 9, 10, 11
  .elseif \rows == 4
  mmla 24, 25, 26, 27, 12, 13, 14, 15, 8
  mmla 28, 29, 30, 31, 12, 13, 14, 15, 9
  .else
  mmla 20, 21, 22, 23, 12, 13, 14, 15, 8
  .endif
.endm

.macro four what, s0, s1, s2, s3, t0, t1, t2, t3
  \what \s0, \t0
  \what \s1, \t1
  \what \s2, \t2
  \what \s3, \t3
.endm

.macro clear s, t
  movi v\t\().4s, #0
.endm

.macro merge s, t
  add v\s\().4s, v\s\().4s, v\t\().4s
.endm

.macro second_sums rows, what
  .if \rows == 4
  four \what, 16, 17, 18, 19, 24, 25, 26, 27
  four \what, 20, 21, 22, 23, 28, 29, 30, 31
  .elseif \rows < 4
  four \what, 16, 17, 18, 19, 20, 21, 22, 23
  .endif
.endm

.macro load_rows rows
  .if \rows == 1
  ldr d0, [x1], #8
  .elseif \rows == 2
  ldr q0, [x1], #16
  .else
  ldp q0, q1, [x1], #32
  .endif
  .if \rows == 8
  ldp q2, q3, [x13], #32
  .endif
.endm

// Everything for two steps. One or two rows load as much as they multiply: there addresses do not
// wait for each other.
.macro load_steps rows
  .if \rows > 2
  ldp q4, q5, [x11], #32
  ldp q6, q7, [x11], #32
  load_rows \rows
  ldp q12, q13, [x11], #32
  ldp q14, q15, [x11], #32
  ldp q8, q9, [x1], #32
  .if \rows == 8
  ldp q10, q11, [x13], #32
  .endif
  .else
  ldp q4, q5, [x11]
  ldp q6, q7, [x11, #32]
  .if \rows == 2
  ldp q0, q8, [x1]
  .else
  ldp d0, d8, [x1]
  .endif
  ldp q12, q13, [x11, #64]
  ldp q14, q15, [x11, #96]
  add x1, x1, #16 * \rows
  add x11, x11, #128
  .endif
.endm

// For a pair of rows: its sums, and what is in all columns of row 0, row 0, row 1, row 1.
.macro start_pair s0, s1, s2, s3, correction
  add v\s0\().4s, v8.4s, v\correction\().4s
  add v\s1\().4s, v9.4s, v\correction\().4s
  add v\s2\().4s, v10.4s, v\correction\().4s
  add v\s3\().4s, v11.4s, v\correction\().4s
.endm

.macro resume_pair s0, s1, s2, s3, correction
  ldp q12, q13, [x5], #32
  ldp q14, q15, [x5], #32
  zip1 v8.2d, v12.2d, v14.2d
  zip2 v9.2d, v12.2d, v14.2d
  zip1 v10.2d, v13.2d, v15.2d
  zip2 v11.2d, v13.2d, v15.2d
  start_pair \s0, \s1, \s2, \s3, \correction
.endm

.macro resume_single s0, s1, s2, s3, correction
  ldp q12, q13, [x5], #32
  zip1 v8.2d, v12.2d, v12.2d
  zip2 v9.2d, v12.2d, v12.2d
  zip1 v10.2d, v13.2d, v13.2d
  zip2 v11.2d, v13.2d, v13.2d
  start_pair \s0, \s1, \s2, \s3, \correction
.endm

// Row 0 in s0, s2; row 1 in v8, v9.
.macro split_pair s0, s1, s2, s3
  uzp2 v8.2d, v\s0\().2d, v\s1\().2d
  uzp2 v9.2d, v\s2\().2d, v\s3\().2d
  uzp1 v\s0\().2d, v\s0\().2d, v\s1\().2d
  uzp1 v\s2\().2d, v\s2\().2d, v\s3\().2d
.endm

// Both rows' bytes in v8.
.macro requantize_pair s0, s1, s2, s3
  split_pair \s0, \s1, \s2, \s3
  scvtf v\s0\().4s, v\s0\().4s
  scvtf v\s2\().4s, v\s2\().4s
  scvtf v8.4s, v8.4s
  scvtf v9.4s, v9.4s
  fmul v\s0\().4s, v\s0\().4s, v0.4s
  fmul v\s2\().4s, v\s2\().4s, v1.4s
  fmul v8.4s, v8.4s, v0.4s
  fmul v9.4s, v9.4s, v1.4s
  fcvtns v\s0\().4s, v\s0\().4s
  fcvtns v\s2\().4s, v\s2\().4s
  fcvtns v8.4s, v8.4s
  fcvtns v9.4s, v9.4s
  sqxtn v\s0\().4h, v\s0\().4s
  sqxtn v8.4h, v8.4s
  sqxtn2 v\s0\().8h, v\s2\().4s
  sqxtn2 v8.8h, v9.4s
  sqadd v\s0\().8h, v\s0\().8h, v4.8h
  sqadd v8.8h, v8.8h, v4.8h
  sqxtun v\s0\().8b, v\s0\().8h
  sqxtun2 v\s0\().16b, v8.8h
  umax v\s0\().16b, v\s0\().16b, v5.16b
  umin v\s0\().16b, v\s0\().16b, v6.16b
  eor v\s0\().16b, v\s0\().16b, v7.16b
.endm

.macro store_pair s0, s1, s2, s3, pair
  requantize_pair \s0, \s1, \s2, \s3
  st1 {v\s0\().d}[0], [x8], x9
  st1 {v\s0\().d}[1], [x8], x9
.endm

.macro store_single s0, s1, s2, s3, pair
  requantize_pair \s0, \s1, \s2, \s3
  st1 {v\s0\().d}[0], [x8], x9
.endm

.macro save_pair s0, s1, s2, s3, pair
  split_pair \s0, \s1, \s2, \s3
  stp q\s0, q\s2, [x7], #32
  stp q8, q9, [x7], #32
.endm

.macro save_single s0, s1, s2, s3, pair
  split_pair \s0, \s1, \s2, \s3
  stp q\s0, q\s2, [x7], #32
.endm

.macro pairs rows, what
  .if \rows == 1
  \what\()_single 16, 17, 18, 19, 0
  .else
  \what\()_pair 16, 17, 18, 19, 0
  .endif
  .if \rows > 2
  \what\()_pair 20, 21, 22, 23, 1
  .endif
  .if \rows > 4
  \what\()_pair 24, 25, 26, 27, 2
  \what\()_pair 28, 29, 30, 31, 3
  .endif
.endm

// v0 - v3: what rows owe, for each pair.
.macro load_corrections rows
  .if \rows == 8
  ldp q12, q13, [x6], #32
  zip1 v2.4s, v13.4s, v13.4s
  zip2 v3.4s, v13.4s, v13.4s
  .elseif \rows == 4
  ldr q12, [x6], #16
  .elseif \rows == 2
  ldr d12, [x6], #8
  .else
  ldr s12, [x6], #4
  .endif
  zip1 v0.4s, v12.4s, v12.4s
  zip2 v1.4s, v12.4s, v12.4s
.endm

.macro start_single s0, s1, s2, s3, correction
  start_pair \s0, \s1, \s2, \s3, \correction
.endm

.macro kernel rows
QNNP_FUNCTION qnnp_q8gemm_neoni8mm_\rows\()x8
  load_strip
0:
  load_corrections \rows
  mov x11, x3
  .if \rows == 8
  add x13, x1, x2, lsl #5  // four rows of 8 bytes a step
  .endif
  cbnz x5, 4f
  ld4r {v8.2d, v9.2d, v10.2d, v11.2d}, [x4]
  pairs \rows, start
1:
  second_sums \rows, clear
  subs x12, x2, #2
  b.lo 7f
2:
  load_steps \rows
  step \rows, 4, 5, 6, 7, 0, 1, 2, 3
  subs x12, x12, #2
  step_1 \rows
  b.hs 2b
7:
  tbz x12, #0, 3f
  load_rows \rows
  ldp q4, q5, [x11], #32
  ldp q6, q7, [x11], #32
  step \rows, 4, 5, 6, 7, 0, 1, 2, 3
3:
  second_sums \rows, merge
  .if \rows == 8
  mov x1, x13
  .endif
  cbnz x7, 5f
  ldp q0, q1, [x4, #32]
  ld4r {v4.8h, v5.8h, v6.8h, v7.8h}, [x0]
  pairs \rows, store
6:
  subs x10, x10, #1
  b.ne 0b
  return
4:
  pairs \rows, resume
  b 1b
5:
  pairs \rows, save
  b 6b
QNNP_END_FUNCTION qnnp_q8gemm_neoni8mm_\rows\()x8
.endm

kernel 8
kernel 4
kernel 2
kernel 1
