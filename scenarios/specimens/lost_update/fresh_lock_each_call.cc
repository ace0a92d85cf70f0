// `with Lock():` in the body of incr(): each call makes a lock that nobody else can hold.
#include <mutex>

#include "primitives/annotate.h"
#include "primitives/threading/lock.h"
#include "primitives/threading/shared_counter.h"
#include "scenarios/specimens/judge.h"
#include "scenarios/specimens/lost_update/lost_update.h"
#include "scenarios/together.h"

namespace weft::scenarios::specimens::lost_update {
namespace {

constexpr int kThreads = 2;
constexpr int kTurns = 20;

class CounterWithFreshLocks {
 public:
  void incr() {
    Lock lock;
    std::scoped_lock hold(lock);
    const long before = value_;
    annotate::point("between read and write");
    value_ = before + 1;
  }
  long value() const { return value_; }

 private:
  long value_ = 0;
};

template <class Counter>
std::string count() {
  Counter counter;
  together(kThreads, [&](int) {
    for (int turn = 0; turn < kTurns; ++turn) counter.incr();
  });
  return unless_equal("counter", counter.value(), kThreads * kTurns);
}

}  // namespace

constinit const Specimen kFreshLockEachCall{
    .row = "004-4",
    .name = "lost_update/fresh_lock_each_call",
    .mistake = "every call makes a new lock and takes that",
    .kind = kind::kAssertion,
    .kind_under_tsan = kind::kDataRace,
    .kind_under_explore = kind::kDataRace,
    .body = count<CounterWithFreshLocks>,
    .mended = count<SharedCounter>,
};

}  // namespace weft::scenarios::specimens::lost_update
