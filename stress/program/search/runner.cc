#include "stress/program/search/runner.h"

#include <signal.h>
#include <sys/wait.h>
#include <time.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>

namespace weft::program {
namespace {

using explore::Finding;

// An execution whose watchdog is gone, too, is killed.
constexpr int kPatienceSeconds = 30;

// A signal that does nothing else, so that waiting for a runner is interrupted each second. SIGURG
// is ignored by whoever does not know it, and no program's exit depends on it.
constexpr int kTick = SIGURG;

}  // namespace

void die(const char* what) {
  std::fprintf(stderr, "weft: %s: %s\n", what, std::strerror(errno));
  std::_Exit(1);
}

void start_ticks() {
  struct sigaction action = {};
  action.sa_handler = [](int) {};
  sigaction(kTick, &action, nullptr);
  sigevent event = {};
  event.sigev_notify = SIGEV_SIGNAL;
  event.sigev_signo = kTick;
  timer_t timer;
  if (timer_create(CLOCK_MONOTONIC, &event, &timer) != 0) die("timer_create");
  const itimerspec each_second = {{1, 0}, {1, 0}};
  timer_settime(timer, 0, &each_second, nullptr);
}

End wait_for_runner(pid_t process, const std::uint64_t& progress) {
  End end;
  std::uint64_t seen = 0;
  for (int seconds = 0;;) {
    const pid_t ended = waitpid(process, &end.status, 0);
    if (ended == process) return end;
    if (errno != EINTR) die("waitpid");
    // relaxed: a count that is looked at now and then, and orders nothing.
    const std::uint64_t now = __atomic_load_n(&progress, __ATOMIC_RELAXED);
    seconds = now == seen ? seconds + 1 : 0;
    seen = now;
    if (seconds < kPatienceSeconds) continue;
    end.in_time = false;
    kill(process, SIGKILL);
    while (waitpid(process, &end.status, 0) != process) {
    }
    return end;
  }
}

explore::Outcome killed(const End& end) {
  explore::Outcome outcome;
  outcome.finding = end.in_time ? Finding::kSignal : Finding::kLivelock;
  if (!end.in_time) {
    std::snprintf(outcome.text, sizeof outcome.text,
                  "the execution did not end in %d s, nor answered: it was killed",
                  kPatienceSeconds);
  } else if (WIFSIGNALED(end.status)) {
    const int signal = WTERMSIG(end.status);
    const char* const name = sigabbrev_np(signal);
    std::snprintf(outcome.text, sizeof outcome.text, "the process was ended by SIG%s",
                  name == nullptr ? "" : name);
  } else {
    outcome.finding = Finding::kExit;
    std::snprintf(outcome.text, sizeof outcome.text,
                  "the process left control and ended with exit code %d", WEXITSTATUS(end.status));
  }
  return outcome;
}

}  // namespace weft::program
