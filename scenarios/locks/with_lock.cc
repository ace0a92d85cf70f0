#include "scenarios/locks/with_lock.h"

#include <mutex>
#include <stdexcept>
#include <string>

#include "primitives/threading/lock.h"
#include "scenarios/judging.h"
#include "scenarios/locks/add_in_threads.h"

namespace weft::scenarios {
namespace {

void run(Transcript& out, const Pace&) {
  Lock x_lock;
  const int x = add_in_threads(out, [&](auto increment) {
    // Each addition fails after the fact: the next one must get in all the same.
    try {
      std::scoped_lock hold(x_lock);
      increment();
      throw std::runtime_error("raised inside the block");
    } catch (const std::runtime_error&) {
    }
  });
  out.say("x: " + std::to_string(x));
  out.say(x_lock.locked() ? "the lock is held" : "the lock is free");
}

std::string judge(const Lines& lines) { return say_exactly({"x: 100", "the lock is free"}, lines); }

}  // namespace

constinit const Scenario kWithLock = {
    .row = "001-6b",
    .target = "//scenarios/locks:with_lock",
    .shows = "A guard releases the lock on every path, by an exception too.",
    .run = run,
    .judge = judge,
};

}  // namespace weft::scenarios
