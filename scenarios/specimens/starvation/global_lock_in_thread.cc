// A thread class that runs its targets under one global lock: its threads never overlap. Those that
// would meet each other wait for ever.
#include <functional>
#include <mutex>
#include <thread>

#include "primitives/annotate.h"
#include "primitives/threading/barrier.h"
#include "primitives/threading/lock.h"
#include "primitives/threading/thread.h"
#include "scenarios/specimens/starvation/starvation.h"

namespace weft::scenarios::specimens::starvation {
namespace {

class OneAtATime {
 public:
  explicit OneAtATime(std::function<void()> target) : target_(std::move(target)) {
    annotate::named(&global_lock(), "global lock");
  }
  void start() {
    thread_ = std::thread([this] {
      std::scoped_lock hold(global_lock());
      target_();
    });
  }
  void join() { thread_.join(); }

 private:
  // Never destroyed: threads that wait for it for ever may outlive everything.
  static Lock& global_lock() {
    static Lock& lock = *new Lock;
    return lock;
  }

  const std::function<void()> target_;
  std::thread thread_;
};

template <class AnyThread>
std::string overlap() {
  Barrier both_are_inside(2);
  annotate::named(&both_are_inside, "both are inside");
  AnyThread one([&] { both_are_inside.wait(); });
  AnyThread other([&] { both_are_inside.wait(); });
  one.start();
  other.start();
  one.join();
  other.join();
  return "";
}

}  // namespace

constinit const Specimen kGlobalLockInThread{
    .row = "004-8",
    .name = "starvation/global_lock_in_thread",
    .mistake = "threads run their functions one after the other under a lock of the library",
    .kind = kind::kHang,
    .deadlock = "waits for Lock 'global lock' held by thread",
    .body = overlap<OneAtATime>,
    .mended = overlap<Thread>,
};

}  // namespace weft::scenarios::specimens::starvation
