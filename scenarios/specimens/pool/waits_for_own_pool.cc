// A task submits another one to its own pool and waits for it. The pool's only worker is the one
// that waits.
#include "primitives/pool/thread_pool.h"
#include "scenarios/specimens/judge.h"
#include "scenarios/specimens/pool/pool.h"

namespace weft::scenarios::specimens::pool {
namespace {

std::string broken() {
  ThreadPool pool(1);
  const auto outer = pool.submit([&pool] { return pool.submit([] { return 1; }).result(); });
  return unless_equal("result", outer.result(), 1);
}

// The task hands the future out in place of waiting for it.
std::string mended() {
  ThreadPool pool(1);
  const auto outer = pool.submit([&pool] { return pool.submit([] { return 1; }); });
  return unless_equal("result", outer.result().result(), 1);
}

}  // namespace

constinit const Specimen kWaitsForOwnPool{
    .row = "004-5",
    .name = "pool/waits_for_own_pool",
    .mistake = "a task waits for a task of the same pool, which has no other worker",
    .kind = kind::kHang,
    .deadlock = "pool-0 waits for Event",
    .body = broken,
    .mended = mended,
};

}  // namespace weft::scenarios::specimens::pool
