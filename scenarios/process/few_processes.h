// FewProcesses: as long as it lives, the system has but so many processes to give: Process::start()
// after them throws StartError, EAGAIN.
//
// Thread safety: it is its thread's, which has one at a time; other threads start what they like.
#pragma once

#include <unistd.h>

#include <cerrno>

#include "primitives/process/fork.h"

namespace weft::scenarios {

class FewProcesses {
 public:
  explicit FewProcesses(int count) {
    left_ = count;
    internal::fork_function = fork_while_there_are;
  }
  ~FewProcesses() { internal::fork_function = ::fork; }
  FewProcesses(const FewProcesses&) = delete;
  FewProcesses& operator=(const FewProcesses&) = delete;

 private:
  static pid_t fork_while_there_are() {
    if (left_-- > 0) return ::fork();
    errno = EAGAIN;
    return -1;
  }

  static inline thread_local int left_ = 0;
};

}  // namespace weft::scenarios
