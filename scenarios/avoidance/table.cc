#include "scenarios/avoidance/table.h"

#include "primitives/annotate.h"
#include "primitives/base/errors.h"

namespace weft::avoidance {

std::size_t require_seats(std::size_t seats) {
  if (seats >= 2) return seats;
  throw ValueError("philosophers: a table needs at least 2 seats, not " + std::to_string(seats));
}

Table::Table(std::size_t seats) : forks_(require_seats(seats)), meals_(seats) {}

void Table::eat(std::size_t seat) {
  Fork& left = forks_[left_fork(seat)];
  Fork& right = forks_[right_fork(seat, seats())];
  pick_up(left);
  pick_up(right);
  annotate::point("eating");
  ++meals_[seat];
  put_down(left);
  put_down(right);
}

void Table::pick_up(Fork& fork) {
  // relaxed throughout: the count is exact anyhow, since every access modifies it in one step, and
  // an order would be one that the strategy did not make.
  if (fork.eaters.fetch_add(1, std::memory_order_relaxed) != 0) {
    fork.was_shared.store(true, std::memory_order_relaxed);
  }
  ++fork.uses;
}

void Table::put_down(Fork& fork) { fork.eaters.fetch_sub(1, std::memory_order_relaxed); }

std::string Table::judge(int rounds) const {
  for (std::size_t seat = 0; seat < seats(); ++seat) {
    if (meals_[seat] != rounds) {
      return "philosopher " + std::to_string(seat) + " ate " + std::to_string(meals_[seat]) +
             " times, not " + std::to_string(rounds);
    }
  }
  for (std::size_t i = 0; i < forks_.size(); ++i) {
    const std::string name = "fork " + std::to_string(i);
    if (forks_[i].was_shared.load()) return name + " was used by both its neighbours at once";
    if (forks_[i].uses != 2 * rounds) {
      return name + " was used " + std::to_string(forks_[i].uses) + " times, not " +
             std::to_string(2 * rounds);
    }
  }
  return "";
}

}  // namespace weft::avoidance
