#include "scenarios/ipc/dining_processes.h"

#include <array>
#include <cstddef>
#include <deque>
#include <string>
#include <vector>

#include "primitives/ipc/barrier.h"
#include "primitives/ipc/lock.h"
#include "primitives/ipc/value.h"
#include "primitives/process/process.h"
#include "scenarios/judging.h"
#include "scenarios/process/talk.h"

namespace weft::scenarios {
namespace {

constexpr std::size_t kSeats = 5;
constexpr int kMeals = 5;

struct Fork {
  ipc::Lock lock;
  ipc::RawValue<bool> in_hand;  // guarded by lock
};

std::string line_of(std::size_t id, const char* what) {
  return "phil " + std::to_string(id) + " is " + what;
}

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
    for (int i = 0; i < kMeals; ++i) {
      take(id_ % 2 == 0 ? left_ : right_);
      take(id_ % 2 == 0 ? right_ : left_);
      talk_.say(line_of(id_, "eating"));
      pace_.pause(0.2);
      put_back(left_);
      put_back(right_);
      talk_.say(line_of(id_, "thinking"));
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
  std::array<Fork, kSeats> forks;
  const ipc::Barrier seated(kSeats);
  Talk talk;
  std::deque<Philosopher> phils;
  for (std::size_t i = 0; i < kSeats; ++i) {
    phils.emplace_back(i, forks[i], forks[(i + 1) % kSeats], seated, talk, pace).start();
  }
  talk.listen(out);
  for (Philosopher& phil : phils) phil.join();
  for (const Fork& fork : forks) out.claim(!fork.lock.locked(), "a fork was not put back");
}

// As of the philosophers who are threads: the forks show that neighbours do not eat at once.
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

constinit const Scenario kDiningProcesses = {
    .row = "003-1a",
    .target = "//scenarios/ipc:dining_processes",
    .shows = "Five philosophers, each a process, eat and think, and none waits for ever.",
    .run = run,
    .judge = judge,
    .starts_processes = true,
};

}  // namespace weft::scenarios
