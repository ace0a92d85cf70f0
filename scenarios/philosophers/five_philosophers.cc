#include "scenarios/philosophers/five_philosophers.h"

#include <array>
#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "primitives/threading/barrier.h"
#include "primitives/threading/lock.h"
#include "primitives/threading/thread.h"
#include "scenarios/judging.h"

namespace weft::scenarios {
namespace {

constexpr std::size_t kSeats = 5;
constexpr int kMeals = 5;

struct Fork {
  Lock lock;
  bool in_hand = false;  // guarded by lock
};

std::string line_of(std::size_t id, const char* what) {
  return "phil " + std::to_string(id) + " is " + what;
}

class Philosopher : public Thread {
 public:
  Philosopher(std::size_t id, Fork& left, Fork& right, Barrier& seated, Transcript& out,
              const Pace& pace)
      : id_(id), left_(left), right_(right), seated_(seated), out_(out), pace_(pace) {}

  void run() override {
    seated_.wait();  // or the first would have eaten before the last is there
    for (int i = 0; i < kMeals; ++i) {
      if (id_ % 2 == 0) {
        take(left_);
        take(right_);
      } else {
        take(right_);
        take(left_);
      }
      out_.say(line_of(id_, "eating"));
      pace_.pause(0.2);
      put_back(left_);
      put_back(right_);
      out_.say(line_of(id_, "thinking"));
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
  std::array<Fork, kSeats> forks;
  Barrier seated(kSeats);
  std::vector<std::unique_ptr<Joining<Philosopher>>> phils;
  for (std::size_t i = 0; i < kSeats; ++i) {
    phils.push_back(std::make_unique<Joining<Philosopher>>(i, forks[i], forks[(i + 1) % kSeats],
                                                           seated, out, pace));
  }
  for (auto& phil : phils) phil->start();
  for (auto& phil : phils) phil->join();
  for (const Fork& fork : forks) out.claim(!fork.lock.locked(), "a fork was not put back");
}

// The lines cannot show that neighbours eat at different times: a philosopher says that he thinks
// some time after he has put his forks back. What the forks themselves show is claimed in run().
std::string judge(const Lines& lines) {
  Lines all;
  std::vector<Lines> by_phil(kSeats);
  for (std::size_t id = 0; id < kSeats; ++id) {
    for (int i = 0; i < kMeals; ++i) {
      by_phil[id].push_back(line_of(id, "eating"));
      by_phil[id].push_back(line_of(id, "thinking"));
    }
    all.insert(all.end(), by_phil[id].begin(), by_phil[id].end());
  }
  std::string complaint = say_in_any_order(all, lines);
  for (std::size_t id = 0; id < kSeats && complaint.empty(); ++id) {
    complaint = in_order(by_phil[id], lines);
  }
  return complaint;
}

}  // namespace

constinit const Scenario kFivePhilosophers = {
    .row = "003-1a",
    .target = "//scenarios/philosophers:five_philosophers",
    .shows = "Five philosophers eat and think, and none starves or waits for ever.",
    .run = run,
    .judge = judge,
};

}  // namespace weft::scenarios
