// Popen: another program that runs, in the vocabulary of Python's subprocess. For the usual case,
// start and wait for the end, see run.h.
//
//   Popen sort({"sort"}, {.in = Redirect::pipe(), .out = Redirect::pipe()});
//   const auto [out, err] = sort.communicate("b\na\n");
//
// Thread safety: poll(), the waits and the signals from any thread; communicate() and the ends of
// the pipes from one at a time.
// Invariants:     (I1) The program is waited for exactly once; no zombie is left, and no signal
//                      goes to a process that got its number later.
//                 (I2) A start that failed leaves no process and no descriptor.
// Non-invariants: that the end of the program is the end of its outputs: a process that it started
//                 may hold them open.
#pragma once

#include <signal.h>
#include <sys/types.h>

#include <chrono>
#include <optional>
#include <string>
#include <utility>

#include "primitives/base/deadline.h"
#include "primitives/process/exchange.h"
#include "primitives/process/spawn.h"
#include "primitives/process/subprocess_errors.h"
#include "primitives/threading/lock.h"

namespace weft {

class Popen {
 public:
  // The program and its arguments; never a shell, unless it is named. Throws StartError,
  // ValueError.
  explicit Popen(Arguments args, const StartOptions& options = {});
  // Closes the pipes and waits for the program, however long it runs: end it before, if need be.
  ~Popen();
  Popen(const Popen&) = delete;
  Popen& operator=(const Popen&) = delete;

  const Arguments& args() const { return args_; }
  pid_t pid() const { return pid_; }

  // How it ended: its exit code, or -N if signal N ended it. Nothing while it runs. If the caller
  // ignores SIGCHLD the kernel tells nobody, and it counts as 0.
  std::optional<int> poll();
  int wait();
  // Throws TimeoutExpired.
  template <class Rep, class Period>
  int wait_for(const std::chrono::duration<Rep, Period>& timeout) {
    return in_time(Deadline::after(timeout));
  }

  struct Outputs {
    std::optional<std::string> out, err;  // nothing where there is no pipe
  };
  // Sends the input and closes it, reads all outputs, and waits for the end. Throws ValueError if
  // there is input and no pipe for it.
  Outputs communicate(std::string input = {});
  // Throws TimeoutExpired with what there is. May then be called again, without input, and loses
  // nothing.
  template <class Rep, class Period>
  Outputs communicate_for(const std::chrono::duration<Rep, Period>& timeout,
                          std::string input = {}) {
    return communicate_until(Deadline::after(timeout), std::move(input));
  }
  Outputs communicate_until(const Deadline& deadline, std::string input = {});
  // More bytes of an output make communicate() throw OutputTooLong; the program still runs.
  void limit_output(std::size_t bytes) { exchange_.limit_output(bytes); }
  // communicate() gives text: UTF-8, whose "\r\n" and '\r' have become '\n'; it throws
  // OutputNotText if an output is not UTF-8. The input is sent as it is, and the outputs that come
  // with any exception, or from read_so_far(), are bytes as ever.
  void read_text() { is_text_ = true; }
  // What the outputs hold now, without waiting, after what was read before.
  Outputs read_so_far();

  // Nothing happens if it has ended.
  void send_signal(int signal);
  void terminate() { send_signal(SIGTERM); }
  void kill() { send_signal(SIGKILL); }
  // With StartOptions::new_group: also what the program started, as long as the program has not
  // been waited for. Else ValueError.
  void kill_group();

  // The caller's ends of the pipes, which do not block; -1 where there is none.
  int in() { return exchange_.in_end().get(); }
  int out() { return exchange_.out_end().get(); }
  int err() { return exchange_.err_end().get(); }
  void close_in() { exchange_.in_end().reset(); }

 private:
  Popen(Arguments args, bool has_group, internal::Spawned spawned);
  int in_time(const Deadline& deadline);
  void require_text(OutputNotText::Stream stream, const std::optional<std::string>& output) const;
  // Nothing if it still runs at the deadline.
  std::optional<int> wait_until(const Deadline& deadline);
  std::optional<int> reap();

  const Arguments args_;
  const bool has_group_;
  pid_t pid_;
  internal::Descriptor pidfd_;
  internal::Exchange exchange_;
  bool has_input_ = false;  // communicate() was given it
  bool is_text_ = false;

  Lock lock_;
  std::optional<int> returncode_;  // guarded by lock_
};

}  // namespace weft
