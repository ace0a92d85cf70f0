// ChandyMisra: forks are clean or dirty, and are asked for by a token. K. M. Chandy, J. Misra, "The
// Drinking Philosophers Problem", ACM TOPLAS 6(4), 1984, sections 3 and 4 ("hygienic" diners).
//
//   a fork is | its holder                           | when its neighbour asks for it
//   dirty     | has eaten with it, or starts with it | gives it up, cleaned, unless eating
//   clean     | was given it and has not eaten yet   | keeps it until after the meal
//
// For each fork there is one token; whoever has it without the fork may ask, by sending it to the
// fork's holder. So at most one request for a fork is under way.
//
// Why it works: say that of two neighbours the one with the clean fork, or without the dirty one,
// goes first. At the start "goes first" has no cycle; eating turns all of the eater's forks dirty,
// which puts the eater behind both neighbours and so makes no cycle. Whoever is hungry and ahead of
// both neighbours gets both forks. Nobody starves, either: a meal puts one behind.
//
// In the paper each philosopher answers messages. Here whoever sends one does, under a lock, what
// its receiver would do; nobody holds that lock while eating or waiting.
//
// Thread safety, memory ordering: as every strategy (strategy.h).
// Invariants:     (I1) a clean fork's holder is hungry or eating. (I2) who goes first has no cycle.
// Non-invariants: a hungry philosopher may lose a dirty fork before the meal.
#pragma once

#include <deque>
#include <mutex>
#include <string>
#include <vector>

#include "primitives/threading/condition.h"
#include "primitives/threading/lock.h"
#include "scenarios/avoidance/strategy.h"

namespace weft::avoidance {

// Changed is a condition variable of Mutex in the shape of weft::Condition.
template <class Mutex = Lock, class Changed = Condition>
class ChandyMisra {
 public:
  explicit ChandyMisra(std::size_t seats) : ChandyMisra(lower_seats(require_seats(seats))) {}

  void take(std::size_t seat) {
    {
      std::scoped_lock hold(lock_);
      state_[seat] = State::kHungry;
      ask_for(left_fork(seat), seat);
      ask_for(right_fork(seat, seats()), seat);
    }
    annotate::point("has asked for both forks");
    std::scoped_lock hold(lock_);
    while (!has_both(seat)) changed_[seat].wait();
    state_[seat] = State::kEating;
  }

  void put(std::size_t seat) {
    std::scoped_lock hold(lock_);
    state_[seat] = State::kThinking;
    for (std::size_t fork : {left_fork(seat), right_fork(seat, seats())}) {
      forks_[fork].dirty = true;
      give_if_due(fork);
    }
  }

  // A sentence about the first broken invariant; empty if there is none. From any thread.
  std::string check_invariants() const {
    std::scoped_lock hold(lock_);
    std::size_t clockwise = 0;
    for (std::size_t fork = 0; fork < seats(); ++fork) {
      const Fork& at = forks_[fork];
      if (!at.dirty && state_[at.holder] == State::kThinking) {
        return "fork " + std::to_string(fork) + " is clean although its holder is not hungry";
      }
      const std::size_t first = at.dirty ? neighbour(fork, at.holder) : at.holder;
      clockwise += first == fork ? 1 : 0;
    }
    if (clockwise == 0 || clockwise == seats()) return "everybody is behind a neighbour";
    return "";
  }

 protected:
  // All forks dirty, fork f with holders[f], one of its two neighbours. (I2) is the caller's to see
  // to.
  explicit ChandyMisra(const std::vector<std::size_t>& holders)
      : forks_(holders.size()), state_(holders.size(), State::kThinking) {
    for (std::size_t fork = 0; fork < seats(); ++fork) {
      forks_[fork] = {.holder = holders[fork], .token = neighbour(fork, holders[fork])};
      annotate::named(&changed_.emplace_back(lock_),
                      ("both forks of philosopher " + std::to_string(fork)).c_str());
    }
  }

 private:
  enum class State { kThinking, kHungry, kEating };
  struct Fork {
    std::size_t holder = 0;
    std::size_t token = 0;  // the seat that has the fork's token
    bool dirty = true;
  };

  // Of the two seats beside each fork the lower one: seat 0 has both its forks, so "goes first"
  // does not close.
  static std::vector<std::size_t> lower_seats(std::size_t seats) {
    std::vector<std::size_t> holders(seats);
    for (std::size_t fork = 1; fork < seats; ++fork) holders[fork] = fork - 1;
    return holders;
  }

  std::size_t seats() const { return forks_.size(); }
  // Fork f lies between the seats f - 1 and f.
  std::size_t neighbour(std::size_t fork, std::size_t seat) const {
    return seat == fork ? (fork + seats() - 1) % seats() : fork;
  }
  bool has_both(std::size_t seat) const {
    return forks_[left_fork(seat)].holder == seat &&
           forks_[right_fork(seat, seats())].holder == seat;
  }
  // `seat` has the token, or has sent it already, or holds the fork.
  void ask_for(std::size_t fork, std::size_t seat) {
    if (forks_[fork].holder == seat) return;
    forks_[fork].token = forks_[fork].holder;
    give_if_due(fork);
  }
  // What a fork's holder does on being asked, and once more after the meal.
  void give_if_due(std::size_t index) {
    Fork& fork = forks_[index];
    const std::size_t giver = fork.holder;
    if (fork.token != giver || !fork.dirty || state_[giver] == State::kEating) return;
    fork.holder = neighbour(index, giver);
    fork.dirty = false;
    changed_[fork.holder].notify_one();
    // A hungry giver asks at once to have it back.
    if (state_[giver] == State::kHungry) fork.token = fork.holder;
  }

  mutable Mutex lock_;
  std::vector<Fork> forks_;      // guarded by lock_
  std::vector<State> state_;     // guarded by lock_; of each seat
  std::deque<Changed> changed_;  // constant; told when a seat is given a fork
};

}  // namespace weft::avoidance
