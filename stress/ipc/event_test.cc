#include "primitives/ipc/event.h"

#include <gtest/gtest.h>

#include <chrono>
#include <thread>

#include "primitives/base/errors.h"
#include "stress/check.h"
#include "stress/threading/support.h"

namespace weft::ipc {
namespace {

using testing_threads::for_each_extreme_length;
using testing_threads::for_each_negative_length;
using testing_threads::kNotANumber;
using namespace std::chrono_literals;

TEST(IpcEvent, IsSetAndCleared) {
  Event event;
  Event copy = event;
  EXPECT_FALSE(event.is_set());
  EXPECT_FALSE(event.wait_for(1ms));
  for_each_negative_length([&](auto length) { EXPECT_FALSE(event.wait_for(length)); });
  EXPECT_THROW((void)event.wait_for(kNotANumber), ValueError);
  copy.set();
  copy.set();
  EXPECT_TRUE(event.is_set());
  event.wait();
  for_each_extreme_length([&](auto length) { EXPECT_TRUE(event.wait_for(length)); });
  event.clear();
  event.clear();
  EXPECT_FALSE(copy.is_set());
}

TEST(IpcEvent, SetFreesAllWhoWaitThoughItIsClearedAtOnce) {
  check([](weft::Run& run) {
    Event event;
    testing_threads::Sleeper sleepers[2];
    for (auto& sleeper : sleepers) {
      run.thread([&event, &sleeper] {
        sleeper.announce();
        event.wait();
      });
    }
    run.thread([&] {
      // A waiter that comes after the clear would wait for ever, and rightly so.
      const bool all_wait = sleepers[0].until_asleep() && sleepers[1].until_asleep();
      event.set();
      if (all_wait) event.clear();
    });
    run.join();
  });
}

TEST(IpcEvent, WhatCameBeforeAnySetIsVisibleAfterAWait) {
  check([](weft::Run& run) {
    Event event;
    int data[2] = {};  // not atomic: the event alone orders it
    for (int t = 0; t < 2; ++t) {
      run.thread([&, t] {
        data[t] = 1;
        event.set();
      });
    }
    run.thread([&] {
      event.wait();
      // The first set is behind the wait; of the second nothing is known unless it, too, is seen.
      run.require(event.is_set(), "nobody clears it");
    });
    run.join();
    run.require(data[0] + data[1] == 2, "both have come");
  });
}

TEST(IpcEvent, ASecondSetPublishesToo) {
  check([](weft::Run& run) {
    Event event;
    int data = 0;  // not atomic: the event alone orders it
    event.set();
    std::atomic<bool> has_set{false};  // orders nothing
    run.thread([&] {
      data = 1;
      event.set();
      has_set.store(true, std::memory_order_relaxed);  // relaxed: only the event may order
    });
    run.thread([&] {
      // relaxed: only the event may order.
      if (!has_set.load(std::memory_order_relaxed)) return;
      event.wait();
      run.require(data == 1, "what came before a set of a set event is visible");
    });
    run.join();
  });
}

TEST(IpcEvent, AWaiterThatGivesUpLeavesTheOthersAlone) {
  check([](weft::Run& run) {
    Event event;
    run.thread([&] { (void)event.wait_for(1ms); });
    run.thread([&] { event.wait(); });
    run.thread([&] { event.set(); });
    run.join();
    run.require(event.is_set(), "it stays set");
  });
}

}  // namespace
}  // namespace weft::ipc
