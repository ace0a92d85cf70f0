// Two threads add to one number: each reads it and writes it back one higher.
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

struct Nobody {
  void lock() {}
  void unlock() {}
};

template <class Lockable>
std::string count() {
  Lockable lock;
  long sum = 0;
  together(kThreads, [&](int) {
    for (int turn = 0; turn < kTurns; ++turn) {
      std::lock_guard hold(lock);
      const long before = sum;
      annotate::point("between read and write");
      sum = before + 1;
    }
  });
  return unless_equal("sum", sum, kThreads * kTurns);
}

}  // namespace

constinit const Specimen kNoLock{
    .row = "000-2",
    .name = "lost_update/no_lock",
    .mistake = "two threads add to one number and nobody keeps the other out",
    .kind = kind::kAssertion,
    .kind_under_tsan = kind::kDataRace,
    .kind_under_explore = kind::kDataRace,
    .body = count<Nobody>,
    .mended = count<Lock>,
};

}  // namespace weft::scenarios::specimens::lost_update
