#include "scenarios/locks/outside_the_lock.h"

#include <cstdint>
#include <mutex>
#include <string>

#include "primitives/threading/event.h"
#include "primitives/threading/lock.h"
#include "primitives/threading/thread.h"
#include "scenarios/judging.h"

namespace weft::scenarios {
namespace {

constexpr int kTurns = 25;

// Stands for what the document would move to C: it needs nothing that the lock guards.
std::uint32_t crunch(std::uint32_t value) {
  for (int i = 0; i < 1000; ++i) value = value * 1'664'525U + 1'013'904'223U;
  return value;
}

void run(Transcript& out, const Pace& pace) {
  Lock lock;
  std::uint32_t shared = 7;  // guarded by lock
  int turns = 0;             // guarded by lock
  Event in_the_work;
  Event others_have_moved;

  Thread worker([&] {
    std::uint32_t mine = 0;
    {
      std::scoped_lock hold(lock);
      mine = shared;
    }
    in_the_work.set();
    mine = crunch(mine);
    pace.pause(2);
    // The work lasts until the other thread has had its turns; with the lock held it would last for
    // ever.
    others_have_moved.wait();
    std::scoped_lock hold(lock);
    shared = mine;
  });
  Thread other([&] {
    in_the_work.wait();
    for (int i = 0; i < kTurns; ++i) {
      std::scoped_lock hold(lock);
      ++turns;
    }
    others_have_moved.set();
  });
  worker.start();
  other.start();
  worker.join();
  other.join();
  out.say("turns of the other thread during the work: " + std::to_string(turns));
  out.say(shared == crunch(7) ? "the result is right" : "the result is wrong");
}

std::string judge(const Lines& lines) {
  return say_exactly({"turns of the other thread during the work: 25", "the result is right"},
                     lines);
}

}  // namespace

constinit const Scenario kOutsideTheLock = {
    .row = "004-7",
    .target = "//scenarios/locks:outside_the_lock",
    .shows = "Long work outside the lock lets the others go on.",
    .run = run,
    .judge = judge,
};

}  // namespace weft::scenarios
