// `finally: release()` stands around an acquire that may fail: every failure adds a permit.
#include "primitives/annotate.h"
#include "primitives/threading/semaphore.h"
#include "scenarios/specimens/inside.h"
#include "scenarios/specimens/misuse/misuse.h"
#include "scenarios/together.h"

namespace weft::scenarios::specimens::misuse {
namespace {

constexpr int kPermits = 3;
constexpr int kThreads = 5;
constexpr int kTurns = 10;

template <bool kReleasesAnyway>
std::string visit() {
  Semaphore semaphore(kPermits);
  Inside inside;
  together(kThreads, [&](int) {
    for (int turn = 0; turn < kTurns; ++turn) {
      const bool acquired = semaphore.try_acquire();
      if (acquired) {
        inside.enter();
        annotate::point("inside");
        inside.leave();
      }
      if (acquired || kReleasesAnyway) semaphore.release();
    }
  });
  if (inside.most() <= kPermits) return "";
  return std::to_string(inside.most()) + " threads were inside with " + std::to_string(kPermits) +
         " permits";
}

}  // namespace

constinit const Specimen kReleaseWithoutAcquire{
    .row = "001-9",
    .name = "misuse/release_without_acquire",
    .mistake = "a permit is released on every path, also on the one that acquired none",
    .kind = kind::kAssertion,
    .body = visit<true>,
    .mended = visit<false>,
};

}  // namespace weft::scenarios::specimens::misuse
