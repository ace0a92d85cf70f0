// A semaphore that waits with `if`: between its notification and its run a newcomer takes the
// permit, and the woken thread takes it once more.
#include <mutex>

#include "primitives/annotate.h"
#include "primitives/threading/condition.h"
#include "primitives/threading/lock.h"
#include "scenarios/specimens/generation/generation.h"
#include "scenarios/together.h"

namespace weft::scenarios::specimens::generation {
namespace {

constexpr int kThreads = 3;
constexpr int kTurns = 10;

enum class Looks { kOnce, kUntilTrue };

template <Looks kLooks>
class SimpleSemaphore {
 public:
  void acquire() {
    std::scoped_lock hold(lock_);
    if (kLooks == Looks::kOnce) {
      if (value_ == 0) freed_.wait();
    } else {
      while (value_ == 0) freed_.wait();
    }
    if (--value_ < lowest_) lowest_ = value_;
  }
  void release() {
    std::scoped_lock hold(lock_);
    ++value_;
    freed_.notify_one();
  }
  int lowest() const { return lowest_; }

 private:
  Lock lock_;
  Condition freed_{lock_};
  int value_ = 1;
  int lowest_ = 1;
};

template <Looks kLooks>
std::string visit() {
  SimpleSemaphore<kLooks> semaphore;
  together(kThreads, [&](int) {
    for (int turn = 0; turn < kTurns; ++turn) {
      semaphore.acquire();
      annotate::point("inside");
      semaphore.release();
    }
  });
  if (semaphore.lowest() >= 0) return "";
  return "the semaphore's value was " + std::to_string(semaphore.lowest());
}

}  // namespace

constinit const Specimen kIfNotWhile{
    .row = "001-9",
    .name = "generation/if_not_while",
    .mistake = "a woken thread takes what it was woken for without another look",
    .kind = kind::kAssertion,
    .body = visit<Looks::kOnce>,
    .mended = visit<Looks::kUntilTrue>,
};

}  // namespace weft::scenarios::specimens::generation
