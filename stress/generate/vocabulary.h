// A Vocabulary made of functions: for each operation its name, its arguments, how it runs on the
// real object and how it runs on a sequential model.
//
//   struct Count { int value = 0; std::string text() const { return std::to_string(value); } };
//   Vocabulary words =
//       Vocabulary::of<SharedCounter, Count>("SharedCounter",
//                                            [] { return std::make_unique<SharedCounter>(); })
//           .operation("incr(#)", {1, 3},
//                      [](SharedCounter& c, const Turn& t) { c.incr(t.argument); return "done"; },
//                      [](Count& c, const Turn& t) { c.value += t.argument; return done("done");
//                      });
//
// A model's operation takes effect in one step, or in several, between which others may take
// theirs: a wait first enters the line, and in a later step, once it has been let go, returns. A
// step that is not possible yet answers blocked(), and must then leave the state as it was.
//
// For a class of your own stress/linearize/linearizable.h is shorter.
//
// Thread safety: as subject.h.
#pragma once

#include <cstddef>
#include <exception>
#include <functional>
#include <memory>
#include <new>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "stress/generate/subject.h"
#include "stress/linearize/recorder.h"

namespace weft::generate {

using Outcome = linearize::Value;

// A call and where it stands.
struct Turn {
  unsigned thread;
  int argument;
  int label;
  unsigned step = 0;  // steps that this call has taken; models only
};

struct Step {
  enum Kind { kBlocked, kEntered, kDone };
  Kind kind;
  Outcome outcome = {};
};
inline Step blocked() { return {Step::kBlocked}; }
inline Step entered() { return {Step::kEntered}; }
inline Step done(Outcome outcome) { return {Step::kDone, std::move(outcome)}; }

// The word for the exception being handled.
Outcome outcome_of_current_exception();

struct Arguments {
  int low = 0;
  int high = 0;  // low .. high, both included
};

// State: copyable, and has text(), which says all of it: two that say the same are alike.
template <class State>
class FunctionsSpecification final : public linearize::Specification {
 public:
  using Next = std::function<Step(State&, const Turn&)>;

  FunctionsSpecification(std::string name, State initial, std::vector<std::string> functions,
                         std::vector<Next> nexts)
      : name_(std::move(name)),
        initial_(std::move(initial)),
        functions_(std::move(functions)),
        nexts_(std::move(nexts)) {}

  std::string name() const override { return name_; }
  std::span<const std::string> functions() const override { return functions_; }
  std::size_t state_bytes() const override { return sizeof(State); }
  void make_initial(void* state) const override { new (state) State(initial_); }
  void copy(void* state, const void* from) const override { new (state) State(of(from)); }
  void destroy(void* state) const noexcept override { of(state).~State(); }
  bool equal(const void* a, const void* b) const override { return of(a).text() == of(b).text(); }
  std::size_t hash(const void* state) const override {
    return std::hash<std::string>()(of(state).text());
  }
  std::string text(const void* state) const override { return of(state).text(); }

  linearize::Step step(void* state, const linearize::Turn& turn) const override {
    const Turn as_function{.thread = turn.thread,
                           .argument = number(turn.arguments, 0),
                           .label = number(turn.arguments, 1),
                           .step = turn.step};
    // A step that gives another result than what was seen must not change the state.
    std::optional<State> before;
    if (turn.seen != nullptr) before.emplace(of(state));
    Step step = nexts_[turn.function](of(state), as_function);
    switch (step.kind) {
      case Step::kBlocked:
        if (before) of(state) = std::move(*before);
        return {linearize::Step::kBlocked};
      case Step::kEntered:
        return {linearize::Step::kEntered};
      case Step::kDone:
        break;
    }
    if (turn.seen == nullptr || *turn.seen == step.outcome) {
      return {linearize::Step::kDone, std::move(step.outcome)};
    }
    of(state) = std::move(*before);
    return {linearize::Step::kRefused, std::move(step.outcome)};
  }

 private:
  static State& of(void* state) { return *static_cast<State*>(state); }
  static const State& of(const void* state) { return *static_cast<const State*>(state); }
  static int number(std::span<const Value> arguments, std::size_t place) {
    if (place >= arguments.size()) return 0;
    return static_cast<int>(*arguments[place].get_if<std::int64_t>());
  }

  const std::string name_;
  const State initial_;
  const std::vector<std::string> functions_;
  const std::vector<Next> nexts_;
};

template <class Object, class State>
class Vocabulary::Of {
 public:
  using Run = std::function<Outcome(Object&, const Turn&)>;
  using Next = typename FunctionsSpecification<State>::Next;

  Of(std::string name, std::function<std::unique_ptr<Object>()> make, State initial)
      : initial_(std::move(initial)), parts_(std::make_shared<Parts>()) {
    vocabulary_.name = std::move(name);
    parts_->make = std::move(make);
  }

  Of& operation(std::string name, Arguments arguments, Run run, Next next) {
    add({.name = std::move(name),
         .spelled = true,
         .arguments = {gen::inRange(arguments.low, arguments.high + 1).generator,
                       gen::unique().generator}},
        std::move(run), std::move(next));
    return *this;
  }
  Of& operation(std::string name, Run run, Next next) {
    return operation(std::move(name), {}, std::move(run), std::move(next));
  }
  // What both show at the end; must be the same.
  Of& contents(std::function<std::string(Object&)> object,
               std::function<std::string(const State&)> state) {
    add(
        {.name = "contents", .spelled = true, .where = Operation::kAtTheEnd},
        [object = std::move(object)](Object& o, const Turn&) { return Outcome(object(o)); },
        [state = std::move(state)](State& s, const Turn&) { return done(state(s)); });
    return *this;
  }
  // See Subject::rescue(). For objects with operations that wait.
  Of& rescue(std::function<void(Object&)> rescue) {
    parts_->rescue = std::move(rescue);
    vocabulary_.rescues = true;
    return *this;
  }

  operator Vocabulary() const {
    Vocabulary made = vocabulary_;
    made.make_subject = [parts = parts_] { return std::make_unique<RealSubject>(*parts); };
    std::vector<std::string> functions;
    for (const Operation& operation : made.operations) functions.push_back(operation.name);
    made.specification = std::make_shared<FunctionsSpecification<State>>(
        made.name, initial_, std::move(functions), nexts_);
    return made;
  }

 private:
  struct Parts {
    std::function<std::unique_ptr<Object>()> make;
    std::vector<Run> runs;
    std::function<void(Object&)> rescue = [](Object&) {};
  };

  struct RealSubject final : Subject {
    explicit RealSubject(const Parts& p) : parts(p), object(p.make()) {}
    void run(unsigned operation, unsigned lane, const std::vector<Value>& arguments,
             Value& result) override {
      const auto number = [&](std::size_t i) {
        return i < arguments.size() ? static_cast<int>(*arguments[i].get_if<std::int64_t>()) : 0;
      };
      const Turn turn{.thread = lane, .argument = number(0), .label = number(1)};
      try {
        const Outcome outcome = parts.runs[operation](*object, turn);
        const linearize::Unrecorded harness;
        result = outcome;
      } catch (const std::exception&) {
        const linearize::Unrecorded harness;
        result = outcome_of_current_exception();
      }
    }
    void rescue() override {
      try {
        parts.rescue(*object);
      } catch (const std::exception&) {  // this thread cannot, another may
      }
    }
    const Parts& parts;
    const std::unique_ptr<Object> object;
  };

  void add(Operation operation, Run run, Next next) {
    vocabulary_.operations.push_back(std::move(operation));
    parts_->runs.push_back(std::move(run));
    nexts_.push_back(std::move(next));
  }

  Vocabulary vocabulary_;
  State initial_;
  std::vector<Next> nexts_;
  std::shared_ptr<Parts> parts_;
};

template <class Object, class State>
Vocabulary::Of<Object, State> Vocabulary::of(std::string name,
                                             std::function<std::unique_ptr<Object>()> make,
                                             State initial) {
  return Of<Object, State>(std::move(name), std::move(make), std::move(initial));
}

}  // namespace weft::generate
