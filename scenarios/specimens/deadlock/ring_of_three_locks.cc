// Three threads, three locks: each takes its own and then the next one's. No two of them use the
// same two locks, so no pair of threads shows the mistake.
#include <array>
#include <mutex>

#include "primitives/annotate.h"
#include "primitives/threading/lock.h"
#include "scenarios/specimens/deadlock/deadlock.h"
#include "scenarios/together.h"

namespace weft::scenarios::specimens::deadlock {
namespace {

constexpr int kThreads = 3;

class Ring {
 public:
  Ring() {
    annotate::named(&locks_[0], "lock A");
    annotate::named(&locks_[1], "lock B");
    annotate::named(&locks_[2], "lock C");
  }
  Lock& operator[](int i) { return locks_[i % kThreads]; }

 private:
  std::array<Lock, kThreads> locks_;
};

std::string broken() {
  Ring ring;
  together(kThreads, [&](int i) {
    std::scoped_lock hold_own(ring[i]);
    annotate::point("holds one lock");
    std::scoped_lock hold_next(ring[i + 1]);
  });
  return "";
}

std::string mended() {
  Ring ring;
  together(kThreads, [&](int i) { std::scoped_lock hold_both(ring[i], ring[i + 1]); });
  return "";
}

}  // namespace

constinit const Specimen kRingOfThreeLocks{
    .row = "001-7",
    .name = "deadlock/ring_of_three_locks",
    .mistake = "three threads each hold a lock and want the next one around the ring",
    .kind = kind::kHang,
    .deadlock = "thread 2 waits for Lock 'lock A' held by thread 0",
    .body = broken,
    .mended = mended,
};

}  // namespace weft::scenarios::specimens::deadlock
