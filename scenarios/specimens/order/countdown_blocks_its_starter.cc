// `t.run()` in place of `t.start()`: the starter counts down itself, and is free only at the end.
#include <atomic>

#include "primitives/threading/event.h"
#include "primitives/threading/thread.h"
#include "scenarios/specimens/order/order.h"

namespace weft::scenarios::specimens::order {
namespace {

constexpr int kFrom = 10;

template <bool kStarts>
std::string count_down() {
  std::atomic<int> left{kFrom};
  Event starter_is_back;
  Thread thread(
      [&](int from) {
        // A thread of its own leaves its starter time to come back before it ends.
        if (Thread::current() == &thread) starter_is_back.wait();
        for (int n = from; n > 0; --n) left.store(n - 1);
      },
      kFrom);
  if (kStarts) {
    thread.start();
  } else {
    thread.run();
  }
  const int left_at_return = left.load();
  starter_is_back.set();
  if (kStarts) thread.join();
  if (left_at_return > 0) return "";
  return "the countdown was over when its starter came back";
}

}  // namespace

constinit const Specimen kCountdownBlocksItsStarter{
    .row = "004-1",
    .name = "order/countdown_blocks_its_starter",
    .mistake = "run() is called, and the caller waits for the whole countdown",
    .kind = kind::kAssertion,
    .body = count_down<false>,
    .mended = count_down<true>,
};

}  // namespace weft::scenarios::specimens::order
