// Bytes that nobody honest has sent: damaged messages, and random ones behind the right first word.
// Under AddressSanitizer and UBSan, because most of what must not happen here shows only there.
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <vector>

#include "primitives/message/codec.h"
#include "stress/coroutine/allocations.h"
#include "stress/message/values_for_test.h"

namespace weft::ipc {
namespace {

using testing_coroutine::allocated_bytes;
using testing_message::Either;
using testing_message::Even;
using testing_message::Everything;
using testing_message::Order;
using testing_message::Padded;
using testing_message::Tree;

using Bytes = std::vector<std::byte>;

// The least byte of an element makes as much of memory: a node of a map or of a list with its
// largest content, and what a growing container leaves behind.
constexpr std::size_t kFactor = 400;
// An error's text, and what a container has while it is empty.
constexpr std::size_t kConstant = 4000;

enum class Outcome { kValue, kRefused };

// All numbers below `end` if they are few, else so many with a random step between them.
std::vector<std::size_t> some_of(std::size_t end) {
  constexpr std::size_t kFew = 400;
  std::vector<std::size_t> numbers;
  std::size_t number = 0;
  while (number < end) {
    numbers.push_back(number);
    number += end <= kFew ? 1 : *rc::gen::inRange<std::size_t>(1, 2 * end / kFew + 1);
  }
  return numbers;
}

// Anything but a value or a DecodeError ends the test.
template <class T>
Outcome decoded(std::span<const std::byte> bytes) {
  const std::size_t before = allocated_bytes();
  Outcome outcome = Outcome::kRefused;
  Bytes again;
  try {
    const T value = decode<T>(bytes);
    outcome = Outcome::kValue;
    RC_ASSERT(allocated_bytes() - before <= kFactor * bytes.size() + kConstant);
    again = encode(value);
  } catch (const DecodeError&) {
    RC_ASSERT(allocated_bytes() - before <= kFactor * bytes.size() + kConstant);
  }
  // What was taken for a value is one that can be sent.
  if (outcome == Outcome::kValue) RC_ASSERT(encode(decode<T>(again)) == again);
  return outcome;
}

TEST(HostileBytes, AreAValueAgainIfTheyWereNotTouched) {
  ASSERT_TRUE(rc::check("every value comes back equal", [] {
    const Everything value = testing_message::random_everything();
    RC_ASSERT(decode<Everything>(encode(value)) == value);
  }));
}

TEST(HostileBytes, EveryTruncationIsRefused) {
  ASSERT_TRUE(rc::check("no prefix is a message", [] {
    const Bytes bytes = encode(testing_message::random_everything());
    for (const std::size_t size : some_of(bytes.size())) {
      // At its very size on the heap, so that a read beyond is seen.
      const Bytes prefix(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(size));
      RC_ASSERT(decoded<Everything>(prefix) == Outcome::kRefused);
    }
  }));
}

TEST(HostileBytes, EveryFlippedBitGivesAValueOrIsRefused) {
  std::size_t values = 0;
  std::size_t refused = 0;
  ASSERT_TRUE(rc::check("a value or a DecodeError", [&] {
    Bytes bytes = encode(testing_message::random_everything());
    for (const std::size_t bit : some_of(8 * bytes.size())) {
      bytes[bit / 8] ^= std::byte(1u << bit % 8);
      const Outcome outcome = decoded<Everything>(bytes);
      (outcome == Outcome::kValue ? values : refused) += 1;
      RC_ASSERT(bit >= 64 || outcome == Outcome::kRefused);
      bytes[bit / 8] ^= std::byte(1u << bit % 8);
    }
  }));
  // Both kinds were met, or the property says little.
  EXPECT_GT(values, 1000u);
  EXPECT_GT(refused, 1000u);
}

TEST(HostileBytes, ManyMutationsGiveAValueOrAreRefused) {
  ASSERT_TRUE(rc::check("a value or a DecodeError", [] {
    Bytes bytes = encode(testing_message::random_everything());
    const auto edits = *rc::gen::inRange(1, 6);
    for (int edit = 0; edit < edits; ++edit) {
      const auto at = *rc::gen::inRange<std::size_t>(8, bytes.size());
      switch (*rc::gen::inRange(0, 4)) {
        case 0:
          bytes[at] = *rc::gen::element(std::byte{0}, std::byte{0xff}, std::byte{0x80});
          break;
        case 1:
          bytes.erase(bytes.begin() + static_cast<std::ptrdiff_t>(at));
          break;
        case 2:
          bytes.insert(bytes.begin() + static_cast<std::ptrdiff_t>(at), std::byte{1});
          break;
        default:
          for (std::size_t i = at; i < std::min(at + 4, bytes.size()); ++i) {
            bytes[i] = std::byte{0xff};
          }
      }
    }
    (void)decoded<Everything>(bytes);
  }));
}

template <class T>
class RandomBytes : public testing::Test {};
using Types =
    testing::Types<Everything, Tree, Either, std::vector<Even>, std::vector<bool>,
                   std::map<std::uint8_t, Padded>, std::vector<std::vector<std::vector<char>>>,
                   std::vector<std::optional<std::array<std::optional<int>, 20>>>,
                   std::unordered_map<std::string, Order>, std::u32string>;
TYPED_TEST_SUITE(RandomBytes, Types);

TYPED_TEST(RandomBytes, BehindTheRightWordGiveAValueOrAreRefused) {
  ASSERT_TRUE(rc::check("a value or a DecodeError", [] {
    for (int round = 0; round < 20; ++round) {
      // Small numbers make lengths that are possible.
      const auto numbers = *rc::gen::container<std::vector<std::uint8_t>>(
          rc::gen::weightedOneOf<std::uint8_t>({{6, rc::gen::inRange<std::uint8_t>(0, 4)},
                                                {1, rc::gen::arbitrary<std::uint8_t>()}}));
      const detail::TypeWord word = detail::type_word(detail::kText<detail::Codec<TypeParam>>);
      Bytes bytes(8 + numbers.size());
      std::memcpy(bytes.data(), &word, 8);
      std::transform(numbers.begin(), numbers.end(), bytes.begin() + 8,
                     [](std::uint8_t number) { return std::byte{number}; });
      (void)decoded<TypeParam>(bytes);
    }
  }));
}

// The lie that a decoder is told most often: four bytes that claim four thousand million elements.
TYPED_TEST(RandomBytes, TheLargestCountsAreRefusedBeforeMemoryIsTaken) {
  const detail::TypeWord word = detail::type_word(detail::kText<detail::Codec<TypeParam>>);
  for (std::size_t size = 0; size < 64; ++size) {
    Bytes bytes(8 + size, std::byte{0xff});
    std::memcpy(bytes.data(), &word, 8);
    const std::size_t before = allocated_bytes();
    EXPECT_THROW((void)decode<TypeParam>(bytes), DecodeError);
    EXPECT_LE(allocated_bytes() - before, kConstant + kFactor * bytes.size());
  }
}

}  // namespace
}  // namespace weft::ipc
