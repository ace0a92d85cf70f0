// Two threads let a pool work for them and hold a lock until they have the result. What the pool
// does for them ends with a callback that needs the lock.
#include <mutex>

#include "primitives/annotate.h"
#include "primitives/pool/thread_pool.h"
#include "primitives/threading/lock.h"
#include "scenarios/specimens/judge.h"
#include "scenarios/specimens/pool/pool.h"
#include "scenarios/together.h"

namespace weft::scenarios::specimens::pool {
namespace {

constexpr int kCallers = 2;

template <bool kHeld>
std::string call() {
  Lock lock;
  annotate::named(&lock, "the log's lock");
  int logged = 0;
  ThreadPool pool(kCallers);
  together(kCallers, [&](int) {
    std::unique_lock hold(lock);
    const auto done = pool.submit([&lock, &logged] {
      std::scoped_lock hold_log(lock);
      ++logged;
    });
    if (!kHeld) hold.unlock();
    done.wait();
  });
  return unless_equal("number of lines in the log", logged, kCallers);
}

}  // namespace

constinit const Specimen kLockHeldOverResult{
    .row = "004-6",
    .name = "pool/lock_held_over_result",
    .mistake = "a thread holds a lock while it waits for a result, and the callback needs the lock",
    .kind = kind::kHang,
    .deadlock = "waits for Lock 'the log's lock' held by thread",
    .body = call<true>,
    .mended = call<false>,
};

}  // namespace weft::scenarios::specimens::pool
