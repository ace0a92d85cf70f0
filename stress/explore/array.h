// A growing array for the runtime, on pages of its own: tested code's malloc is the runtime's to
// define, and a standard container's functions could be merged with the tested code's copies.
//
// Thread safety: none.
// Invariants:     (I1) elements are trivial: they are neither constructed nor destroyed.
//                 (I2) memory shrinks by release() alone: clear() keeps it for the next execution.
#pragma once

#include <stdint.h>

#include "stress/explore/raw.h"

namespace weft::explore {

template <class T>
class Array {
  static_assert(__is_trivially_copyable(T));

 public:
  T* begin() { return data_; }
  T* end() { return data_ + size_; }
  const T* begin() const { return data_; }
  const T* end() const { return data_ + size_; }
  uint32_t size() const { return size_; }
  bool empty() const { return size_ == 0; }
  T& operator[](uint32_t i) { return data_[i]; }
  const T& operator[](uint32_t i) const { return data_[i]; }
  T& back() { return data_[size_ - 1]; }

  void push(const T& value) {
    if (size_ == capacity_) [[unlikely]]
      grow(size_ + 1);
    data_[size_++] = value;
  }
  void pop() { --size_; }
  void clear() { size_ = 0; }
  // Gives the memory back. There is no destructor: a static array outlives those of its program.
  void release() {
    unmap();
    data_ = nullptr;
    size_ = capacity_ = 0;
  }
  // New elements are zero bytes only where memory was never used.
  void resize(uint32_t size) {
    if (size > capacity_) grow(size);
    size_ = size;
  }

 private:
  void unmap() {
    if (data_ == nullptr) return;
    raw_syscall(SYS_munmap, long(data_), long(uint64_t{capacity_} * sizeof(T)));
  }

  void grow(uint32_t least) {
    uint64_t capacity = capacity_ == 0 ? 4096 / sizeof(T) + 1 : uint64_t{capacity_} * 2;
    if (capacity < least) capacity = least;
    auto* data = reinterpret_cast<T*>(map_memory(0, capacity * sizeof(T)));
    if (data == nullptr || capacity > UINT32_MAX) raw_die("the explorer is out of memory");
    copy_bytes(data, data_, uint64_t{size_} * sizeof(T));
    unmap();
    data_ = data;
    capacity_ = static_cast<uint32_t>(capacity);
  }

  T* data_ = nullptr;
  uint32_t size_ = 0;
  uint32_t capacity_ = 0;
};

}  // namespace weft::explore
