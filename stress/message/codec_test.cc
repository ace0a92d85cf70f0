// What holds of the encoding for each type: equal values, refusals that say why, and what it costs.
#include "primitives/message/codec.h"

#include <gtest/gtest.h>

#include <array>
#include <bit>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <stdexcept>
#include <string>
#include <tuple>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <variant>
#include <vector>

#include "primitives/base/errors.h"
#include "stress/coroutine/allocations.h"
#include "stress/message/values_for_test.h"

namespace weft::ipc {
namespace {

using testing_coroutine::allocations;
using testing_message::Colour;
using testing_message::Even;
using testing_message::Order;
using testing_message::Padded;
using testing_message::Point;
using testing_message::Tree;

using Bytes = std::vector<std::byte>;

template <class T>
std::string refusal(const Bytes& bytes) {
  try {
    (void)decode<T>(bytes);
  } catch (const DecodeError& error) {
    return error.what();
  }
  return "none";
}

Tree chain(int length) {
  Tree tree;
  for (int i = 1; i < length; ++i) {
    Tree outer;
    outer.children.push_back(std::move(tree));
    tree = std::move(outer);
  }
  return tree;
}

TEST(Codec, KeepsExtremes) {
  for (const double number : {0.0, -0.0, std::numeric_limits<double>::infinity(),
                              std::numeric_limits<double>::denorm_min()}) {
    EXPECT_EQ(std::bit_cast<std::uint64_t>(decode<double>(encode(number))),
              std::bit_cast<std::uint64_t>(number));
  }
  EXPECT_EQ(decode<std::int64_t>(encode(std::numeric_limits<std::int64_t>::min())),
            std::numeric_limits<std::int64_t>::min());
  EXPECT_EQ(decode<std::string>(encode(std::string())), "");
  EXPECT_EQ(decode<std::string>(encode(std::string("a\0b", 3))), std::string("a\0b", 3));
  EXPECT_EQ(decode<std::tuple<>>(encode(std::tuple())), std::tuple());
  EXPECT_EQ((decode<std::array<int, 0>>(encode(std::array<int, 0>()))), (std::array<int, 0>()));
}

TEST(Codec, KeepsUnorderedContainers) {
  const std::unordered_map<std::string, Order> orders = {{"x", Order("a", 1)}, {"", Order()}};
  EXPECT_EQ((decode<std::unordered_map<std::string, Order>>(encode(orders))), orders);
  const std::unordered_set<int> numbers = {3, 1, 2};
  EXPECT_EQ(decode<std::unordered_set<int>>(encode(numbers)), numbers);
}

TEST(Codec, SaysWhatWasExpectedAndWhatCame) {
  const std::string text = refusal<std::vector<std::string>>(encode(std::optional<Order>()));
  EXPECT_EQ(text, "decode: expected vector<string>; optional<Order 2{string,i32}> came");
}

TEST(Codec, NamesATypeThatThisProgramDoesNotUse) {
  Bytes bytes = encode(1);
  bytes[3] ^= std::byte{1};
  EXPECT_NE(refusal<int>(bytes).find("decode: expected i32; type "), std::string::npos);
  EXPECT_NE(refusal<int>(bytes).find("which this program does not use"), std::string::npos);
}

TEST(Codec, RefusesAnotherVersionOfTheEncoding) {
  Bytes bytes = encode(1);
  bytes[0] = std::byte{9};
  EXPECT_EQ(refusal<int>(bytes), "decode: expected i32; version 9 of the encoding came");
}

// The members' types and their order are part of the type, and so is the name that its author gave.
TEST(Codec, TellsTypesApartByWhatTheirBytesMean) {
  EXPECT_EQ(type_text<Point>(), "{i32,i32}");
  EXPECT_EQ(type_text<Padded>(), "{char,f64,bool}");
  EXPECT_EQ(type_text<Order>(), "Order 2{string,i32}");
  EXPECT_EQ(type_text<Tree>(), "{i32,vector<^1>}");
  EXPECT_EQ(type_text<Even>(), "Even(i64)");
  EXPECT_EQ(type_text<std::chrono::milliseconds>(), "duration<i64,1/1000>");
  EXPECT_NE(refusal<std::chrono::seconds>(encode(std::chrono::milliseconds(1))), "none");
  EXPECT_NE(refusal<std::uint32_t>(encode(1)), "none");
  EXPECT_NE((refusal<std::tuple<int, bool>>(encode(std::tuple(true, 1)))), "none");
}

TEST(Codec, RefusesBytesTooMany) {
  Bytes bytes = encode(std::string("abc"));
  bytes.push_back(std::byte{0});
  EXPECT_EQ(refusal<std::string>(bytes), "decode: expected string; 1 bytes too many came");
}

TEST(Codec, RefusesWhatIsNoValueOfItsType) {
  Bytes flag = encode(true);
  flag.back() = std::byte{2};
  EXPECT_NE(refusal<bool>(flag), "none");
  Bytes maybe = encode(std::optional<int>());
  maybe.back() = std::byte{2};
  EXPECT_NE(refusal<std::optional<int>>(maybe), "none");
  Bytes either = encode(std::variant<int, bool>(true));
  either[8] = std::byte{2};
  EXPECT_NE((refusal<std::variant<int, bool>>(either)), "none");
  Bytes even = encode(Even(2));
  even[8] = std::byte{3};
  EXPECT_EQ(refusal<Even>(even), "decode: expected Even(i64); the number is odd");
  Bytes set = encode(std::set<char>{'a', 'b'});
  set.back() = std::byte{'a'};
  EXPECT_EQ(refusal<std::set<char>>(set), "decode: expected set<char>; a set has a key twice");
}

TEST(Codec, RefusesAVariantWithoutAValue) {
  struct Throws {
    operator std::map<int, int>() const { throw std::runtime_error("no"); }
  };
  std::variant<bool, std::map<int, int>> none;
  EXPECT_THROW((none.emplace<std::map<int, int>>(Throws())), std::runtime_error);
  ASSERT_TRUE(none.valueless_by_exception());
  EXPECT_THROW((void)encode(none), ValueError);
}

TEST(Codec, NestsAsDeeplyInAsOut) {
  const Tree deepest = chain(detail::kDepth);
  EXPECT_EQ(decode<Tree>(encode(deepest)), deepest);
  EXPECT_THROW((void)encode(chain(detail::kDepth + 1)), ValueError);
}

TEST(Codec, RefusesAMillionLevels) {
  Bytes bytes = encode(Tree());
  bytes.resize(8);
  for (int level = 0; level < 1'000'000; ++level) {
    for (const int byte : {0, 0, 0, 0, 1, 0, 0, 0}) bytes.push_back(static_cast<std::byte>(byte));
  }
  EXPECT_EQ(refusal<Tree>(bytes),
            "decode: expected {i32,vector<^1>}; values are nested too deeply");
}

TEST(Codec, EncodesIntoABufferAndSaysIfItIsTooShort) {
  std::array<std::byte, 16> buffer;
  EXPECT_EQ(encode_into(buffer, Point{1, 2}), 16u);
  EXPECT_EQ(decode<Point>(buffer), (Point{1, 2}));
  EXPECT_THROW(encode_into(std::span(buffer).first(15), Point{1, 2}), ValueError);
  EXPECT_THROW(encode_into(buffer, std::string("nine byte")), ValueError);
}

struct Trade {
  std::uint64_t id;
  std::array<std::int64_t, 6> prices;
  Colour side;
  std::array<char, 6> symbol;
};

// A trivially copyable value is one copy into a buffer and one out of it.
TEST(Codec, TakesNoMemoryForAValueOfFixedSize) {
  static_assert(kFixedSize<Trade> && detail::Codec<Trade>::dense());
  static_assert(kFixedSize<Padded> && !detail::Codec<Padded>::dense());
  static_assert(!kFixedSize<std::string> && !kFixedSize<std::optional<int>>);
  static_assert(kFixedSize<std::pair<Padded, std::array<bool, 3>>>);
  std::array<std::byte, 100> buffer;
  const std::size_t before = allocations();
  const std::size_t size =
      encode_into(buffer, Trade{.id = 7, .prices = {}, .side = {}, .symbol = {}});
  const Trade trade = decode<Trade>(std::span(buffer).first(size));
  const Padded padded = decode<Padded>(std::span(buffer).first(encode_into(buffer, Padded{})));
  const std::size_t after = allocations();
  EXPECT_EQ(after, before);
  EXPECT_EQ(trade.id, 7u);
  EXPECT_EQ(size, sizeof(Trade) + 8);
  EXPECT_EQ(padded, Padded{});
}

// Nothing of the sender's memory but the value leaves it.
TEST(Codec, SendsNoPadding) {
  alignas(Padded) std::array<unsigned char, sizeof(Padded)> memory;
  memory.fill(0xab);
  const Padded* const padded = ::new (memory.data()) Padded{'a', 1.5, true};
  EXPECT_EQ(encode(*padded).size(), 8 + 1 + 8 + 1u);
}

}  // namespace
}  // namespace weft::ipc
