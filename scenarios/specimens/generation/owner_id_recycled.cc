// A recursive lock that knows its owner by the thread's id. The owner ends without a release; the
// system gives its id to a new thread, which walks in.
#include <atomic>
#include <thread>

#include "primitives/threading/lock.h"
#include "primitives/threading/rlock.h"
#include "scenarios/specimens/generation/generation.h"

namespace weft::scenarios::specimens::generation {
namespace {

constexpr int kNewcomers = 5;

class RLockById {
 public:
  bool try_acquire() {
    if (owner_.load() == std::this_thread::get_id()) return true;
    if (!lock_.try_acquire()) return false;
    owner_.store(std::this_thread::get_id());
    return true;
  }

 private:
  Lock lock_;
  std::atomic<std::thread::id> owner_;
};

template <class Recursive>
std::string forget_and_come() {
  Recursive lock;
  bool got_in = false;
  const auto come = [&] { got_in = lock.try_acquire(); };
  std::thread(come).join();
  if (!got_in) return "nobody could take the free lock";
  for (int i = 0; i < kNewcomers; ++i) {
    std::thread(come).join();
    if (got_in) return "a new thread got into a lock that another had never released";
  }
  return "";
}

}  // namespace

constinit const Specimen kOwnerIdRecycled{
    .row = "001-8",
    .name = "generation/owner_id_recycled",
    .mistake = "a lock takes a new thread for its owner, because it has the id of one that ended",
    .kind = kind::kAssertion,
    .body = forget_and_come<RLockById>,
    .mended = forget_and_come<RLock>,
};

}  // namespace weft::scenarios::specimens::generation
