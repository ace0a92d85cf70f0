// Forks that are taken by looking whether they are free and then taking them, in two steps. The
// order is right, so nobody waits for ever: two processes may have one fork.
#include <thread>

#include "primitives/ipc/value.h"
#include "scenarios/avoidance/global_order.h"
#include "scenarios/specimens/ipc/dinner.h"
#include "scenarios/specimens/ipc/in_processes.h"
#include "scenarios/specimens/ipc/ipc.h"
#include "scenarios/specimens/judge.h"

namespace weft::scenarios::specimens::ipc {
namespace {

template <bool kInOneStep>
class Fork {
 public:
  void lock() {
    while (!try_lock()) std::this_thread::yield();
  }
  bool try_lock() {
    if constexpr (kInOneStep) return taken_.exchange(1) == 0;
    if (taken_.load() != 0) return false;
    std::this_thread::yield();
    taken_.store(1);
    return true;
  }
  void unlock() { taken_.store(0); }

 private:
  weft::ipc::RawValue<int> taken_;
};

}  // namespace

constinit const Specimen kForkLookedAtFirst{
    .row = "003-1a",
    .name = "ipc/fork_looked_at_first",
    .mistake = "a fork is taken after a look at whether it is free, in two steps",
    .kind = kind::kAssertion,
    .body = dinner<avoidance::GlobalOrder, 3, Fork<false>>,
    .mended = dinner<avoidance::GlobalOrder, 3, Fork<true>>,
    .starts_processes = true,
};

}  // namespace weft::scenarios::specimens::ipc
