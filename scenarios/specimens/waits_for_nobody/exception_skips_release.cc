// acquire, work, release: but the work throws, and the release is skipped.
#include <mutex>
#include <stdexcept>

#include "primitives/annotate.h"
#include "primitives/threading/lock.h"
#include "scenarios/specimens/judge.h"
#include "scenarios/specimens/waits_for_nobody/waits_for_nobody.h"
#include "scenarios/together.h"

namespace weft::scenarios::specimens::waits_for_nobody {
namespace {

constexpr int kThreads = 2;

void add_one_and_fail(long& sum) {
  sum += 1;
  throw std::runtime_error("the work failed after the addition");
}

void by_hand(Lock& lock, long& sum) {
  lock.acquire();
  add_one_and_fail(sum);
  lock.release();
}

void by_guard(Lock& lock, long& sum) {
  std::scoped_lock hold(lock);
  add_one_and_fail(sum);
}

template <auto add>
std::string count() {
  Lock lock;
  annotate::named(&lock, "sum's lock");
  long sum = 0;
  together(kThreads, [&](int) {
    try {
      add(lock, sum);
    } catch (const std::runtime_error&) {
      // The program carries on.
    }
  });
  return unless_equal("sum", sum, kThreads);
}

}  // namespace

constinit const Specimen kExceptionSkipsRelease{
    .row = "001-6a",
    .name = "waits_for_nobody/exception_skips_release",
    .mistake = "an exception between acquire() and release() leaves the lock held",
    .kind = kind::kHang,
    .deadlock = "waits for Lock 'sum's lock' held by thread",
    .body = count<by_hand>,
    .mended = count<by_guard>,
};

}  // namespace weft::scenarios::specimens::waits_for_nobody
