// A value that this process and those that it starts share.
//
// Thread safety: that of T; T has no pointer into a process's own memory.
#pragma once

#include <sys/mman.h>

#include <cerrno>
#include <new>
#include <system_error>

namespace weft::scenarios::specimens::process {

template <class T>
class SharedBetween {
 public:
  SharedBetween() {
    void* const memory =
        ::mmap(nullptr, sizeof(T), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED) throw std::system_error(errno, std::generic_category(), "mmap");
    value_ = new (memory) T();
  }
  ~SharedBetween() { ::munmap(value_, sizeof(T)); }
  SharedBetween(const SharedBetween&) = delete;
  SharedBetween& operator=(const SharedBetween&) = delete;

  T& operator*() const { return *value_; }
  T* operator->() const { return value_; }

 private:
  T* value_;
};

}  // namespace weft::scenarios::specimens::process
