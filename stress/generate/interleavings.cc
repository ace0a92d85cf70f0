#include "stress/generate/interleavings.h"

#include <algorithm>
#include <new>
#include <unordered_set>
#include <utility>

namespace weft::generate {

using linearize::Step;

void Position::Free::operator()(std::byte* state) const {
  model->destroy(state);
  delete[] state;
}

// operator new[] aligns bytes as std::max_align_t.
Position::Position(const Vocabulary& vocabulary, const Program& program)
    : vocabulary_(&vocabulary),
      program_(&program),
      lanes_(program.lanes()),
      state_(new std::byte[vocabulary.specification->state_bytes()],
             Free{vocabulary.specification.get()}) {
  vocabulary.specification->make_initial(state_.get());
}

Position::Position(const Position& other)
    : vocabulary_(other.vocabulary_),
      program_(other.program_),
      lanes_(other.lanes_),
      state_(new std::byte[vocabulary_->specification->state_bytes()],
             Free{vocabulary_->specification.get()}) {
  vocabulary_->specification->copy(state_.get(), other.state_.get());
}

bool Position::is_its_turn(unsigned lane) const {
  if (has_ended(lane)) return false;
  const unsigned main = program_->main();
  const bool begun = returned(main) >= program_->before.size();
  if (lane != main) return begun;
  if (!begun) return true;
  for (unsigned thread = 0; thread < main; ++thread) {
    if (!has_ended(thread)) return false;
  }
  return true;
}

Step Position::step(unsigned lane, const Value* seen) {
  Progress& progress = lanes_[lane];
  const Call& call = program_->call(lane, progress.returned);
  const std::vector<Value> arguments = vocabulary_->arguments(call);
  const Step step = vocabulary_->specification->step(state_.get(), {.function = call.operation,
                                                                    .thread = lane,
                                                                    .arguments = arguments,
                                                                    .step = progress.steps,
                                                                    .seen = seen});
  if (step.kind == Step::kEntered) ++progress.steps;
  if (step.kind == Step::kDone) progress = {.returned = progress.returned + 1, .steps = 0};
  return step;
}

std::string Position::state() const { return vocabulary_->specification->text(state_.get()); }

bool operator==(const Position& a, const Position& b) {
  return a.lanes_ == b.lanes_ &&
         a.vocabulary_->specification->equal(a.state_.get(), b.state_.get());
}

std::size_t Position::hash() const {
  std::size_t hash = vocabulary_->specification->hash(state_.get());
  for (const Progress& progress : lanes_) {
    hash = hash * 1'000'003 + progress.returned * 16 + progress.steps;
  }
  return hash;
}

namespace {

struct HashOfPosition {
  std::size_t operator()(const Position& position) const { return position.hash(); }
};
using Positions = std::unordered_set<Position, HashOfPosition>;

// Depth first through every position once.
class Search {
 public:
  // A position in which calls are left and none can go on.
  virtual void stuck(const Position& position) = 0;
  virtual void ended(const Position&) {}
  virtual bool is_over() const { return false; }
  virtual ~Search() = default;

  void visit(const Position& position) {
    if (is_over() || !seen_.insert(position).second) return;
    bool all_ended = true;
    bool any_can_go_on = false;
    for (unsigned lane = 0; lane < position.lane_count(); ++lane) {
      all_ended = all_ended && position.has_ended(lane);
      if (!position.is_its_turn(lane)) continue;
      Position next(position);
      if (next.step(lane).kind == Step::kBlocked) continue;
      any_can_go_on = true;
      visit(next);
    }
    if (all_ended) ended(position);
    if (!all_ended && !any_can_go_on) stuck(position);
  }

 private:
  Positions seen_;
};

struct FindStuck final : Search {
  void stuck(const Position& position) override {
    for (unsigned lane = 0; lane < position.lane_count(); ++lane) {
      if (position.is_its_turn(lane)) found = {lane, position.returned(lane)};
    }
  }
  bool is_over() const override { return found.has_value(); }
  std::optional<StuckCall> found;
};

struct FindEnd final : Search {
  void stuck(const Position&) override {}
  void ended(const Position&) override { found = true; }
  bool is_over() const override { return found; }
  bool found = false;
};

class FindRests {
 public:
  explicit FindRests(const Rest& rest) : rest_(rest) {}

  void visit(const Position& position) {
    if (!seen_.insert(position).second) return;
    bool any_can_go_on = false;
    for (unsigned lane = 0; lane < position.lane_count(); ++lane) {
      if (position.returned(lane) >= rest_.lanes[lane].begun) continue;
      const auto& seen = rest_.lanes[lane].results[position.returned(lane)];
      Position next(position);
      const Step::Kind kind = next.step(lane, seen ? &*seen : nullptr).kind;
      if (kind == Step::kBlocked) continue;
      any_can_go_on = true;
      // One that was not seen to return must not.
      if (kind == Step::kEntered || (kind == Step::kDone && seen)) visit(next);
    }
    if (!any_can_go_on && agrees(position)) found.push_back(position);
  }

  std::vector<Position> found;

 private:
  // Whether just the calls that returned have returned.
  bool agrees(const Position& position) const {
    for (unsigned lane = 0; lane < position.lane_count(); ++lane) {
      const Rest::Lane& known = rest_.lanes[lane];
      const std::size_t returned = position.returned(lane);
      if (returned < known.begun && known.results[returned]) return false;
    }
    return true;
  }

  const Rest& rest_;
  Positions seen_;
};

bool may_wait(const Vocabulary& vocabulary, const Program& program) {
  for (unsigned lane = 0; lane < program.lanes(); ++lane) {
    for (std::size_t place = 0; place < program.size(lane); ++place) {
      if (vocabulary.operations[program.call(lane, place).operation].may_wait) return true;
    }
  }
  return false;
}

}  // namespace

std::optional<StuckCall> find_stuck_call(const Vocabulary& vocabulary, const Program& program) {
  if (!may_wait(vocabulary, program)) return std::nullopt;
  FindStuck search;
  search.visit(Position(vocabulary, program));
  return search.found;
}

bool always_gets_stuck(const Vocabulary& vocabulary, const Program& program) {
  FindEnd search;
  search.visit(Position(vocabulary, program));
  return !search.found;
}

Program finishing_part(const Vocabulary& vocabulary, Program program) {
  while (const auto stuck = find_stuck_call(vocabulary, program)) {
    program.erase(stuck->lane, stuck->place);
  }
  return program;
}

std::vector<Position> positions_at_rest(const std::vector<Position>& starts, const Rest& rest) {
  FindRests search(rest);
  for (const Position& start : starts) search.visit(start);
  return std::move(search.found);
}

}  // namespace weft::generate
