// SPDX-License-Identifier: BSD-3-Clause
#include "isa/cpu.h"

#include <cpuinfo.h>
#if defined(__x86_64__) || defined(__i386__)
#include <cpuid.h>
#elif defined(__aarch64__) && defined(__linux__)
#include <sys/auxv.h>
#elif defined(__aarch64__) && defined(__APPLE__)
#include <sys/sysctl.h>
#endif

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

std::atomic<Core> core{Core::any};

constexpr uint32_t bit(Isa isa) { return 1u << static_cast<unsigned>(isa); }

// Not every cpuinfo knows it. AVX2's registers, which the system must save, are asked for elsewhere.
bool has_avxvnni() {
#if defined(__x86_64__) || defined(__i386__)
  unsigned eax = 0, ebx = 0, ecx = 0, edx = 0;
  return __get_cpuid_count(7, 1, &eax, &ebx, &ecx, &edx) != 0 && (eax & 1u << 4) != 0;
#else
  return false;
#endif
}

#if defined(__aarch64__)
// Not every cpuinfo knows it.
bool has_i8mm() {
#if defined(__linux__)
  constexpr unsigned long kHwcap2 = 26, kI8mm = 1ul << 13;  // AT_HWCAP2, HWCAP2_I8MM
  return (getauxval(kHwcap2) & kI8mm) != 0;
#elif defined(__APPLE__)
  int has = 0;
  size_t size = sizeof(has);
  return sysctlbyname("hw.optional.arm.FEAT_I8MM", &has, &size, nullptr, 0) == 0 && has != 0;
#else
  return false;
#endif
}
#endif

// Arm's cores that execute instructions in the order of the program.
bool executes_in_order(enum cpuinfo_uarch uarch) {
  switch (uarch) {
    case cpuinfo_uarch_cortex_a5:
    case cpuinfo_uarch_cortex_a7:
    case cpuinfo_uarch_cortex_a8:
    case cpuinfo_uarch_cortex_a32:
    case cpuinfo_uarch_cortex_a35:
    case cpuinfo_uarch_cortex_a53:
    case cpuinfo_uarch_cortex_a55r0:
    case cpuinfo_uarch_cortex_a55:
      return true;
    default:
      return false;
  }
}

Core detect_core() {
  const uint32_t cores = cpuinfo_get_cores_count();
  for (uint32_t i = 0; i < cores; i++) {
    if (!executes_in_order(cpuinfo_get_core(i)->uarch)) return Core::any;
  }
  return cores == 0 ? Core::any : Core::in_order;  // 0: cpuinfo could not tell
}

// False: QNNP_CORE is no core.
bool choose_core() {
  const char* name = getenv("QNNP_CORE");
  Core chosen = Core::any;
  if (name == nullptr || name[0] == '\0') {
    chosen = detect_core();
  } else if (strcmp(name, "in_order") == 0) {
    chosen = Core::in_order;
  } else if (strcmp(name, "any") != 0) {
    return false;
  }
  core.store(chosen, std::memory_order_relaxed);
  return true;
}

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
    case Isa::sse41:
      return cpuinfo_has_x86_sse4_1();
    case Isa::avx2:
      return cpuinfo_has_x86_avx2() && cpuinfo_has_x86_f16c();
    case Isa::avxvnni:
      return cpu_has(Isa::avx2) && has_avxvnni();
    case Isa::avx512bw:
      return cpu_has(Isa::avx2) && cpuinfo_has_x86_avx512f() && cpuinfo_has_x86_avx512bw() &&
             cpuinfo_has_x86_avx512vl() && cpuinfo_has_x86_avx512dq();
    case Isa::vnni256:
    case Isa::avx512vnni:
      return cpu_has(Isa::avx512bw) && cpuinfo_has_x86_avx512vnni();
    case Isa::avx512vbmi:
      return cpu_has(Isa::avx512vnni) && cpuinfo_has_x86_avx512vbmi();
#if defined(__aarch64__)
    case Isa::neon:
      return true;  // part of the base architecture
    case Isa::neondot:
      return cpuinfo_has_arm_neon_dot();
    case Isa::neoni8mm:
      return cpu_has(Isa::neondot) && has_i8mm();
#elif defined(__arm__)
    case Isa::neon:
      return cpuinfo_has_arm_neon();
    case Isa::neondot:
    case Isa::neoni8mm:
      return false;
#else
    case Isa::neon:
    case Isa::neondot:
    case Isa::neoni8mm:
      return false;
#endif
  }
  return false;
}

bool isa_enabled(Isa isa) { return (enabled.load(std::memory_order_relaxed) & bit(isa)) != 0; }

Core planned_core() { return core.load(std::memory_order_relaxed); }

Status initialize() {
  if (!cpuinfo_initialize()) {
    return fail(qnnp_status_unsupported_hardware, "cpuinfo does not recognize this processor");
  }
#if defined(__arm__)
  // Scalar code would run, too slowly to be of use.
  if (!cpu_has(Isa::neon)) {
    return fail(qnnp_status_unsupported_hardware, "this 32-bit Arm processor has no NEON");
  }
#endif
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
  if (!choose_core()) {
    return fail(qnnp_status_invalid_parameter, "QNNP_CORE is '%.40s': it must be any or in_order",
                getenv("QNNP_CORE"));
  }
  enabled.store(mask, std::memory_order_relaxed);
  ready.store(true, std::memory_order_release);
  return qnnp_status_success;
}

void deinitialize() { ready.store(false, std::memory_order_release); }

bool initialized() { return ready.load(std::memory_order_acquire); }

}  // namespace qnnp
