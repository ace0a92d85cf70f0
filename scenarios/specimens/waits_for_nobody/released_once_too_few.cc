// An RLock is taken twice and released once: it stays with a thread that has ended.
#include "primitives/annotate.h"
#include "primitives/threading/rlock.h"
#include "scenarios/specimens/judge.h"
#include "scenarios/specimens/waits_for_nobody/waits_for_nobody.h"
#include "scenarios/together.h"

namespace weft::scenarios::specimens::waits_for_nobody {
namespace {

constexpr int kThreads = 2;
constexpr int kDepth = 2;

template <int kReleases>
std::string add() {
  RLock lock;
  annotate::named(&lock, "sum's lock");
  long sum = 0;
  together(kThreads, [&](int) {
    for (int level = 0; level < kDepth; ++level) lock.acquire();
    sum += 1;
    for (int level = 0; level < kReleases; ++level) lock.release();
  });
  return unless_equal("sum", sum, kThreads);
}

}  // namespace

constinit const Specimen kReleasedOnceTooFew{
    .row = "001-8",
    .name = "waits_for_nobody/released_once_too_few",
    .mistake = "a recursive lock is released once less than it was acquired",
    .kind = kind::kHang,
    .deadlock = "waits for RLock 'sum's lock' held by thread",
    .body = add<kDepth - 1>,
    .mended = add<kDepth>,
};

}  // namespace weft::scenarios::specimens::waits_for_nobody
