// All interleavings of a program's calls over its model. The programs are small: a dozen calls.
//
// Thread safety: none; one thread at a time.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "stress/generate/program.h"
#include "stress/generate/subject.h"

namespace weft::generate {

// A point in one interleaving: where each lane stands, and the model's state. The vocabulary and
// the program must outlive it.
class Position {
 public:
  Position(const Vocabulary& vocabulary, const Program& program);
  Position(const Position& other);
  Position(Position&&) noexcept = default;
  Position& operator=(Position&&) noexcept = default;

  // The number of the lane's calls that have returned.
  std::size_t returned(unsigned lane) const { return lanes_[lane].returned; }
  // Whether the lane's current call has taken a step.
  bool is_inside(unsigned lane) const { return lanes_[lane].steps > 0; }
  bool has_ended(unsigned lane) const { return returned(lane) == program_->size(lane); }
  unsigned lane_count() const { return static_cast<unsigned>(lanes_.size()); }
  // Whether the lane has a call whose turn it is: threads run between what comes before and after.
  bool is_its_turn(unsigned lane) const;

  // One step of the lane's current call, which there must be; of one that is seen to return `seen`.
  linearize::Step step(unsigned lane, const Value* seen = nullptr);

  std::string state() const;

  // From equal ones everything goes on alike.
  friend bool operator==(const Position& a, const Position& b);
  std::size_t hash() const;

 private:
  struct Progress {
    std::size_t returned = 0;
    unsigned steps = 0;
    bool operator==(const Progress&) const = default;
  };
  struct Free {
    const linearize::Specification* model;
    void operator()(std::byte* state) const;
  };

  const Vocabulary* vocabulary_;
  const Program* program_;
  std::vector<Progress> lanes_;
  std::unique_ptr<std::byte[], Free> state_;
};

// A call that waits for ever.
struct StuckCall {
  unsigned lane;
  std::size_t place;
};

// One that waits for ever in some interleaving, if any does.
std::optional<StuckCall> find_stuck_call(const Vocabulary& vocabulary, const Program& program);
// Whether some call waits for ever in every interleaving.
bool always_gets_stuck(const Vocabulary& vocabulary, const Program& program);

// `program` without the calls that may wait for ever: it ends in every interleaving.
Program finishing_part(const Vocabulary& vocabulary, Program program);

// What is known when nobody moves any more.
struct Rest {
  struct Lane {
    std::size_t begun = 0;
    // Of the calls that were begun; of the last one nothing while it waits.
    std::vector<std::optional<Value>> results = {};
  };
  std::vector<Lane> lanes;
};

// The positions, reached from one of `starts`, in which all is as it is at rest: calls that
// returned returned what they did, calls that were begun but did not return are not enabled, calls
// that were not begun took no step. None: the model has no such rest.
std::vector<Position> positions_at_rest(const std::vector<Position>& starts, const Rest& rest);

}  // namespace weft::generate
