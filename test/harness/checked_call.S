// SPDX-License-Identifier: BSD-3-Clause
// uint32_t qnnp_test_call(void (*function)(const void*), const void* argument): calls it with known
// values in all registers that it has to keep, and returns a bit for each that it changed
// (checked_call.cc has their names). The frame pointer holds sp; a word at sp knows where it was, so
// that a changed sp is seen and mended. Below: functions that do what no function may.
#include "isa/asm.h"

#if defined(__aarch64__)

.macro pattern register, number
  mov \register, #0x5a5a
  movk \register, #0x1000 + \number, lsl #32
.endm

QNNP_FUNCTION qnnp_test_call
  stp x29, x30, [sp, #-176]!
  mov x29, sp
  stp x19, x20, [sp, #16]
  stp x21, x22, [sp, #32]
  stp x23, x24, [sp, #48]
  stp x25, x26, [sp, #64]
  stp x27, x28, [sp, #80]
  stp d8, d9, [sp, #96]
  stp d10, d11, [sp, #112]
  stp d12, d13, [sp, #128]
  stp d14, d15, [sp, #144]
  mvn x9, x29
  str x9, [sp, #160]
  mov x16, x0
  mov x0, x1
  .irp n, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28
  pattern x\n, \n
  .endr
  .irp n, 8, 9, 10, 11, 12, 13, 14, 15
  pattern x9, \n
  fmov d\n, x9
  .endr
  blr x16
  mov w0, #0
  ldr x9, [sp, #160]
  mov x11, sp
  mvn x10, x11
  cmp x9, x10
  b.eq 1f
  mov w0, #0x80000000
  mov x11, x29
  mov sp, x29
1:
  cmp x29, x11
  b.eq 2f
  orr w0, w0, #0x40000000
2:
  .irp n, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28
  pattern x9, \n
  cmp x\n, x9
  cset w10, ne
  orr w0, w0, w10, lsl #(\n - 19)
  .endr
  .irp n, 8, 9, 10, 11, 12, 13, 14, 15
  pattern x9, \n
  fmov x11, d\n
  cmp x11, x9
  cset w10, ne
  orr w0, w0, w10, lsl #(\n + 2)
  .endr
  ldp x19, x20, [sp, #16]
  ldp x21, x22, [sp, #32]
  ldp x23, x24, [sp, #48]
  ldp x25, x26, [sp, #64]
  ldp x27, x28, [sp, #80]
  ldp d8, d9, [sp, #96]
  ldp d10, d11, [sp, #112]
  ldp d12, d13, [sp, #128]
  ldp d14, d15, [sp, #144]
  ldp x29, x30, [sp], #176
  ret
QNNP_END_FUNCTION qnnp_test_call

QNNP_FUNCTION qnnp_test_bad_register
  mov x28, #1
  ret
QNNP_END_FUNCTION qnnp_test_bad_register

QNNP_FUNCTION qnnp_test_bad_vector
  movi d15, #0
  ret
QNNP_END_FUNCTION qnnp_test_bad_vector

QNNP_FUNCTION qnnp_test_bad_stack
  sub sp, sp, #16
  ret
QNNP_END_FUNCTION qnnp_test_bad_stack

// Saves a register below sp and waits for three signals.
QNNP_FUNCTION qnnp_test_bad_save
  str x19, [sp, #-64]
  ldr w19, [x0]
1:
  ldr w9, [x0]
  sub w9, w9, w19
  cmp w9, #3
  b.lo 1b
  ldr x19, [sp, #-64]
  ret
QNNP_END_FUNCTION qnnp_test_bad_save

#elif defined(__arm__)

  .arch armv7-a
  .fpu neon

.macro pattern register, number
  movw \register, #0x5a00 + \number
  movt \register, #0x1234
.endm

QNNP_FUNCTION qnnp_test_call
  push {r4, r5, r6, r7, r8, r9, r10, r11, lr}
  vpush {d8, d9, d10, d11, d12, d13, d14, d15}
  sub sp, sp, #12
  mvn r11, sp
  str r11, [sp]
  mov r11, sp
  mov r12, r0
  mov r0, r1
  .irp n, 8, 9, 10, 11, 12, 13, 14, 15
  pattern r1, \n
  vmov d\n, r1, r1
  .endr
  .irp n, 4, 5, 6, 7, 8, 9, 10
  pattern r\n, \n
  .endr
  blx r12
  mov r0, #0
  ldr r1, [sp]
  mvn r1, r1
  cmp r1, sp
  movne r0, #0x80000000
  movne sp, r11
  cmp r11, sp
  orrne r0, r0, #0x40000000
  .irp n, 4, 5, 6, 7, 8, 9, 10
  pattern r1, \n
  cmp r\n, r1
  orrne r0, r0, #(1 << (\n - 4))
  .endr
  .irp n, 8, 9, 10, 11, 12, 13, 14, 15
  pattern r1, \n
  vmov r2, r3, d\n
  cmp r2, r1
  cmpeq r3, r1
  orrne r0, r0, #(1 << \n)
  .endr
  add sp, sp, #12
  vpop {d8, d9, d10, d11, d12, d13, d14, d15}
  pop {r4, r5, r6, r7, r8, r9, r10, r11, pc}
QNNP_END_FUNCTION qnnp_test_call

QNNP_FUNCTION qnnp_test_bad_register
  mov r10, #1
  bx lr
QNNP_END_FUNCTION qnnp_test_bad_register

QNNP_FUNCTION qnnp_test_bad_vector
  vmov.i32 d15, #0
  bx lr
QNNP_END_FUNCTION qnnp_test_bad_vector

QNNP_FUNCTION qnnp_test_bad_stack
  sub sp, sp, #8
  bx lr
QNNP_END_FUNCTION qnnp_test_bad_stack

QNNP_FUNCTION qnnp_test_bad_save
  str r4, [sp, #-64]
  ldr r4, [r0]
1:
  ldr r1, [r0]
  sub r1, r1, r4
  cmp r1, #3
  blo 1b
  ldr r4, [sp, #-64]
  bx lr
QNNP_END_FUNCTION qnnp_test_bad_save

#elif defined(__x86_64__)

.macro kept register, value, bit
  cmp \value, \register
  je 3f
  or $(1 << \bit), %eax
3:
.endm

QNNP_FUNCTION qnnp_test_call
  push %rbp
  push %rbx
  push %r12
  push %r13
  push %r14
  push %r15
  sub $8, %rsp
  mov %rsp, %rbp
  not %rbp
  mov %rbp, (%rsp)
  mov %rsp, %rbp
  mov %rdi, %rax
  mov %rsi, %rdi
  mov $0x12345a0b, %rbx
  mov $0x12345a0c, %r12
  mov $0x12345a0d, %r13
  mov $0x12345a0e, %r14
  mov $0x12345a0f, %r15
  call *%rax
  xor %eax, %eax
  mov (%rsp), %rcx
  not %rcx
  cmp %rcx, %rsp
  je 1f
  or $0x80000000, %eax
  mov %rbp, %rsp
1:
  cmp %rbp, %rsp
  je 2f
  or $0x40000000, %eax
2:
  kept %rbx, $0x12345a0b, 0
  kept %r12, $0x12345a0c, 1
  kept %r13, $0x12345a0d, 2
  kept %r14, $0x12345a0e, 3
  kept %r15, $0x12345a0f, 4
  add $8, %rsp
  pop %r15
  pop %r14
  pop %r13
  pop %r12
  pop %rbx
  pop %rbp
  ret
QNNP_END_FUNCTION qnnp_test_call

QNNP_FUNCTION qnnp_test_bad_register
  xor %ebx, %ebx
  ret
QNNP_END_FUNCTION qnnp_test_bad_register

// No vector register is kept here.
QNNP_FUNCTION qnnp_test_bad_vector
  xor %r15d, %r15d
  ret
QNNP_END_FUNCTION qnnp_test_bad_vector

QNNP_FUNCTION qnnp_test_bad_stack
  pop %rax
  sub $16, %rsp
  jmp *%rax
QNNP_END_FUNCTION qnnp_test_bad_stack

// 128 bytes below rsp are a function's own.
QNNP_FUNCTION qnnp_test_bad_save
  mov %rbx, -192(%rsp)
  mov (%rdi), %ebx
1:
  mov (%rdi), %eax
  sub %ebx, %eax
  cmp $3, %eax
  jb 1b
  mov -192(%rsp), %rbx
  ret
QNNP_END_FUNCTION qnnp_test_bad_save

#endif
