#include "scenarios/ipc/shared_or_copied.h"

#include <mutex>
#include <string>

#include "primitives/ipc/array.h"
#include "primitives/ipc/barrier.h"
#include "primitives/ipc/condition.h"
#include "primitives/ipc/event.h"
#include "primitives/ipc/lock.h"
#include "primitives/ipc/rlock.h"
#include "primitives/ipc/semaphore.h"
#include "primitives/ipc/value.h"
#include "primitives/message/queue.h"
#include "primitives/process/process.h"
#include "scenarios/judging.h"
#include "scenarios/process/python_words.h"

namespace weft::scenarios {
namespace {

void run(Transcript& out, const Pace&) {
  ipc::Lock lock;
  ipc::RLock rlock;
  ipc::Semaphore semaphore(2);
  ipc::Event event;
  ipc::Condition condition;
  ipc::Value<bool> notified(false);
  ipc::Barrier met(2);
  ipc::Value<int> value(1);
  ipc::Array<int> array(3);
  ipc::Queue<std::string> queue;
  int copied = 1;

  lock.acquire();
  rlock.acquire();
  ipc::Process other([&] {
    lock.release();  // which the parent took
    semaphore.acquire();
    met.wait();  // the parent has looked at none of it before
    {
      const std::scoped_lock hold(condition);
      notified.set(true);
      condition.notify();
    }
    value.set(2);
    array.set(2, 7);
    queue.put("item");
    copied = 2;
    if (rlock.try_acquire()) array.set(0, 1);  // it is the parent's
    event.set();
  });
  {
    const std::scoped_lock hold(condition);
    other.start();
    met.wait();
    condition.wait([&] { return notified.get(); });
  }
  event.wait();
  other.join();
  rlock.release();
  out.say("lock free: " + in_python(!lock.locked()));
  out.say("rlock excluded: " + in_python(array.get(0) == 0));
  out.say("semaphore: " + std::to_string(semaphore.value()));
  out.say("notified: " + in_python(notified.get()));
  out.say("event set: " + in_python(event.is_set()));
  out.say("value: " + std::to_string(value.get()));
  out.say("array: " + std::to_string(array.get(2)));
  out.say("queue: " + queue.get());
  out.say("copied: " + std::to_string(copied));
}

std::string judge(const Lines& lines) {
  return say_exactly({"lock free: True", "rlock excluded: True", "semaphore: 1", "notified: True",
                      "event set: True", "value: 2", "array: 7", "queue: item", "copied: 1"},
                     lines);
}

}  // namespace

constinit const Scenario kSharedOrCopied = {
    .row = "003-6",
    .target = "//scenarios/ipc:shared_or_copied",
    .shows = "What a process does to what it shares is seen by its parent; the rest are copies.",
    .run = run,
    .judge = judge,
    .starts_processes = true,
};

}  // namespace weft::scenarios
