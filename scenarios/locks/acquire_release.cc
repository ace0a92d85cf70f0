#include "scenarios/locks/acquire_release.h"

#include <string>

#include "primitives/threading/lock.h"
#include "scenarios/judging.h"
#include "scenarios/locks/add_in_threads.h"

namespace weft::scenarios {
namespace {

void run(Transcript& out, const Pace&) {
  Lock x_lock;
  const int x = add_in_threads(out, [&](auto increment) {
    x_lock.acquire();
    increment();
    x_lock.release();
  });
  out.say("x: " + std::to_string(x));
  out.say(x_lock.locked() ? "the lock is held" : "the lock is free");
}

std::string judge(const Lines& lines) { return say_exactly({"x: 100", "the lock is free"}, lines); }

}  // namespace

constinit const Scenario kAcquireRelease = {
    .row = "001-6a",
    .target = "//scenarios/locks:acquire_release",
    .shows = "acquire(), x += 1, release(): no addition is lost.",
    .run = run,
    .judge = judge,
};

}  // namespace weft::scenarios
