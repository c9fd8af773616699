// SPDX-License-Identifier: BSD-3-Clause
// Which instruction sets exist, which this processor runs, which may be used. Above: kernel tables
// and their choice.
#pragma once

#include "base/common.h"
#include "base/status.h"

namespace qnnp {

enum class Isa : uint8_t {
#define QNNP_ISA(name, architecture, flags) name,
#include "isa/isa.inc"
#undef QNNP_ISA
};

const char* isa_name(Isa isa);
bool isa_from_name(const char* name, Isa* isa);
Span<const Isa> all_isas();

// The processor runs it, and the operating system saves its registers.
bool cpu_has(Isa isa);
// cpu_has, and not above the limit that QNNP_ISA set when the library was initialized.
bool isa_enabled(Isa isa);

// What the instructions of a kernel are ordered for: `any` leaves the order to the processor.
enum class Core : uint8_t { any, in_order };
// What this machine's cores want. Threads share an operator's plan, so there is one answer: in_order
// only where every core is. Beside larger cores, these do most of the work, which threads take in
// small pieces, each as fast as it can. QNNP_CORE ("any", "in_order") decides instead.
Core planned_core();

// Detects, and reads QNNP_ISA and QNNP_CORE. Thread safe, repeatable.
Status initialize();
void deinitialize();
bool initialized();

}  // namespace qnnp
