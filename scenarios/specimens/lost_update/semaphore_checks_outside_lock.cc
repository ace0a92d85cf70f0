// A semaphore that looks for a permit before it takes its own lock: two threads see the last one.
#include <atomic>
#include <mutex>

#include "primitives/annotate.h"
#include "primitives/threading/condition.h"
#include "primitives/threading/lock.h"
#include "primitives/threading/semaphore.h"
#include "scenarios/specimens/inside.h"
#include "scenarios/specimens/lost_update/lost_update.h"
#include "scenarios/together.h"

namespace weft::scenarios::specimens::lost_update {
namespace {

constexpr int kPermits = 3;
constexpr int kThreads = 5;
constexpr int kTurns = 5;

class HastySemaphore {
 public:
  explicit HastySemaphore(int value) : value_(value) {}

  void acquire() {
    const bool seems_free = value_.load() > 0;
    annotate::point("between look and take");
    std::scoped_lock hold(lock_);
    if (!seems_free) changed_.wait([this] { return value_.load() > 0; });
    value_.fetch_sub(1);
  }
  void release() {
    std::scoped_lock hold(lock_);
    value_.fetch_add(1);
    changed_.notify_one();
  }

 private:
  Lock lock_;
  Condition changed_{lock_};
  std::atomic<int> value_;  // atomic, so that the mistake is in the logic alone
};

template <class Semaphore>
std::string visit() {
  Semaphore semaphore(kPermits);
  Inside inside;
  together(kThreads, [&](int) {
    for (int turn = 0; turn < kTurns; ++turn) {
      semaphore.acquire();
      inside.enter();
      annotate::point("inside");
      inside.leave();
      semaphore.release();
    }
  });
  if (inside.most() <= kPermits) return "";
  return std::to_string(inside.most()) + " threads were inside with " + std::to_string(kPermits) +
         " permits";
}

}  // namespace

constinit const Specimen kSemaphoreChecksOutsideLock{
    .row = "001-9",
    .name = "lost_update/semaphore_checks_outside_lock",
    .mistake = "a semaphore looks at its value before it takes its lock, and takes what has gone",
    .kind = kind::kAssertion,
    .body = visit<HastySemaphore>,
    .mended = visit<Semaphore>,
};

}  // namespace weft::scenarios::specimens::lost_update
