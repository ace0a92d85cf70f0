#include "stress/run/process.h"

#include <execinfo.h>
#include <signal.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <mutex>

#include "stress/run/build_mode.h"
#include "stress/run/thread_sanitizer.h"

extern "C" {
int __sigaction(int, const struct sigaction*, struct sigaction*);  // stacks.cc says why
__attribute__((weak)) void __sanitizer_set_death_callback(void (*)());
}

namespace weft {
namespace internal {
namespace {

// A plain atomic pointer: handlers read it.
std::atomic<Notice*> current_notice{nullptr};
volatile sig_atomic_t terminated = 0;
volatile sig_atomic_t termination_watched = 0;
// By the builtins for atomics: std::atomic's functions are instrumented, and a handler uses them.
bool (*last_words)() = nullptr;
bool speaking = false;
// Bazel kills what has not ended 15 s after SIGTERM.
constexpr unsigned kSecondsForLastWords = 10;

std::vector<int>& abandoned() {
  static auto* tids = new std::vector<int>;
  return *tids;
}

// Async-signal-safe output.
WEFT_UNINSTRUMENTED void print(const char* text, std::size_t size) {
  while (size > 0) {
    const ssize_t written = write(STDERR_FILENO, text, size);
    if (written <= 0) return;
    text += written;
    size -= static_cast<std::size_t>(written);
  }
}
WEFT_UNINSTRUMENTED void print(const char* text) { print(text, strlen(text)); }
WEFT_UNINSTRUMENTED void print(std::uint64_t number) {
  char digits[20];
  std::size_t at = sizeof digits;
  do {
    digits[--at] = static_cast<char>('0' + number % 10);
    number /= 10;
  } while (number != 0);
  print(digits + at, sizeof digits - at);
}

void print_notice(const char* what) {
  // Once: std::terminate leads to abort leads to SIGABRT.
  static std::atomic<bool> printed{false};
  const Notice* notice = current_notice.load();
  if (notice == nullptr || printed.exchange(true)) return;
  const std::uint64_t seed = notice->seed.load();
  print("weft: crash: ");
  print(what);
  print(" in ");
  print(notice->name.c_str());
  print(", execution ");
  print(notice->execution.load());
  print(", seed ");
  print(seed);
  print("\nweft: repeat: ");
  print(notice->replay.before_seed.c_str());
  print(seed);
  print(notice->replay.after_seed.c_str());
  print("\n");
}

constexpr std::array kFatalSignals = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT};
std::array<struct sigaction, NSIG> previous;

const char* signal_name(int signal) {
  switch (signal) {
    case SIGSEGV:
      return "SIGSEGV (invalid memory access)";
    case SIGBUS:
      return "SIGBUS (invalid memory access)";
    case SIGFPE:
      return "SIGFPE (arithmetic error)";
    case SIGILL:
      return "SIGILL (invalid instruction)";
    default:
      return "SIGABRT (abort)";
  }
}

// Prints, then lets whoever was there before do what it did.
void on_fatal_signal(int signal, siginfo_t*, void*) {
  print_notice(signal_name(signal));
  if (!kThreadSanitizer && !kAddressSanitizer) {
    void* frames[48];
    const int count = backtrace(frames, 48);
    backtrace_symbols_fd(frames, count, STDERR_FILENO);
  }
  __sigaction(signal, &previous[signal], nullptr);
  // Returning repeats a fault; a signal that was sent has to be sent again.
  raise(signal);
}

// By raw system calls: a sanitizer does not know of this handler.
WEFT_UNINSTRUMENTED void on_termination(int) {
  terminated = 1;
  // A symbolizer that the sanitizer started for a report of its own has got it too. Writing to that
  // one shall fail, and start another.
  struct sigaction ignore = {};
  ignore.sa_handler = SIG_IGN;
  __sigaction(SIGPIPE, &ignore, nullptr);
  if (termination_watched != 0) return;
  // relaxed throughout: a pointer to code and a flag, which need no order.
  if (auto* const speak = __atomic_load_n(&last_words, __ATOMIC_RELAXED)) {
    // Bazel and its test-setup.sh may both send it.
    if (__atomic_exchange_n(&speaking, true, __ATOMIC_RELAXED)) return;
    alarm(kSecondsForLastWords);
    if (speak()) return;
  }
  struct sigaction action = {};
  action.sa_handler = SIG_DFL;
  __sigaction(SIGTERM, &action, nullptr);
  syscall(SYS_kill, syscall(SYS_getpid), SIGTERM);
}

void on_sanitizer_death() { print_notice("a sanitizer's report"); }

void install_handlers() {
  static std::once_flag once;
  std::call_once(once, [] {
    void* warm_up[4];
    backtrace(warm_up, 4);  // loads the unwinder now, not in a handler
    struct sigaction action = {};
    action.sa_sigaction = on_fatal_signal;
    action.sa_flags = SA_SIGINFO | SA_ONSTACK;
    sigemptyset(&action.sa_mask);
    for (int signal : kFatalSignals) {
      struct sigaction before = {};
      __sigaction(signal, nullptr, &before);
      // A sanitizer prints its own report for a signal it has a handler for, then calls the death
      // callback.
      const bool taken = (before.sa_flags & SA_SIGINFO) != 0 || before.sa_handler != SIG_DFL;
      previous[signal] = before;
      if (!taken || __sanitizer_set_death_callback == nullptr) {
        __sigaction(signal, &action, nullptr);
      }
    }
    if (__sanitizer_set_death_callback != nullptr) {
      __sanitizer_set_death_callback(on_sanitizer_death);
    }
    struct sigaction termination = {};
    termination.sa_handler = on_termination;
    __sigaction(SIGTERM, &termination, &previous[SIGTERM]);
  });
}

}  // namespace

void leave_at_once(int code) {
  std::fflush(nullptr);
  // Not _exit(), which ThreadSanitizer intercepts to look for threads that nobody joined.
  while (true) syscall(SYS_exit_group, code);
}

void note_abandoned(const std::vector<int>& tids) {
  abandoned().insert(abandoned().end(), tids.begin(), tids.end());
}
const std::vector<int>& abandoned_tids() { return abandoned(); }

void set_notice(Notice* notice) {
  install_handlers();
  current_notice.store(notice);
}

TerminationWatch::TerminationWatch() {
  install_handlers();
  termination_watched = 1;
}
TerminationWatch::~TerminationWatch() {
  termination_watched = 0;
  if (requested()) terminate_now();
}
bool TerminationWatch::requested() const { return terminated != 0; }

void set_last_words(bool (*words)()) {
  install_handlers();
  __atomic_store_n(&last_words, words, __ATOMIC_RELAXED);
}

void terminate_now() {
  std::fflush(nullptr);
  struct sigaction action = {};
  action.sa_handler = SIG_DFL;
  __sigaction(SIGTERM, &action, nullptr);
  kill(getpid(), SIGTERM);
  _exit(128 + SIGTERM);
}

}  // namespace internal

void leave(int code) {
  internal::unmute_this_thread();
  const std::size_t left_behind = internal::abandoned_tids().size();
  if (left_behind == 0) std::exit(code);
  if (kAddressSanitizer) {
    std::fprintf(stderr,
                 "weft: leaks were not looked for: hung threads were left behind (%zu), and what "
                 "only their registers hold would look like leaks\n",
                 left_behind);
  }
  if (code == 0 && internal::unclaimed_thread_sanitizer_reports() != 0) code = 66;
  internal::leave_at_once(code);
}

}  // namespace weft
