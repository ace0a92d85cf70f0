// Thread: a thread of control with a deferred start, as Python's threading.Thread.
//
// Two ways to say what it does: pass a function and its arguments, or derive and override run().
// Arguments are decay-copied; a function whose first parameter is a std::stop_token gets this
// thread's. An exception that leaves run() goes to the exception hook, not to join().
//
// A derived class's thread must be joined before its derived part is destroyed: wrap the class in
// Joining<T>, or join in its own destructor. Forgetting it ends the program with a message.
//
// Thread safety: start() and the setters from one thread; everything else from any thread, any
// number of join() at once. The destructor joins, unless the thread is a daemon (then it runs on by
// itself and must not touch what may be gone) or was never started. Memory ordering: what the
// starter did before start() is visible in run(); what run() did is visible after join(), or after
// a join_for() that returned true, or is_alive() that returned false after start(). Invariant:
// is_alive() is false before start() is called, true when it returns, until run() ends.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <type_traits>
#include <utility>

#include "primitives/base/bind_once.h"
#include "primitives/base/deadline.h"

namespace weft {

class Thread {
 public:
  // Called in the failed thread. An exception from the hook goes to the default one, which writes a
  // line to the standard error stream.
  using ExceptionHook = std::function<void(const std::string& name, std::exception_ptr error)>;

  struct Options {
    std::string name;            // "" stands for Thread-N
    std::optional<bool> daemon;  // unset: as the thread that creates it
  };

  // For derived classes that override run().
  Thread() : Thread(Options{}) {}
  explicit Thread(Options options);
  template <class F, class... Args>
    requires(!std::is_base_of_v<Thread, std::decay_t<F>> &&
             !std::is_same_v<Options, std::decay_t<F>>)
  explicit Thread(F&& target, Args&&... args) : Thread(Options{}) {
    set_target(std::forward<F>(target), std::forward<Args>(args)...);
  }
  template <class F, class... Args>
  Thread(Options options, F&& target, Args&&... args) : Thread(std::move(options)) {
    set_target(std::forward<F>(target), std::forward<Args>(args)...);
  }
  virtual ~Thread();
  Thread(const Thread&) = delete;
  Thread& operator=(const Thread&) = delete;

  // Returns when the new thread has begun. Throws RuntimeError the second time, std::system_error
  // if the system has no thread to give; the object then stays unstarted.
  void start();

  // What the thread does. Called directly, it does it in the calling thread.
  virtual void run();

  // Waits until the thread has ended. Throws RuntimeError if it was never started, or from itself.
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
  // As join(), then throws what left run(), if anything did. The hook has seen it too.
  void join_or_rethrow();

  bool is_alive() const;

  // Names longer than 15 bytes are cut for the kernel, not here. Set them before start().
  std::string name() const;
  void set_name(std::string name);
  bool daemon() const;
  // Throws RuntimeError after start().
  void set_daemon(bool daemon);

  // Unique for the life of the process, never reused; 0 before start().
  std::uint64_t ident() const;
  // The kernel's id (gettid); 0 before start(). It may be reused after the end.
  int native_id() const;

  // Asks run() to end; it sees so through stop_token().
  bool request_stop() { return stop_.request_stop(); }
  std::stop_token stop_token() const { return stop_.get_token(); }

  // Null in a thread that no Thread started, and in a daemon, whose object may be gone.
  static Thread* current();
  // Threads started through this class that have not ended.
  static std::size_t active_count();
  // An empty hook restores the default. Returns the hook before.
  static ExceptionHook set_exception_hook(ExceptionHook hook);

 private:
  struct State;

  template <class F, class... Args>
  void set_target(F&& target, Args&&... args) {
    target_ = [token = stop_.get_token(),
               call = internal::bind_once(std::forward<F>(target), std::forward<Args>(args)...)] {
      if constexpr (std::is_invocable_v<std::decay_t<F>, std::stop_token, std::decay_t<Args>...>) {
        call(token);
      } else {
        call();
      }
    };
  }

  bool join_before(const Deadline& deadline);
  void run_and_report(const std::shared_ptr<State>& state);

  std::stop_source stop_;         // shared with the thread
  std::function<void()> target_;  // constant until run() takes it
  std::shared_ptr<State> state_;  // the pointer is constant; a daemon outlives this object by it
};

// A derived class of Thread that is joined before any part of it is destroyed.
template <class T>
class Joining final : public T {
 public:
  using T::T;
  ~Joining() override {
    if (this->is_alive() && !this->daemon()) this->join();
  }
};

}  // namespace weft
