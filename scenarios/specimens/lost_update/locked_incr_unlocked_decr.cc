// A shared counter whose incr() takes the lock, while decr() does not: a lock excludes only those
// who take it.
#include <mutex>

#include "primitives/annotate.h"
#include "primitives/threading/lock.h"
#include "primitives/threading/shared_counter.h"
#include "scenarios/specimens/judge.h"
#include "scenarios/specimens/lost_update/lost_update.h"
#include "scenarios/together.h"

namespace weft::scenarios::specimens::lost_update {
namespace {

constexpr int kTurns = 20;

class HalfLockedCounter {
 public:
  void incr(long delta = 1) {
    std::scoped_lock hold(lock_);
    add(delta);
  }
  void decr(long delta = 1) { add(-delta); }
  long value() const { return value_; }

 private:
  void add(long delta) {
    const long before = value_;
    annotate::point("between read and write");
    value_ = before + delta;
  }

  Lock lock_;
  long value_ = 0;
};

template <class Counter>
std::string up_and_down() {
  Counter counter;
  together({
      [&] {
        for (int turn = 0; turn < kTurns; ++turn) counter.incr();
      },
      [&] {
        for (int turn = 0; turn < kTurns; ++turn) counter.decr();
      },
  });
  return unless_equal("counter", counter.value(), 0);
}

}  // namespace

constinit const Specimen kLockedIncrUnlockedDecr{
    .row = "004-4",
    .name = "lost_update/locked_incr_unlocked_decr",
    .mistake = "incr() takes the counter's lock and decr() does not",
    .kind = kind::kAssertion,
    .kind_under_tsan = kind::kDataRace,
    .kind_under_explore = kind::kDataRace,
    .body = up_and_down<HalfLockedCounter>,
    .mended = up_and_down<SharedCounter>,
};

}  // namespace weft::scenarios::specimens::lost_update
