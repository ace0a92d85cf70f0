// A counter.
//
// Thread safety: values.
#pragma once

#include <cstdint>

#include "stress/linearize/model.h"

namespace weft::linearize::models {

struct Counter {
  std::int64_t value = 0;

  void increment() { ++value; }
  void add(std::int64_t number) { value += number; }
  // What it was before.
  std::int64_t fetch_add(std::int64_t number) {
    const std::int64_t before = value;
    value += number;
    return before;
  }
  std::int64_t get() const { return value; }
};

inline ModelOf<Counter> counter(std::int64_t initial = 0) {
  return ModelOf<Counter>("counter", {initial})
      .operation("increment", &Counter::increment, Role::kIncrement)
      .operation("add", &Counter::add)
      .operation("fetch_add", &Counter::fetch_add)
      .operation("get", &Counter::get, Role::kRead)
      .is(Kind::kCounter, initial);
}

}  // namespace weft::linearize::models
