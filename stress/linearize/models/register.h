// A register: one value of any kind.
//
// Thread safety: values.
#pragma once

#include <utility>

#include "stress/linearize/model.h"

namespace weft::linearize::models {

struct Register {
  Value value;

  void write(const Value& next) { value = next; }
  Value read() const { return value; }
  Value exchange(const Value& next) { return std::exchange(value, next); }
  // Whether it held `expected`; only then it is `next`.
  bool compare_exchange(const Value& expected, const Value& next) {
    if (value != expected) return false;
    value = next;
    return true;
  }
};

inline ModelOf<Register> one_register(const Value& initial = {}) {
  return ModelOf<Register>("register", {initial})
      .operation("write", &Register::write, Role::kWrite)
      .operation("read", &Register::read, Role::kRead)
      .operation("exchange", &Register::exchange)
      .operation("compare_exchange", &Register::compare_exchange)
      .is(Kind::kRegister, initial);
}

}  // namespace weft::linearize::models
