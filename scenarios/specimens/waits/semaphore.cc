// Semaphores on a futex that keep a permit from a sleeper. The first is std::counting_semaphore as
// libstdc++ had it; the second wakes as the first one of libc++ did (llvm-project 46357); the third
// is LifoSem of Folly before its commit 70502069.
#include <atomic>

#include "primitives/base/deadline.h"
#include "primitives/base/futex.h"
#include "scenarios/specimens/judge.h"
#include "scenarios/specimens/side_by_side.h"
#include "scenarios/specimens/waits/waits.h"

namespace weft::scenarios::specimens::waits {
namespace {

// release() wakes somebody if there was no permit. Who loses a permit to another thread has to look
// again before it sleeps: on the value that it saw first it sleeps beside a permit.
template <bool kMended>
class LosersSleep {
 public:
  explicit LosersSleep(std::uint32_t permits) : permits_(permits) {}
  void acquire() {
    for (;;) {
      const std::uint32_t seen = permits_.load();
      std::uint32_t expected = seen;
      if (seen > 0 && permits_.compare_exchange_strong(expected, seen - 1)) return;
      if (!kMended || seen == 0) futex::wait(permits_, seen, Deadline::never());
    }
  }
  void release() {
    if (permits_.fetch_add(1) == 0) futex::wake_all(permits_);
  }

 private:
  futex::Word permits_;
};

template <bool kMended>
std::string take_and_give() {
  LosersSleep<kMended> semaphore(1);
  const auto turn = [&] {
    semaphore.acquire();
    semaphore.release();
  };
  side_by_side(turn, turn);
  return "";
}

// Wakes one thread when the first permit comes, and none when the second one does.
template <bool kMended>
std::string two_permits() {
  futex::Word permits{0};
  const auto acquire = [&] {
    for (;;) {
      std::uint32_t seen = permits.load();
      if (seen == 0) {
        futex::wait(permits, 0, Deadline::never());
      } else if (permits.compare_exchange_strong(seen, seen - 1)) {
        return;
      }
    }
  };
  side_by_side(acquire, acquire, [&] {
    for (int i = 0; i < 2; ++i) {
      if (permits.fetch_add(1) == 0 || kMended) futex::wake_one(permits);
    }
  });
  return "";
}

// A semaphore that can be shut down, which lets everybody go. The mark is a bit of the same word.
template <bool kMended>
class ShutDownSemaphore {
 public:
  // False if it is shut down.
  bool acquire() {
    for (;;) {
      std::uint32_t seen = word_.load();
      if ((seen & kShutDown) != 0) return false;
      if (seen == 0) {
        futex::wait(word_, 0, Deadline::never());
      } else if (word_.compare_exchange_strong(seen, seen - 1)) {
        return true;
      }
    }
  }
  void release() {
    if (kMended) {
      word_.fetch_add(1);
    } else {
      const std::uint32_t seen = word_.load();
      word_.store(seen + 1);
    }
    futex::wake_one(word_);
  }
  void shut_down() {
    word_.fetch_or(kShutDown);
    futex::wake_all(word_);
  }

 private:
  static constexpr std::uint32_t kShutDown = 1u << 31;
  futex::Word word_{0};
};

template <bool kMended>
std::string work_until_shut_down() {
  ShutDownSemaphore<kMended> semaphore;
  side_by_side(
      [&] {
        while (semaphore.acquire()) {
        }
      },
      [&] { semaphore.release(); }, [&] { semaphore.shut_down(); });
  return "";
}

}  // namespace

constinit const Classic kLoserSleepsBesidePermit{
    .name = "waits/loser_sleeps_beside_permit",
    .family = "semaphore",
    .mistake = "who lost a permit to another thread sleeps on the value that it saw first",
    .kind = kind::kDeadlock,
    .says = "waits for futex",
    .preemptions = 3,
    .body = take_and_give<false>,
    .mended = take_and_give<true>,
};

constinit const Classic kWakesOnlyForTheFirstPermit{
    .name = "waits/wakes_only_for_the_first_permit",
    .family = "semaphore",
    .mistake = "release() wakes one thread, and only if there was no permit",
    .kind = kind::kDeadlock,
    .says = "waits for futex",
    .preemptions = 0,
    .body = two_permits<false>,
    .mended = two_permits<true>,
};

constinit const Classic kShutdownOverwritten{
    .name = "waits/shutdown_overwritten",
    .family = "semaphore",
    .mistake = "release() stores a value that it has read before, and clears the mark of the end",
    .kind = kind::kDeadlock,
    .says = "waits for futex",
    .preemptions = 1,
    .body = work_until_shut_down<false>,
    .mended = work_until_shut_down<true>,
};

}  // namespace weft::scenarios::specimens::waits
