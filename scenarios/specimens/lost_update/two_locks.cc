// Both threads hold a lock while they add: but not the same one.
#include <mutex>

#include "primitives/annotate.h"
#include "primitives/threading/lock.h"
#include "scenarios/specimens/judge.h"
#include "scenarios/specimens/lost_update/lost_update.h"
#include "scenarios/together.h"

namespace weft::scenarios::specimens::lost_update {
namespace {

constexpr int kTurns = 20;

std::string count(Lock& of_the_first, Lock& of_the_second) {
  annotate::named(&of_the_first, "lock of the first");
  annotate::named(&of_the_second, "lock of the second");
  long sum = 0;
  const auto add_under = [&sum](Lock& lock) {
    for (int turn = 0; turn < kTurns; ++turn) {
      std::scoped_lock hold(lock);
      const long before = sum;
      annotate::point("between read and write");
      sum = before + 1;
    }
  };
  together({[&] { add_under(of_the_first); }, [&] { add_under(of_the_second); }});
  return unless_equal("sum", sum, 2 * kTurns);
}

std::string broken() {
  Lock one, other;
  return count(one, other);
}

std::string mended() {
  Lock both;
  return count(both, both);
}

}  // namespace

constinit const Specimen kTwoLocks{
    .row = "000-2",
    .name = "lost_update/two_locks",
    .mistake = "one variable is guarded by two different locks, that is, by none",
    .kind = kind::kAssertion,
    .kind_under_tsan = kind::kDataRace,
    .kind_under_explore = kind::kDataRace,
    .body = broken,
    .mended = mended,
};

}  // namespace weft::scenarios::specimens::lost_update
