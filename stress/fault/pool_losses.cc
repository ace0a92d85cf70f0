#include "stress/fault/pool_losses.h"

#include <signal.h>
#include <sys/types.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <deque>
#include <random>
#include <utility>

#include "primitives/process_pool/process_pool.h"

namespace weft::fault {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t kProcesses = 4;
constexpr std::size_t kOutstanding = 64;
constexpr auto kPeriod = std::chrono::milliseconds(100);
constexpr auto kHalf = std::chrono::milliseconds(500);

// Some ten microseconds of work.
std::uint64_t digest(std::uint64_t n) {
  for (int i = 0; i < 10'000; ++i) n = n * 6364136223846793005u + 1442695040888963407u;
  return n;
}

class Losing {
 public:
  Losing(PoolLosses& losses, std::uint64_t seed)
      : losses_(losses), random_(static_cast<unsigned>(seed)) {}

  void do_one() {
    while (futures_.size() < kOutstanding) {
      futures_.emplace_back(next_, pool_.submit(digest, next_));
      ++next_;
    }
    auto [n, future] = std::move(futures_.front());
    futures_.pop_front();
    ++losses_.calls;
    try {
      losses_.wrong += future.result() == digest(n) ? 0 : 1;
    } catch (const ipc::WorkerDiedError&) {
      ++losses_.failed;
    }
  }
  // One of those that live. The number is not given again so soon.
  void kill_one() {
    const std::vector<pid_t> pids = pool_.pids();
    if (pids.empty()) return;
    if (::kill(pids[random_() % pids.size()], SIGKILL) == 0) ++losses_.kills;
  }
  // Calls a second.
  double half_window(bool loses) {
    const auto begin = Clock::now();
    auto next_kill = begin + kPeriod / 2;
    std::uint64_t done = 0;
    auto now = begin;
    for (; now < begin + kHalf; now = Clock::now(), ++done) {
      if (loses && now >= next_kill) {
        kill_one();
        next_kill += kPeriod;
      }
      do_one();
    }
    return static_cast<double>(done) / std::chrono::duration<double>(now - begin).count();
  }

 private:
  PoolLosses& losses_;
  std::minstd_rand random_;
  std::uint64_t next_ = 0;
  ipc::Pool pool_{{.processes = kProcesses, .retries = 1000}};
  std::deque<std::pair<std::uint64_t, Future<std::uint64_t>>> futures_;
};

}  // namespace

double PoolLosses::kept() const {
  if (windows.empty()) return 0;
  std::vector<double> parts;
  for (const Window& window : windows)
    parts.push_back(window.per_second_losing / window.per_second);
  std::ranges::sort(parts);
  return parts[parts.size() / 2];
}

std::string PoolLosses::json() const {
  std::string each;
  for (const Window& window : windows) {
    char text[80];
    std::snprintf(text, sizeof text, "%s[%.0f, %.0f]", each.empty() ? "" : ", ", window.per_second,
                  window.per_second_losing);
    each += text;
  }
  char text[256];
  std::snprintf(text, sizeof text,
                "{\"processes\": %zu, \"kills\": %llu, \"calls\": %llu, \"failed\": %llu, "
                "\"wrong\": %llu, \"kept\": %.3f, \"per_second\": [",
                kProcesses, static_cast<unsigned long long>(kills),
                static_cast<unsigned long long>(calls), static_cast<unsigned long long>(failed),
                static_cast<unsigned long long>(wrong), kept());
  return text + each + "]}";
}

PoolLosses measure_pool_losses(unsigned windows, std::uint64_t seed) {
  PoolLosses losses;
  Losing pool(losses, seed);
  (void)pool.half_window(false);  // the pool learns how long its calls take
  for (unsigned i = 0; i < windows; ++i) {
    const double undisturbed = pool.half_window(false);
    losses.windows.push_back({undisturbed, pool.half_window(true)});
  }
  return losses;
}

PoolLosses lose_by_count(std::uint64_t calls, std::uint64_t per_kill, std::uint64_t seed) {
  PoolLosses losses;
  Losing pool(losses, seed);
  for (std::uint64_t i = 1; i <= calls; ++i) {
    pool.do_one();
    if (i % per_kill == 0) pool.kill_one();
  }
  return losses;
}

}  // namespace weft::fault
