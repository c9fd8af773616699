// SPDX-License-Identifier: BSD-3-Clause
// Calls that look whether the callee kept what the calling convention says: callee-saved registers
// and the stack pointer (checked_call.S), also while timer signals arrive a thousand times a second,
// whose handler overwrites what lies below the stack pointer. for_each_kernel gives tests rows of the
// tables whose entries are called in this way; no test does anything for it.
#pragma once

#include <stdint.h>

#include <string>

namespace qnnp {
namespace test {

using PlainFunction = void (*)(const void* argument);

// Bits of the registers that the function did not keep: 0 if it kept all.
uint32_t changed_registers(PlainFunction function, const void* argument);
std::string register_names(uint32_t bits);

// Fails the test if the function did not keep all registers; the failure names running_kernel().
void checked_call(PlainFunction function, const void* argument);

// From now on. False: there is none where a sanitizer has the stack in its hands.
bool start_signal_storm();
// The number of signals so far.
const volatile uint32_t* storm_signals();

// Entries that take one reference: uint8, int8.
template <class Args>
struct CheckedEntries {
  using Entry = void (*)(const Args& args);
  static inline Entry real[2];

  template <int kWhich>
  static void call(const Args& args) {
    // A reference is passed as a pointer is. Some compilers want to know that this is meant.
    const auto any = reinterpret_cast<void (*)()>(real[kWhich]);
    checked_call(reinterpret_cast<PlainFunction>(any), &args);
  }
};

template <class Args>
void check_entries(void (*(&entry)[2])(const Args& args)) {
  using Checked = CheckedEntries<Args>;
  for (int i = 0; i < 2; i++) Checked::real[i] = entry[i];
  entry[0] = Checked::template call<0>;
  entry[1] = Checked::template call<1>;
}

// A row with checked entries, where a row has entries of that kind.
template <class Kernel>
auto checked_row(const Kernel& kernel, int) -> decltype(&kernel.entry[1], Kernel(kernel)) {
  Kernel checked = kernel;
  check_entries(checked.entry);
  return checked;
}
template <class Kernel>
const Kernel& checked_row(const Kernel& kernel, long) {
  return kernel;
}

}  // namespace test
}  // namespace qnnp
