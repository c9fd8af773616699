// SPDX-License-Identifier: BSD-3-Clause
// Size arithmetic that notices overflow: a value that is sticky once it is wrong.
#pragma once

#include <limits>

#include "base/common.h"

namespace qnnp {

class CheckedSize {
 public:
  CheckedSize(uint64_t value) : value_(static_cast<size_t>(value)), valid_(value <= kLargest) {}

  CheckedSize operator*(CheckedSize other) const {
    CheckedSize result = *this;
    result.valid_ = valid_ && other.valid_ &&
                    !__builtin_mul_overflow(value_, other.value_, &result.value_) &&
                    result.value_ <= kLargest;
    return result;
  }
  CheckedSize operator+(CheckedSize other) const {
    CheckedSize result = *this;
    result.valid_ = valid_ && other.valid_ &&
                    !__builtin_add_overflow(value_, other.value_, &result.value_) &&
                    result.value_ <= kLargest;
    return result;
  }
  // Rounded up to a multiple of `unit`.
  CheckedSize rounded_up(size_t unit) const {
    const size_t rest = value_ % unit;
    return rest == 0 ? *this : *this + CheckedSize(unit - rest);
  }

  bool valid() const { return valid_; }
  size_t value() const { return value_; }

 private:
  // Offsets are signed in the kernels: nothing may be larger than half the address space.
  static constexpr size_t kLargest = std::numeric_limits<size_t>::max() / 2;
  size_t value_;
  bool valid_;
};

}  // namespace qnnp
