// Child processes that search: how they begin, and how what they come to gets to their parent.
//
// Thread safety: by the search that makes them.
// Invariants:     (I1) a child does not outlive the thread that made it, whatever ends that.
//                 (I2) what a search throws in a child is thrown in the parent; it is no finding.
#pragma once

#include <sys/mman.h>
#include <sys/types.h>

#include <functional>
#include <new>
#include <optional>
#include <string>
#include <string_view>

#include "stress/run/report.h"

namespace weft::internal {

// Throws std::runtime_error: no child can be made, because this call has failed as errno says.
[[noreturn]] void refuse_child(const char* call);

class Pipe {
 public:
  enum End : unsigned { kReader, kWriter };

  Pipe();  // throws std::runtime_error
  ~Pipe();
  Pipe(const Pipe&) = delete;
  Pipe& operator=(const Pipe&) = delete;

  int reader() const { return ends_[kReader]; }
  int writer() const { return ends_[kWriter]; }
  // By the process that does not use it.
  void close_end(End end);
  // Appends what can be read without waiting.
  void drain(std::string& bytes);

 private:
  int ends_[2] = {-1, -1};
};

// A T that parent and children have in common, and that outlives a child. Its pages cost nothing
// until they are touched; T's destructor is not called.
template <class T>
class SharedMemory {
 public:
  // Throws std::runtime_error.
  SharedMemory() {
    void* const memory = mmap(nullptr, sizeof(T), PROT_READ | PROT_WRITE,
                              MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (memory == MAP_FAILED) refuse_child("mmap");
    value_ = new (memory) T;
  }
  ~SharedMemory() { munmap(value_, sizeof(T)); }
  SharedMemory(const SharedMemory&) = delete;
  SharedMemory& operator=(const SharedMemory&) = delete;

  T& operator*() const { return *value_; }
  T* operator->() const { return value_; }

 private:
  T* value_;
};

// fork(): 0 in the child. Throws std::runtime_error.
pid_t fork_child();

// What a search in a child comes to, for a pipe: its report, or the exception that it threw.
std::string outcome_of(const std::function<Report()>& search);
// The report; throws the exception: an OptionError or a CheckpointError as such, any other as a
// std::runtime_error. Nothing if `bytes` is not what outcome_of() made.
std::optional<Report> outcome_from(std::string_view bytes);

}  // namespace weft::internal
