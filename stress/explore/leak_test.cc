// What an execution has left behind, and what only looks so.
#include <gtest/gtest.h>

#include <atomic>
#include <cstddef>
#include <cstdlib>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "stress/explore/explore.h"
#include "stress/explore/random_walk.h"

namespace weft::explore {
namespace {

using Body = void (*)(void*);

Outcome run(Body body, const Limits& limits = {}, void* argument = nullptr) {
  static RandomWalk walk;
  static std::uint64_t seed = 0;
  return execute(body, argument, walk, ++seed, limits);
}

struct Call {
  Body body;
  void* argument;
  bool stores_much;  // outside: more than the heap remembers, so that it searches all that is there
};

void call(void* given) {
  static volatile long outside[64];
  const Call& call = *static_cast<Call*>(given);
  if (call.stores_much) {
    for (volatile long& number : outside) number = 1;
  }
  call.body(call.argument);
}

// Several times: what the first one leaves must not hide what the next one does.
void expect_leak(Body body, const char* words = "a block of the heap is left") {
  for (int i = 0; i < 4; ++i) {
    Call made{body, nullptr, i % 2 == 1};
    const Outcome outcome = run(call, {}, &made);
    EXPECT_EQ(outcome.finding, Finding::kLeak) << i << ": " << name_of(outcome.finding);
    EXPECT_NE(std::string(outcome.text).find(words), std::string::npos) << outcome.text;
  }
}

void expect_none(Body body, void* argument = nullptr) {
  for (int i = 0; i < 4; ++i) {
    Call made{body, argument, i % 2 == 1};
    const Outcome outcome = run(call, {}, &made);
    EXPECT_EQ(outcome.finding, Finding::kNone) << i << ": " << outcome.text;
  }
}

struct Node {
  std::shared_ptr<Node> other;
  Node* next = nullptr;
};

// Out of line, so that no register of the caller still holds the address.
[[gnu::noinline]] void* forgotten(std::size_t bytes) { return std::malloc(bytes); }

TEST(Leak, OfABlock) {
  expect_leak([](void*) { *static_cast<char volatile*>(forgotten(40)) = 1; });
}

TEST(Leak, OfAThread) {
  expect_leak(
      [](void*) { std::thread([] { *static_cast<char volatile*>(forgotten(40)) = 1; }).join(); });
}

TEST(Leak, OfACycle) {
  expect_leak(
      [](void*) {
        auto one = std::make_shared<Node>();
        one->other = std::make_shared<Node>();
        one->other->other = one;
      },
      "blocks of the heap are left");
}

// Found in those schedules alone in which both threads look before one of them has stored.
TEST(Leak, OfARaceToPublish) {
  const Body publish = [](void*) {
    std::atomic<int*> shared{nullptr};
    const auto get = [&] {
      if (shared.load() == nullptr) shared.store(new int(7));
    };
    std::thread one(get);
    std::thread other(get);
    one.join();
    other.join();
    delete shared.load();
  };
  bool seen[2] = {};
  for (int i = 0; i < 100; ++i) seen[run(publish).finding == Finding::kLeak] = true;
  EXPECT_TRUE(seen[0]);
  EXPECT_TRUE(seen[1]);
}

TEST(Leak, IsNotWhatWasFreed) {
  expect_none([](void*) {
    std::vector<std::string> texts(10, std::string(100, 'x'));
    std::thread([moved = std::move(texts)] {}).join();
  });
}

int* kept_by_a_static = nullptr;
TEST(Leak, IsNotWhatAStaticKeeps) {
  expect_none([](void*) {
    delete kept_by_a_static;
    kept_by_a_static = new int(1);
  });
}

TEST(Leak, IsNotWhatAStaticKeepsByWayOfOthers) {
  static Node* head = nullptr;
  expect_none([](void*) {
    auto* node = new Node;
    node->next = head;
    head = node;
  });
}

TEST(Leak, IsNotWhatABlockOfAnEarlierExecutionKeeps) {
  static Node* head = nullptr;
  expect_none([](void*) {
    Node** end = &head;
    while (*end != nullptr) end = &(*end)->next;
    *end = new Node;
  });
}

TEST(Leak, IsNotWhatTheCallersHeapKeeps) {
  const auto kept = std::make_unique<std::unique_ptr<std::string>>();
  expect_none(
      [](void* to) {
        *static_cast<std::unique_ptr<std::string>*>(to) = std::make_unique<std::string>(100, 'x');
      },
      kept.get());
  EXPECT_EQ(**kept, std::string(100, 'x'));
}

TEST(Leak, IsNotWhatTheCallerKeeps) {
  std::vector<std::string> texts;
  expect_none([](void* to) { static_cast<decltype(texts)*>(to)->emplace_back(100, 'x'); }, &texts);
  EXPECT_EQ(texts, std::vector<std::string>(4, std::string(100, 'x')));
}

TEST(Leak, WhatTheCallerKeepsStaysWhereNoLeakIsSought) {
  std::vector<std::string> texts;
  const Body body = [](void* to) { static_cast<decltype(texts)*>(to)->emplace_back(100, 'x'); };
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(run(body, {.leaks = false}, &texts).finding, Finding::kNone);
  }
  EXPECT_EQ(texts, std::vector<std::string>(3, std::string(100, 'x')));
}

TEST(Leak, IsNotWhatAThreadsVariableOwns) {
  expect_none([](void*) {
    std::thread([] {
      thread_local std::vector<int> numbers;
      numbers.assign(100, 1);
    }).join();
  });
}

TEST(Leak, IsNotWhatACallersVariableOfTheThreadKeeps) {
  expect_none([](void*) {
    thread_local std::unique_ptr<int> kept;
    kept = std::make_unique<int>(1);
  });
}

TEST(Leak, IsNotSoughtWhereTheExecutionWasEnded) {
  const Outcome outcome = run([](void*) {
    *static_cast<char volatile*>(forgotten(40)) = 1;
    std::atomic<int> never{0};
    never.wait(0);
  });
  EXPECT_EQ(outcome.finding, Finding::kDeadlock);
}

TEST(Leak, IsNotSoughtIfNobodyWantsIt) {
  const Body body = [](void*) { *static_cast<char volatile*>(forgotten(40)) = 1; };
  EXPECT_EQ(run(body, {.leaks = false}).finding, Finding::kNone);
}

// The head of a list, not what it refers to; with and without the search for races.
TEST(Leak, IsToldByTheAllocationThatNothingElseRefersTo) {
  const Body list = [](void*) {
    Node* last = new Node;
    void* volatile head = std::malloc(72);
    *static_cast<Node**>(head) = last;
  };
  for (const bool races : {true, false}) {
    const Outcome outcome = run(list, {.record = true, .races = races});
    ASSERT_EQ(outcome.finding, Finding::kLeak);
    ASSERT_EQ(outcome.access_count, 1u);
    EXPECT_EQ(outcome.accesses[0].kind, AccessKind::kAllocate);
    EXPECT_EQ(outcome.accesses[0].thread, 0);
    EXPECT_EQ(outcome.accesses[0].size, 80u) << "in steps of 16";
    EXPECT_NE(outcome.accesses[0].frames[0], 0u);
  }
  EXPECT_EQ(run(list).access_count, 0u);
}

}  // namespace
}  // namespace weft::explore
