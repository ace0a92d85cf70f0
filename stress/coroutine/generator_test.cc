// Generator: an input range whose body runs as far as its elements are asked for.
#include "primitives/coroutine/generator.h"

#include <gtest/gtest.h>

#include <array>
#include <atomic>
#include <iterator>
#include <memory>
#include <numeric>
#include <optional>
#include <ranges>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "primitives/base/errors.h"
#include "stress/check.h"
#include "stress/coroutine/allocations.h"

namespace weft {
namespace {

using testing_coroutine::allocations;

Generator<int> up_to(int end) {
  for (int i = 0; i < end; ++i) co_yield i;
}

template <class Yield>
std::vector<typename Generator<Yield>::Value> collect(Generator<Yield>& generator) {
  std::vector<typename Generator<Yield>::Value> all;
  for (auto&& each : generator) all.push_back(each);
  return all;
}

TEST(Generator, IsAnInputRange) {
  static_assert(std::ranges::input_range<Generator<int>>);
  static_assert(!std::ranges::forward_range<Generator<int>>);
  static_assert(std::movable<Generator<int>> && !std::copyable<Generator<int>>);
  static_assert(std::is_same_v<std::ranges::range_reference_t<Generator<int>>, int&>);
  static_assert(std::is_same_v<std::ranges::range_reference_t<Generator<const int&>>, const int&>);
  std::vector<int> all;
  for (const int i : up_to(10) | std::views::filter([](int i) { return i % 2 == 1; }) |
                         std::views::transform([](int i) { return i * i; }) | std::views::take(3)) {
    all.push_back(i);
  }
  EXPECT_EQ(all, (std::vector<int>{1, 9, 25}));
}

TEST(Generator, YieldsInOrderAndEnds) {
  auto numbers = up_to(4);
  EXPECT_EQ(collect(numbers), (std::vector<int>{0, 1, 2, 3}));
  EXPECT_EQ(collect(numbers), std::vector<int>()) << "it has ended for good";
  EXPECT_EQ(numbers.next(), std::nullopt);
  auto none = up_to(0);
  EXPECT_EQ(collect(none), std::vector<int>());
}

TEST(Generator, RunsAsFarAsItIsAsked) {
  int steps = 0;
  auto stepping = [](int& steps) -> Generator<int> {
    for (;;) co_yield ++steps;
  }(steps);
  EXPECT_EQ(steps, 0) << "nothing before the first element is asked for";
  EXPECT_EQ(stepping.next(), 1);
  EXPECT_EQ(steps, 1);
  EXPECT_EQ(stepping.next(), 2);
  EXPECT_EQ(steps, 2);
}

TEST(Generator, ALoopThatEndsEarlyLeavesTheRest) {
  auto numbers = up_to(6);
  for (const int i : numbers) {
    if (i == 2) break;
  }
  EXPECT_EQ(numbers.next(), 3);
  EXPECT_EQ(collect(numbers), (std::vector<int>{4, 5}));
}

struct CountsItsEnd {
  int* ends;
  explicit CountsItsEnd(int* e) : ends(e) {}
  CountsItsEnd(const CountsItsEnd&) = delete;
  CountsItsEnd& operator=(const CountsItsEnd&) = delete;
  ~CountsItsEnd() { ++*ends; }
};

TEST(Generator, DroppingItEndsWhatIsInItsFrame) {
  int ends = 0;
  const auto make = [](int* ends) -> Generator<int> {
    const CountsItsEnd local(ends);
    for (;;) co_yield 1;
  };
  {
    auto begun = make(&ends);
    begun.next();
    EXPECT_EQ(ends, 0);
    const auto fresh = make(&ends);
  }
  EXPECT_EQ(ends, 1) << "the fresh one had no local yet";
  auto first = make(&ends);
  first.next();
  first = make(&ends);
  EXPECT_EQ(ends, 2) << "assigning drops what was there";
}

TEST(Generator, AnExceptionOfTheBodyComesOutOnceAndEndsIt) {
  const auto make = [](int good) -> Generator<int> {
    for (int i = 0; i < good; ++i) co_yield i;
    throw std::out_of_range("too far");
  };
  auto at_once = make(0);
  EXPECT_THROW((void)at_once.begin(), std::out_of_range);
  EXPECT_EQ(at_once.next(), std::nullopt);
  auto later = make(1);
  auto it = later.begin();
  EXPECT_EQ(*it, 0);
  EXPECT_THROW(++it, std::out_of_range);
  EXPECT_TRUE(it == later.end());
  auto stepped = make(1);
  EXPECT_EQ(stepped.next(), 0);
  EXPECT_THROW(stepped.next(), std::out_of_range);
  EXPECT_EQ(stepped.next(), std::nullopt);
}

TEST(Generator, YieldsReferencesAndMoveOnlyElements) {
  int shared = 1;
  auto references = [](int& shared) -> Generator<int&> {
    co_yield shared;
    co_yield shared;
  }(shared);
  for (int& each : references) ++each;
  EXPECT_EQ(shared, 3);

  auto owners = []() -> Generator<std::unique_ptr<int>> { co_yield std::make_unique<int>(5); }();
  const auto owner = owners.next();
  ASSERT_TRUE(owner.has_value());
  EXPECT_EQ(**owner, 5);
}

TEST(Generator, KeepsWhatTheBodyYieldsByName) {
  auto texts = []() -> Generator<std::string> {
    std::string mine = "mine";
    const std::string constant = "constant";
    co_yield mine;
    co_yield constant;
    co_yield mine;
  }();
  EXPECT_EQ(texts.next(), "mine");
  std::vector<std::string> rest;
  for (std::string& each : texts) {
    rest.push_back(each);
    each += " changed";  // of the constant: its copy
  }
  EXPECT_EQ(rest, (std::vector<std::string>{"constant", "mine"}))
      << "next() has moved nothing away";
}

TEST(Generator, MovesWithItsBody) {
  auto numbers = up_to(3);
  numbers.next();
  auto moved = std::move(numbers);
  EXPECT_EQ(moved.next(), 1);
  EXPECT_EQ(numbers.next(), std::nullopt);  // NOLINT(bugprone-use-after-move): that it is empty
  EXPECT_EQ(collect(moved), std::vector<int>({2}));
}

TEST(Generator, ABodyThatResumesItselfGetsAnError) {
  Generator<int>* itself = nullptr;
  std::string seen;
  auto generator = [](Generator<int>*& itself, std::string& seen) -> Generator<int> {
    try {
      (void)itself->next();
    } catch (const ValueError& error) {
      seen = error.what();
    }
    co_yield 1;
  }(itself, seen);
  itself = &generator;
  EXPECT_EQ(generator.next(), 1);
  EXPECT_EQ(seen, "Generator: it is executing, or an iterator of it lives");
}

TEST(Generator, ABodyThatAdvancesItsOwnIteratorGetsAnError) {
  std::optional<Generator<int>::Iterator> it;
  auto generator = [](std::optional<Generator<int>::Iterator>& it) -> Generator<int> {
    co_yield 1;
    ++*it;
  }(it);
  it.emplace(generator.begin());
  EXPECT_THROW(++*it, ValueError) << "the body's error comes out";
  EXPECT_THROW(++*it, ValueError) << "it is at the end";
  it.reset();
}

TEST(Generator, SomebodyElseGetsAnErrorWhileAnIteratorLives) {
  auto numbers = up_to(3);
  {
    auto it = numbers.begin();
    EXPECT_THROW(numbers.next(), ValueError);
    EXPECT_THROW((void)numbers.begin(), ValueError);
    EXPECT_EQ(*it, 0);
  }
  EXPECT_EQ(numbers.next(), 1);
}

TEST(Generator, ResumingAllocatesNothing) {
  auto numbers = up_to(1000);
  const std::size_t before = allocations();
  int sum = 0;
  for (const int i : numbers) sum += i;
  EXPECT_EQ(allocations(), before);
  EXPECT_EQ(sum, 499500);
  ::operator delete(::operator new(1));
  EXPECT_GT(allocations(), before) << "the count works";
}

// Each step is one thread's, or an error; no element is lost or got twice.
TEST(GeneratorAmongThreads, EachElementIsGotOnceOrTheThreadIsToldThatAnotherIsInside) {
  check([](weft::Run& run) {
    constexpr int kElements = 8;
    auto numbers = up_to(kElements);
    std::array<std::atomic<int>, kElements> got{};
    for (int i = 0; i < 2; ++i) {
      run.thread([&] {
        for (;;) {
          try {
            const std::optional<int> element = numbers.next();
            if (!element) return;
            ++got[static_cast<std::size_t>(*element)];
          } catch (const ValueError&) {
            std::this_thread::yield();
          }
        }
      });
    }
    run.join();
    for (const auto& times : got) run.require(times == 1, "each element is got once");
  });
}

TEST(GeneratorAmongThreads, OneOfTwoLoopsHasItAndTheOtherIsTold) {
  check([](weft::Run& run) {
    auto numbers = up_to(4);
    std::atomic<int> sum{0};
    std::atomic<int> refused{0};
    for (int i = 0; i < 2; ++i) {
      run.thread([&] {
        try {
          for (const int each : numbers) sum += each;
        } catch (const ValueError&) {
          ++refused;
        }
      });
    }
    run.join();
    run.require(sum == 6, "the elements are got by one of them, or by one after the other");
    run.require(refused <= 1, "one of them is let in");
  });
}

TEST(GeneratorDeathTest, DestroyedWhileAnIteratorLivesItEndsTheProgram) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_DEATH(
      {
        auto generator = std::make_unique<Generator<int>>(up_to(3));
        auto it = generator->begin();
        generator.reset();
      },
      "a Generator is destroyed while it executes or an iterator of it lives");
}

}  // namespace
}  // namespace weft
