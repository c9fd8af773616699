// SPDX-License-Identifier: BSD-3-Clause
// What every assembly file (src/<family>/<isa>_aarch64.S, <isa>_aarch32.S) starts with: how a
// function begins and ends for ELF (Linux, Android), Mach-O (Apple) and COFF (Windows).
//
//   QNNP_FUNCTION qnnp_q8gemm_neon_4x16
//     ...
//   QNNP_END_FUNCTION qnnp_q8gemm_neon_4x16
//
// Functions are hidden: the library calls them, nobody else. They follow the platform's calling
// convention and besides
//   - never touch x18 (r9 on Apple's 32-bit systems), which some systems keep for themselves;
//   - move sp before they store below it: a signal handler may use all that lies under sp;
//   - save no return address and make no call, so that pointer authentication has nothing to sign.
// One statement a line: the separator is ';' for some assemblers, and a comment for Apple's.
#ifndef QNNP_ISA_ASM_H_
#define QNNP_ISA_ASM_H_
// clang-format off

#if defined(__APPLE__)
#define QNNP_SYMBOL(name) _##name
#else
#define QNNP_SYMBOL(name) name
#endif

#if defined(__arm__)
  .syntax unified
  .arm
#endif

#if defined(__APPLE__)

.macro QNNP_FUNCTION name
  .text
  .p2align 4
  .globl _\name
  .private_extern _\name
_\name:
#if defined(__aarch64__)
  hint #34  // bti c: a landing pad for indirect calls; a nop on older cores
#endif
.endm
.macro QNNP_END_FUNCTION name
.endm

#elif defined(_WIN32)

.macro QNNP_FUNCTION name
  .text
  .p2align 4
  .def \name
  .scl 2
  .type 32
  .endef
  .globl \name
\name:
  hint #34
.endm
.macro QNNP_END_FUNCTION name
.endm

#else

.macro QNNP_FUNCTION name
  .text
  .p2align 4
  .globl \name
  .hidden \name
  .type \name, %function
\name:
#if defined(__aarch64__)
  hint #34
#endif
.endm
.macro QNNP_END_FUNCTION name
  .size \name, . - \name
.endm

  .section .note.GNU-stack, "", %progbits
#if defined(__aarch64__)
// GNU property: this object has its landing pads and signs what there is to sign (ELF for the Arm
// 64-bit Architecture, section "Program Property"): feature bits BTI (1) and PAC (2).
  .section .note.gnu.property, "a", %note
  .p2align 3
  .long 4
  .long 16
  .long 5
  .asciz "GNU"
  .long 0xc0000000
  .long 4
  .long 3
  .long 0
#endif
  .text

#endif

#endif  // QNNP_ISA_ASM_H_
