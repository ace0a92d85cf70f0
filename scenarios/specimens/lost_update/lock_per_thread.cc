// Every thread has a lock of its own for the counter that they share.
#include <array>
#include <mutex>

#include "primitives/annotate.h"
#include "primitives/threading/lock.h"
#include "scenarios/specimens/judge.h"
#include "scenarios/specimens/lost_update/lost_update.h"
#include "scenarios/together.h"

namespace weft::scenarios::specimens::lost_update {
namespace {

constexpr int kThreads = 3;
constexpr int kTurns = 15;

template <std::size_t kLocks>
std::string count() {
  std::array<Lock, kLocks> locks;
  long sum = 0;
  together(kThreads, [&](int thread) {
    for (int turn = 0; turn < kTurns; ++turn) {
      std::scoped_lock hold(locks[static_cast<std::size_t>(thread) % kLocks]);
      const long before = sum;
      annotate::point("between read and write");
      sum = before + 1;
    }
  });
  return unless_equal("sum", sum, kThreads * kTurns);
}

}  // namespace

constinit const Specimen kLockPerThread{
    .row = "004-4",
    .name = "lost_update/lock_per_thread",
    .mistake = "there is one lock for each thread in place of one for the counter",
    .kind = kind::kAssertion,
    .kind_under_tsan = kind::kDataRace,
    .kind_under_explore = kind::kDataRace,
    .body = count<kThreads>,
    .mended = count<1>,
};

}  // namespace weft::scenarios::specimens::lost_update
