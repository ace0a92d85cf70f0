// The number is shared, the lock is not: a lock of threads is copied by the fork.
#include <thread>

#include "primitives/ipc/lock.h"
#include "primitives/ipc/value.h"
#include "primitives/threading/lock.h"
#include "scenarios/specimens/ipc/in_processes.h"
#include "scenarios/specimens/ipc/ipc.h"
#include "scenarios/specimens/judge.h"

namespace weft::scenarios::specimens::ipc {
namespace {

constexpr int kAdditions = 100;

template <class L>
std::string count() {
  L lock;
  weft::ipc::RawValue<int> sum, ready;
  const auto add = [&] {
    ready.fetch_add(1);
    while (ready.load() < 2) std::this_thread::yield();  // so that they meet
    for (int i = 0; i < kAdditions; ++i) {
      lock.acquire();
      const int before = sum.load();
      std::this_thread::yield();
      sum.store(before + 1);
      lock.release();
    }
  };
  (void)in_processes({add, add});
  return unless_equal("sum", sum.load(), 2 * kAdditions);
}

}  // namespace

constinit const Specimen kThreadLockBetweenProcesses{
    .row = "001-6a",
    .name = "ipc/thread_lock_between_processes",
    .mistake = "a lock between threads is taken by processes: each has its own copy",
    .kind = kind::kAssertion,
    .body = count<weft::Lock>,
    .mended = count<weft::ipc::Lock>,
    .starts_processes = true,
};

}  // namespace weft::scenarios::specimens::ipc
