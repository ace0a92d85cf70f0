// The ways of avoiding deadlock at the philosophers' table when each philosopher is a process, and
// their broken twins, whose circle is named.
#include <gtest/gtest.h>

#include <chrono>
#include <cstddef>
#include <deque>
#include <optional>
#include <span>
#include <string>
#include <thread>
#include <vector>

#include "primitives/ipc/array.h"
#include "primitives/ipc/barrier.h"
#include "primitives/ipc/lock.h"
#include "primitives/ipc/semaphore.h"
#include "primitives/process/process.h"
#include "scenarios/avoidance/all_or_none.h"
#include "scenarios/avoidance/arbiter.h"
#include "scenarios/avoidance/back_off.h"
#include "scenarios/avoidance/global_order.h"
#include "scenarios/avoidance/odd_even.h"
#include "scenarios/avoidance/process_table.h"
#include "scenarios/avoidance/strategy.h"
#include "scenarios/specimens/deadlock/broken_strategies.h"

namespace weft::avoidance {
namespace {

using namespace std::chrono_literals;

// Who holds what and waits for what, where the parent can read it. Numbers from 1; 0 is none.
struct Board {
  explicit Board(std::size_t seats) : holder(seats), waits(seats) {}
  ipc::RawArray<int> holder;  // of each fork: the seat
  ipc::RawArray<int> waits;   // of each seat: for which fork
};

// A lock between processes that writes on the board.
class Fork {
 public:
  void number(std::size_t fork, Board& board) {
    fork_ = fork;
    board_ = &board;
  }
  static void sit_down(std::size_t seat) { seat_ = static_cast<int>(seat) + 1; }

  void lock() {
    std::this_thread::yield();  // between two forks it is bad to lose the processor
    const auto seat = static_cast<std::size_t>(seat_ - 1);
    board_->waits.atomic(seat) = static_cast<int>(fork_) + 1;
    lock_.lock();
    board_->waits.atomic(seat) = 0;
    board_->holder.atomic(fork_) = seat_;
  }
  bool try_lock() {
    if (!lock_.try_lock()) return false;
    board_->holder.atomic(fork_) = seat_;
    return true;
  }
  void unlock() {
    board_->holder.atomic(fork_) = 0;
    lock_.unlock();
  }

 private:
  static inline int seat_ = 0;  // of this process
  ipc::Lock lock_;
  std::size_t fork_ = 0;
  Board* board_ = nullptr;
};

std::vector<int> copy_of(const ipc::RawArray<int>& array) {
  std::vector<int> copy;
  for (std::size_t i = 0; i < array.size(); ++i) copy.push_back(array.atomic(i));
  return copy;
}

// The board at one time, as far as that can be had.
struct Snapshot {
  std::vector<int> holder, waits, meals;
  Snapshot(const Board& board, const ProcessTable& table)
      : holder(copy_of(board.holder)), waits(copy_of(board.waits)), meals(copy_of(table.meals())) {}
  bool operator==(const Snapshot&) const = default;

  // "0 waits for fork 1 held by 1, ...", if those who wait form a circle; else empty.
  std::string circle() const {
    for (std::size_t first = 0; first < waits.size(); ++first) {
      std::string text;
      std::size_t seat = first;
      for (std::size_t length = 0; length < waits.size(); ++length) {
        if (waits[seat] == 0) break;
        const auto fork = static_cast<std::size_t>(waits[seat] - 1);
        if (holder[fork] == 0) break;
        const auto next = static_cast<std::size_t>(holder[fork] - 1);
        text += (text.empty() ? "" : ", ") + std::to_string(seat) + " waits for fork " +
                std::to_string(fork) + " held by " + std::to_string(next);
        if (next == first) return text;
        seat = next;
      }
    }
    return "";
  }
};

struct Ending {
  std::string circle;          // of the deadlock; empty if all have eaten up
  std::vector<int> meals;      // of each seat
  bool was_shared = false;     // a fork was in two hands
  bool all_ended_well = true;  // of the processes
};

template <template <class> class S>
Ending dine_as_processes(std::size_t seats, int rounds) {
  Board board(seats);
  std::vector<Fork> forks(seats);
  for (std::size_t i = 0; i < seats; ++i) forks[i].number(i, board);
  auto strategy = strategy_of<S<Fork>>(std::span(forks));
  ipc::Barrier seated(seats);
  ProcessTable table(seats);
  std::deque<ipc::Process> philosophers;
  for (std::size_t seat = 0; seat < seats; ++seat) {
    philosophers
        .emplace_back(ipc::Process::Options{.daemon = true},
                      [&, seat] {
                        Fork::sit_down(seat);
                        seated.wait();
                        dine(strategy, table, seat, rounds);
                      })
        .start();
  }
  Ending ending;
  std::optional<Snapshot> last;
  for (ipc::Process& philosopher : philosophers) {
    // A circle of those who wait is for good if nothing has changed for a while.
    while (ending.circle.empty() && !philosopher.join_for(100ms)) {
      Snapshot now(board, table);
      if (last == now) ending.circle = now.circle();
      last = std::move(now);
    }
  }
  for (ipc::Process& philosopher : philosophers) {
    if (!ending.circle.empty()) philosopher.kill();
    philosopher.join();
    ending.all_ended_well &= philosopher.exitcode() == 0;
  }
  ending.meals = copy_of(table.meals());
  ending.was_shared = table.was_shared();
  return ending;
}

template <template <class> class S>
void expect_dinner() {
  for (const std::size_t seats : {2, 3, 5}) {
    constexpr int kRounds = 30;
    const Ending ending = dine_as_processes<S>(seats, kRounds);
    EXPECT_EQ(ending.circle, "") << seats << " seats";
    EXPECT_EQ(ending.meals, std::vector<int>(seats, kRounds));
    EXPECT_FALSE(ending.was_shared);
    EXPECT_TRUE(ending.all_ended_well);
  }
}

// So many rounds that nobody gets through all of them.
template <template <class> class S>
void expect_circle(std::size_t seats, const std::string& words) {
  const Ending ending = dine_as_processes<S>(seats, 10'000'000);
  EXPECT_EQ(ending.circle, words);
  EXPECT_FALSE(ending.was_shared) << "a deadlock is no reason to share a fork";
}

TEST(ProcessDeadlock, IsAvoidedByAGlobalOrder) { expect_dinner<GlobalOrder>(); }
TEST(ProcessDeadlock, IsAvoidedByOddAndEvenSeats) { expect_dinner<OddEven>(); }
TEST(ProcessDeadlock, IsAvoidedByTakingAllOrNone) { expect_dinner<AllOrNone>(); }
TEST(ProcessDeadlock, IsAvoidedByGivingBack) { expect_dinner<BackOff>(); }

template <class F>
using ArbiterAmongProcesses = Arbiter<F, ipc::Semaphore>;
TEST(ProcessDeadlock, IsAvoidedByAnArbiter) { expect_dinner<ArbiterAmongProcesses>(); }

TEST(ProcessDeadlock, OfTwoWhoTakeTheLeftForkFirstIsNamed) {
  expect_circle<LeftFirst>(2, "0 waits for fork 1 held by 1, 1 waits for fork 0 held by 0");
}
TEST(ProcessDeadlock, OfFiveWhoTakeTheLeftForkFirstIsNamed) {
  expect_circle<LeftFirst>(5,
                           "0 waits for fork 1 held by 1, 1 waits for fork 2 held by 2, "
                           "2 waits for fork 3 held by 3, 3 waits for fork 4 held by 4, "
                           "4 waits for fork 0 held by 0");
}
TEST(ProcessDeadlock, OfThreeWhoTakeOneAfterTheOtherIsNamed) {
  expect_circle<OneAfterTheOther>(3,
                                  "0 waits for fork 0 held by 2, 2 waits for fork 2 held by 1, "
                                  "1 waits for fork 1 held by 0");
}
TEST(ProcessDeadlock, OfOneWhoBreaksTheRuleIsNamed) {
  expect_circle<SeatOneBreaksTheRule>(2,
                                      "0 waits for fork 1 held by 1, 1 waits for fork 0 held by 0");
}

}  // namespace
}  // namespace weft::avoidance
