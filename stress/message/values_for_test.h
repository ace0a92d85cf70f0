// Types of all kinds that can be sent, and random values of them.
//
// Thread safety: by the test's thread.
#pragma once

#include <rapidcheck.h>

#include <array>
#include <chrono>
#include <cstdint>
#include <deque>
#include <list>
#include <map>
#include <optional>
#include <set>
#include <stdexcept>
#include <string>
#include <string_view>
#include <tuple>
#include <unordered_map>
#include <utility>
#include <variant>
#include <vector>

#include "primitives/message/codec.h"

namespace weft::testing_message {

enum class Colour : std::uint16_t { kRed, kGreen };

// An aggregate that is its bytes.
struct Point {
  std::int32_t x = 0, y = 0;
  bool operator==(const Point&) const = default;
};

// One with padding, and with patterns that are no value.
struct Padded {
  char letter = 0;
  double number = 0;
  bool flag = false;
  bool operator==(const Padded&) const = default;
};

// One that contains itself.
struct Tree {
  std::int32_t value = 0;
  std::vector<Tree> children;
  bool operator==(const Tree&) const = default;
};

// A class with private members, which says by a friend what they are.
class Order {
 public:
  Order() = default;
  Order(std::string item, std::int32_t count) : item_(std::move(item)), count_(count) {}
  bool operator==(const Order&) const = default;

 private:
  friend struct ipc::Encoding<Order>;
  std::string item_;
  std::int32_t count_ = 0;
};

// A class that refuses to be made of anything.
class Even {
 public:
  explicit Even(std::int64_t value) : value_(value) {
    if (value % 2 != 0) throw std::domain_error("the number is odd");
  }
  std::int64_t value() const { return value_; }
  bool operator==(const Even&) const = default;

 private:
  std::int64_t value_;
};

using Scalars = std::tuple<bool, char, std::int8_t, std::uint16_t, std::int32_t, std::uint64_t,
                           float, Colour, std::chrono::milliseconds>;
using Either = std::variant<std::monostate, std::string, Point, std::vector<bool>>;
using Everything =
    std::tuple<Scalars, std::vector<Point>, std::deque<std::string>, std::list<Padded>,
               std::map<std::string, std::vector<std::int32_t>>, std::set<std::int16_t>,
               std::optional<std::pair<std::string, Either>>, std::array<std::uint8_t, 3>,
               std::array<bool, 2>, Tree, Order, std::vector<Even>, std::u16string>;

}  // namespace weft::testing_message

template <>
struct weft::ipc::Encoding<weft::testing_message::Order> {
  static constexpr std::string_view kName = "Order 2";
  static auto members(auto& order) { return std::tie(order.item_, order.count_); }
};
template <>
struct weft::ipc::Encoding<weft::testing_message::Even> {
  static constexpr std::string_view kName = "Even";
  static std::int64_t to_parts(const testing_message::Even& even) { return even.value(); }
  static testing_message::Even from_parts(std::int64_t value) {
    return testing_message::Even(value);
  }
};

namespace weft::testing_message {

// A value of each kind, by rapidcheck, which knows nothing of ours.
template <class T>
T random_value() {
  return *rc::gen::arbitrary<T>();
}
template <class T>
std::vector<T> some(std::size_t most, T (*one)()) {
  std::vector<T> all;
  for (auto left = *rc::gen::inRange<std::size_t>(0, most + 1); left > 0; --left) {
    all.push_back(one());
  }
  return all;
}
inline Point random_point() { return {random_value<std::int32_t>(), random_value<std::int32_t>()}; }
inline Padded random_padded() {
  return {random_value<char>(), random_value<double>(), random_value<bool>()};
}
inline Tree random_tree(int depth) {
  Tree tree{random_value<std::int32_t>(), {}};
  if (depth == 0) return tree;
  for (auto left = *rc::gen::inRange(0, 3); left > 0; --left) {
    tree.children.push_back(random_tree(depth - 1));
  }
  return tree;
}
inline Either random_either() {
  switch (*rc::gen::inRange(0, 4)) {
    case 0:
      return std::monostate();
    case 1:
      return random_value<std::string>();
    case 2:
      return random_point();
    default:
      return random_value<std::vector<bool>>();
  }
}
inline Even random_even() { return Even(2 * (random_value<std::int64_t>() / 4)); }
inline Scalars random_scalars() {
  return {random_value<bool>(),
          random_value<char>(),
          random_value<std::int8_t>(),
          random_value<std::uint16_t>(),
          random_value<std::int32_t>(),
          random_value<std::uint64_t>(),
          random_value<float>(),
          static_cast<Colour>(random_value<std::uint16_t>()),
          std::chrono::milliseconds(random_value<std::int64_t>())};
}
inline Everything random_everything() {
  const auto padded = some(3, random_padded);
  const auto texts = random_value<std::vector<std::string>>();
  const auto wide = random_value<std::vector<std::uint16_t>>();
  std::optional<std::pair<std::string, Either>> maybe;
  if (random_value<bool>()) maybe.emplace(random_value<std::string>(), random_either());
  return {random_scalars(),
          some(4, random_point),
          std::deque<std::string>(texts.begin(), texts.end()),
          std::list<Padded>(padded.begin(), padded.end()),
          random_value<std::map<std::string, std::vector<std::int32_t>>>(),
          random_value<std::set<std::int16_t>>(),
          std::move(maybe),
          random_value<std::array<std::uint8_t, 3>>(),
          random_value<std::array<bool, 2>>(),
          random_tree(3),
          Order(random_value<std::string>(), random_value<std::int32_t>()),
          some(3, random_even),
          std::u16string(wide.begin(), wide.end())};
}

}  // namespace weft::testing_message
