// SPDX-License-Identifier: BSD-3-Clause
// The one allocator of the library, replaceable through qnnp_set_allocator, and the owners of what
// it gives.
#pragma once

#include <atomic>
#include <new>

#include "base/common.h"
#include "base/status.h"

namespace qnnp {

constexpr size_t kAlignment = 64;  // a cache line, and the widest vector

Status set_allocator(void* (*allocate)(void*, size_t, size_t), void (*deallocate)(void*, void*),
                     void* context);

// Memory aligned to kAlignment, or nullptr. It goes back through the allocator that gave it.
void* allocate(size_t bytes);
void deallocate(void* memory);

// Base of everything that is made with `new` here: no exception, our allocator, no C++ runtime.
struct Allocated {
  static void* operator new(size_t bytes) noexcept { return allocate(bytes); }
  static void operator delete(void* memory) { deallocate(memory); }
};

// Bytes with one owner.
class Buffer : public Allocated {
 public:
  Buffer() = default;
  Buffer(const Buffer&) = delete;
  Buffer& operator=(const Buffer&) = delete;
  ~Buffer() { deallocate(data_); }

  [[nodiscard]] Status resize(size_t bytes, const char* what) {
    deallocate(data_);
    data_ = static_cast<uint8_t*>(allocate(max<size_t>(bytes, 1)));
    size_ = data_ == nullptr ? 0 : bytes;
    return data_ == nullptr ? fail_memory(what, bytes) : qnnp_status_success;
  }
  void swap(Buffer& other) {
    uint8_t* const data = data_;
    const size_t size = size_;
    data_ = other.data_;
    size_ = other.size_;
    other.data_ = data;
    other.size_ = size;
  }
  uint8_t* data() { return data_; }
  const uint8_t* data() const { return data_; }
  size_t size() const { return size_; }

 private:
  uint8_t* data_ = nullptr;
  size_t size_ = 0;
};

// Objects with one owner.
template <class T>
class Array {
 public:
  Array() = default;
  Array(const Array&) = delete;
  Array& operator=(const Array&) = delete;
  ~Array() {
    for (size_t i = 0; i < size_; i++) data_[i].~T();
    deallocate(data_);
  }
  // Once; count * sizeof(T) can be addressed.
  [[nodiscard]] Status make(size_t count, const char* what) {
    data_ = static_cast<T*>(allocate(max<size_t>(count, 1) * sizeof(T)));
    if (data_ == nullptr) return fail_memory(what, count * sizeof(T));
    for (size_ = 0; size_ < count; size_++) new (data_ + size_) T;
    return qnnp_status_success;
  }
  T& operator[](size_t i) { return data_[i]; }
  const T& operator[](size_t i) const { return data_[i]; }
  size_t size() const { return size_; }

 private:
  T* data_ = nullptr;
  size_t size_ = 0;
};

// Base of what clones share: a plan with its packed weights.
struct Shareable : Allocated {
  mutable std::atomic<size_t> owners{0};
};

template <class T>
class Shared {
 public:
  Shared() = default;
  explicit Shared(T* object) : object_(object) { acquire(); }
  Shared(const Shared& other) : object_(other.object_) { acquire(); }
  Shared& operator=(const Shared&) = delete;
  ~Shared() {
    if (object_ != nullptr && object_->owners.fetch_sub(1, std::memory_order_acq_rel) == 1) {
      delete object_;
    }
  }
  T* operator->() const { return object_; }
  T& operator*() const { return *object_; }
  explicit operator bool() const { return object_ != nullptr; }

 private:
  void acquire() {
    if (object_ != nullptr) object_->owners.fetch_add(1, std::memory_order_relaxed);
  }
  T* object_ = nullptr;
};

}  // namespace qnnp
