#include "scenarios/ipc/dining_processes.h"

#include <array>
#include <cstddef>
#include <deque>

#include "primitives/ipc/barrier.h"
#include "primitives/ipc/lock.h"
#include "primitives/ipc/value.h"
#include "primitives/process/process.h"
#include "scenarios/philosophers/philosophers_lines.h"
#include "scenarios/process/talk.h"

namespace weft::scenarios {
namespace {

struct Fork {
  ipc::Lock lock;
  ipc::RawValue<bool> in_hand;  // guarded by lock
};

class Philosopher : public ipc::Process {
 public:
  Philosopher(std::size_t id, Fork left, Fork right, ipc::Barrier seated, const Talk& talk,
              const Pace& pace)
      : id_(id),
        left_(std::move(left)),
        right_(std::move(right)),
        seated_(std::move(seated)),
        talk_(talk),
        pace_(pace) {}

  void run() override {
    seated_.wait();  // or the first would have eaten before the last is there
    for (int i = 0; i < kMealsEach; ++i) {
      take(id_ % 2 == 0 ? left_ : right_);
      take(id_ % 2 == 0 ? right_ : left_);
      talk_.say(philosopher_line(id_, "eating"));
      pace_.pause(0.2);
      put_back(left_);
      put_back(right_);
      talk_.say(philosopher_line(id_, "thinking"));
      pace_.pause(0.1);
    }
  }

 private:
  void take(Fork& fork) {
    fork.lock.acquire();
    talk_.claim(!fork.in_hand.reference(), "two neighbours hold one fork");
    fork.in_hand.reference() = true;
  }
  void put_back(Fork& fork) {
    fork.in_hand.reference() = false;
    fork.lock.release();
  }

  const std::size_t id_;
  Fork left_;
  Fork right_;
  ipc::Barrier seated_;
  const Talk& talk_;
  const Pace& pace_;
};

void run(Transcript& out, const Pace& pace) {
  std::array<Fork, kPhilosophers> forks;
  const ipc::Barrier seated(kPhilosophers);
  Talk talk;
  std::deque<Philosopher> phils;
  for (std::size_t i = 0; i < kPhilosophers; ++i) {
    phils.emplace_back(i, forks[i], forks[(i + 1) % kPhilosophers], seated, talk, pace).start();
  }
  talk.listen(out);
  for (Philosopher& phil : phils) phil.join();
  for (const Fork& fork : forks) out.claim(!fork.lock.locked(), "a fork was not put back");
}

}  // namespace

constinit const Scenario kDiningProcesses = {
    .row = "003-1a",
    .target = "//scenarios/ipc:dining_processes",
    .shows = "Five philosophers, each a process, eat and think, and none waits for ever.",
    .run = run,
    .judge = judge_philosophers,
    .starts_processes = true,
};

}  // namespace weft::scenarios
