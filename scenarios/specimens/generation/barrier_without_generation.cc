// A barrier that only counts: a fast thread comes back for the next round before a slow one has
// looked at the count, and the slow one waits for a round that is over.
#include <mutex>

#include "primitives/annotate.h"
#include "primitives/threading/barrier.h"
#include "primitives/threading/condition.h"
#include "primitives/threading/lock.h"
#include "scenarios/specimens/generation/generation.h"
#include "scenarios/together.h"

namespace weft::scenarios::specimens::generation {
namespace {

constexpr int kParties = 3;
constexpr int kRounds = 10;

class CountingBarrier {
 public:
  explicit CountingBarrier(int parties) : parties_(parties) {}

  void wait() {
    std::scoped_lock hold(lock_);
    if (++arrived_ == parties_) {
      arrived_ = 0;
      complete_.notify_all();
      return;
    }
    complete_.wait([this] { return arrived_ == 0; });
  }

 private:
  const int parties_;
  int arrived_ = 0;
  Lock lock_;
  Condition complete_{lock_};
};

template <class AnyBarrier>
std::string meet() {
  AnyBarrier barrier(kParties);
  together(kParties, [&](int) {
    for (int round = 0; round < kRounds; ++round) {
      barrier.wait();
      annotate::point("between rounds");
    }
  });
  return "";
}

}  // namespace

constinit const Specimen kBarrierWithoutGeneration{
    .row = "000-3",
    .name = "generation/barrier_without_generation",
    .mistake = "a barrier counts arrivals but not rounds, so a fast thread laps a slow one",
    .kind = kind::kHang,
    .deadlock = "thread 0 waits for Condition",
    .body = meet<CountingBarrier>,
    .mended = meet<Barrier>,
};

}  // namespace weft::scenarios::specimens::generation
