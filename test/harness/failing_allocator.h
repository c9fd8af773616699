// SPDX-License-Identifier: BSD-3-Clause
// An allocator of the library that fails when it is told to, and counts what is not given back.
#pragma once

#include <gtest/gtest.h>
#include <qnnpack.h>

#include <cstdlib>

namespace qnnp {
namespace test {

// Is the library's allocator while it lives; allocation number `fails_at` (from 1) and all later
// ones fail. 0: none does.
class FailingAllocator {
 public:
  explicit FailingAllocator(size_t fails_at) : fails_at_(fails_at) {
    EXPECT_EQ(qnnp_status_success, qnnp_set_allocator(allocate, deallocate, this));
  }
  FailingAllocator(const FailingAllocator&) = delete;
  FailingAllocator& operator=(const FailingAllocator&) = delete;
  ~FailingAllocator() {
    EXPECT_EQ(0u, live_) << "blocks were not given back";
    EXPECT_EQ(qnnp_status_success, qnnp_set_allocator(nullptr, nullptr, nullptr));
  }
  size_t calls() const { return calls_; }
  size_t live() const { return live_; }

 private:
  static void* allocate(void* context, size_t alignment, size_t size) {
    FailingAllocator& self = *static_cast<FailingAllocator*>(context);
    self.calls_++;
    if (self.fails_at_ != 0 && self.calls_ >= self.fails_at_) return nullptr;
    void* memory = nullptr;
    if (posix_memalign(&memory, alignment, size) != 0) return nullptr;
    self.live_++;
    return memory;
  }
  static void deallocate(void* context, void* memory) {
    static_cast<FailingAllocator*>(context)->live_--;
    free(memory);
  }
  size_t fails_at_, calls_ = 0, live_ = 0;
};

// create(&op) with every number of allocations that is not enough: out_of_memory, a NULL handle,
// nothing lost; then with enough, and the same for a clone.
template <class Create>
void expect_survives_lack_of_memory(const Create& create) {
  for (size_t fails_at = 1;; fails_at++) {
    SCOPED_TRACE("allocation " + std::to_string(fails_at) + " fails");
    ASSERT_LT(fails_at, 1000u);
    FailingAllocator allocator(fails_at);
    qnnp_operator_t op = reinterpret_cast<qnnp_operator_t>(&allocator);  // must be overwritten
    const enum qnnp_status status = create(&op);
    if (status == qnnp_status_success) {
      ASSERT_NE(nullptr, op);
      EXPECT_EQ(fails_at, allocator.calls() + 1);
      qnnp_operator_t copy = op;
      EXPECT_EQ(qnnp_status_out_of_memory, qnnp_clone_operator(op, &copy));
      EXPECT_EQ(nullptr, copy);
      EXPECT_EQ(qnnp_status_success, qnnp_delete_operator(op));
      return;
    }
    EXPECT_EQ(qnnp_status_out_of_memory, status);
    EXPECT_EQ(nullptr, op);
    EXPECT_EQ(0u, allocator.live());
  }
}

}  // namespace test
}  // namespace qnnp
