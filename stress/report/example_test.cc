#include <gtest/gtest.h>

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <semaphore>
#include <thread>

#include "primitives/annotate.h"
#include "primitives/threading/lock.h"
#include "stress/check.h"

namespace {

std::atomic<int> total{0};
int read_total() { return total.load(std::memory_order_acquire); }

TEST(DISABLED_Report, LostUpdate) {
  weft::check([](weft::Run& run) {
    std::atomic<int> counter{0};
    total = 0;
    const auto add = [&] {
      const int seen = counter;
      counter = seen + 1;
      ++total;
    };
    run.thread("left", add);
    run.thread("right", add);
    run.join();
    run.require(counter == read_total(), "two additions make two");
  });
}

TEST(DISABLED_Report, TwoLocks) {
  weft::check([](weft::Run& run) {
    weft::Lock alice, bob;
    weft::annotate::named(&alice, "alice");
    weft::annotate::named(&bob, "bob");
    run.thread("alice to bob", [&] {
      std::scoped_lock from(alice);
      std::scoped_lock to(bob);
    });
    run.thread("bob to alice", [&] {
      std::scoped_lock from(bob);
      std::scoped_lock to(alice);
    });
    run.join();
  });
}

std::mutex global_mutex;

TEST(DISABLED_Report, TwoMutexes) {
  weft::check([](weft::Run& run) {
    std::mutex local;
    run.thread("one", [&] {
      std::lock_guard first(global_mutex);
      std::lock_guard second(local);
    });
    run.thread("two", [&] {
      std::lock_guard first(local);
      std::lock_guard second(global_mutex);
    });
    run.join();
  });
}

TEST(DISABLED_Report, LostWakeUp) {
  weft::check([](weft::Run& run) {
    std::mutex mutex;
    std::condition_variable changed;
    std::atomic<bool> ready{false};
    run.thread("consumer", [&] {
      std::unique_lock lock(mutex);
      while (!ready) changed.wait(lock);
    });
    run.thread("producer", [&] {
      ready = true;  // without the mutex
      changed.notify_one();
    });
    run.join();
  });
}

TEST(DISABLED_Report, FailedExpectation) {
  weft::check([](weft::Run& run) {
    std::atomic<int> stage{0};
    run.thread("writer", [&] {
      stage.store(1, std::memory_order_relaxed);
      stage.store(2, std::memory_order_release);
    });
    run.thread("reader", [&] { EXPECT_NE(stage.load(), 1) << "half-way is visible"; });
    run.join();
  });
}

TEST(DISABLED_Report, Spins) {
  weft::check([](weft::Run& run) {
    std::atomic<bool> go{false};
    run.thread("waiter", [&] {
      while (!go) std::this_thread::yield();
    });
    run.thread("forgetful", [&] {});
    run.join();
  });
}

TEST(DISABLED_Report, SixThreads) {
  weft::check([](weft::Run& run) {
    std::counting_semaphore<4> room(1);
    std::atomic<int>* inside = new std::atomic<int>(0);
    for (int i = 0; i < 6; ++i) {
      run.thread("guest " + std::to_string(i), [&room, inside, i] {
        if (i != 3) room.acquire();
        EXPECT_EQ(inside->fetch_add(1), 0);
        inside->fetch_sub(1);
        if (i != 3) room.release();
      });
    }
    run.join();
    delete inside;
  });
}

}  // namespace
