// Is a class linearizable: does each call of it, in any program of several threads, do what a
// sequential model does, at one instant between its beginning and its end?
//
//   struct StackModel {
//     std::vector<int> items;
//     void push(int item) { items.push_back(item); }
//     std::optional<int> pop() { ... }
//   };
//
//   WEFT_LINEARIZABLE(StackTest, IsAStack, Stack, StackModel,
//                     operation("push", &Stack::push, &StackModel::push, gen::inRange(0, 3)),
//                     operation("pop", &Stack::pop, &StackModel::pop));
//
// is a test. rapidcheck makes programs of these calls; each runs in one thread, on real threads or
// explored, and every history that is different is judged (stress/generate/property.h). What fails
// is shown as the smallest program found, with its timeline and the line that repeats it.
//
// operation(NAME, OBJECT'S, MODEL'S, VALUES...): a member function or a lambda that takes the
// object (the model) first; of an overloaded one choose by overload<void(int)>(&Stack::push).
// VALUES, from gen (stress/generate/generator.h), are those of each argument; of bool and integers
// they may be left out. The model is written as stress/linearize/model.h has it: Waits<T> for what
// may wait. An exception is a result: the model throws the same, or says throws("QueueFull").
//   .by("producer")    no two threads call operations of one group: a single producer
//   .only_before()     called by the main thread alone, before the threads begin
//   .only_after()      ... when all have ended
//
// Beside operations:
//   made_by([] { return std::make_unique<Ring>(4); })   not by the default constructor
//   starts_as(Model{.capacity = 4})                     not as Model{}
//   threads(3), calls(4), around(2)                     of a program at most: threads, calls of
//                                                       each, calls before and after
//   obstruction_free(), lock_free(), wait_free_within(20)
//                                                       how far calls come that may not wait,
//                                                       see stress/explore/guarantee.h
//   options({.budget = Seconds(2)})                     see stress/run/options.h
//
// A type with a comma in it needs a name (using) before it can go through the macro.
//
// Thread safety: by the thread that runs the test.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <utility>

#include "stress/generate/expect.h"
#include "stress/generate/generator.h"
#include "stress/generate/property.h"
#include "stress/linearize/front.h"

namespace weft::linearize {

// Fails the running test if a program is found that no order explains.
template <class Object, class Model, class... Items>
void expect_linearizable(std::string name, Items... items) {
  generate::Search search;
  (internal::apply_setting(search, items), ...);
  generate::expect_holds(vocabulary_of<Object, Model>(std::move(name), std::move(items)...),
                         std::move(search));
}

// A negative control: fails the running test unless such a program is found, and says which.
template <class Object, class Model, class... Items>
generate::Violation expect_not_linearizable(std::string name, Items... items) {
  generate::Search search;
  (internal::apply_setting(search, items), ...);
  return generate::expect_caught(vocabulary_of<Object, Model>(std::move(name), std::move(items)...),
                                 std::move(search));
}

}  // namespace weft::linearize

#define WEFT_LINEARIZABLE(SUITE, NAME, OBJECT, MODEL, ...)                                     \
  TEST(SUITE, NAME) {                                                                          \
    using namespace ::weft::linearize::words;                                                  \
    ::weft::linearize::expect_linearizable<OBJECT, MODEL>(#OBJECT __VA_OPT__(, ) __VA_ARGS__); \
  }                                                                                            \
  static_assert(true, "")
