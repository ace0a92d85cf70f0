// A loop asks until a thread is no longer alive, and reads its result without a join: it sees the
// end, but nothing says that it sees what was done before.
#include <atomic>
#include <thread>

#include "primitives/threading/thread.h"
#include "scenarios/specimens/judge.h"
#include "scenarios/specimens/order/order.h"

namespace weft::scenarios::specimens::order {
namespace {

constexpr long kResult = 42;

class FlaggedThread {
 public:
  template <class F>
  explicit FlaggedThread(F target)
      : thread_([this, target] {
          target();
          // relaxed: this is the mistake; release would pair with an acquire in is_alive().
          alive_.store(false, std::memory_order_relaxed);
        }) {}
  ~FlaggedThread() { thread_.join(); }
  void start() {}
  // relaxed: this is the mistake; acquire would pair with a release at the thread's end.
  bool is_alive() const { return alive_.load(std::memory_order_relaxed); }

 private:
  std::atomic<bool> alive_{true};
  std::thread thread_;
};

template <class AnyThread>
std::string spin_until_the_end() {
  long result = 0;
  AnyThread thread([&result] { result = kResult; });
  thread.start();
  while (thread.is_alive()) std::this_thread::yield();
  return unless_equal("result", result, kResult);
}

}  // namespace

constinit const Specimen kEndSeenWithoutOrder{
    .row = "001-3",
    .name = "order/end_seen_without_order",
    .mistake = "a thread's result is read after a flag that orders nothing said that it has ended",
    .kind = kind::kUnseen,  // x86 keeps stores in order, and so do most compilers here
    .kind_under_tsan = kind::kDataRace,
    .kind_under_explore = kind::kDataRace,
    .body = spin_until_the_end<FlaggedThread>,
    .mended = spin_until_the_end<Thread>,
};

}  // namespace weft::scenarios::specimens::order
