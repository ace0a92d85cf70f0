// The cookbook's SharedCounter without its lock.
#include "primitives/annotate.h"
#include "primitives/threading/shared_counter.h"
#include "scenarios/specimens/judge.h"
#include "scenarios/specimens/lost_update/lost_update.h"
#include "scenarios/together.h"

namespace weft::scenarios::specimens::lost_update {
namespace {

constexpr int kTurns = 20;

class UnlockedCounter {
 public:
  void incr(long delta = 1) {
    const long before = value_;
    annotate::point("between read and write");
    value_ = before + delta;
  }
  void decr(long delta = 1) { incr(-delta); }
  long value() const { return value_; }

 private:
  long value_ = 0;
};

// What goes up comes down again.
template <class Counter>
std::string up_and_down() {
  Counter counter;
  together({
      [&] {
        for (int turn = 0; turn < kTurns; ++turn) counter.incr(2);
      },
      [&] {
        for (int turn = 0; turn < kTurns; ++turn) counter.decr(2);
      },
  });
  return unless_equal("counter", counter.value(), 0);
}

}  // namespace

constinit const Specimen kUnlockedCounter{
    .row = "004-4",
    .name = "lost_update/unlocked_counter",
    .mistake = "a shared counter without its lock",
    .kind = kind::kAssertion,
    .kind_under_tsan = kind::kDataRace,
    .kind_under_explore = kind::kDataRace,
    .body = up_and_down<UnlockedCounter>,
    .mended = up_and_down<SharedCounter>,
};

}  // namespace weft::scenarios::specimens::lost_update
