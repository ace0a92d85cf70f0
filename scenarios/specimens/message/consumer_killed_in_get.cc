// The queue's lock is a semaphore, which nobody gives back for a process that was killed.
#include <errno.h>
#include <semaphore.h>
#include <signal.h>

#include <string>

#include "primitives/ipc/lock.h"
#include "primitives/ipc/shared_object.h"
#include "primitives/process/process.h"
#include "scenarios/specimens/judge.h"
#include "scenarios/specimens/message/message.h"

namespace weft::scenarios::specimens::message {
namespace {

// Not robust: it does not know who has taken it.
class BareSemaphore {
 public:
  BareSemaphore() { ::sem_init(&*semaphore_, 1, 1); }
  void lock() {
    while (::sem_wait(&*semaphore_) != 0 && errno == EINTR) {
    }
  }
  void unlock() { ::sem_post(&*semaphore_); }

 private:
  weft::internal::SharedObject<sem_t> semaphore_ = weft::internal::SharedObject<sem_t>::make();
};

class RobustLock {
 public:
  void lock() {
    try {
      lock_.acquire();
    } catch (const ipc::OwnerDiedError&) {
      if (!lock_.recover()) lock_.acquire();
    }
  }
  void unlock() { lock_.release(); }

 private:
  ipc::Lock lock_;
};

// One place under a lock.
template <class Lockable>
class Slot {
 public:
  void put(int item) {
    lock_.lock();
    *item_ = item;
    lock_.unlock();
  }
  int get(bool is_killed = false) {
    lock_.lock();
    if (is_killed) ::raise(SIGKILL);
    const int item = *item_;
    lock_.unlock();
    return item;
  }

 private:
  Lockable lock_;
  weft::internal::SharedObject<int> item_ = weft::internal::SharedObject<int>::make(0);
};

template <class Lockable>
std::string get_after_a_kill() {
  Slot<Lockable> slot;
  slot.put(1);
  ipc::Process victim([&] { (void)slot.get(true); });
  victim.start();
  victim.join();
  return unless_equal("item", slot.get(), 1);
}

}  // namespace

constinit const Specimen kConsumerKilledInGet{
    .row = "001-2",
    .name = "message/consumer_killed_in_get",
    .mistake = "a consumer is killed inside get(), and the lock of the queue is never given back",
    .kind = kind::kHang,
    .body = get_after_a_kill<BareSemaphore>,
    .mended = get_after_a_kill<RobustLock>,
    .starts_processes = true,
};

}  // namespace weft::scenarios::specimens::message
