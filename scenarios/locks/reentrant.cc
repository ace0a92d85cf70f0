#include "scenarios/locks/reentrant.h"

#include <mutex>
#include <string>

#include "primitives/base/errors.h"
#include "primitives/threading/rlock.h"
#include "primitives/threading/thread.h"
#include "scenarios/judging.h"
#include "scenarios/locks/add_in_threads.h"

namespace weft::scenarios {
namespace {

constexpr int kDepth = 3;

// Whether another thread gets in. It tries to release what it does not own, too.
bool another_gets_in(Transcript& out, RLock& lock) {
  bool got_in = false;
  Thread another([&] {
    got_in = lock.try_acquire();
    if (got_in) return lock.release();
    try {
      lock.release();
      out.claim(false, "a thread released an RLock that another one owns");
    } catch (const RuntimeError&) {
    }
  });
  another.start();
  another.join();
  return got_in;
}

void say_who_gets_in(Transcript& out, RLock& lock) {
  const std::string depth = std::to_string(lock.recursion_count());
  out.say("depth " + depth + ": another thread " +
          (another_gets_in(out, lock) ? "gets in" : "stays out"));
}

void down_and_up(Transcript& out, RLock& lock, int levels) {
  if (levels == 0) return;
  std::scoped_lock hold(lock);
  say_who_gets_in(out, lock);
  down_and_up(out, lock, levels - 1);
  out.claim(!another_gets_in(out, lock), "an inner release let another thread in");
}

void run(Transcript& out, const Pace&) {
  RLock lock;
  down_and_up(out, lock, kDepth);
  say_who_gets_in(out, lock);

  const int sum = add_in_threads(out, [&](auto increment) {
    std::scoped_lock outer(lock);
    {
      std::scoped_lock inner(lock);
    }
    increment();  // still inside: the inner release was not the last
  });
  out.say("sum of 4 threads: " + std::to_string(sum));
}

std::string judge(const Lines& lines) {
  return say_exactly({"depth 1: another thread stays out", "depth 2: another thread stays out",
                      "depth 3: another thread stays out", "depth 0: another thread gets in",
                      "sum of 4 threads: 100"},
                     lines);
}

}  // namespace

constinit const Scenario kReentrant = {
    .row = "001-8",
    .target = "//scenarios/locks:reentrant",
    .shows =
        "One thread may take an RLock several times, and others get in when it has let go as "
        "often.",
    .run = run,
    .judge = judge,
};

}  // namespace weft::scenarios
