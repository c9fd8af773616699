// SPDX-License-Identifier: BSD-3-Clause
// Memory between two inaccessible pages: a kernel that touches a byte before or after its tensor
// dies, or, where the page grid leaves slack on the other side, disturbs canary bytes.
#pragma once

#include <gtest/gtest.h>
#include <stdint.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cstdlib>
#include <cstring>
#include <utility>
#include <vector>

namespace qnnp {
namespace test {

// Which end of the data touches the inaccessible page.
enum class Flush { left, right };
constexpr Flush kFlushes[] = {Flush::left, Flush::right};

constexpr uint8_t kCanary = 0xC5;

// `size` elements, filled with canaries. Flush::right keeps the alignment of T only when the size
// of the data does. The slack is verified when the buffer dies, or earlier by intact().
template <class T>
class GuardedBuffer {
 public:
  GuardedBuffer(size_t size, Flush flush) : size_(size) {
    const size_t page = static_cast<size_t>(sysconf(_SC_PAGESIZE));
    const size_t bytes = size * sizeof(T);
    inner_bytes_ = (bytes + page - 1) / page * page;
    if (inner_bytes_ == 0) inner_bytes_ = page;
    mapped_bytes_ = inner_bytes_ + 2 * page;
    void* base = mmap(nullptr, mapped_bytes_, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (base == MAP_FAILED) abort();
    base_ = static_cast<uint8_t*>(base);
    inner_ = base_ + page;
    if (mprotect(inner_, inner_bytes_, PROT_READ | PROT_WRITE) != 0) abort();
    memset(inner_, kCanary, inner_bytes_);
    data_ = flush == Flush::left ? inner_ : inner_ + inner_bytes_ - bytes;
  }
  GuardedBuffer(const GuardedBuffer&) = delete;
  GuardedBuffer& operator=(const GuardedBuffer&) = delete;
  GuardedBuffer(GuardedBuffer&& other) noexcept { *this = std::move(other); }
  GuardedBuffer& operator=(GuardedBuffer&& other) noexcept {
    std::swap(base_, other.base_);
    std::swap(inner_, other.inner_);
    std::swap(data_, other.data_);
    std::swap(size_, other.size_);
    std::swap(inner_bytes_, other.inner_bytes_);
    std::swap(mapped_bytes_, other.mapped_bytes_);
    return *this;
  }
  ~GuardedBuffer() {
    if (base_ == nullptr) return;
    EXPECT_TRUE(intact()) << "bytes beside a buffer of " << size_ << " elements were written";
    munmap(base_, mapped_bytes_);
  }

  T* data() { return reinterpret_cast<T*>(data_); }
  const T* data() const { return reinterpret_cast<const T*>(data_); }
  size_t size() const { return size_; }
  T* begin() { return data(); }
  T* end() { return data() + size_; }
  const T* begin() const { return data(); }
  const T* end() const { return data() + size_; }
  T& operator[](size_t i) { return data()[i]; }
  const T& operator[](size_t i) const { return data()[i]; }

  bool intact() const {
    const uint8_t* after = data_ + size_ * sizeof(T);
    return all_canaries(inner_, data_) && all_canaries(after, inner_ + inner_bytes_);
  }

 private:
  static bool all_canaries(const uint8_t* begin, const uint8_t* end) {
    for (; begin != end; begin++) {
      if (*begin != kCanary) return false;
    }
    return true;
  }

  uint8_t* base_ = nullptr;   // start of the mapping: an inaccessible page
  uint8_t* inner_ = nullptr;  // the accessible pages
  uint8_t* data_ = nullptr;
  size_t size_ = 0, inner_bytes_ = 0, mapped_bytes_ = 0;
};

// `rows` rows (pixels) of n elements, `stride` elements apart. The last row ends the memory: a
// row's gap is not part of the tensor. Gaps hold canaries.
template <class T>
class GuardedRowsOf {
 public:
  GuardedRowsOf(size_t rows, size_t n, size_t stride, Flush flush)
      : rows_(rows),
        n_(n),
        stride_(stride),
        buffer_(rows == 0 ? 0 : (rows - 1) * stride + n, flush) {}

  T* data() { return buffer_.data(); }
  const T* data() const { return buffer_.data(); }
  size_t rows() const { return rows_; }
  size_t n() const { return n_; }
  size_t stride() const { return stride_; }
  T& at(size_t row, size_t i) { return buffer_[row * stride_ + i]; }
  T at(size_t row, size_t i) const { return buffer_[row * stride_ + i]; }

  // value() for every element of every row; gaps stay canaries.
  template <class Value>
  void fill(Value value) {
    for (size_t row = 0; row < rows_; row++) {
      for (size_t i = 0; i < n_; i++) at(row, i) = value();
    }
  }

  // The elements of all rows, without gaps.
  std::vector<T> dense() const {
    std::vector<T> elements;
    for (size_t row = 0; row < rows_; row++) {
      for (size_t i = 0; i < n_; i++) elements.push_back(at(row, i));
    }
    return elements;
  }
  // The opposite of dense().
  void assign(const std::vector<T>& elements) {
    for (size_t row = 0; row < rows_; row++) {
      for (size_t i = 0; i < n_; i++) at(row, i) = elements[row * n_ + i];
    }
  }

  // Neither the gaps between rows nor the memory around them was written.
  bool intact() const {
    T canary;
    memset(&canary, kCanary, sizeof(T));
    for (size_t row = 0; row + 1 < rows_; row++) {
      for (size_t i = n_; i < stride_; i++) {
        if (memcmp(&buffer_[row * stride_ + i], &canary, sizeof(T)) != 0) return false;
      }
    }
    return buffer_.intact();
  }

 private:
  size_t rows_, n_, stride_;
  GuardedBuffer<T> buffer_;
};
using GuardedRows = GuardedRowsOf<uint8_t>;

}  // namespace test
}  // namespace qnnp
