// Kills a process that serves others after so many steps of its threads: system calls, or single
// instructions. For processes that are no children of the test, or have several threads
// (ptrace(2)); kill_after_every_step.h is for a child with one operation.
//
//   KillWhileBusy killer(server.pid(), KillWhileBusy::Step::kSystemCalls, 7);  // holds all threads
//   client.call();              // meanwhile the server goes on, and is killed at its seventh step
//   killer.kill_now_and_wait();  // true if it was killed at that step
//
// Thread safety:  one thread. A process of its own drives the other: its parent must not, because
//                 what a tracer waits for its threads would see, too.
// Invariants:     the process is dead when kill_now_and_wait() returns, or the destructor. Its
//                 parent may have to wait for it still.
// Non-invariants: that each run makes the same steps: threads of a server share them as it comes,
//                 and one that was asleep in a system call makes it again.
#pragma once

#include <sys/types.h>

#include <atomic>
#include <cstddef>
#include <optional>

#include "primitives/ipc/shared_object.h"
#include "stress/ipc/child.h"

namespace weft::fault {

// Called in a process: any other of the same user may drive it, where the kernel asks for that.
void allow_to_be_driven();

class KillWhileBusy {
 public:
  enum class Step {
    kSystemCalls,  // the entry of one, and its exit
    kInstructions,
  };
  // Returns when the process is held, at no step yet; it goes on by itself. Throws
  // std::system_error if it may not be driven.
  KillWhileBusy(pid_t pid, Step step, std::size_t steps);
  ~KillWhileBusy();
  KillWhileBusy(const KillWhileBusy&) = delete;
  KillWhileBusy& operator=(const KillWhileBusy&) = delete;

  // Whatever it has come to. True if it had made all its steps before.
  bool kill_now_and_wait();

 private:
  struct State {
    std::atomic<int> error{0};
    std::atomic<bool> is_held{false};
    std::atomic<bool> was_reached{false};
  };
  class Driver;

  int pidfd_ = -1;
  const weft::internal::SharedObject<State> state_ = weft::internal::SharedObject<State>::make();
  std::optional<testing_ipc::Child> driver_;
};

}  // namespace weft::fault
