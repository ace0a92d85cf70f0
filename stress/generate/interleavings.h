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
#include "stress/generate/vocabulary.h"

namespace weft::generate {

// A point in one interleaving: where each thread stands, and the model's state. The vocabulary and
// the program must outlive it.
class Position {
 public:
  Position(const Vocabulary& vocabulary, const Program& program);
  Position(const Position& other);
  Position& operator=(const Position&) = delete;

  // The number of the thread's calls that have returned.
  std::size_t returned(unsigned thread) const { return threads_[thread].returned; }
  // Whether the thread's current call has taken a step.
  bool is_inside(unsigned thread) const { return threads_[thread].steps > 0; }
  bool has_ended(unsigned thread) const { return returned(thread) == program_[thread].size(); }
  unsigned thread_count() const { return static_cast<unsigned>(threads_.size()); }

  // One step of the thread's current call, which there must be. Changes nothing if blocked.
  Step step(unsigned thread);

  // Equal for positions from which everything goes on alike.
  std::string text() const;
  std::string contents() const { return model_->contents(); }

 private:
  struct Progress {
    std::size_t returned = 0;
    unsigned steps = 0;
  };

  const Program& program_;
  std::vector<Progress> threads_;
  std::unique_ptr<Model> model_;
};

// A call that waits for ever.
struct StuckCall {
  unsigned thread;
  std::size_t place;
};

// One that waits for ever in some interleaving, if any does.
std::optional<StuckCall> find_stuck_call(const Vocabulary& vocabulary, const Program& program);
// Whether some call waits for ever in every interleaving.
bool always_gets_stuck(const Vocabulary& vocabulary, const Program& program);

// `program` without the calls that may wait for ever: it ends in every interleaving.
Program finishing_part(const Vocabulary& vocabulary, Program program);

// The positions, reached from one of `starts`, that agree with `history`: calls that returned
// returned what they did, calls that were begun but did not return are blocked, calls that were not
// begun took no step, and a call that returned before another was invoked came first. None: no
// order of the operations explains what was seen.
std::vector<Position> explanations(const std::vector<Position>& starts, const History& history);

}  // namespace weft::generate
