// SPDX-License-Identifier: BSD-3-Clause
#include "isa/cpu.h"

#include <cpuinfo.h>

#include <atomic>
#include <cstdlib>

namespace qnnp {
namespace {

constexpr const char* kNames[] = {
#define QNNP_ISA(name, architecture, flags) #name,
#include "isa/isa.inc"
#undef QNNP_ISA
};
constexpr Isa kAll[] = {
#define QNNP_ISA(name, architecture, flags) Isa::name,
#include "isa/isa.inc"
#undef QNNP_ISA
};
constexpr const char* kChoices =
#define QNNP_ISA(name, architecture, flags) " " #name
#include "isa/isa.inc"
#undef QNNP_ISA
    ;

std::atomic<bool> ready{false};
std::atomic<uint32_t> enabled{1};  // bit i: Isa i may be used; scalar always may

constexpr uint32_t bit(Isa isa) { return 1u << static_cast<unsigned>(isa); }

}  // namespace

const char* isa_name(Isa isa) { return kNames[static_cast<size_t>(isa)]; }

Span<const Isa> all_isas() { return {kAll, sizeof(kAll) / sizeof(kAll[0])}; }

bool isa_from_name(const char* name, Isa* isa) {
  for (Isa candidate : all_isas()) {
    if (strcmp(name, isa_name(candidate)) == 0) {
      *isa = candidate;
      return true;
    }
  }
  return false;
}

bool cpu_has(Isa isa) {
  if (isa == Isa::scalar) return true;
  if (!cpuinfo_initialize()) return false;
  switch (isa) {
    case Isa::scalar:
      return true;
    case Isa::avx2:
      return cpuinfo_has_x86_avx2() && cpuinfo_has_x86_f16c();
    case Isa::avx512vnni:
      return cpuinfo_has_x86_avx512f() && cpuinfo_has_x86_avx512bw() &&
             cpuinfo_has_x86_avx512vl() && cpuinfo_has_x86_avx512dq() &&
             cpuinfo_has_x86_avx512vnni();
#if defined(__aarch64__)
    case Isa::neon:
      return true;  // part of the base architecture
    case Isa::neondot:
      return cpuinfo_has_arm_neon_dot();
#else
    case Isa::neon:
    case Isa::neondot:
      return false;
#endif
  }
  return false;
}

bool isa_enabled(Isa isa) { return (enabled.load(std::memory_order_relaxed) & bit(isa)) != 0; }

Status initialize() {
  if (!cpuinfo_initialize()) {
    return fail(qnnp_status_unsupported_hardware, "cpuinfo does not recognize this processor");
  }
  Isa limit = kAll[all_isas().size - 1];
  const char* name = getenv("QNNP_ISA");
  if (name != nullptr && name[0] != '\0') {
    if (!isa_from_name(name, &limit)) {
      return fail(qnnp_status_invalid_parameter, "QNNP_ISA is '%.40s': it must be one of%s", name,
                  kChoices);
    }
    if (!cpu_has(limit)) {
      return fail(qnnp_status_unsupported_hardware,
                  "QNNP_ISA is '%s': this processor does not have it", name);
    }
  }
  uint32_t mask = 0;
  for (Isa isa : all_isas()) {
    if (isa <= limit && cpu_has(isa)) mask |= bit(isa);
  }
  enabled.store(mask, std::memory_order_relaxed);
  ready.store(true, std::memory_order_release);
  return qnnp_status_success;
}

void deinitialize() { ready.store(false, std::memory_order_release); }

bool initialized() { return ready.load(std::memory_order_acquire); }

}  // namespace qnnp
