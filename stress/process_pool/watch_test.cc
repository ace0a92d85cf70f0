// Who reads a worker's results, with threads in the roles of processes.
#include "primitives/process_pool/watch.h"

#include <gtest/gtest.h>

#include <atomic>
#include <cstddef>
#include <memory>
#include <span>
#include <thread>

#include "primitives/pool/spin.h"
#include "primitives/process_pool/stream.h"
#include "primitives/threading/semaphore.h"
#include "stress/check.h"

namespace weft::internal {
namespace {

// As Bell, for a sleeper of this process, which the explorer sees.
class LocalBell {
 public:
  void prepare_to_sleep() { about_to_sleep_.store(1); }
  void wake_up() { about_to_sleep_.store(0); }
  void await_ring() { rung_.acquire(); }
  void ring() {
    if (about_to_sleep_.load() != 0 && about_to_sleep_.exchange(0) != 0) rung_.release();
  }

 private:
  std::atomic<std::uint32_t> about_to_sleep_{0};
  Semaphore rung_{0};
};

class NoPool final : public Watch::Pool {
 public:
  bool look_for_result(Watch&, const Post&, SpinBudget&) noexcept override { return looked = true; }
  bool looked = false;
};

constexpr std::byte kCallers{1};
constexpr std::byte kOthers{2};

// The caller's own result comes first, and then another, which is the collector's in any case.
TEST(Watch, TheCollectorSleepsThroughNoResultThatACallerLeaves) {
  // One stream for all executions: it is long, and what is left in it is none of the next one's.
  static const auto stream = std::make_unique<Stream>();
  check([](weft::Run& run) {
    stream->reset();
    NoPool pool;
    Watch watch(pool, 0);
    LocalBell bell;
    StreamReader reader(*stream);
    std::byte read_by_caller{};
    std::byte read_by_collector[2] = {};
    run.thread("worker", [&] {
      StreamWriter writer(*stream);
      for (const std::byte each : {kCallers, kOthers}) {
        writer.write({&each, 1});
        writer.publish();
        Watch::ring_unless_watched(*stream, bell);
      }
    });
    run.thread("caller", [&] {
      if (!watch.reading.try_lock()) return;
      watch.begin(*stream);
      if (!reader.is_empty()) {
        std::byte next{};
        reader.peek({&next, 1});
        if (next == kCallers) reader.read({&read_by_caller, 1});
      }
      watch.end(*stream, reader, bell);
      watch.reading.unlock();
    });
    run.thread("collector", [&] {
      for (std::byte* to = read_by_collector; to == read_by_collector || to[-1] != kOthers;) {
        if (!reader.is_empty() && watch.reading.try_lock()) {
          if (reader.available() > 0) reader.read({to++, 1});
          watch.reading.unlock();
          continue;
        }
        bell.prepare_to_sleep();
        if (watch.shows_news(reader)) {
          bell.wake_up();
          std::this_thread::yield();
        } else {
          bell.await_ring();
        }
      }
    });
    run.join();
    const bool by_caller = read_by_caller == kCallers;
    run.require(read_by_collector[by_caller ? 0 : 1] == kOthers, "the other result is there");
    run.require(by_caller || read_by_collector[0] == kCallers, "the first one comes once");
  });
}

TEST(Watch, WhoFindsAnotherReaderOrThePoolAtItsEndDoesNotLook) {
  NoPool pool;
  const auto watch = std::make_shared<Watch>(pool, 0);
  const Post post{watch};
  SpinBudget& budget = this_threads_budget();
  EXPECT_TRUE(Watch::look_for_result(post, budget));
  EXPECT_TRUE(pool.looked);
  pool.looked = false;
  {
    MutexLock reads(watch->reading);
    std::thread([&] { EXPECT_FALSE(Watch::look_for_result(post, budget)); }).join();
    watch->pool = nullptr;
  }
  EXPECT_FALSE(Watch::look_for_result(post, budget));
  EXPECT_FALSE(pool.looked);
}

}  // namespace
}  // namespace weft::internal
