// SPDX-License-Identifier: BSD-3-Clause
// AArch32 NEON, tiles of 4, 2 or 1 rows and 8 columns; neon.cc says what is multiplied and has the
// same kernels in intrinsics. Four bytes of depth at a time:
//
//                  d8:  k0 k1 of columns 0 - 3     d9:  of columns 4 - 7      (weights)
//                  d10: k2 k3                      d11: k2 k3
//   rows of A
//   d0  d4         q8   q9                d0 - d3: k0 k1 of a row, four times
//   d1  d5         q10  q11               d4 - d7: k2 k3
//   d2  d6         q12  q13               q6, q7: 16-bit sums of one row
//   d3  d7         q14  q15
//
// The loop, for each row:
//   q6, q7  = weights(k0 k1) * a(k0 k1)
//   q6, q7 -= weights(k2 k3) * a(k2 k3)
//   sums of the row += pairs of q6, q7
//
//   r0   the Strip (strips.h)     r1   a                  r3   weights, moving
//   r4   block                    r5   start              r6   corrections
//   r7   sums                     r8   c                  r10  c_stride
//   r11  tiles                    r12  steps left         r2, lr  free
#include "isa/asm.h"

  .fpu neon

.macro first a
  vmull.s8 q6, d8, d\a
  vmull.s8 q7, d9, d\a
.endm

.macro second a
  vmlsl.s8 q6, d10, d\a
  vmlsl.s8 q7, d11, d\a
.endm

.macro last s0, s1
  vpadal.s16 q\s0, q6
  vpadal.s16 q\s1, q7
.endm

// The end of a row and the beginning of the next.
.macro turn s0, s1, a
  vpadal.s16 q\s0, q6
  vmull.s8 q6, d8, d\a
  vpadal.s16 q\s1, q7
  vmull.s8 q7, d9, d\a
.endm

.macro step rows
  vld1.8 {d8 - d11}, [r3]!
  .if \rows == 4
  vld4.16 {d0[], d1[], d2[], d3[]}, [r1]!
  vld4.16 {d4[], d5[], d6[], d7[]}, [r1]!
  first 0
  second 4
  turn 8, 9, 1
  second 5
  turn 10, 11, 2
  second 6
  turn 12, 13, 3
  second 7
  last 14, 15
  .elseif \rows == 2
  vld4.16 {d0[], d1[], d2[], d3[]}, [r1]!
  first 0
  second 2
  turn 8, 9, 1
  second 3
  last 10, 11
  .else
  vld2.16 {d0[], d1[]}, [r1]!
  first 0
  second 1
  last 8, 9
  .endif
.endm

// Sums are the bias, or what they were (resume_row), and a correction for each row, in d0 and d1.
.macro start_row s0, s1, correction
  vdup.32 q7, \correction
  vadd.i32 q\s0, q4, q7
  vadd.i32 q\s1, q5, q7
.endm

.macro resume_row s0, s1, correction
  vld1.32 {d8 - d11}, [r5]!
  start_row \s0, \s1, \correction
.endm

.macro all_rows rows, row
  \row 8, 9, d0[0]
  .if \rows > 1
  \row 10, 11, d0[1]
  .endif
  .if \rows > 2
  \row 12, 13, d1[0]
  \row 14, 15, d1[1]
  .endif
.endm

// 1.5 * 2^23 rounds half to even what is below 2^22, and makes integers of it; what is larger stays
// large, for the saturating operations that follow.
.macro round s, scale
  vcvt.f32.s32 q\s, q\s
  vmul.f32 q\s, q\s, q\scale
  vadd.f32 q\s, q\s, q2
  vqsub.s32 q\s, q\s, q2
.endm

// Two rows: sums in q\s0 .. q\s3, whose lower halves are d\h0 .. d\h3.
.macro store_rows rows, s0, s1, s2, s3, h0, h0b, h2, h2b
  round \s0, 0
  round \s1, 1
  vqmovn.s32 d\h0, q\s0
  vqmovn.s32 d\h0b, q\s1
  vqadd.s16 q\s0, q\s0, q4
  vqmovun.s16 d\h0, q\s0
  .if \rows > 1
  round \s2, 0
  round \s3, 1
  vqmovn.s32 d\h2, q\s2
  vqmovn.s32 d\h2b, q\s3
  vqadd.s16 q\s2, q\s2, q4
  vqmovun.s16 d\h0b, q\s2
  .endif
  vmax.u8 q\s0, q\s0, q5
  vmin.u8 q\s0, q\s0, q6
  veor q\s0, q\s0, q7
  vst1.8 {d\h0}, [r8], r10
  .if \rows > 1
  vst1.8 {d\h0b}, [r8], r10
  .endif
.endm

.macro kernel rows
QNNP_FUNCTION qnnp_q8gemm_neon_\rows\()x8
  push {r4 - r8, r10, r11, lr}
  vpush {d8 - d15}
  ldr r1, [r0]
  ldr r4, [r0, #12]
  ldr r5, [r0, #16]
  ldr r6, [r0, #20]
  ldr r7, [r0, #24]
  ldr r8, [r0, #28]
  ldr r10, [r0, #32]
  ldr r11, [r0, #36]
0:
  .if \rows == 4
  vld1.32 {d0, d1}, [r6]!
  .elseif \rows == 2
  vld1.32 {d0}, [r6]!
  .else
  vld1.32 {d0[]}, [r6]!
  .endif
  ldr r12, [r0, #4]
  ldr r3, [r0, #8]
  cmp r5, #0
  bne 4f
  vld1.32 {d8 - d11}, [r4]
  all_rows \rows, start_row
1:
  subs r12, r12, #2
  blo 3f
2:
  step \rows
  subs r12, r12, #2
  step \rows
  bhs 2b
3:
  cmp r12, #-1
  bne 5f
  step \rows
5:
  cmp r7, #0
  bne 6f
  add r2, r4, #32
  add lr, r0, #40
  vld1.32 {d0 - d3}, [r2]
  vld4.16 {d8[], d10[], d12[], d14[]}, [lr]
  vmov.i32 q2, #0x4b000000
  vmov d9, d8
  vorr.i32 q2, #0x400000
  vmov d11, d10
  vmov d13, d12
  vmov d15, d14
  store_rows \rows, 8, 9, 10, 11, 16, 17, 20, 21
  .if \rows > 2
  store_rows \rows, 12, 13, 14, 15, 24, 25, 28, 29
  .endif
7:
  subs r11, r11, #1
  bne 0b
  vpop {d8 - d15}
  pop {r4 - r8, r10, r11, lr}
  bx lr
4:
  all_rows \rows, resume_row
  b 1b
6:
  vst1.32 {d16 - d19}, [r7]!
  .if \rows > 1
  vst1.32 {d20 - d23}, [r7]!
  .endif
  .if \rows > 2
  vst1.32 {d24 - d27}, [r7]!
  vst1.32 {d28 - d31}, [r7]!
  .endif
  b 7b
QNNP_END_FUNCTION qnnp_q8gemm_neon_\rows\()x8
.endm

kernel 4
kernel 2
kernel 1
