// The sum is read and computed under the lock, and written after it was let go.
#include "primitives/annotate.h"
#include "primitives/threading/lock.h"
#include "scenarios/specimens/judge.h"
#include "scenarios/specimens/lost_update/lost_update.h"
#include "scenarios/together.h"

namespace weft::scenarios::specimens::lost_update {
namespace {

constexpr int kThreads = 2;
constexpr int kTurns = 20;

template <bool kWriteIsInside>
std::string count() {
  Lock lock;
  long sum = 0;
  together(kThreads, [&](int) {
    for (int turn = 0; turn < kTurns; ++turn) {
      lock.acquire();
      const long after = sum + 1;
      if (kWriteIsInside) sum = after;
      lock.release();
      annotate::point("between read and write");
      if (!kWriteIsInside) sum = after;
    }
  });
  return unless_equal("sum", sum, kThreads * kTurns);
}

}  // namespace

constinit const Specimen kReleaseBeforeWrite{
    .row = "000-2",
    .name = "lost_update/release_before_write",
    .mistake = "the lock is released between the computation and the write",
    .kind = kind::kAssertion,
    .kind_under_tsan = kind::kDataRace,
    .kind_under_explore = kind::kDataRace,
    .body = count<false>,
    .mended = count<true>,
};

}  // namespace weft::scenarios::specimens::lost_update
