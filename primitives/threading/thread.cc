#include "primitives/threading/thread.h"

#include <pthread.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <mutex>
#include <thread>
#include <typeinfo>

#include "primitives/base/errors.h"
#include "primitives/base/mutex.h"
#include "primitives/base/thread_serial.h"
#include "primitives/threading/event.h"

namespace weft {

using internal::MutexLock;

// Shared by the object and the thread, so that either may end first.
struct Thread::State {
  internal::Mutex mutex;
  std::string name WEFT_GUARDED_BY(mutex);
  bool daemon WEFT_GUARDED_BY(mutex) = false;
  bool started WEFT_GUARDED_BY(mutex) = false;
  bool derived WEFT_GUARDED_BY(mutex) = false;  // run() may be a derived class's
  std::uint64_t ident WEFT_GUARDED_BY(mutex) = 0;
  int native_id WEFT_GUARDED_BY(mutex) = 0;
  std::exception_ptr error WEFT_GUARDED_BY(mutex);
  Event begun;
  Event ended;
  // Joining the system's thread waits for its thread_local destructors too. Once, by whom it may.
  internal::Mutex join_mutex;
  std::thread system_thread WEFT_GUARDED_BY(join_mutex);
};

namespace {

thread_local Thread* current_thread = nullptr;
thread_local bool current_is_daemon = false;

// relaxed throughout: two counters that order nothing.
std::atomic<std::uint64_t> names_given{0};
std::atomic<std::size_t> threads_alive{0};

struct Hook {
  internal::Mutex mutex;
  Thread::ExceptionHook hook WEFT_GUARDED_BY(mutex);
};

// Never destroyed: daemons may fail while the program's statics are being destroyed.
Hook& the_hook() {
  static Hook* const hook = new Hook;
  return *hook;
}

void report_by_default(const std::string& name, const std::exception_ptr& error) {
  try {
    std::rethrow_exception(error);
  } catch (const std::exception& e) {
    std::fprintf(stderr, "Exception in thread %s: %s\n", name.c_str(), e.what());
  } catch (...) {
    std::fprintf(stderr, "Exception in thread %s: not a std::exception\n", name.c_str());
  }
}

void report(const std::string& name, const std::exception_ptr& error) {
  Thread::ExceptionHook hook;
  {
    MutexLock hold(the_hook().mutex);
    hook = the_hook().hook;
  }
  if (!hook) return report_by_default(name, error);
  try {
    hook(name, error);
  } catch (...) {
    report_by_default(name, error);
    report_by_default(name + " (exception hook)", std::current_exception());
  }
}

}  // namespace

Thread::Thread(Options options) : state_(std::make_shared<State>()) {
  if (options.name.empty()) {
    options.name =
        "Thread-" + std::to_string(names_given.fetch_add(1, std::memory_order_relaxed) + 1);
  }
  MutexLock hold(state_->mutex);
  state_->name = std::move(options.name);
  state_->daemon = options.daemon.value_or(current_is_daemon);
}

Thread::~Thread() {
  bool started = false;
  bool daemon = false;
  bool derived = false;
  {
    MutexLock hold(state_->mutex);
    started = state_->started;
    daemon = state_->daemon;
    derived = state_->derived;
  }
  if (!started) return;
  if (derived && is_alive()) {
    std::fprintf(stderr,
                 "weft: the thread \"%s\" still runs while its object is destroyed: join() in the "
                 "derived class's destructor, or use weft::Joining<T>\n",
                 name().c_str());
    std::abort();
  }
  if (!daemon && current() != this) join();  // else the thread ends its own object, or outlives it
  MutexLock hold(state_->join_mutex);
  if (state_->system_thread.joinable()) state_->system_thread.detach();
}

void Thread::start() {
  const std::shared_ptr<State> state = state_;
  {
    MutexLock hold(state->mutex);
    if (state->started) throw RuntimeError("Thread::start: a thread can be started only once");
    state->started = true;
    state->derived = typeid(*this) != typeid(Thread);
  }
  try {
    MutexLock hold(state->join_mutex);
    state->system_thread = std::thread([this, state] { run_and_report(state); });
  } catch (...) {
    MutexLock hold(state->mutex);
    state->started = false;
    throw;
  }
  state->begun.wait();
}

void Thread::run() {
  const std::function<void()> target = std::exchange(target_, nullptr);
  if (target) target();
}

// Runs in the new thread. A daemon's object may be gone as soon as the target has been taken out of
// it, so only `state` is used after run() has begun.
void Thread::run_and_report(const std::shared_ptr<State>& state) {
  std::string name;
  bool daemon = false;
  bool derived = false;
  {
    MutexLock hold(state->mutex);
    state->ident = internal::this_thread_serial();
    state->native_id = static_cast<int>(syscall(SYS_gettid));
    name = state->name;
    derived = state->derived;
    daemon = current_is_daemon = state->daemon;
  }
  constexpr std::size_t kKernelNameBytes = 15;
  pthread_setname_np(pthread_self(), name.substr(0, kKernelNameBytes).c_str());
  current_thread = daemon ? nullptr : this;
  threads_alive.fetch_add(1, std::memory_order_relaxed);
  try {
    std::function<void()> target;
    if (!derived) target = std::exchange(target_, nullptr);
    state->begun.set();
    if (derived) {
      run();
    } else if (target) {
      target();
    }
  } catch (...) {
    {
      MutexLock hold(state->mutex);
      state->error = std::current_exception();
    }
    report(name, std::current_exception());
  }
  threads_alive.fetch_sub(1, std::memory_order_relaxed);
  current_thread = nullptr;
  state->ended.set();
}

void Thread::join() { (void)join_before(Deadline::never()); }

bool Thread::join_before(const Deadline& deadline) {
  {
    MutexLock hold(state_->mutex);
    if (!state_->started) throw RuntimeError("Thread::join: the thread was not started");
    if (state_->ident == internal::this_thread_serial()) {
      throw RuntimeError("Thread::join: a thread cannot join itself");
    }
  }
  if (!state_->ended.wait_until_deadline(deadline)) return false;
  MutexLock hold(state_->join_mutex);
  if (state_->system_thread.joinable()) state_->system_thread.join();
  return true;
}

void Thread::join_or_rethrow() {
  join();
  MutexLock hold(state_->mutex);
  if (state_->error) std::rethrow_exception(state_->error);
}

bool Thread::is_alive() const { return state_->begun.is_set() && !state_->ended.is_set(); }

std::string Thread::name() const {
  MutexLock hold(state_->mutex);
  return state_->name;
}

void Thread::set_name(std::string name) {
  MutexLock hold(state_->mutex);
  state_->name = std::move(name);
}

bool Thread::daemon() const {
  MutexLock hold(state_->mutex);
  return state_->daemon;
}

void Thread::set_daemon(bool daemon) {
  MutexLock hold(state_->mutex);
  if (state_->started) throw RuntimeError("Thread::set_daemon: the thread was started already");
  state_->daemon = daemon;
}

std::uint64_t Thread::ident() const {
  MutexLock hold(state_->mutex);
  return state_->ident;
}

int Thread::native_id() const {
  MutexLock hold(state_->mutex);
  return state_->native_id;
}

Thread* Thread::current() { return current_thread; }

std::size_t Thread::active_count() { return threads_alive.load(std::memory_order_relaxed); }

Thread::ExceptionHook Thread::set_exception_hook(ExceptionHook hook) {
  MutexLock hold(the_hook().mutex);
  return std::exchange(the_hook().hook, std::move(hook));
}

}  // namespace weft
