// A task submits another one to its own pool and waits for it, by an event of its own, so the pool
// cannot know what it waits for. The pool's only worker is the one that waits.
#include "primitives/pool/thread_pool.h"
#include "primitives/threading/event.h"
#include "scenarios/specimens/judge.h"
#include "scenarios/specimens/pool/pool.h"

namespace weft::scenarios::specimens::pool {
namespace {

std::string broken() {
  Event done;
  ThreadPool pool(1);
  const auto outer = pool.submit([&] {
    (void)pool.submit([&done] { done.set(); });
    done.wait();
    return 1;
  });
  return unless_equal("result", outer.result(), 1);
}

// A worker that waits for a future of its own pool does the task itself.
std::string mended() {
  ThreadPool pool(1);
  const auto outer = pool.submit([&pool] { return pool.submit([] { return 1; }).result(); });
  return unless_equal("result", outer.result(), 1);
}

}  // namespace

constinit const Specimen kWaitsForOwnPool{
    .row = "004-5",
    .name = "pool/waits_for_own_pool",
    .mistake = "a task waits by an event for a task of its own pool, which has no other worker",
    .kind = kind::kHang,
    .deadlock = "pool-0 waits for Event",
    .body = broken,
    .mended = mended,
};

}  // namespace weft::scenarios::specimens::pool
