// A lock that its holder may take again, but whose first release lets others in although the holder
// took it twice.
#include <atomic>
#include <thread>

#include "primitives/annotate.h"
#include "primitives/threading/lock.h"
#include "primitives/threading/rlock.h"
#include "scenarios/specimens/judge.h"
#include "scenarios/specimens/lost_update/lost_update.h"
#include "scenarios/together.h"

namespace weft::scenarios::specimens::lost_update {
namespace {

constexpr int kThreads = 2;
constexpr int kTurns = 10;

class HastyRLock {
 public:
  void acquire() {
    if (owner_.load() == std::this_thread::get_id()) return;
    lock_.acquire();
    owner_.store(std::this_thread::get_id());
  }
  void release() {
    if (owner_.load() != std::this_thread::get_id()) return;
    owner_.store(std::thread::id());  // and nobody counts how often it was acquired
    lock_.release();
  }

 private:
  Lock lock_;
  std::atomic<std::thread::id> owner_;
};

template <class Recursive>
std::string count() {
  Recursive lock;
  long sum = 0;
  const auto read = [&] {
    lock.acquire();
    const long value = sum;
    lock.release();
    return value;
  };
  together(kThreads, [&](int) {
    for (int turn = 0; turn < kTurns; ++turn) {
      lock.acquire();
      const long before = read();
      annotate::point("between read and write");
      sum = before + 1;
      lock.release();
    }
  });
  return unless_equal("sum", sum, kThreads * kTurns);
}

}  // namespace

constinit const Specimen kFirstReleaseUnlocks{
    .row = "001-8",
    .name = "lost_update/first_release_unlocks",
    .mistake = "a recursive lock does not count: the inner release lets the others in",
    .kind = kind::kAssertion,
    .kind_under_tsan = kind::kDataRace,
    .kind_under_explore = kind::kDataRace,
    .body = count<HastyRLock>,
    .mended = count<RLock>,
};

}  // namespace weft::scenarios::specimens::lost_update
