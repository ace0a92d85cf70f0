// The operations of one kind of object, each declared once: its name, its arguments, how it runs on
// the real object and how it runs on a sequential model.
//
//   struct Count { int value = 0; std::string text() const { return std::to_string(value); } };
//   auto words = Vocabulary::of<SharedCounter, Count>("SharedCounter",
//                                                     [] { return
//                                                     std::make_unique<SharedCounter>(); })
//       .operation("incr(#)", {1, 3},
//                  [](SharedCounter& c, const Turn& t) { c.incr(t.argument); return "done"; },
//                  [](Count& c, const Turn& t) { c.value += t.argument; return done("done"); });
//
// A model's operation takes effect in one step, or in several, between which others may take
// theirs: a wait first enters the line, and in a later step, once it has been let go, returns. A
// step that is not possible yet answers blocked(), and must then leave the state as it was.
//
// Thread safety: a Vocabulary is constant once made; Subject::run from the program's threads, all
// else from one.
#pragma once

#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "stress/generate/program.h"

namespace weft::generate {

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
  std::optional<Outcome> outcome = {};
};
inline Step blocked() { return {Step::kBlocked}; }
inline Step entered() { return {Step::kEntered}; }
inline Step done(Outcome outcome) { return {Step::kDone, outcome}; }

class Model {
 public:
  virtual ~Model() = default;
  virtual std::unique_ptr<Model> clone() const = 0;
  virtual Step step(unsigned operation, const Turn& turn) = 0;
  // All of the state: two models that say the same are alike from now on.
  virtual std::string text() const = 0;
  // What can be seen of it when the threads have ended.
  virtual std::string contents() const = 0;
};

class Subject {
 public:
  virtual ~Subject() = default;
  // An exception becomes a word by the name of its type.
  virtual Outcome run(unsigned operation, const Turn& turn) = 0;
  // May destroy the contents.
  virtual std::string contents() = 0;
  // Lets threads go that wait in an operation, at least one, if the calling thread can.
  virtual void rescue() = 0;
};

// The word for the exception being handled.
Outcome outcome_of_current_exception();

struct Arguments {
  int low = 0;
  int high = 0;  // low .. high, both included
};

struct Operation {
  std::string name;  // "put(#)": a # stands for the argument, an @ for the label
  Arguments arguments;
};

struct Vocabulary {
  std::string name;
  std::vector<Operation> operations;
  std::function<std::unique_ptr<Subject>()> make_subject;
  std::function<std::unique_ptr<Model>()> make_model;

  std::vector<std::string> names() const {
    std::vector<std::string> names;
    for (const Operation& operation : operations) names.push_back(operation.name);
    return names;
  }

  // Object: what `make` makes, behind a std::unique_ptr. State: copyable, starts as `initial`, and
  // has text().
  template <class Object, class State>
  class Of;
  template <class Object, class State>
  static Of<Object, State> of(std::string name, std::function<std::unique_ptr<Object>()> make,
                              State initial = {}) {
    return Of<Object, State>(std::move(name), std::move(make), std::move(initial));
  }
};

template <class Object, class State>
class Vocabulary::Of {
 public:
  using Run = std::function<Outcome(Object&, const Turn&)>;
  using Next = std::function<Step(State&, const Turn&)>;

  Of(std::string name, std::function<std::unique_ptr<Object>()> make, State initial)
      : parts_(std::make_shared<Parts>(std::move(make), std::move(initial))) {
    vocabulary_.name = std::move(name);
  }

  Of& operation(std::string name, Arguments arguments, Run run, Next next) {
    vocabulary_.operations.push_back({std::move(name), arguments});
    parts_->runs.push_back(std::move(run));
    parts_->nexts.push_back(std::move(next));
    return *this;
  }
  Of& operation(std::string name, Run run, Next next) {
    return operation(std::move(name), {}, std::move(run), std::move(next));
  }
  // What both show at the end; must be the same. Nothing by default.
  Of& contents(std::function<std::string(Object&)> object,
               std::function<std::string(const State&)> state) {
    parts_->object_contents = std::move(object);
    parts_->state_contents = std::move(state);
    return *this;
  }
  // See Subject::rescue(). For objects with operations that wait.
  Of& rescue(std::function<void(Object&)> rescue) {
    parts_->rescue = std::move(rescue);
    return *this;
  }

  operator Vocabulary() const {
    Vocabulary made = vocabulary_;
    made.make_subject = [parts = parts_] { return std::make_unique<RealSubject>(parts); };
    made.make_model = [parts = parts_] { return std::make_unique<StateModel>(parts); };
    return made;
  }

 private:
  struct Parts {
    Parts(std::function<std::unique_ptr<Object>()> m, State i)
        : make(std::move(m)), initial(std::move(i)) {}
    std::function<std::unique_ptr<Object>()> make;
    State initial;
    std::vector<Run> runs;
    std::vector<Next> nexts;
    std::function<std::string(Object&)> object_contents = [](Object&) { return ""; };
    std::function<std::string(const State&)> state_contents = [](const State&) { return ""; };
    std::function<void(Object&)> rescue = [](Object&) {};
  };

  struct RealSubject final : Subject {
    explicit RealSubject(std::shared_ptr<const Parts> p) : parts(std::move(p)) {}
    Outcome run(unsigned operation, const Turn& turn) override {
      try {
        return parts->runs[operation](*object, turn);
      } catch (const std::exception&) {
        return outcome_of_current_exception();
      }
    }
    std::string contents() override { return parts->object_contents(*object); }
    void rescue() override {
      try {
        parts->rescue(*object);
      } catch (const std::exception&) {  // this thread cannot, another may
      }
    }
    const std::shared_ptr<const Parts> parts;
    const std::unique_ptr<Object> object = parts->make();
  };

  struct StateModel final : Model {
    explicit StateModel(std::shared_ptr<const Parts> p) : parts(std::move(p)) {}
    std::unique_ptr<Model> clone() const override { return std::make_unique<StateModel>(*this); }
    Step step(unsigned operation, const Turn& turn) override {
      return parts->nexts[operation](state, turn);
    }
    std::string text() const override { return state.text(); }
    std::string contents() const override { return parts->state_contents(state); }
    std::shared_ptr<const Parts> parts;
    State state = parts->initial;
  };

  Vocabulary vocabulary_;
  std::shared_ptr<Parts> parts_;
};

}  // namespace weft::generate
