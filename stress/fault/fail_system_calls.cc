#include "stress/fault/fail_system_calls.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <exception>
#include <filesystem>
#include <set>
#include <stdexcept>
#include <system_error>
#include <thread>

#include "primitives/ipc/shared_object.h"
#include "stress/fault/system_call.h"

namespace weft::fault {
namespace {

using Clock = std::chrono::steady_clock;

// An operation that takes longer hangs.
constexpr int kHangSeconds = 20;

// What the child tells. In memory that it shares with its tracer.
struct Told {
  bool succeeded = false;
  bool is_complete = false;
  int error = 0;  // of a std::system_error
  double seconds = 0;
  char wrong[1024] = {};

  void say(const std::string& what) {
    if (what.empty() || wrong[0] != '\0') return;
    ::snprintf(wrong, sizeof wrong, "%s", what.c_str());
  }
};

using SharedTold = weft::internal::SharedObject<Told>;

void stop_here() { (void)::syscall(SYS_tgkill, ::getpid(), ::syscall(SYS_gettid), SIGSTOP); }

std::set<std::string> entries_of(const char* folder) {
  std::set<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    names.insert(entry.path().filename());
  }
  return names;
}

// Other programs make and remove names meanwhile.
bool has_name_of_this_process() {
  return std::ranges::any_of(entries_of("/dev/shm"), [](const std::string& name) {
    return name.find(std::to_string(::getpid())) != std::string::npos;
  });
}

// Waits a while for the children that the end of others has left to this process.
bool has_no_child() {
  const auto give_up = Clock::now() + std::chrono::seconds(2);
  for (;;) {
    const pid_t ended = ::waitpid(-1, nullptr, WNOHANG);
    if (ended < 0 && errno == ECHILD) return true;
    if (Clock::now() > give_up) return false;
    if (ended == 0) std::this_thread::yield();
  }
}

void run_traced(const Tried& tried, void* object, const SharedTold& told) {
  stop_here();
  const auto begin = Clock::now();
  try {
    tried.run(object);
    told->succeeded = true;
  } catch (const std::logic_error& error) {
    told->say(std::string("it throws a mistake of the caller: ") + error.what());
  } catch (const std::exception& error) {
    if (const auto* of_system = dynamic_cast<const std::system_error*>(&error)) {
      told->error = of_system->code().value();
    }
    if (error.what()[0] == '\0') told->say("it throws an error that says nothing");
  } catch (...) {
    told->say("it throws what is no std::exception");
  }
  told->seconds = std::chrono::duration<double>(Clock::now() - begin).count();
  stop_here();
}

[[noreturn]] void be_child(const Tried& tried, const SharedTold& told) {
  if (::ptrace(PTRACE_TRACEME, 0, nullptr, nullptr) != 0) ::_exit(1);
  (void)::prctl(PR_SET_CHILD_SUBREAPER, 1);
  const itimerval limit{.it_interval = {}, .it_value = {.tv_sec = kHangSeconds, .tv_usec = 0}};
  (void)::setitimer(ITIMER_REAL, &limit, nullptr);
  try {
    const auto descriptors = entries_of("/proc/self/fd");
    {
      const std::shared_ptr<void> object = tried.make();
      run_traced(tried, object.get(), told);
      told->say(tried.judge(object.get(), told->succeeded));
    }
    if (!has_no_child()) told->say("a child is left");
    if (entries_of("/proc/self/fd") != descriptors) told->say("a descriptor is left");
    if (has_name_of_this_process()) told->say("a name in /dev/shm is left");
  } catch (const std::exception& error) {
    told->say(std::string("before or after it, ") + error.what());
  }
  told->is_complete = true;
  ::_exit(0);
}

int status_of(pid_t pid) {
  int status = 0;
  while (::waitpid(pid, &status, __WALL) < 0) {
    if (errno != EINTR) throw std::system_error(errno, std::system_category(), "waitpid");
  }
  return status;
}

void go_on(pid_t pid, __ptrace_request how, int signal) {
  if (::ptrace(how, pid, nullptr, static_cast<long>(signal)) != 0) {
    throw std::system_error(errno, std::system_category(), "ptrace");
  }
}

// One child, from its fork to its end.
class Child {
 public:
  explicit Child(const Tried& tried) {
    std::fflush(nullptr);
    pid_ = ::fork();
    if (pid_ < 0) throw std::system_error(errno, std::system_category(), "fork");
    if (pid_ == 0) be_child(tried, told_);
    status_ = status_of(pid_);
    // What it does before the operation may involve signals.
    while (WIFSTOPPED(status_) && WSTOPSIG(status_) != SIGSTOP) resume(PTRACE_CONT);
    if (has_ended()) return;
    if (::ptrace(PTRACE_SETOPTIONS, pid_, nullptr, PTRACE_O_TRACESYSGOOD | PTRACE_O_EXITKILL) !=
        0) {
      throw std::system_error(errno, std::system_category(), "ptrace: options");
    }
    signal_ = 0;
  }
  ~Child() {
    if (has_ended()) return;
    (void)::kill(pid_, SIGKILL);
    while (!has_ended()) status_ = status_of(pid_);
  }
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;

  // To the next entry of a system call, or exit of one. False at the operation's end.
  bool to_next_stop() {
    for (;;) {
      resume(PTRACE_SYSCALL);
      if (has_ended() || signal_ == SIGSTOP) return false;
      if (is_at_call_) return true;
    }
  }
  // What is left of it, untraced.
  void let_end() {
    if (has_ended()) return;
    go_on(pid_, PTRACE_DETACH, 0);
    while (!has_ended()) status_ = status_of(pid_);
  }

  pid_t pid() const { return pid_; }
  const Told& told() const { return *told_; }
  // How it ended, if not by telling.
  std::string bad_end() const {
    if (WIFSIGNALED(status_) && WTERMSIG(status_) == SIGALRM) return "hangs";
    if (WIFSIGNALED(status_)) return "is ended by signal " + std::to_string(WTERMSIG(status_));
    return "";
  }

 private:
  bool has_ended() const { return WIFEXITED(status_) || WIFSIGNALED(status_); }
  void resume(__ptrace_request how) {
    go_on(pid_, how, signal_);
    status_ = status_of(pid_);
    const int stopped = WIFSTOPPED(status_) ? WSTOPSIG(status_) : 0;
    is_at_call_ = stopped == (SIGTRAP | 0x80);
    signal_ = is_at_call_ ? 0 : stopped;
  }

  const SharedTold told_ = SharedTold::make();
  pid_t pid_ = -1;
  int status_ = 0;
  int signal_ = 0;  // to be delivered
  bool is_at_call_ = false;
};

std::string error_name(int error) {
  const char* const name = ::strerrorname_np(error);
  return name != nullptr ? name : "error " + std::to_string(error);
}

// What is wrong with a run, beside what the child itself says.
std::string judged(Child& child, int error) {
  if (const std::string end = child.bad_end(); !end.empty()) return "it " + end;
  const Told& told = child.told();
  if (!told.is_complete) return "it does not come to its end";
  if (told.wrong[0] != '\0') return told.wrong;
  if (!told.succeeded && error == 0) return "it fails though no call does";
  if (told.error == EINTR) return "it tells of an interruption, and does not go on";
  // pthread_create() says EAGAIN, whatever it lacks.
  if (!told.succeeded && told.error != 0 && told.error != error && told.error != EAGAIN) {
    return "it throws an error with " + error_name(told.error);
  }
  return "";
}

void note(Failures& failures, Child& child, const std::string& what, int error) {
  ++failures.runs;
  const std::string wrong = judged(child, error);
  if (!wrong.empty()) {
    failures.wrong.push_back(what + ": " + wrong);
    return;
  }
  ++(child.told().succeeded ? failures.succeeded : failures.told);
  if (error != 0) failures.seconds.push_back(child.told().seconds);
}

// The `nth` call of those that may fail gives its `which`-th error, and both go on to the next.
// False if there is no such call.
bool fail_one(const Tried& tried, Failures& failures, std::size_t& nth, std::size_t& which) {
  Child child(tried);
  std::size_t count = 0;
  while (child.to_next_stop()) {
    const SystemCall call = call_at_entry(child.pid());
    const auto errors = errors_of(call);
    if (errors.empty() || count++ < nth) {
      if (!child.to_next_stop()) break;
      continue;
    }
    // Of two runs the nth call need not be the same one: where others take part, they differ.
    which = std::min(which, errors.size() - 1);
    const int error = errors[which];
    const std::string what =
        std::to_string(nth) + ": " + name_of(call) + " gives " + error_name(error);
    ++failures.calls[name_of(call)];
    if (!is_made_though_failed(call)) skip_at_entry(child.pid());
    if (child.to_next_stop()) fail_at_exit(child.pid(), error);
    if (++which == errors.size()) {
      which = 0;
      ++nth;
    }
    // The rest untraced, but for its end.
    while (child.to_next_stop()) {
    }
    child.let_end();
    note(failures, child, what, error);
    return true;
  }
  child.let_end();
  note(failures, child, "no call fails", 0);
  return false;
}

void transfer_in_pieces(const Tried& tried, Failures& failures) {
  Child child(tried);
  while (child.to_next_stop()) {
    const SystemCall call = call_at_entry(child.pid());
    const bool shortened = is_transfer(call);
    const unsigned long size = shortened ? shorten_at_entry(child.pid(), call, 1) : 0;
    if (!child.to_next_stop()) break;
    if (!shortened) continue;
    put_size_back(child.pid(), size);
    ++failures.calls[name_of(call)];
  }
  child.let_end();
  note(failures, child, "in pieces of one byte", 0);
}

}  // namespace

Failures fail_system_calls(const Tried& tried, Way way) {
  Failures failures;
  if (way == Way::kPieces) {
    transfer_in_pieces(tried, failures);
    return failures;
  }
  std::size_t nth = 0;
  std::size_t which = 0;
  while (fail_one(tried, failures, nth, which)) {
  }
  return failures;
}

}  // namespace weft::fault
