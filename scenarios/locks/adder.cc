#include "scenarios/locks/adder.h"

#include <string>

#include "primitives/threading/lock.h"
#include "primitives/threading/thread.h"
#include "scenarios/judging.h"
#include "scenarios/locks/add_in_threads.h"

namespace weft::scenarios {
namespace {

void run(Transcript& out, const Pace&) {
  int sum = 0;
  Lock my_lock;
  const auto adder = [&] {
    my_lock.acquire();
    sum = sum + 1;
    my_lock.release();
  };
  Thread my_thread(adder);
  my_thread.start();
  my_thread.join();
  out.say("sum: " + std::to_string(sum));

  const int sum_of_many = add_in_threads(out, [&](auto increment) {
    my_lock.acquire();
    increment();
    my_lock.release();
  });
  out.say("sum of 4 threads: " + std::to_string(sum_of_many));
  out.claim(!my_lock.locked(), "the lock is still held");
}

std::string judge(const Lines& lines) {
  return say_exactly({"sum: 1", "sum of 4 threads: 100"}, lines);
}

}  // namespace

constinit const Scenario kAdder = {
    .row = "000-2",
    .target = "//scenarios/locks:adder",
    .shows = "A lock keeps a sum right, whoever adds to it.",
    .run = run,
    .judge = judge,
};

}  // namespace weft::scenarios
