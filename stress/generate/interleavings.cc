#include "stress/generate/interleavings.h"

#include <unordered_set>
#include <utility>

namespace weft::generate {

Position::Position(const Vocabulary& vocabulary, const Program& program)
    : program_(program), threads_(program.size()), model_(vocabulary.make_model()) {}

Position::Position(const Position& other)
    : program_(other.program_), threads_(other.threads_), model_(other.model_->clone()) {}

Step Position::step(unsigned thread) {
  Progress& progress = threads_[thread];
  const Call& call = program_[thread][progress.returned];
  const Step step = model_->step(
      call.operation,
      {.thread = thread, .argument = call.argument, .label = call.label, .step = progress.steps});
  if (step.kind == Step::kEntered) ++progress.steps;
  if (step.kind == Step::kDone) progress = {.returned = progress.returned + 1, .steps = 0};
  return step;
}

std::string Position::text() const {
  std::string text;
  for (const Progress& progress : threads_) {
    text += std::to_string(progress.returned) + "." + std::to_string(progress.steps) + " ";
  }
  return text + model_->text();
}

namespace {

// Depth first through every position once.
class Search {
 public:
  // A position in which threads are left and none can go on.
  virtual void stuck(const Position& position) = 0;
  virtual void ended(const Position&) {}
  virtual bool is_over() const { return false; }
  virtual ~Search() = default;

  void visit(const Position& position) {
    if (is_over() || !seen_.insert(position.text()).second) return;
    bool all_ended = true;
    bool any_can_go_on = false;
    for (unsigned thread = 0; thread < position.thread_count(); ++thread) {
      if (position.has_ended(thread)) continue;
      all_ended = false;
      Position next(position);
      if (next.step(thread).kind == Step::kBlocked) continue;
      any_can_go_on = true;
      visit(next);
    }
    if (all_ended) ended(position);
    if (!all_ended && !any_can_go_on) stuck(position);
  }

 private:
  std::unordered_set<std::string> seen_;
};

struct FindStuck final : Search {
  void stuck(const Position& position) override {
    for (unsigned thread = 0; thread < position.thread_count(); ++thread) {
      if (!position.has_ended(thread)) found = {thread, position.returned(thread)};
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

class Explain {
 public:
  explicit Explain(const History& history) : history_(history) {}

  void visit(const Position& position) {
    if (!seen_.insert(position.text()).second) return;
    bool any_can_go_on = false;
    for (unsigned thread = 0; thread < position.thread_count(); ++thread) {
      if (!may_step(position, thread)) continue;
      Position next(position);
      const Step step = next.step(thread);
      if (step.kind == Step::kBlocked) continue;
      any_can_go_on = true;
      const auto& seen = history_[thread][position.returned(thread)].outcome;
      if (step.kind == Step::kEntered || seen == step.outcome) visit(next);
    }
    if (!any_can_go_on && agrees(position)) found.push_back(position);
  }

  std::vector<Position> found;

 private:
  bool may_step(const Position& position, unsigned thread) const {
    const std::size_t place = position.returned(thread);
    if (place >= history_[thread].size()) return false;
    if (position.is_inside(thread)) return true;
    for (unsigned other = 0; other < position.thread_count(); ++other) {
      const std::size_t others_place = position.returned(other);
      if (others_place < history_[other].size() &&
          history_[other][others_place].returned < history_[thread][place].invoked) {
        return false;
      }
    }
    return true;
  }

  // Whether just the calls that returned have returned.
  bool agrees(const Position& position) const {
    for (unsigned thread = 0; thread < position.thread_count(); ++thread) {
      const auto& calls = history_[thread];
      const std::size_t returned = position.returned(thread);
      if (returned < calls.size() && calls[returned].outcome) return false;
    }
    return true;
  }

  const History& history_;
  std::unordered_set<std::string> seen_;
};

}  // namespace

std::optional<StuckCall> find_stuck_call(const Vocabulary& vocabulary, const Program& program) {
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
    auto& calls = program[stuck->thread];
    calls.erase(calls.begin() + static_cast<std::ptrdiff_t>(stuck->place));
  }
  return program;
}

std::vector<Position> explanations(const std::vector<Position>& starts, const History& history) {
  Explain explain(history);
  for (const Position& start : starts) explain.visit(start);
  return std::move(explain.found);
}

}  // namespace weft::generate
