// The operations of one kind of object: how a program of them is generated, run on the real object,
// and judged. Types are erased; vocabulary.h and stress/linearize/linearizable.h make them.
//
// Thread safety: a Vocabulary is constant once made; Subject::run from the program's threads, all
// else from one.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "stress/explore/guarantee.h"
#include "stress/generate/generator.h"
#include "stress/generate/program.h"
#include "stress/linearize/specification.h"

namespace weft::generate {

using linearize::Value;

class Subject {
 public:
  virtual ~Subject() = default;
  // Writes what it returned to `result`; an exception becomes a value.
  virtual void run(unsigned operation, unsigned lane, const std::vector<Value>& arguments,
                   Value& result) = 0;
  // Lets threads go that wait in an operation, at least one, if the calling thread can.
  virtual void rescue() {}
};

struct Operation {
  enum Where { kAnywhere, kBefore, kAfter, kAtTheEnd };

  std::string name;
  // The name says all: a # in it stands for the first argument, an @ for the label.
  bool spelled = false;
  std::vector<Generator> arguments = {};
  // Operations of one group are called by one thread alone; empty: by any.
  std::string group = {};
  // kAtTheEnd: once, as the very last call, of each program.
  Where where = kAnywhere;
  bool may_wait = true;  // its model may be not enabled
  bool returns = true;   // something to be shown
};

struct Vocabulary {
  std::string name;
  std::vector<Operation> operations;
  // The vocabulary, or a copy of it, must outlive the subject.
  std::function<std::unique_ptr<Subject>()> make_subject;
  // Whether Subject::rescue() does what it is for. Without it no call may be left waiting on real
  // threads.
  bool rescues = false;
  // Its functions are the operations.
  std::shared_ptr<const linearize::Specification> specification;
  // Of the operations that may not wait; the explorer alone judges it.
  explore::Guarantee guarantee = {};

  std::vector<Value> arguments(const Call& call) const;
  // "push(3)"
  std::string text(const Call& call) const;
  // `program`, which calls what is to be called at the end, and labelled.
  Program complete(Program program) const;

  // See vocabulary.h.
  template <class Object, class State>
  class Of;
  template <class Object, class State>
  static Of<Object, State> of(std::string name, std::function<std::unique_ptr<Object>()> make,
                              State initial = {});
};

// A result as a person writes it: a text without its quotes.
std::string shown(const Value& value);

}  // namespace weft::generate
