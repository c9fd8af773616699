// SPDX-License-Identifier: BSD-3-Clause
// Dot product, tiles of 4, 2 or 1 rows and 16 columns, of 4 rows and 8; neondot.cc has the same kernels in
// intrinsics. Four bytes of depth are a step, two steps a turn of the loop:
//
//                          v4  v5  v6  v7       (step 0)   weights: four columns in a register,
//                          v8  v9  v10 v11      (step 1)   four bytes of each
//   rows of A
//   v0.4b[0]  v1.4b[0]     v16 v17 v18 v19
//   v0.4b[1]  v1.4b[1]     v20 v21 v22 v23      (2 rows: v0.4b[0, 1] and v0.4b[2, 3];
//   v0.4b[2]  v1.4b[2]     v24 v25 v26 v27       1 row: v0.4b[0] and v0.4b[1], which has sums of
//   v0.4b[3]  v1.4b[3]     v28 v29 v30 v31       its own, v20 - v23: there latency is what counts)
//
// The loop:
//   v0 - v1, v4 - v11 = the rows' next bytes, the weights'
//   sums += weights(step 0) * row's lane, for each row
//   sums += weights(step 1) * row's lane
#include "q8gemm/strip_aarch64.inc"

  .arch armv8.2-a+dotprod

.macro dots columns, s0, s1, s2, s3, w0, w1, w2, w3, a
  sdot v\s0\().4s, v\w0\().16b, \a
  sdot v\s1\().4s, v\w1\().16b, \a
  .if \columns == 16
  sdot v\s2\().4s, v\w2\().16b, \a
  sdot v\s3\().4s, v\w3\().16b, \a
  .endif
.endm

.macro step columns, w0, w1, w2, w3, a0, a1, a2, a3
  dots \columns, 16, 17, 18, 19, \w0, \w1, \w2, \w3, \a0
  .ifnb \a1
  dots \columns, 20, 21, 22, 23, \w0, \w1, \w2, \w3, \a1
  .endif
  .ifnb \a2
  dots \columns, 24, 25, 26, 27, \w0, \w1, \w2, \w3, \a2
  dots \columns, 28, 29, 30, 31, \w0, \w1, \w2, \w3, \a3
  .endif
.endm

.macro step_0 rows, columns
  .if \rows == 4
  step \columns, 4, 5, 6, 7, v0.4b[0], v0.4b[1], v0.4b[2], v0.4b[3]
  .elseif \rows == 2
  step \columns, 4, 5, 6, 7, v0.4b[0], v0.4b[1]
  .else
  step \columns, 4, 5, 6, 7, v0.4b[0]
  .endif
.endm

.macro step_1 rows, columns
  .if \rows == 4
  step \columns, 8, 9, 10, 11, v1.4b[0], v1.4b[1], v1.4b[2], v1.4b[3]
  .elseif \rows == 2
  step \columns, 8, 9, 10, 11, v0.4b[2], v0.4b[3]
  .else
  dots \columns, 20, 21, 22, 23, 8, 9, 10, 11, v0.4b[1]
  .endif
.endm

// Everything for two steps. One row loads as much as it multiplies: there addresses do not wait for
// each other.
.macro load_steps rows, columns
  .if \rows == 4
  ldp q0, q1, [x1], #32
  .elseif \rows == 2
  ldr q0, [x1], #16
  .else
  ldr d0, [x1]
  add x1, x1, #8
  .endif
  .if \columns == 8 || \rows == 1
  ldp q4, q5, [x11]
  ldp q8, q9, [x11, #64]
  .if \columns == 16
  ldp q6, q7, [x11, #32]
  ldp q10, q11, [x11, #96]
  .endif
  add x11, x11, #128
  .else
  ldp q4, q5, [x11], #32
  ldp q6, q7, [x11], #32
  ldp q8, q9, [x11], #32
  ldp q10, q11, [x11], #32
  .endif
.endm

.macro load_step rows, columns
  .if \rows == 4
  ldr q0, [x1], #16
  .elseif \rows == 2
  ldr d0, [x1], #8
  .else
  ldr s0, [x1], #4
  .endif
  ldp q4, q5, [x11]
  .if \columns == 16
  ldp q6, q7, [x11, #32]
  .endif
.endm

.macro kernel rows, columns
QNNP_FUNCTION qnnp_q8gemm_neondot_\rows\()x\columns
  load_strip
0:
  .if \rows == 1
  movi v20.4s, #0
  movi v21.4s, #0
  movi v22.4s, #0
  movi v23.4s, #0
  .endif
  start_tile \rows, \columns
  subs x12, x12, #2
  b.lo 7f
2:
  load_steps \rows, \columns
  step_0 \rows, \columns
  subs x12, x12, #2
  step_1 \rows, \columns
  b.hs 2b
7:
  tbz x12, #0, 3f
  load_step \rows, \columns
  step_0 \rows, \columns
3:
  .if \rows == 1
  add v16.4s, v16.4s, v20.4s
  add v17.4s, v17.4s, v21.4s
  add v18.4s, v18.4s, v22.4s
  add v19.4s, v19.4s, v23.4s
  .endif
  store_tile \rows, \columns
QNNP_END_FUNCTION qnnp_q8gemm_neondot_\rows\()x\columns
.endm

kernel 4, 16
kernel 2, 16
kernel 1, 16
kernel 4, 8
