// Kills processes at random times while they use what they share, and measures how soon a survivor
// has got round all of it again.
//
//   bazel run //stress/fault:campaign -- --kills=100000 --json=$PWD/kills.json
//
// and what is left of a pool that loses one of four processes every 100 ms, measured in windows of
// a second, of which half is undisturbed:
//
//   bazel run //stress/fault:campaign -- --pool=20 --json=$PWD/pool.json
//
// or after each hundredth call, where only the results count: --pool-calls=2000.
//
// The time of a kill is at most what is said: it is looked at when all victims of a time are
// killed. Ends with 1 if anything was torn without a word, a survivor was slower than a second, or
// one of a hundred slower than 100 ms; if a process or a descriptor is left; or if the pool keeps
// less than half of its throughput, or gives a wrong result.
#include <sys/wait.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <deque>
#include <filesystem>
#include <random>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "stress/fault/pool_losses.h"
#include "stress/fault/work.h"
#include "stress/ipc/child.h"

namespace weft::fault {
namespace {

using Clock = std::chrono::steady_clock;

struct Arguments {
  std::uint64_t kills = 1000;
  unsigned victims = 4;  // at a time
  std::uint64_t seed = 20'260'101;
  std::string json;
  unsigned pool_windows = 0;
  std::uint64_t pool_calls = 0;
};

Arguments parsed(int count, char** words) {
  Arguments arguments;
  for (int i = 1; i < count; ++i) {
    const std::string_view word = words[i];
    const auto value_of = [&](std::string_view flag) -> const char* {
      return word.starts_with(flag) ? word.data() + flag.size() : nullptr;
    };
    if (const char* kills = value_of("--kills=")) {
      arguments.kills = std::strtoull(kills, nullptr, 10);
    } else if (const char* victims = value_of("--victims=")) {
      arguments.victims = static_cast<unsigned>(std::max(1UL, std::strtoul(victims, nullptr, 10)));
    } else if (const char* seed = value_of("--seed=")) {
      arguments.seed = std::strtoull(seed, nullptr, 10);
    } else if (const char* windows = value_of("--pool=")) {
      arguments.pool_windows = static_cast<unsigned>(std::strtoul(windows, nullptr, 10));
    } else if (const char* calls = value_of("--pool-calls=")) {
      arguments.pool_calls = std::strtoull(calls, nullptr, 10);
    } else if (const char* json = value_of("--json=")) {
      arguments.json = json;
    } else {
      std::fprintf(stderr,
                   "unknown: %s; there are --kills=N --victims=N --pool=WINDOWS --pool-calls=N "
                   "--seed=N --json=FILE\n",
                   words[i]);
      std::exit(2);
    }
  }
  return arguments;
}

// Spun, because a sleep is never as short.
void pass(std::chrono::microseconds time) {
  for (const auto end = Clock::now() + time; Clock::now() < end;) {
  }
}

auto open_descriptors() {
  const std::filesystem::directory_iterator all("/proc/self/fd");
  return std::distance(begin(all), end(all));
}

struct Result {
  std::vector<double> milliseconds;  // from a kill to the end of the survivor's next whole round
  double seconds = 0;
  bool hangs = false;
  bool leaks = false;

  double at(double part) const {
    if (milliseconds.empty()) return 0;
    return milliseconds[static_cast<std::size_t>(part *
                                                 static_cast<double>(milliseconds.size() - 1))];
  }
};

struct Kill {
  Clock::time_point when;
  std::int64_t enough;  // of the survivor's rounds
};

Result run(const Arguments& arguments, Work& work) {
  Result result;
  std::minstd_rand random(static_cast<unsigned>(arguments.seed));
  const auto begin = Clock::now();
  const auto descriptors = open_descriptors();
  testing_ipc::Child survivor([&]() -> int {
    Worker worker(work, arguments.seed);
    for (;;) {
      worker.use_all();
      (void)work.rounds.fetch_add(1);
    }
  });
  ipc::RawValue<int> started;
  while (result.milliseconds.size() < arguments.kills && !result.hangs) {
    started.store(0);
    std::deque<testing_ipc::Child> victims;
    for (unsigned i = 0; i < arguments.victims; ++i) {
      const unsigned victims_seed = static_cast<unsigned>(random());
      victims.emplace_back([&, victims_seed]() -> int {
        Worker worker(work, victims_seed);
        (void)started.fetch_add(1);
        for (;;) worker.use_one();
      });
    }
    while (started.load() < static_cast<int>(arguments.victims)) std::this_thread::yield();
    std::deque<Kill> kills;
    for (const testing_ipc::Child& victim : victims) {
      pass(std::chrono::microseconds(random() % 300));
      victim.kill();
      // The round that is under way may be past what the victim held.
      kills.push_back({.when = Clock::now(), .enough = work.rounds.load() + 2});
    }
    while (!kills.empty() && !result.hangs) {
      const auto now = Clock::now();
      if (work.rounds.load() >= kills.front().enough) {
        result.milliseconds.push_back(
            std::chrono::duration<double, std::milli>(now - kills.front().when).count());
        kills.pop_front();
        continue;
      }
      result.hangs = now - kills.front().when > std::chrono::seconds(20);
      std::this_thread::yield();
    }
    for (testing_ipc::Child& victim : victims) (void)victim.wait();
  }
  survivor.kill();
  (void)survivor.wait();
  result.seconds = std::chrono::duration<double>(Clock::now() - begin).count();
  result.leaks = open_descriptors() != descriptors || ::waitpid(-1, nullptr, WNOHANG) >= 0;
  std::ranges::sort(result.milliseconds);
  return result;
}

std::string json_of(const Arguments& arguments, const Work& work, const Result& result) {
  std::string told;
  for (std::size_t i = 0; i < kObjects.size(); ++i) {
    told += (i == 0 ? "\"" : ", \"") + std::string(kObjects[i]) +
            "\": " + std::to_string(work.told[i].load());
  }
  char text[1024];
  std::snprintf(text, sizeof text,
                "{\"kills\": %zu, \"victims\": %u, \"seed\": %llu, \"seconds\": %.3f, "
                "\"kills_per_second\": %.1f,\n"
                " \"survivor_ms\": {\"p50\": %.3f, \"p99\": %.3f, \"p999\": %.3f, \"max\": %.3f},\n"
                " \"told\": {%s},\n"
                " \"torn\": %lld, \"hangs\": %s, \"leaks\": %s, \"processors\": %u}\n",
                result.milliseconds.size(), arguments.victims,
                static_cast<unsigned long long>(arguments.seed), result.seconds,
                static_cast<double>(result.milliseconds.size()) / result.seconds, result.at(0.5),
                result.at(0.99), result.at(0.999), result.at(1), told.c_str(),
                static_cast<long long>(work.wrong.load()), result.hangs ? "true" : "false",
                result.leaks ? "true" : "false", std::thread::hardware_concurrency());
  return text;
}

// True if it is written.
bool put_out(const Arguments& arguments, const std::string& json) {
  std::fputs(json.c_str(), stdout);
  if (arguments.json.empty()) return true;
  std::FILE* const file = std::fopen(arguments.json.c_str(), "w");
  if (file != nullptr && std::fputs(json.c_str(), file) >= 0 && std::fclose(file) == 0) return true;
  std::perror(arguments.json.c_str());
  return false;
}

int lose_workers(const Arguments& arguments) {
  const PoolLosses losses = arguments.pool_calls > 0
                                ? lose_by_count(arguments.pool_calls, 100, arguments.seed)
                                : measure_pool_losses(arguments.pool_windows, arguments.seed);
  if (!put_out(arguments, losses.json() + "\n")) return 2;
  const bool right = losses.wrong == 0 && losses.failed == 0 && losses.kills > 0;
  return right && (losses.windows.empty() || losses.kept() >= 0.5) ? 0 : 1;
}

int main_of(int count, char** words) {
  const Arguments arguments = parsed(count, words);
  if (arguments.pool_windows > 0 || arguments.pool_calls > 0) return lose_workers(arguments);
  Work work;
  const Result result = run(arguments, work);
  if (!put_out(arguments, json_of(arguments, work, result))) return 2;
  const bool well = !result.hangs && !result.leaks && work.wrong.load() == 0 &&
                    result.at(0.99) <= 100 && result.at(1) <= 1000;
  return well ? 0 : 1;
}

}  // namespace
}  // namespace weft::fault

int main(int count, char** words) { return weft::fault::main_of(count, words); }
