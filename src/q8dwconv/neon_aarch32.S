// SPDX-License-Identifier: BSD-3-Clause
// NEON of AArch32: depthwise convolution of whole blocks of 16 channels, two pixels at a time, from
// rows whose columns stand in a buffer as 16-bit words (buffer.h, DwconvStrip in neon_strips.h).
//
//              channels  0-3 4-7 8-11 12-15
//   weights              d28 d29 d30 d31
//   column 0, 3, 6       d16 d17 d18 d19     first pixel's sums    q0  q1  q2  q3
//   column 1, 4          d20 d21 d22 d23     second pixel's sums   q4  q5  q6  q7
//   column 2, 5          d24 d25 d26 d27
//
// The loop, for each kernel row and column kx:
//   q0 - q3 += column kx * weights
//   q4 - q7 += column (kx + stride) * weights
//   column (kx + 3) takes the place of column kx
//
//   r0   what the epilogue adds and compares with    r1 - r5   kernel rows, moving
//   r6   bias, scale, weights, moving                r7        to the weights of the next column
//   r8   from the last column to the next row's      r10       from the last column to the next tile
//   r11  c         r12  c_stride                     lr        pixels left
#include "isa/asm.h"

  .arch armv7-a
  .fpu neon

.macro load slot, row, then:vararg
  .if \slot == 0
  vld1.16 {d16 - d19}, [r\row]\then
  .elseif \slot == 1
  vld1.16 {d20 - d23}, [r\row]\then
  .else
  vld1.16 {d24 - d27}, [r\row]\then
  .endif
.endm

.macro products s0, s1, s2, s3, c0, c1, c2, c3
  vmlal.s16 q\s0, d\c0, d28
  vmlal.s16 q\s1, d\c1, d29
  vmlal.s16 q\s2, d\c2, d30
  vmlal.s16 q\s3, d\c3, d31
.endm

.macro pixel slot, s0, s1, s2, s3
  .if \slot == 0
  products \s0, \s1, \s2, \s3, 16, 17, 18, 19
  .elseif \slot == 1
  products \s0, \s1, \s2, \s3, 20, 21, 22, 23
  .else
  products \s0, \s1, \s2, \s3, 24, 25, 26, 27
  .endif
.endm

.macro tap kx, row, width, stride
  .if \kx == \width - 1
  vld1.16 {d28 - d31}, [r6], r8
  .else
  vld1.16 {d28 - d31}, [r6], r7
  .endif
  pixel (\kx%3), 0, 1, 2, 3
  pixel ((\kx+\stride)%3), 4, 5, 6, 7
  .if \kx + 3 < \width - 1 + \stride
  load (\kx%3), \row, !
  .elseif \kx + 3 == \width - 1 + \stride
  load (\kx%3), \row, , r10
  .endif
.endm

.macro kernel_row row, width, stride
  vldmia r\row!, {d16 - d27}
  tap 0, \row, \width, \stride
  tap 1, \row, \width, \stride
  tap 2, \row, \width, \stride
  .if \width == 5
  tap 3, \row, \width, \stride
  tap 4, \row, \width, \stride
  .endif
.endm

// All registers of sums.
.macro each operation, operand:vararg
  \operation q0, q0\operand
  \operation q1, q1\operand
  \operation q2, q2\operand
  \operation q3, q3\operand
  \operation q4, q4\operand
  \operation q5, q5\operand
  \operation q6, q6\operand
  \operation q7, q7\operand
.endm

// Eight sums to bytes: q8 is 1.5 * 2^23, whose addition rounds half to even, q9 the same less the
// zero point; q10 - q12 are low, high and flip.
.macro epilogue
  each vcvt.f32.s32
  vmul.f32 q0, q0, q8
  vmul.f32 q1, q1, q9
  vmul.f32 q2, q2, q10
  vmul.f32 q3, q3, q11
  vmul.f32 q4, q4, q8
  vmul.f32 q5, q5, q9
  vmul.f32 q6, q6, q10
  vmul.f32 q7, q7, q11
  vldmia r0, {q8 - q12}
  each vadd.f32, , q8
  each vqsub.s32, , q9
  vqmovn.s32 d0, q0
  vqmovn.s32 d1, q1
  vqmovn.s32 d2, q2
  vqmovn.s32 d3, q3
  vqmovn.s32 d8, q4
  vqmovn.s32 d9, q5
  vqmovn.s32 d10, q6
  vqmovn.s32 d11, q7
  vqmovun.s16 d0, q0
  vqmovun.s16 d1, q1
  vqmovun.s16 d8, q4
  vqmovun.s16 d9, q5
  vmax.u8 q0, q0, q10
  vmax.u8 q4, q4, q10
  vmin.u8 q0, q0, q11
  vmin.u8 q4, q4, q11
  veor q0, q0, q12
  veor q4, q4, q12
.endm

.macro kernel size, stride
QNNP_FUNCTION qnnp_q8dwconv_neon_\size\()x\size\()s\stride
  push {r4 - r8, r10, r11, lr}
  vpush {q4 - q7}
  ldmia r0, {r0 - r6, r11, r12, lr}
  mov r7, #(\size * 32)
  mov r8, #32
  sub r8, r8, #((\size - 1) * \size * 32)
  mov r10, #((\stride - \size + 1) * 32)
0:
  vldmia r6, {q0 - q3}
  vldmia r6!, {q4 - q7}
  add r6, r6, #64
  kernel_row 1, \size, \stride
  kernel_row 2, \size, \stride
  kernel_row 3, \size, \stride
  .if \size == 5
  kernel_row 4, \size, \stride
  kernel_row 5, \size, \stride
  .endif
  sub r6, r6, #(\size * 32)
  vldmdb r6!, {q8 - q11}
  sub r6, r6, #64
  epilogue
  subs lr, lr, #2
  vst1.8 {d0, d1}, [r11], r12
  blt 1f
  vst1.8 {d8, d9}, [r11], r12
  bgt 0b
1:
  vpop {q4 - q7}
  pop {r4 - r8, r10, r11, lr}
  bx lr
QNNP_END_FUNCTION qnnp_q8dwconv_neon_\size\()x\size\()s\stride
.endm

kernel 3, 1
kernel 3, 2
kernel 5, 1
kernel 5, 2
