// Tests that fail. They run only as children of the tests in report_test.cc and replay_test.cc.
#include "stress/report/failing_cases.h"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <mutex>
#include <semaphore>
#include <stdexcept>
#include <string>
#include <thread>

#include "primitives/annotate.h"
#include "primitives/threading/lock.h"
#include "stress/check.h"
#include "stress/report/finding_json.h"

namespace {

std::atomic<int> total{0};
// acquire: pairs with the additions of the threads; what is tested is that the report names it.
int read_total() { return total.load(std::memory_order_acquire); }

TEST(DISABLED_Report, LostUpdate) {
  weft::check([](weft::Run& run) {
    std::atomic<int> counter{0};
    const auto add = [&] {
      const int seen = counter;
      counter = seen + 1;
      ++total;
    };
    run.thread("left", add);
    run.thread("right", add);
    run.join();
    run.require(counter == read_total(), "two additions make two");
    total = 0;  // it outlives the execution, and each is to find the same
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
      // relaxed, release: nothing is published, so neither pairs with anything: the report names
      // both.
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

TEST(DISABLED_Report, Misuse) {
  weft::check([](weft::Run& run) {
    std::mutex mutex;
    std::atomic<int> turn{0};
    run.thread("careful", [&] {
      mutex.lock();
      turn = 1;
      mutex.unlock();
    });
    run.thread("careless", [&] {
      if (turn == 1) mutex.unlock();
    });
    run.join();
  });
}

TEST(DISABLED_Report, Throws) {
  weft::check([](weft::Run& run) {
    std::atomic<int> turn{0};
    run.thread("setter", [&] { turn = 1; });
    run.thread("thrower", [&] {
      if (turn == 1) throw std::runtime_error("too early");
    });
    run.thread("aborter", [&] {
      if (turn == 1) std::abort();
    });
    run.join();
  });
}

TEST(DISABLED_Report, Timed) {
  weft::check([](weft::Run& run) {
    std::timed_mutex mutex;
    run.thread("holder", [&] {
      mutex.lock();
      // tidy-allow(sleep): of virtual time, which another thread's time-out races with
      std::this_thread::sleep_for(std::chrono::seconds(1));
      mutex.unlock();
    });
    run.thread("hasty", [&] {
      const bool in_time = mutex.try_lock_for(std::chrono::milliseconds(1));
      if (in_time) mutex.unlock();
      run.require(in_time, "in time");
    });
    run.join();
  });
}

TEST(DISABLED_Report, Values) {
  weft::check([](weft::Run& run) {
    static std::atomic<std::int64_t> big;
    static std::atomic<int> small;
    static std::atomic<bool> flag;
    static std::atomic<int*> pointer;
    const auto node = std::make_unique<int>(1);
    big = -5'000'000'000;
    big = 5'000'000'000;
    small = -1;
    flag = true;
    pointer = node.get();
    int* expected = nullptr;
    pointer.compare_exchange_strong(expected, nullptr);
    run.join();
    run.require(big + small == 0 && !flag && pointer == nullptr, "all is as it was");
  });
}

TEST(DISABLED_Report, Names) {
  std::printf("an address: %p\n", static_cast<void*>(&total));
  weft::check([](weft::Run& run) {
    static std::mutex of_function;
    auto heap = std::make_unique<std::atomic<int>>(0);
    auto other = std::make_unique<std::atomic<void*>>(nullptr);
    weft::Lock named, unnamed;
    weft::annotate::named(&named, "named");
    run.thread("first", [&] {
      const std::lock_guard guard(of_function);
      std::lock_guard both(named);
      other->store(heap.get());
      heap->fetch_add(1);
    });
    run.thread("second", [&] {
      std::lock_guard both(unnamed);
      heap->fetch_add(1);
      total = heap->load();
    });
    run.join();
    run.require(total != 2, "some interleaving makes two");
    total = 0;
  });
}

}  // namespace

namespace weft::report {

internal::SelfRun run_case(const std::string& name,
                           std::map<std::string, std::string> environment) {
  environment.emplace("WEFT_STRATEGY", "exhaustive:2");
  environment.emplace("WEFT_SECONDS", "30");  // of a busy machine
  return internal::run_self(
      {.filter = "DISABLED_Report." + name, .environment = std::move(environment)});
}

Finding finding_of(const internal::SelfRun& run, const std::string& name) {
  const auto file = run.outputs.find("DISABLED_Report." + name + ".finding.json");
  EXPECT_NE(file, run.outputs.end()) << "no finding was written:\n" << run.output;
  return file == run.outputs.end() ? Finding() : finding_from_json(file->second);
}

}  // namespace weft::report
