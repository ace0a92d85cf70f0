// A child process that is driven instruction by instruction, or from one named point to the next
// (ptrace(2)), and may be killed between any two.
//
// Thread safety: by the thread that made it: the kernel lets no other drive it.
// Invariant: the child is dead and waited for when the object has ended.
// Non-invariants: that two children take as many steps: where they wait for others, they do not.
#pragma once

#include <sys/types.h>

#include <cstddef>
#include <functional>

#include "stress/fault/breakpoints.h"

namespace weft::fault {

class SingleStep {
 public:
  // Forks a child that calls `prepare`, and will call `operation`, and stops it just before that.
  // Throws std::system_error if it cannot be forked or driven.
  SingleStep(const std::function<void()>& prepare, const std::function<void()>& operation);
  ~SingleStep();
  SingleStep(const SingleStep&) = delete;
  SingleStep& operator=(const SingleStep&) = delete;

  // One instruction; in a system call all of it. False, and nothing is left to be done, once the
  // operation has returned.
  bool step();
  // Until it has come to the points, which are its own, so many times; false if the operation has
  // returned before.
  bool run_to(Breakpoints& points, std::size_t times);
  // Until the operation has returned, undisturbed.
  void run();
  // By SIGKILL. It is dead when this returns, but not waited for: a zombie.
  void kill();
  void wait();

  pid_t pid() const { return pid_; }

 private:
  bool is_over_after(int request);

  pid_t pid_ = -1;
};

}  // namespace weft::fault
