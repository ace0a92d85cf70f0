// Kills a process that serves others after so many steps of its threads: system calls, single
// instructions, or arrivals at named points (breakpoints.h). For processes that are no children of
// the test, or have several threads (ptrace(2)); kill_after_every_step.h is for a child with one
// operation.
//
//   KillWhileBusy killer(server.pid(), KillWhileBusy::Step::kSystemCalls, 7);  // holds all threads
//   client.call();              // meanwhile the server goes on, and is killed at its seventh step
//   killer.kill_now_and_wait();  // true if it was killed at that step
//
// Or has one of its system calls fail, or both: it is killed so many steps after the failure.
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
#include <string>
#include <vector>

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
    kPoints,
  };
  struct Faults {
    Step step = Step::kSystemCalls;
    // 0: it is not killed. Else the step at which it is, counted from the failure, if there is one.
    std::size_t steps = 0;
    // Of its calls that can fail, the one that does; in each of them there are several threads'
    // own.
    std::optional<std::size_t> failing_call = {};
    std::size_t error = 0;  // which of that call's
    // If not empty, only calls of this name fail and count for that: "poll".
    std::string failing_name = {};
    // So do not its first thread's calls.
    bool spares_first_thread = false;
    // Of kPoints: functions, each entry of which is a step. The process must not fork.
    std::vector<std::string> points = {};
  };
  // Returns when the process is held, at no step yet; it goes on by itself. Throws
  // std::system_error if it may not be driven.
  KillWhileBusy(pid_t pid, Step step, std::size_t steps)
      : KillWhileBusy(pid, Faults{.step = step, .steps = steps}) {}
  KillWhileBusy(pid_t pid, const Faults& faults);
  ~KillWhileBusy();
  KillWhileBusy(const KillWhileBusy&) = delete;
  KillWhileBusy& operator=(const KillWhileBusy&) = delete;

  // Whatever it has come to. True if it had made all its steps before.
  bool kill_now_and_wait();

  // Of the call that has failed so far: its name and its error; empty if none has.
  std::string failure() const;
  // How many errors that call can have.
  std::size_t errors() const { return state_->errors; }

 private:
  struct State {
    std::atomic<int> error{0};
    std::atomic<bool> is_held{false};
    std::atomic<bool> was_reached{false};
    std::atomic<long> failed_call{-1};
    std::atomic<int> failed_with{0};
    std::atomic<std::size_t> errors{0};
  };
  class Driver;

  int pidfd_ = -1;
  const weft::internal::SharedObject<State> state_ = weft::internal::SharedObject<State>::make();
  std::optional<testing_ipc::Child> driver_;
};

}  // namespace weft::fault
