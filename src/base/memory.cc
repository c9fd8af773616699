// SPDX-License-Identifier: BSD-3-Clause
#include "base/memory.h"

#include <cstdlib>

namespace qnnp {
namespace {

struct Allocator {
  void* (*allocate)(void* context, size_t alignment, size_t size);
  void (*deallocate)(void* context, void* memory);
  void* context;
};

void* default_allocate(void*, size_t alignment, size_t size) {
  void* memory = nullptr;
  return posix_memalign(&memory, alignment, size) == 0 ? memory : nullptr;
}
void default_deallocate(void*, void* memory) { free(memory); }

constexpr Allocator kDefault = {default_allocate, default_deallocate, nullptr};
Allocator current = kDefault;

// In front of every block, so that it finds its way back after the allocator was replaced.
struct alignas(kAlignment) Header {
  Allocator owner;
};

}  // namespace

Status set_allocator(void* (*allocate)(void*, size_t, size_t), void (*deallocate)(void*, void*),
                     void* context) {
  if ((allocate == nullptr) != (deallocate == nullptr)) {
    return fail(qnnp_status_invalid_parameter, "%s is NULL: give both functions or neither",
                allocate == nullptr ? "allocate" : "deallocate");
  }
  current = allocate == nullptr ? kDefault : Allocator{allocate, deallocate, context};
  return qnnp_status_success;
}

void* allocate(size_t bytes) {
  if (bytes > SIZE_MAX - sizeof(Header)) return nullptr;
  void* memory = current.allocate(current.context, kAlignment, sizeof(Header) + bytes);
  if (memory == nullptr) return nullptr;
  Header* header = new (memory) Header{current};
  return header + 1;
}

void deallocate(void* memory) {
  if (memory == nullptr) return;
  Header* header = static_cast<Header*>(memory) - 1;
  const Allocator owner = header->owner;
  owner.deallocate(owner.context, header);
}

}  // namespace qnnp
