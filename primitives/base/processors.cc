#include "primitives/base/processors.h"

#include <sched.h>
#include <time.h>
#include <unistd.h>

#include <atomic>
#include <bit>

namespace weft::internal {
namespace {

#if defined(WEFT_EXPLORE)
constexpr bool kAsks = false;
#else
constexpr bool kAsks = true;
#endif

using Set = Affinities::Set;
using Time = Affinities::Time;

// Empty if the kernel has more processors than fit.
Set affinity_of_this_thread() {
  unsigned long mask[Affinities::kMostProcessors / Affinities::kBitsOfWord] = {};
  if (sched_getaffinity(0, sizeof(mask), reinterpret_cast<cpu_set_t*>(mask)) != 0) return {};
  return Affinities::set_of(mask);
}

// Coarse: a few nanoseconds, and right to some milliseconds.
Time now() {
  timespec time{};
  (void)clock_gettime(CLOCK_MONOTONIC_COARSE, &time);
  return std::chrono::seconds(time.tv_sec) + std::chrono::nanoseconds(time.tv_nsec);
}

// What the threads of the process have said.
class OfTheProcess {
 public:
  OfTheProcess() : affinities_(affinity_of_this_thread()) { publish(); }

  // relaxed: a guess about the machine; nothing depends on it.
  std::size_t count() const { return count_.load(std::memory_order_relaxed); }

  // Unless another thread says something just now: then the caller's turn comes at its next wait.
  // A process that was forked while a thread was at it finds the mark of its parent there, and goes
  // on: whatever was half done, all of it are processors that the parent had.
  bool add(const Set& set, Time now) {
    const pid_t process = getpid();
    pid_t busy = busy_.load();
    if (busy == process || !busy_.compare_exchange_strong(busy, process)) return false;
    affinities_.add(set, now);
    publish();
    busy_.store(kNobody);
    return true;
  }

 private:
  void publish() {
    const std::size_t count = affinities_.count();
    // relaxed: as in count().
    count_.store(count == 0 ? 1 : count, std::memory_order_relaxed);
  }

  static constexpr pid_t kNobody = 0;

  std::atomic<pid_t> busy_{kNobody};  // the process of the thread that has affinities_
  Affinities affinities_;
  std::atomic<std::size_t> count_{1};
};

// Never destroyed: threads may wait while the process ends.
OfTheProcess& of_the_process() {
  static OfTheProcess& processors = *new OfTheProcess;
  return processors;
}

// Asked when the process begins, if nobody asks before.
[[maybe_unused]] const std::size_t asked_at_first = processors();

}  // namespace

Set Affinities::set_of(std::span<const unsigned long> mask) {
  Set set;
  for (std::size_t i = 0; i < mask.size(); ++i) {
    for (unsigned long left = mask[i]; left != 0; left &= left - 1) {
      set.set(i * kBitsOfWord + static_cast<std::size_t>(std::countr_zero(left)));
    }
  }
  return set;
}

std::size_t processors() { return of_the_process().count(); }

std::size_t processors_of_this_thread() {
  const std::size_t count = affinity_of_this_thread().count();
  return count == 0 ? 1 : count;
}

void note_vain_wait() {
  if (!kAsks) return;
  static constinit thread_local Time ask_next{0};
  const Time time = now();
  if (time < ask_next) return;
  if (of_the_process().add(affinity_of_this_thread(), time)) {
    ask_next = time + Affinities::kAskEach;
  }
}

}  // namespace weft::internal
