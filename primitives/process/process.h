// Process: a copy of this process that runs a function, as Python's multiprocessing.Process by
// fork. It has the shape of weft::Thread: pass a function and its arguments, or derive and override
// run().
//
// The child sees all of the parent's memory as it was at start(); what it changes there is its own,
// and what its function returns is lost. What both shall see has to be shared (primitives/ipc), or
// sent (primitives/message). Of several threads the child has the one that called start(): what
// another held, a lock of the program's, stays held in the child for ever.
//
// The child ends when its function returns, or by exit(). It ends its own daemons, waits for its
// other children, writes out stdout, stderr and std::cout, and is gone: no destructor of the
// parent's frames, arguments or statics runs in it, and no handler that the parent registered by
// atexit(); but exit() destroys the thread_local objects of the thread that calls it, as it always
// does. An exception that leaves the function becomes a line on stderr and the exit code 1.
//
// When the parent ends by exit() or a return from main(), its daemons get SIGTERM, and SIGKILL a
// second later; then it waits for the others. However the parent ends, the kernel kills its daemons
// with it (life_line.h), unless they have closed all their descriptors; the others live on.
//
// Thread safety: start() and the setters from one thread; everything else from any thread. The
// destructor waits for the end, unless the process is a daemon, which then runs on by itself, or
// was never started.
// Memory ordering: what the starter did before start() is in the child's memory. What the child did
// to shared memory is visible after join(), after a join_for() that returned true, after
// is_alive() that returned false and after exitcode() that returned a value.
// Invariants:     (I1) is_alive() is false before start(), true when it returns, and once it is
//                      false again stays so, whoever asks.
//                 (I2) No signal goes to a process that got this one's number later.
//                 (I3) A start() that failed has run nothing of the function and leaves no process
//                      and no descriptor.
// Non-invariants: that a process which ended as a daemon whose object is gone is waited for at
//                 once: the next start() or active_children() does it.
#pragma once

#include <signal.h>
#include <sys/types.h>

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "primitives/base/bind_once.h"
#include "primitives/base/deadline.h"
#include "primitives/process/subprocess_errors.h"

namespace weft::internal {
struct ChildState;
}

namespace weft::ipc {

class Process {
 public:
  struct Options {
    std::string name = {};            // "" stands for Process-N
    std::optional<bool> daemon = {};  // unset: as the process that creates it
  };

  // For derived classes that override run().
  Process() : Process(Options{}) {}
  explicit Process(Options options);
  template <class F, class... Args>
    requires(!std::is_base_of_v<Process, std::decay_t<F>> &&
             !std::is_same_v<Options, std::decay_t<F>>)
  explicit Process(F&& target, Args&&... args) : Process(Options{}) {
    set_target(std::forward<F>(target), std::forward<Args>(args)...);
  }
  template <class F, class... Args>
  Process(Options options, F&& target, Args&&... args) : Process(std::move(options)) {
    set_target(std::forward<F>(target), std::forward<Args>(args)...);
  }
  virtual ~Process();
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;

  // Throws RuntimeError the second time, in another process than the one that made the object, and
  // in a daemon for what is none: it would outlive it. Throws StartError if the system has no
  // process or no descriptor to give; the object then stays unstarted. Writes out the standard
  // streams before, so that nothing in them comes out twice.
  void start();

  // What the process does. Called directly, it does it in the calling process.
  virtual void run();

  // Waits until the process has ended. Throws RuntimeError if it was never started, and in another
  // process than the one that made the object, as all that follow do.
  void join();
  // True if it has ended in time.
  template <class Rep, class Period>
  bool join_for(const std::chrono::duration<Rep, Period>& timeout) {
    return join_before(Deadline::after(timeout));
  }
  template <class Clock, class Duration>
  bool join_until(const std::chrono::time_point<Clock, Duration>& when) {
    return Deadline::retry_until(when, [this](const Deadline& d) { return join_before(d); });
  }

  // In the process itself: true.
  bool is_alive() const;
  // How it ended: its exit code, or -N if signal N ended it. Nothing before the end. Where the
  // program ignores SIGCHLD, or waits for any child, the exit code is known all the same, but not
  // the signal: then RuntimeError.
  std::optional<int> exitcode() const;
  // A descriptor that can be read when the process has ended, for wait() (wait.h) and poll(). It
  // is this object's.
  int sentinel() const;

  // Nothing happens if it has ended.
  void send_signal(int signal);
  void terminate() { send_signal(SIGTERM); }
  void kill() { send_signal(SIGKILL); }
  void interrupt() { send_signal(SIGINT); }

  // Gives back the descriptor. Throws ValueError while the process runs; afterwards all else does,
  // but the name, the destructor and close() itself.
  void close();

  // 0 before start().
  pid_t pid() const;
  std::string name() const;
  void set_name(std::string name);
  bool daemon() const;
  // Throws RuntimeError after start().
  void set_daemon(bool daemon);

  // In a child, the object that it runs; null in a process that no Process started.
  static Process* current();

 private:
  template <class F, class... Args>
  void set_target(F&& target, Args&&... args) {
    target_ = weft::internal::bind_once(std::forward<F>(target), std::forward<Args>(args)...);
  }

  bool join_before(const Deadline& deadline);
  [[noreturn]] void run_in_child() noexcept;

  std::function<void()> target_;  // constant until run() takes it
  // The pointer is constant. Shared with the table of children, which a daemon's object leaves
  // behind.
  const std::shared_ptr<weft::internal::ChildState> state_;
};

struct ActiveChild {
  std::string name;
  pid_t pid;
};
// The processes that this one has started and that have not ended. Waits for those that have, so
// that no zombie is left.
std::vector<ActiveChild> active_children();

}  // namespace weft::ipc
