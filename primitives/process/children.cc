#include "primitives/process/children.h"

#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdio_ext.h>
#include <stdlib.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <iostream>
#include <streambuf>
#include <system_error>
#include <utility>

#include "primitives/process/fork.h"
#include "primitives/process/pidfd.h"

namespace weft::internal {

constinit Mutex children_mutex;

namespace {

constexpr std::chrono::seconds kGrace{1};  // between SIGTERM and SIGKILL for daemons at exit

// What this process is itself. Written by the only thread that a new child has.
struct Self {
  unsigned generation = 0;
  bool is_daemon = false;
  LifeLine line;
};

// Neither is ever destroyed: threads may use them while the program's statics are being destroyed.
Self& self() {
  static Self* const self = new Self;
  return *self;
}

constinit thread_local ChildState* being_forked = nullptr;

void before_fork() WEFT_ACQUIRE(children_mutex) { children_mutex.lock(); }

void after_fork_in_parent() WEFT_RELEASE(children_mutex) { children_mutex.unlock(); }

void after_fork_in_child() WEFT_RELEASE(children_mutex) {
  ++self().generation;
  self().line.childs.reset();
  for (const std::shared_ptr<ChildState>& state : children()) {
    state->sentinel.reset();
    state->line.parents.reset();
    if (state.get() != being_forked) {
      state->line.childs.reset();
      state->line.go.reset();
    }
  }
  children().clear();
  children_mutex.unlock();
}

// At the end of this process: its daemons are ended, and the others waited for.
void end_children() WEFT_EXCLUDES(children_mutex) {
  ChildStates all;
  {
    MutexLock hold(children_mutex);
    if (children().empty()) return;
    all = children();
    std::erase_if(all, [](const auto& state) WEFT_REQUIRES(children_mutex) {
      return !state->sentinel;  // another thread is starting it
    });
    for (const auto& state : all) {
      if (state->daemon) send_signal(*state, SIGTERM);
    }
  }
  const Deadline deadline = Deadline::after(kGrace);
  for (const auto& state : all) {
    children_mutex.lock();
    const bool daemon = state->daemon;
    children_mutex.unlock();
    if (daemon && !wait_for_end(*state, deadline)) {
      MutexLock hold(children_mutex);
      send_signal(*state, SIGKILL);
    }
    (void)wait_for_end(*state, Deadline::never());
  }
}

// What a stream buffer tells its derived classes alone.
struct PutArea : std::streambuf {
  static bool holds_some(const std::streambuf& buffer) {
    return (buffer.*&PutArea::pptr)() != (buffer.*&PutArea::pbase)();
  }
};

// exit() in a child ends it as a return from its function does. What the child itself has
// registered with atexit() has run by then, what its parent has registered has not.
void on_exit_in_child(int exit_code, void*) { end_child(exit_code & 0xff); }

}  // namespace

ChildStates& children() {
  static ChildStates* const all = new ChildStates;
  return *all;
}

void forget(const ChildState& state) {
  std::erase_if(children(), [&](const auto& each) { return each.get() == &state; });
}

unsigned generation() { return self().generation; }
bool is_daemon() { return self().is_daemon; }

void prepare_for_children() {
  static const bool done = [] {
    // Made now, not in a child.
    (void)self();
    if (const int error = ::pthread_atfork(before_fork, after_fork_in_parent, after_fork_in_child);
        error != 0) {
      throw std::system_error(error, std::generic_category(), "pthread_atfork");
    }
    (void)std::atexit(end_children);
    return true;
  }();
  (void)done;
}

pid_t fork_child(ChildState& state) {
  being_forked = &state;
  const pid_t pid = fork_function();
  const int error = errno;
  being_forked = nullptr;
  errno = error;
  return pid;
}

void look(ChildState& state) {
  if (!state.sentinel || state.ended) return;
  const auto end = reap(state.sentinel->get());
  if (!end) return;
  state.exit_code = end->code ? end->code : state.line.last_word();
  state.ended = true;
  state.line.parents.reset();
  forget(state);
}

void send_signal(ChildState& state, int signal) {
  if (!state.ended) send_signal_to(state.sentinel->get(), signal);
}

bool wait_for_end(ChildState& state, const Deadline& deadline) {
  for (;;) {
    std::shared_ptr<Descriptor> sentinel;
    {
      MutexLock hold(children_mutex);
      look(state);
      if (state.ended) return true;
      sentinel = state.sentinel;
    }
    if (deadline.has_passed()) return false;
    await_end(sentinel->get(), deadline);
  }
}

bool become(ChildState& state) {
  MutexLock hold(children_mutex);
  if (!state.line.may_go()) return false;
  state.line.go.reset();
  // What another thread of the parent was just writing is the parent's affair.
  for (FILE* const stream : {stdout, stderr}) {
    if (::__fpending(stream) > 0) ::__fpurge(stream);
  }
  state.pid = ::getpid();
  self().is_daemon = state.daemon;
  self().line = std::move(state.line);
  if (state.daemon && !self().line.die_with_parent()) {
    std::perror("weft: a daemon that would outlive its parent does not begin");
    (void)std::fflush(stderr);  // buffered, if the program has opened it anew
    return false;
  }
  (void)::on_exit(on_exit_in_child, nullptr);
  return true;
}

void end_child(int exit_code) {
  end_children();
  flush_streams();
  self().line.say_last_word(exit_code);
  ::_exit(exit_code);
}

void flush_streams() {
  for (std::ostream* const stream : {&std::cout, &std::clog}) {
    if (PutArea::holds_some(*stream->rdbuf())) stream->flush();
  }
  for (FILE* const stream : {stdout, stderr}) {
    if (::__fpending(stream) > 0) (void)std::fflush(stream);
  }
}

}  // namespace weft::internal
