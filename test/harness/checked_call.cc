// SPDX-License-Identifier: BSD-3-Clause
#include "harness/checked_call.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/time.h>
#include <ucontext.h>

#include "harness/kernel_matrix.h"

// The handler writes below the stack pointer of the interrupted code, where sanitizers keep watch.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool kSanitized = true;
#elif defined(__has_feature)
constexpr bool kSanitized = __has_feature(address_sanitizer) || __has_feature(thread_sanitizer);
#else
constexpr bool kSanitized = false;
#endif

#if defined(__aarch64__) || defined(__arm__) || defined(__x86_64__)
extern "C" uint32_t qnnp_test_call(void (*function)(const void*), const void* argument);
#define QNNP_TEST_CALL qnnp_test_call
#else
namespace {
uint32_t plain_call(void (*function)(const void*), const void* argument) {
  function(argument);
  return 0;
}
}  // namespace
#define QNNP_TEST_CALL plain_call
#endif

namespace qnnp {
namespace test {
namespace {

#if defined(__aarch64__)
constexpr const char* kRegisters[32] = {"x19", "x20", "x21", "x22", "x23", "x24", "x25", "x26",
                                        "x27", "x28", "d8",  "d9",  "d10", "d11", "d12", "d13",
                                        "d14", "d15", "",    "",    "",    "",    "",    "",
                                        "",    "",    "",    "",    "",    "",    "x29", "sp"};
uintptr_t stack_pointer(const ucontext_t& context) { return context.uc_mcontext.sp; }
#elif defined(__arm__)
constexpr const char* kRegisters[32] = {"r4", "r5", "r6",  "r7",  "r8",  "r9",  "r10", "",
                                        "d8", "d9", "d10", "d11", "d12", "d13", "d14", "d15",
                                        "",   "",   "",    "",    "",    "",    "",    "",
                                        "",   "",   "",    "",    "",    "",    "r11", "sp"};
uintptr_t stack_pointer(const ucontext_t& context) { return context.uc_mcontext.arm_sp; }
#elif defined(__x86_64__)
constexpr const char* kRegisters[32] = {
    "rbx", "r12", "r13", "r14", "r15", "", "", "", "", "", "", "", "", "", "",    "",
    "",    "",    "",    "",    "",    "", "", "", "", "", "", "", "", "", "rbp", "rsp"};
uintptr_t stack_pointer(const ucontext_t& context) {
  constexpr uintptr_t kRedZone = 128;
  return static_cast<uintptr_t>(context.uc_mcontext.gregs[REG_RSP]) - kRedZone;
}
#else
constexpr const char* kRegisters[32] = {};
uintptr_t stack_pointer(const ucontext_t&) { return 0; }
#endif

constexpr size_t kScribbled = 1024;
alignas(16) char handler_stack[1 << 16];
volatile uint32_t signals = 0;

// On a stack of its own, where the thread has one: else the system's own frame overwrites enough.
void on_timer(int, siginfo_t*, void* context) {
  signals = signals + 1;
  const auto here = reinterpret_cast<uintptr_t>(__builtin_frame_address(0));
  const auto own = reinterpret_cast<uintptr_t>(handler_stack);
  const uintptr_t sp = stack_pointer(*static_cast<const ucontext_t*>(context));
  if (here - own >= sizeof(handler_stack) || sp == 0) return;
  auto* bytes = reinterpret_cast<volatile uint8_t*>(sp - kScribbled);
  for (size_t i = 0; i < kScribbled; i++) bytes[i] = 0xd1;
}

}  // namespace

uint32_t changed_registers(PlainFunction function, const void* argument) {
  return QNNP_TEST_CALL(function, argument);
}

std::string register_names(uint32_t bits) {
  std::string names;
  for (int i = 0; i < 32; i++) {
    if ((bits >> i & 1) != 0) names += std::string(names.empty() ? "" : " ") + kRegisters[i];
  }
  return names;
}

void checked_call(PlainFunction function, const void* argument) {
  const uint32_t changed = changed_registers(function, argument);
  if (changed != 0) {
    ADD_FAILURE() << running_kernel() << " did not keep " << register_names(changed);
  }
}

const volatile uint32_t* storm_signals() { return &signals; }

bool start_signal_storm() {
  if (kSanitized) return false;
  static bool started = false;
  if (started) return true;
  started = true;
  const stack_t stack = {handler_stack, 0, sizeof(handler_stack)};
  sigaltstack(&stack, nullptr);
  struct sigaction action = {};
  action.sa_sigaction = on_timer;
  action.sa_flags = SA_SIGINFO | SA_RESTART | SA_ONSTACK;
  sigaction(SIGALRM, &action, nullptr);
  const itimerval every = {{0, 1000}, {0, 1000}};
  setitimer(ITIMER_REAL, &every, nullptr);
  return true;
}

}  // namespace test
}  // namespace qnnp
