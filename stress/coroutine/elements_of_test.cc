// elements_of: generators that yield what others yield, one in the other.
#include "primitives/coroutine/elements_of.h"

#include <gtest/gtest.h>
#include <pthread.h>

#include <cstddef>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "primitives/base/errors.h"
#include "primitives/base/recycled_memory.h"
#include "primitives/coroutine/generator.h"
#include "stress/check.h"
#include "stress/coroutine/allocations.h"

namespace weft {
namespace {

using Ints = std::vector<int>;

Generator<int> range(int begin, int end) {
  for (int i = begin; i < end; ++i) co_yield i;
}

Ints collect(Generator<int>& generator) {
  Ints all;
  for (const int each : generator) all.push_back(each);
  return all;
}
Ints collect(Generator<int>&& generator) { return collect(generator); }

// 0, then what it yields at the depth below, then its depth.
Generator<int> nested(int depth) {
  co_yield 0;
  if (depth != 0) co_yield elements_of(nested(depth - 1));
  co_yield depth;
}

TEST(ElementsOf, StandInTheirPlace) {
  const auto outer = []() -> Generator<int> {
    co_yield 1;
    co_yield elements_of(range(10, 13));
    co_yield 2;
    co_yield elements_of(range(0, 0));
    co_yield elements_of(range(20, 21));
  };
  EXPECT_EQ(collect(outer()), (Ints{1, 10, 11, 12, 2, 20}));
  EXPECT_EQ(collect(nested(3)), (Ints{0, 0, 0, 0, 0, 1, 2, 3}));
}

struct Node {
  int value;
  std::unique_ptr<Node> left, right;
};

Generator<int> in_order(const Node* node) {
  if (node == nullptr) co_return;
  co_yield elements_of(in_order(node->left.get()));
  co_yield node->value;
  co_yield elements_of(in_order(node->right.get()));
}

// The values first ... last - 1 in order.
std::unique_ptr<Node> tree(int first, int last) {
  if (first == last) return nullptr;
  const int middle = first + (last - first) / 2;
  return std::make_unique<Node>(Node{middle, tree(first, middle), tree(middle + 1, last)});
}

TEST(ElementsOf, WalkATree) {
  const auto root = tree(0, 100);
  EXPECT_EQ(collect(in_order(root.get())), collect(range(0, 100)));
}

TEST(ElementsOf, ComeFromAnyRange) {
  Ints numbers{1, 2};
  const auto outer = [](Ints& numbers) -> Generator<int> {
    co_yield elements_of(numbers);
    co_yield elements_of(Ints{3, 4});
    co_yield elements_of(std::as_const(numbers));
    co_yield elements_of(std::vector<short>{5});
  };
  auto all = outer(numbers);
  auto it = all.begin();
  *it = 7;
  EXPECT_EQ(numbers.front(), 7) << "the element itself";
  Ints seen;
  for (; it != all.end(); ++it) seen.push_back(*it);
  EXPECT_EQ(seen, (Ints{7, 2, 3, 4, 7, 2, 5}));
}

TEST(ElementsOf, OfANamedGeneratorLeaveItToItsOwner) {
  auto inner = range(0, 5);
  const auto first_two = [](Generator<int>& inner) -> Generator<int> {
    co_yield elements_of(inner);
  };
  {
    auto outer = first_two(inner);
    EXPECT_EQ(outer.next(), 0);
    EXPECT_EQ(outer.next(), 1);
  }
  EXPECT_EQ(collect(inner), (Ints{2, 3, 4}));
}

Generator<int> elements_of_moved(Generator<int> inner) {
  co_yield elements_of(std::move(inner));
  co_yield -1;
}

TEST(ElementsOf, WhatHasBegunGoesOnAndWhatHasEndedIsEmpty) {
  auto inner = nested(2);
  EXPECT_EQ(inner.next(), 0);
  EXPECT_EQ(inner.next(), 0) << "it has an inner one of its own now";
  auto outer = elements_of_moved(std::move(inner));
  EXPECT_EQ(outer.next(), 0);
  EXPECT_EQ(collect(outer), (Ints{0, 1, 2, -1}));

  auto ended = range(0, 1);
  (void)collect(ended);
  EXPECT_EQ(collect(elements_of_moved(std::move(ended))), Ints{-1});
  EXPECT_EQ(collect(elements_of_moved(std::move(ended))), Ints{-1}) << "moved away";  // NOLINT
}

TEST(ElementsOf, ALoopThatEndsEarlyLeavesTheRest) {
  auto outer = nested(2);
  for ([[maybe_unused]] const int each : outer) break;
  EXPECT_EQ(outer.next(), 0);
  for ([[maybe_unused]] const int each : outer) break;
  EXPECT_EQ(outer.next(), 0);
  EXPECT_EQ(collect(outer), (Ints{1, 2}));
  EXPECT_EQ(outer.next(), std::nullopt);
}

Generator<int> failing(int depth) {
  if (depth == 0) {
    co_yield 1;
    throw std::runtime_error("at the bottom");
  }
  co_yield elements_of(failing(depth - 1));
}

TEST(ElementsOf, AnExceptionComesOutOfTheCoYield) {
  auto fails = failing(3);
  EXPECT_EQ(fails.next(), 1);
  EXPECT_THROW((void)fails.next(), std::runtime_error);
  EXPECT_EQ(fails.next(), std::nullopt) << "it has ended";

  const auto catching = [](std::string& caught) -> Generator<int> {
    try {
      co_yield elements_of(failing(2));
    } catch (const std::runtime_error& error) {
      caught = error.what();
    }
    co_yield elements_of(range(5, 7));
  };
  std::string caught;
  EXPECT_EQ(collect(catching(caught)), (Ints{1, 5, 6}));
  EXPECT_EQ(caught, "at the bottom");
}

// Notes its end.
struct Noted {
  Noted(Ints& ends, int number) : ends(ends), number(number) {}
  Noted(const Noted&) = delete;
  Noted& operator=(const Noted&) = delete;
  ~Noted() { ends.push_back(number); }
  Ints& ends;
  const int number;
};

Generator<int> noted(Ints& ends, int depth) {
  const Noted one(ends, depth);
  if (depth != 0) co_yield elements_of(noted(ends, depth - 1));
  co_yield depth;
}

TEST(ElementsOf, AnInnerBodyEndsBeforeTheOuterGoesOn) {
  Ints ends;
  auto outer = noted(ends, 2);
  EXPECT_EQ(outer.next(), 0);
  EXPECT_EQ(ends, Ints{});
  EXPECT_EQ(outer.next(), 1);
  EXPECT_EQ(ends, Ints{0});
  EXPECT_EQ(outer.next(), 2);
  EXPECT_EQ(ends, (Ints{0, 1}));
}

TEST(ElementsOf, DroppingTheOuterEndsTheInnermostFirst) {
  Ints ends;
  {
    auto outer = noted(ends, 3);
    EXPECT_EQ(outer.next(), 0);
    EXPECT_EQ(outer.next(), 1);
    EXPECT_EQ(ends, Ints{0});
  }
  EXPECT_EQ(ends, (Ints{0, 1, 2, 3}));
}

constexpr int kDeep = 20'000;

Generator<int> chain(int depth) {
  if (depth == 0) {
    co_yield 0;
    co_yield 0;
  } else {
    co_yield elements_of(chain(depth - 1));
  }
}

// In a thread with a small stack, on which what a call takes for each would have no room.
void on_a_small_stack(void (*run)()) {
  constexpr std::size_t kStack = 256 << 10;  // a sanitizer needs more than its program
  pthread_attr_t attributes;
  ASSERT_EQ(pthread_attr_init(&attributes), 0);
  ASSERT_EQ(pthread_attr_setstacksize(&attributes, kStack), 0);
  pthread_t thread;
  const auto begin = [](void* run) -> void* {
    (*static_cast<void (**)()>(run))();
    return nullptr;
  };
  ASSERT_EQ(pthread_create(&thread, &attributes, begin, &run), 0);
  ASSERT_EQ(pthread_join(thread, nullptr), 0);
  (void)pthread_attr_destroy(&attributes);
}

TEST(ElementsOf, AsManyAsOneLikesTakeNoStack) {
  on_a_small_stack([] { EXPECT_EQ(collect(chain(kDeep)), (Ints{0, 0})); });
}

TEST(ElementsOf, AsManyAsOneLikesAreDroppedWithoutStack) {
  on_a_small_stack([] {
    auto dropped = chain(kDeep);
    EXPECT_EQ(dropped.next(), 0);
  });
}

TEST(ElementsOf, AnExceptionPassesAsManyAsOneLikes) {
  on_a_small_stack([] {
    auto fails = failing(kDeep);
    EXPECT_EQ(fails.next(), 1);
    EXPECT_THROW((void)fails.next(), std::runtime_error);
  });
}

[[gnu::noinline]] std::size_t stack_pointer() {
  return reinterpret_cast<std::size_t>(__builtin_frame_address(0));
}

Generator<std::size_t> stack_at(int depth) {
  if (depth != 0) {
    co_yield elements_of(stack_at(depth - 1));
  } else {
    for (int i = 0; i < 3; ++i) co_yield stack_pointer();
  }
}

// Whoever resumed the bodies around it would stand on the stack.
TEST(ElementsOf, OnlyTheInnermostBodyIsResumed) {
  const auto second = [](int depth) {
    auto generator = stack_at(depth);
    auto it = generator.begin();
    ++it;
    return *it;
  };
  const std::size_t near = second(1);
  EXPECT_EQ(second(2), near);
  EXPECT_EQ(second(50), near);
}

TEST(ElementsOf, OfAGeneratorThatExecutesAreAnErrorAndItStaysItsOwners) {
  auto inner = range(0, 3);
  auto it = inner.begin();
  const auto outer = [](Generator<int>& inner) -> Generator<int> {
    co_yield elements_of(std::move(inner));
  };
  EXPECT_THROW((void)collect(outer(inner)), ValueError);
  ++it;
  EXPECT_EQ(*it, 1);

  std::optional<Generator<int>> self;
  self.emplace([](std::optional<Generator<int>>& self) -> Generator<int> {
    co_yield elements_of(std::move(*self));
  }(self));
  EXPECT_THROW((void)self->next(), ValueError) << "within itself";
}

TEST(ElementsOf, AnInnerBodyThatResumesTheRootGetsAnError) {
  std::optional<Generator<int>> root;
  Generator<int>::Iterator* iterator = nullptr;
  const auto inner = [](std::optional<Generator<int>>& root,
                        Generator<int>::Iterator*& iterator) -> Generator<int> {
    EXPECT_THROW((void)root->next(), ValueError);
    co_yield 1;
    EXPECT_THROW(++*iterator, ValueError);
    co_yield 2;
  };
  root.emplace(elements_of_moved(inner(root, iterator)));
  auto it = root->begin();
  iterator = &it;
  EXPECT_EQ(*it, 1);
  ++it;
  EXPECT_EQ(*it, 2);
  ++it;
  EXPECT_EQ(*it, -1);
  ++it;
  EXPECT_EQ(it, root->end());
  EXPECT_THROW(++it, ValueError);
}

TEST(ElementsOf, AllocateNothingOnceTheirSizesAreKnown) {
  if (!internal::RecycledMemory::kKeeps) GTEST_SKIP() << "sanitizers are to see each frame's end";
  const auto root = tree(0, 1000);
  const auto sum = [&root] {
    int sum = 0;
    for (const int each : in_order(root.get())) sum += each;
    return sum;
  };
  EXPECT_EQ(sum(), 999 * 1000 / 2);
  const std::size_t before = testing_coroutine::allocations();
  EXPECT_EQ(sum(), 999 * 1000 / 2);
  EXPECT_EQ(testing_coroutine::allocations() - before, 0u);
}

TEST(ElementsOfAmongThreads, EachElementIsGotOnceOrTheThreadIsTold) {
  check([](weft::Run& run) {
    auto all = nested(2);
    const std::size_t count = collect(nested(2)).size();
    std::size_t got[2] = {0, 0};
    for (std::size_t t = 0; t < 2; ++t) {
      run.thread([&, t] {
        for (int tries = 0; tries < 4; ++tries) {
          try {
            if (all.next()) ++got[t];
          } catch (const ValueError&) {
            // The other one is inside.
          }
        }
      });
    }
    run.join();
    run.require(got[0] + got[1] + collect(all).size() == count, "each element once");
  });
}

}  // namespace
}  // namespace weft
