// A callback is called in the worker. This one waits for what only another task of the pool can
// bring, and there is no other worker.
#include "primitives/pool/thread_pool.h"
#include "primitives/threading/event.h"
#include "scenarios/specimens/judge.h"
#include "scenarios/specimens/pool/pool.h"

namespace weft::scenarios::specimens::pool {
namespace {

template <bool kWaits>
std::string call_back() {
  Event second_is_done;
  ThreadPool pool(1);
  const auto first = pool.apply_async([] { return 1; }, {},
                                      [&second_is_done](int) {
                                        if (kWaits) second_is_done.wait();
                                      });
  const auto second = pool.apply_async([&second_is_done] {
    second_is_done.set();
    return 2;
  });
  return unless_equal("sum of the results", first.get() + second.get(), 3);
}

}  // namespace

constinit const Specimen kBlockingCallback{
    .row = "000-8b",
    .name = "pool/blocking_callback",
    .mistake = "a callback waits in the worker, and no other result comes any more",
    .kind = kind::kHang,
    .deadlock = "pool-0 waits for Event",
    .body = call_back<true>,
    .mended = call_back<false>,
};

}  // namespace weft::scenarios::specimens::pool
