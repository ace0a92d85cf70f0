#include "primitives/process/process.h"

#include <sys/eventfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstdio>
#include <exception>
#include <string_view>

#include "primitives/base/errors.h"
#include "primitives/process/children.h"
#include "primitives/process/pidfd.h"

namespace weft::ipc {

using internal::children_mutex;
using internal::ChildState;
using internal::ChildStates;
using internal::Descriptor;
using internal::LifeLine;
using internal::MutexLock;

namespace {

constexpr int kFailed = 1;  // the exit code after an exception

// Written once, by the only thread that a new child has.
Process* current_process = nullptr;

std::string next_name() {
  static std::atomic<unsigned> given{0};
  // relaxed: a counter that orders nothing.
  return "Process-" + std::to_string(given.fetch_add(1, std::memory_order_relaxed) + 1);
}

std::string text(std::string_view function, const ChildState& state, std::string_view what)
    WEFT_REQUIRES(children_mutex) {
  return "Process::" + std::string(function) + ": '" + state.name + "' " + std::string(what);
}

void refuse_closed(std::string_view function, const ChildState& state)
    WEFT_REQUIRES(children_mutex) {
  if (state.closed) throw ValueError(text(function, state, "is closed"));
}

// For what a parent asks of its child.
void refuse_all_but_a_child(std::string_view function, const ChildState& state)
    WEFT_REQUIRES(children_mutex) {
  refuse_closed(function, state);
  if (state.maker != internal::generation()) {
    throw RuntimeError(text(function, state, "is no child of this process"));
  }
  if (!state.sentinel) throw RuntimeError(text(function, state, "was not started"));
}

void look_at_all() WEFT_REQUIRES(children_mutex) {
  const ChildStates all = internal::children();  // look() takes out those that have ended
  for (const auto& state : all) internal::look(*state);
}

// The pidfd of a child that waits to be let go, so that nobody has its number but who killed it.
std::shared_ptr<Descriptor> open_sentinel(pid_t pid, bool& gone) {
  auto sentinel = std::make_shared<Descriptor>(internal::pidfd_open(pid));
  gone = !*sentinel && errno == ESRCH;
  if (gone) sentinel->reset(::eventfd(1, EFD_CLOEXEC));  // can be read, as that of any that ended
  return sentinel;
}

}  // namespace

Process::Process(Options options) : state_(std::make_shared<ChildState>()) {
  internal::prepare_for_children();
  if (options.name.empty()) options.name = next_name();
  MutexLock hold(children_mutex);
  state_->maker = internal::generation();
  state_->name = std::move(options.name);
  state_->daemon = options.daemon.value_or(internal::is_daemon());
}

Process::~Process() {
  {
    MutexLock hold(children_mutex);
    if (state_->maker != internal::generation() || !state_->sentinel || state_->daemon) return;
  }
  (void)internal::wait_for_end(*state_, Deadline::never());
}

void Process::start() {
  internal::flush_streams();
  {
    MutexLock hold(children_mutex);
    refuse_closed("start", *state_);
    if (state_->maker != internal::generation()) {
      throw RuntimeError(text("start", *state_, "was made by another process"));
    }
    if (state_->started) throw RuntimeError(text("start", *state_, "can be started only once"));
    if (internal::is_daemon() && !state_->daemon) {
      throw RuntimeError(text("start", *state_, "is no daemon, and would outlive this one"));
    }
    look_at_all();
    state_->line = LifeLine::make();
    state_->started = true;
    internal::children().push_back(state_);
  }
  const pid_t pid = internal::fork_child(*state_);
  if (pid == 0) run_in_child();
  int error = pid < 0 ? errno : 0;
  bool gone = false;
  std::shared_ptr<Descriptor> sentinel;
  if (error == 0) {
    sentinel = open_sentinel(pid, gone);
    if (!*sentinel) error = errno;
  }
  {
    MutexLock hold(children_mutex);
    state_->line.childs.reset();
    if (error == 0 && !state_->line.let_go()) error = errno;
    state_->line.go.reset();
    if (error == 0) {
      state_->pid = pid;
      state_->sentinel = std::move(sentinel);
      state_->ended = gone;
      if (gone) internal::forget(*state_);
      return;
    }
    state_->started = false;
    state_->line.parents.reset();  // ends the child, which waits
    internal::forget(*state_);
  }
  // ECHILD: SIGCHLD is ignored, and it has ended.
  while (pid > 0 && ::waitpid(pid, nullptr, 0) < 0 && errno == EINTR) {
  }
  throw StartError(error, std::generic_category(), "Process::start: cannot start '" + name() + "'");
}

void Process::run_in_child() noexcept {
  if (!internal::become(*state_)) ::_exit(kFailed);
  current_process = this;
  try {
    run();
  } catch (const std::exception& error) {
    std::fprintf(stderr, "Exception in process %s: %s\n", name().c_str(), error.what());
    internal::end_child(kFailed);
  } catch (...) {
    std::fprintf(stderr, "Exception in process %s: not a std::exception\n", name().c_str());
    internal::end_child(kFailed);
  }
  internal::end_child(0);
}

void Process::run() {
  // In the child the function is left as it is: what it holds a copy of is its parent's to destroy.
  if (current_process == this) return target_ ? target_() : void();
  const std::function<void()> target = std::exchange(target_, nullptr);
  if (target) target();
}

void Process::join() { (void)join_before(Deadline::never()); }

bool Process::join_before(const Deadline& deadline) {
  {
    MutexLock hold(children_mutex);
    refuse_all_but_a_child("join", *state_);
  }
  return internal::wait_for_end(*state_, deadline);
}

bool Process::is_alive() const {
  MutexLock hold(children_mutex);
  refuse_closed("is_alive", *state_);
  if (current_process == this) return true;
  if (!state_->started) return false;
  refuse_all_but_a_child("is_alive", *state_);
  internal::look(*state_);
  return !state_->ended;
}

std::optional<int> Process::exitcode() const {
  MutexLock hold(children_mutex);
  refuse_closed("exitcode", *state_);
  if (current_process == this || !state_->started) return {};
  refuse_all_but_a_child("exitcode", *state_);
  internal::look(*state_);
  if (state_->ended && !state_->exit_code) {
    throw RuntimeError(text("exitcode", *state_,
                            "was ended by a signal, and somebody else was told by which: the "
                            "program ignores SIGCHLD or waits for any child"));
  }
  return state_->exit_code;
}

int Process::sentinel() const {
  MutexLock hold(children_mutex);
  refuse_all_but_a_child("sentinel", *state_);
  return state_->sentinel->get();
}

void Process::send_signal(int signal) {
  MutexLock hold(children_mutex);
  refuse_all_but_a_child("send_signal", *state_);
  internal::send_signal(*state_, signal);
}

void Process::close() {
  MutexLock hold(children_mutex);
  if (state_->closed) return;
  if (state_->started) {
    refuse_all_but_a_child("close", *state_);
    internal::look(*state_);
    if (!state_->ended) throw ValueError(text("close", *state_, "still runs"));
  }
  state_->sentinel.reset();
  state_->closed = true;
}

pid_t Process::pid() const {
  MutexLock hold(children_mutex);
  refuse_closed("pid", *state_);
  return state_->pid;
}

std::string Process::name() const {
  MutexLock hold(children_mutex);
  return state_->name;
}

void Process::set_name(std::string name) {
  MutexLock hold(children_mutex);
  state_->name = std::move(name);
}

bool Process::daemon() const {
  MutexLock hold(children_mutex);
  return state_->daemon;
}

void Process::set_daemon(bool daemon) {
  MutexLock hold(children_mutex);
  refuse_closed("set_daemon", *state_);
  if (state_->started) throw RuntimeError(text("set_daemon", *state_, "was started already"));
  state_->daemon = daemon;
}

Process* Process::current() { return current_process; }

std::vector<ActiveChild> active_children() {
  MutexLock hold(children_mutex);
  look_at_all();
  std::vector<ActiveChild> active;
  for (const auto& state : internal::children()) {
    if (state->sentinel) active.push_back({state->name, state->pid});
  }
  return active;
}

}  // namespace weft::ipc
