// SPDX-License-Identifier: BSD-3-Clause
// NEON without dot product, tiles of 4, 2 or 1 rows and 16 columns, of 4 rows and 8; neon.cc says what is
// multiplied and has the same kernels in intrinsics. Four bytes of depth at a time:
//
//                  v8: k0 k1 of columns 0 - 7      v9: of columns 8 - 15      (weights)
//                  v10: k2 k3                      v11: k2 k3
//   rows of A
//   v0  v4         v16 v17 v18 v19        v0 - v3: k0 k1 of a row, eight times
//   v1  v5         v20 v21 v22 v23        v4 - v7: k2 k3
//   v2  v6         v24 v25 v26 v27        v12 - v15: 16-bit sums of one row
//   v3  v7         v28 v29 v30 v31
//
// The loop, for each row:
//   v12 - v15  = weights(k0 k1) * a(k0 k1)
//   v12 - v15 -= weights(k2 k3) * a(k2 k3)
//   sums of the row += pairs of v12 - v15
#include "q8gemm/strip_aarch64.inc"

.macro first columns, a
  smull v12.8h, v8.8b, v\a\().8b
  smull2 v13.8h, v8.16b, v\a\().16b
  .if \columns == 16
  smull v14.8h, v9.8b, v\a\().8b
  smull2 v15.8h, v9.16b, v\a\().16b
  .endif
.endm

.macro second columns, a
  smlsl v12.8h, v10.8b, v\a\().8b
  smlsl2 v13.8h, v10.16b, v\a\().16b
  .if \columns == 16
  smlsl v14.8h, v11.8b, v\a\().8b
  smlsl2 v15.8h, v11.16b, v\a\().16b
  .endif
.endm

.macro last columns, s0, s1, s2, s3
  sadalp v\s0\().4s, v12.8h
  sadalp v\s1\().4s, v13.8h
  .if \columns == 16
  sadalp v\s2\().4s, v14.8h
  sadalp v\s3\().4s, v15.8h
  .endif
.endm

// The end of a row and the beginning of the next.
.macro turn columns, s0, s1, s2, s3, a
  sadalp v\s0\().4s, v12.8h
  smull v12.8h, v8.8b, v\a\().8b
  sadalp v\s1\().4s, v13.8h
  smull2 v13.8h, v8.16b, v\a\().16b
  .if \columns == 16
  sadalp v\s2\().4s, v14.8h
  smull v14.8h, v9.8b, v\a\().8b
  sadalp v\s3\().4s, v15.8h
  smull2 v15.8h, v9.16b, v\a\().16b
  .endif
.endm

// Bytes k0 k1 of the rows and columns, bytes k2 k3.
.macro load_01 rows, columns
  .if \columns == 16
  ldp q8, q9, [x11], #32
  .else
  ldr q8, [x11], #32
  .endif
  .if \rows == 4
  ld4r {v0.8h, v1.8h, v2.8h, v3.8h}, [x1], #8
  .elseif \rows == 2
  ld2r {v0.8h, v1.8h}, [x1], #4
  .else
  ld1r {v0.8h}, [x1], #2
  .endif
.endm

.macro load_23 rows, columns
  .if \columns == 16
  ldp q10, q11, [x11], #32
  .else
  ldr q10, [x11], #32
  .endif
  .if \rows == 4
  ld4r {v4.8h, v5.8h, v6.8h, v7.8h}, [x1], #8
  .elseif \rows == 2
  ld2r {v4.8h, v5.8h}, [x1], #4
  .else
  ld1r {v4.8h}, [x1], #2
  .endif
.endm

// Everything but load_01, which more = 1 does for the next step: in-order cores need not wait for it.
.macro step rows, columns, more
  load_23 \rows, \columns
  first \columns, 0
  .if \more
  subs x12, x12, #1
  .endif
  second \columns, 4
  .if \rows > 1
  turn \columns, 16, 17, 18, 19, 1
  second \columns, 5
  .endif
  .if \rows > 2
  turn \columns, 20, 21, 22, 23, 2
  second \columns, 6
  turn \columns, 24, 25, 26, 27, 3
  .endif
  .if \more
  load_01 \rows, \columns
  .endif
  .if \rows == 4
  second \columns, 7
  last \columns, 28, 29, 30, 31
  .elseif \rows == 2
  last \columns, 20, 21, 22, 23
  .else
  last \columns, 16, 17, 18, 19
  .endif
.endm

// 4x16 for cores that execute in order: they issue a multiplication together with a load of 64 bits,
// but not with one of 128, and stop where what was loaded is not there yet. So halves of vectors are
// loaded between multiplications, weights' upper halves through x13 and x14, bytes of all four rows
// into one register from which they are spread.
.macro in_order_step rows, columns, more
  ldr d10, [x11]
  smull v12.8h, v8.8b, v0.8b
  ldr x13, [x11, #8]
  smull2 v13.8h, v8.16b, v0.16b
  ldr d7, [x1], #8
  smull v14.8h, v9.8b, v0.8b
  ldr d11, [x11, #16]
  smull2 v15.8h, v9.16b, v0.16b
  ldr x14, [x11, #24]
  ins v10.d[1], x13
  add x11, x11, #32
  dup v4.8h, v7.h[0]
  .if \more
  subs x12, x12, #1
  .endif
  smlsl v12.8h, v10.8b, v4.8b
  ins v11.d[1], x14
  smlsl2 v13.8h, v10.16b, v4.16b
  dup v5.8h, v7.h[1]
  smlsl v14.8h, v11.8b, v4.8b
  dup v6.8h, v7.h[2]
  smlsl2 v15.8h, v11.16b, v4.16b
  turn 16, 16, 17, 18, 19, 1
  second 16, 5
  turn 16, 20, 21, 22, 23, 2
  dup v7.8h, v7.h[3]
  second 16, 6
  turn 16, 24, 25, 26, 27, 3
  .if \more
  ldr d8, [x11]
  smlsl v12.8h, v10.8b, v7.8b
  ldr x13, [x11, #8]
  smlsl2 v13.8h, v10.16b, v7.16b
  ldr d3, [x1], #8
  smlsl v14.8h, v11.8b, v7.8b
  ldr d9, [x11, #16]
  smlsl2 v15.8h, v11.16b, v7.16b
  ldr x14, [x11, #24]
  sadalp v28.4s, v12.8h
  ins v8.d[1], x13
  sadalp v29.4s, v13.8h
  add x11, x11, #32
  dup v0.8h, v3.h[0]
  dup v1.8h, v3.h[1]
  sadalp v30.4s, v14.8h
  ins v9.d[1], x14
  sadalp v31.4s, v15.8h
  dup v2.8h, v3.h[2]
  dup v3.8h, v3.h[3]
  .else
  second 16, 7
  last 16, 28, 29, 30, 31
  .endif
.endm

.macro kernel rows, columns, step=step, suffix
QNNP_FUNCTION qnnp_q8gemm_neon_\rows\()x\columns\suffix
  load_strip
0:
  start_tile \rows, \columns
  load_01 \rows, \columns
  subs x12, x12, #1
  b.eq 7f
2:
  \step \rows, \columns, 1
  b.ne 2b
7:
  \step \rows, \columns, 0
3:
  store_tile \rows, \columns
QNNP_END_FUNCTION qnnp_q8gemm_neon_\rows\()x\columns\suffix
.endm

kernel 4, 16
kernel 4, 16, in_order_step, _inorder
kernel 2, 16
kernel 1, 16
kernel 4, 8
