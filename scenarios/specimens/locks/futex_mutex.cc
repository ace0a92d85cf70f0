// Locks on a futex, each with the step that makes it right left out. The first one is "mutex1" of
// Drepper's "Futexes Are Tricky" (2011), the others are variants of its "mutex2" as musl and glibc
// once had them.
#include <atomic>
#include <mutex>

#include "primitives/base/deadline.h"
#include "primitives/base/futex.h"
#include "scenarios/specimens/judge.h"
#include "scenarios/specimens/locks/locks.h"
#include "scenarios/specimens/side_by_side.h"

namespace weft::scenarios::specimens::locks {
namespace {

constexpr std::uint32_t kFree = 0;
constexpr std::uint32_t kHeld = 1;
constexpr std::uint32_t kContended = 2;  // held, and somebody may sleep

// Counts attempts, and sleeps on its own count; an attempt by another thread keeps it awake, so two
// that wait count as fast as they can until the number comes round to "free". It is large here, so
// that it does after four.
template <bool kMended>
class Mutex1 {
 public:
  void lock() {
    if (kMended) {
      while (word_.exchange(kContended) != kFree) {
        futex::wait(word_, kContended, Deadline::never());
      }
      return;
    }
    std::uint32_t seen = kFree;
    while ((seen = word_.fetch_add(kAttempt)) != kFree) {
      futex::wait(word_, seen + kAttempt, Deadline::never());
    }
  }
  void unlock() {
    word_.store(kFree);
    futex::wake_one(word_);
  }

 private:
  static constexpr std::uint32_t kAttempt = 1u << 30;
  futex::Word word_{kFree};
};

// Who was woken takes it. Without the mark that others still sleep, they sleep on.
template <bool kMended>
class Mutex2 {
 public:
  void lock() {
    std::uint32_t seen = kFree;
    if (word_.compare_exchange_strong(seen, kHeld)) return;
    for (;;) {
      if (seen == kContended ||
          (seen == kHeld && word_.compare_exchange_strong(seen, kContended))) {
        futex::wait(word_, kContended, Deadline::never());
      }
      seen = kFree;
      if (word_.compare_exchange_strong(seen, kMended ? kContended : kHeld)) return;
    }
  }
  void unlock() {
    if (word_.exchange(kFree) == kContended) futex::wake_one(word_);
  }

 private:
  futex::Word word_{kFree};
};

// A lock and the number of those that wait for it, in two words. The number is looked at before the
// lock is let go: who comes in between counts itself too late and sleeps.
template <bool kMended>
class CountedMutex {
 public:
  void lock() {
    std::uint32_t seen = kFree;
    if (word_.compare_exchange_strong(seen, kHeld)) return;
    waiters_.fetch_add(1);
    while (word_.exchange(kHeld) != kFree) {
      futex::wait(word_, kHeld, Deadline::never());
    }
    waiters_.fetch_sub(1);
  }
  void unlock() {
    if (kMended) {
      word_.store(kFree);
      if (waiters_.load() > 0) futex::wake_one(word_);
    } else {
      const bool wakes = waiters_.load() > 0;
      word_.store(kFree);
      if (wakes) futex::wake_one(word_);
    }
  }

 private:
  futex::Word word_{kFree};
  std::atomic<int> waiters_{0};
};

template <class Mutex, int kThreads>
std::string take_turns() {
  Mutex mutex;
  std::atomic<int> inside{0};
  std::atomic<bool> alone{true};
  crowd(kThreads, [&](int) {
    std::scoped_lock hold(mutex);
    if (inside.fetch_add(1) != 0) alone = false;
    --inside;
  });
  return unless(alone, "two threads hold the lock");
}

}  // namespace

constinit const Classic kDrepperMutex1{
    .name = "locks/drepper_mutex1",
    .family = "futex_mutex",
    .mistake = "waiting threads keep each other awake and count until the number comes round",
    .kind = kind::kAssertion,
    .preemptions = 2,
    .body = take_turns<Mutex1<false>, 3>,
    .mended = take_turns<Mutex1<true>, 3>,
};

constinit const Classic kContendedMarkLost{
    .name = "locks/contended_mark_lost",
    .family = "futex_mutex",
    .mistake = "who was woken takes the lock without the mark that others still sleep",
    .kind = kind::kDeadlock,
    .says = "waits for futex",
    .preemptions = 1,
    .body = take_turns<Mutex2<false>, 3>,
    .mended = take_turns<Mutex2<true>, 3>,
};

constinit const Classic kWaitersCountedBeforeRelease{
    .name = "locks/waiters_counted_before_release",
    .family = "futex_mutex",
    .mistake = "unlock() looks for waiters before it lets go, and not after",
    .kind = kind::kDeadlock,
    .says = "waits for futex",
    .preemptions = 1,
    .body = take_turns<CountedMutex<false>, 2>,
    .mended = take_turns<CountedMutex<true>, 2>,
};

}  // namespace weft::scenarios::specimens::locks
