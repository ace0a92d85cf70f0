// Table: who eats, and whether two neighbours ever ate at once.
//
// Around a table with n seats lie n forks: fork s is the left one of seat s, fork s + 1 (after the
// last comes fork 0) its right one. So each fork lies between two neighbours, who may not eat at
// once.
//
// Thread safety: eat() from each seat's thread at once; judge() from one thread after all others.
// Memory ordering: none between the seats. It is for the strategy to order neighbours, and a
// stronger table would hide from ThreadSanitizer one that does not.
#pragma once

#include <atomic>
#include <cstddef>
#include <string>
#include <vector>

namespace weft::avoidance {

constexpr std::size_t left_fork(std::size_t seat) { return seat; }
constexpr std::size_t right_fork(std::size_t seat, std::size_t seats) { return (seat + 1) % seats; }

// Throws ValueError below two seats, where a neighbour would be oneself.
std::size_t require_seats(std::size_t seats);

class Table {
 public:
  explicit Table(std::size_t seats);

  std::size_t seats() const { return meals_.size(); }
  // One meal of this seat, which holds both its forks.
  void eat(std::size_t seat);
  // Empty if each seat ate `rounds` times, and never beside a neighbour who ate; else a sentence.
  std::string judge(int rounds) const;

 private:
  struct Fork {
    std::atomic<int> eaters{0};
    std::atomic<bool> was_shared{false};
    int uses = 0;  // guarded by the fork itself, which is what is tested
  };

  void pick_up(Fork& fork);
  void put_down(Fork& fork);

  std::vector<Fork> forks_;
  std::vector<int> meals_;  // each written by its seat's thread alone
};

}  // namespace weft::avoidance
