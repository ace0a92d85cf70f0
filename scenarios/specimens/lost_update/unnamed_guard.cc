// A guard without a name is destroyed at the end of its statement, before what it should guard.
#include <mutex>

#include "primitives/annotate.h"
#include "primitives/threading/lock.h"
#include "scenarios/specimens/judge.h"
#include "scenarios/specimens/lost_update/lost_update.h"
#include "scenarios/together.h"

namespace weft::scenarios::specimens::lost_update {
namespace {

constexpr int kThreads = 2;
constexpr int kTurns = 20;

void add_one(long& sum) {
  const long before = sum;
  annotate::point("between read and write");
  sum = before + 1;
}

std::string broken() {
  Lock lock;
  long sum = 0;
  together(kThreads, [&](int) {
    for (int turn = 0; turn < kTurns; ++turn) {
      std::lock_guard<Lock>{lock};
      add_one(sum);
    }
  });
  return unless_equal("sum", sum, kThreads * kTurns);
}

std::string mended() {
  Lock lock;
  long sum = 0;
  together(kThreads, [&](int) {
    for (int turn = 0; turn < kTurns; ++turn) {
      std::lock_guard<Lock> hold{lock};
      add_one(sum);
    }
  });
  return unless_equal("sum", sum, kThreads * kTurns);
}

}  // namespace

constinit const Specimen kUnnamedGuard{
    .row = "001-6b",
    .name = "lost_update/unnamed_guard",
    .mistake = "the guard is a temporary: it lets the lock go before the next statement",
    .kind = kind::kAssertion,
    .kind_under_tsan = kind::kDataRace,
    .kind_under_explore = kind::kDataRace,
    .body = broken,
    .mended = mended,
};

}  // namespace weft::scenarios::specimens::lost_update
