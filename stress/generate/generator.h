// Which values an argument may have. Each is picked by a number, so that rapidcheck, which
// generates and shrinks those numbers, is compiled into one library and not into every test. The
// smaller the number, the simpler the value.
//
// Thread safety: values; pick() from any thread.
#pragma once

#include <concepts>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "stress/linearize/convert.h"
#include "stress/linearize/value.h"

namespace weft::generate {

struct Generator {
  unsigned choices = 1;
  // `choice` is below `choices`; no two calls of a program have the same label.
  std::function<linearize::Value(unsigned choice, int label)> pick;
};

}  // namespace weft::generate

namespace weft::gen {

// The values of an argument of type T.
template <class T>
struct Gen {
  using type = T;
  generate::Generator generator;
};

// From `low` on, below `high`, as rapidcheck has it.
template <std::integral T>
Gen<T> inRange(T low, T high) {
  const auto count = high > low ? static_cast<std::uint64_t>(high) - static_cast<std::uint64_t>(low)
                                : std::uint64_t{1};
  constexpr std::uint64_t kMost = 1u << 20;
  return {{static_cast<unsigned>(count < kMost ? count : kMost),
           [low](unsigned choice, int) { return linearize::Value(low + static_cast<T>(choice)); }}};
}

// One of the given.
template <class T, std::same_as<T>... More>
auto element(T first, More... more) {
  using Type =
      std::conditional_t<std::convertible_to<T, std::string_view>, std::string, std::decay_t<T>>;
  std::vector<linearize::Value> all{linearize::to_value(Type(first)),
                                    linearize::to_value(Type(more))...};
  const auto count = static_cast<unsigned>(all.size());
  return Gen<Type>{{count, [all = std::move(all)](unsigned choice, int) { return all[choice]; }}};
}

template <class T>
auto just(T value) {
  return element(std::move(value));
}

inline Gen<bool> boolean() { return element(false, true); }

// Another number in each call of a program, so that each item is told from all others.
inline Gen<int> unique() {
  return {{1, [](unsigned, int label) { return linearize::Value(label); }}};
}

}  // namespace weft::gen
