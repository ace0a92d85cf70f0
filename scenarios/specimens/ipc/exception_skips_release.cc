// acquire, work, release: but the work throws, and the release is skipped. The process lives on, so
// nobody is told; had it died, the next one would have been.
#include <mutex>
#include <stdexcept>

#include "primitives/ipc/event.h"
#include "primitives/ipc/lock.h"
#include "primitives/ipc/value.h"
#include "scenarios/specimens/ipc/in_processes.h"
#include "scenarios/specimens/ipc/ipc.h"
#include "scenarios/specimens/judge.h"

namespace weft::scenarios::specimens::ipc {
namespace {

using weft::ipc::Lock;

void add_one_and_fail(weft::ipc::RawValue<int>& sum) {
  sum.reference() += 1;
  throw std::runtime_error("the work failed after the addition");
}

void by_hand(Lock& lock, weft::ipc::RawValue<int>& sum) {
  lock.acquire();
  add_one_and_fail(sum);
  lock.release();
}

void by_guard(Lock& lock, weft::ipc::RawValue<int>& sum) {
  const std::scoped_lock hold(lock);
  add_one_and_fail(sum);
}

template <void (*kAdd)(Lock&, weft::ipc::RawValue<int>&)>
std::string count() {
  Lock lock;
  weft::ipc::RawValue<int> sum;  // guarded by lock
  weft::ipc::Event added[2];
  const auto add = [&](weft::ipc::Event& mine, weft::ipc::Event& other) {
    try {
      kAdd(lock, sum);
    } catch (const std::runtime_error&) {
      // The program carries on.
    }
    mine.set();
    other.wait();
  };
  (void)in_processes({[&] { add(added[0], added[1]); }, [&] { add(added[1], added[0]); }});
  return unless_equal("sum", sum.load(), 2);
}

}  // namespace

constinit const Specimen kExceptionSkipsRelease{
    .row = "001-6a",
    .name = "ipc/exception_skips_release",
    .mistake =
        "an exception between acquire() and release() leaves the lock held by a process that lives "
        "on",
    .kind = kind::kHang,
    .body = count<by_hand>,
    .mended = count<by_guard>,
    .starts_processes = true,
};

}  // namespace weft::scenarios::specimens::ipc
