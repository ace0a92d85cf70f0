#include "scenarios/philosophers/five_philosophers.h"

#include <array>
#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "primitives/threading/barrier.h"
#include "primitives/threading/lock.h"
#include "primitives/threading/thread.h"
#include "scenarios/philosophers/philosophers_lines.h"

namespace weft::scenarios {
namespace {

struct Fork {
  Lock lock;
  bool in_hand = false;  // guarded by lock
};

class Philosopher : public Thread {
 public:
  Philosopher(std::size_t id, Fork& left, Fork& right, Barrier& seated, Transcript& out,
              const Pace& pace)
      : id_(id), left_(left), right_(right), seated_(seated), out_(out), pace_(pace) {}

  void run() override {
    seated_.wait();  // or the first would have eaten before the last is there
    for (int i = 0; i < kMealsEach; ++i) {
      if (id_ % 2 == 0) {
        take(left_);
        take(right_);
      } else {
        take(right_);
        take(left_);
      }
      out_.say(philosopher_line(id_, "eating"));
      pace_.pause(0.2);
      put_back(left_);
      put_back(right_);
      out_.say(philosopher_line(id_, "thinking"));
      pace_.pause(0.1);
    }
  }

 private:
  void take(Fork& fork) {
    fork.lock.acquire();
    out_.claim(!fork.in_hand, "two neighbours hold one fork");
    fork.in_hand = true;
  }
  void put_back(Fork& fork) {
    fork.in_hand = false;
    fork.lock.release();
  }

  const std::size_t id_;
  Fork& left_;
  Fork& right_;
  Barrier& seated_;
  Transcript& out_;
  const Pace& pace_;
};

void run(Transcript& out, const Pace& pace) {
  std::array<Fork, kPhilosophers> forks;
  Barrier seated(kPhilosophers);
  std::vector<std::unique_ptr<Joining<Philosopher>>> phils;
  for (std::size_t i = 0; i < kPhilosophers; ++i) {
    phils.push_back(std::make_unique<Joining<Philosopher>>(
        i, forks[i], forks[(i + 1) % kPhilosophers], seated, out, pace));
  }
  for (auto& phil : phils) phil->start();
  for (auto& phil : phils) phil->join();
  for (const Fork& fork : forks) out.claim(!fork.lock.locked(), "a fork was not put back");
}

}  // namespace

constinit const Scenario kFivePhilosophers = {
    .row = "003-1a",
    .target = "//scenarios/philosophers:five_philosophers",
    .shows = "Five philosophers eat and think, and none starves or waits for ever.",
    .run = run,
    .judge = judge_philosophers,
};

}  // namespace weft::scenarios
