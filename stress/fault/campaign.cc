// Kills processes at random times while they use what they share, and measures how soon a survivor
// has got round all of it again.
//
//   bazel run //stress/fault:campaign -- --kills=100000 --json=$PWD/kills.json
//
// Ends with 1 if anything was torn without a word, a survivor was slower than a second, or one of a
// hundred slower than 100 ms; or if a process or a descriptor is left.
#include <sys/wait.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <random>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "stress/fault/work.h"
#include "stress/ipc/child.h"

namespace weft::fault {
namespace {

using Clock = std::chrono::steady_clock;

struct Arguments {
  std::uint64_t kills = 1000;
  std::uint64_t seed = 20'260'101;
  std::string json;
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
    } else if (const char* seed = value_of("--seed=")) {
      arguments.seed = std::strtoull(seed, nullptr, 10);
    } else if (const char* json = value_of("--json=")) {
      arguments.json = json;
    } else {
      std::fprintf(stderr, "unknown: %s; there are --kills=N --seed=N --json=FILE\n", words[i]);
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
  for (std::uint64_t i = 0; i < arguments.kills && !result.hangs; ++i) {
    started.store(0);
    const unsigned victims_seed = static_cast<unsigned>(random());
    testing_ipc::Child victim([&]() -> int {
      Worker worker(work, victims_seed);
      started.store(1);
      for (;;) worker.use_one();
    });
    while (started.load() == 0) std::this_thread::yield();
    pass(std::chrono::microseconds(random() % 300));
    victim.kill();
    const auto killed = Clock::now();
    // The round that is under way may be past what the victim held.
    const std::int64_t enough = work.rounds.load() + 2;
    while (work.rounds.load() < enough) {
      if (Clock::now() - killed > std::chrono::seconds(20)) {
        result.hangs = true;
        break;
      }
      std::this_thread::yield();
    }
    result.milliseconds.push_back(
        std::chrono::duration<double, std::milli>(Clock::now() - killed).count());
    (void)victim.wait();
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
                "{\"kills\": %zu, \"seed\": %llu, \"seconds\": %.3f,\n"
                " \"survivor_ms\": {\"p50\": %.3f, \"p99\": %.3f, \"p999\": %.3f, \"max\": %.3f},\n"
                " \"told\": {%s},\n"
                " \"torn\": %lld, \"hangs\": %s, \"leaks\": %s, \"processors\": %u}\n",
                result.milliseconds.size(), static_cast<unsigned long long>(arguments.seed),
                result.seconds, result.at(0.5), result.at(0.99), result.at(0.999), result.at(1),
                told.c_str(), static_cast<long long>(work.wrong.load()),
                result.hangs ? "true" : "false", result.leaks ? "true" : "false",
                std::thread::hardware_concurrency());
  return text;
}

int main_of(int count, char** words) {
  const Arguments arguments = parsed(count, words);
  Work work;
  const Result result = run(arguments, work);
  const std::string json = json_of(arguments, work, result);
  std::fputs(json.c_str(), stdout);
  if (!arguments.json.empty()) {
    std::FILE* const file = std::fopen(arguments.json.c_str(), "w");
    if (file == nullptr || std::fputs(json.c_str(), file) < 0 || std::fclose(file) != 0) {
      std::perror(arguments.json.c_str());
      return 2;
    }
  }
  const bool well = !result.hangs && !result.leaks && work.wrong.load() == 0 &&
                    result.at(0.99) <= 100 && result.at(1) <= 1000;
  return well ? 0 : 1;
}

}  // namespace
}  // namespace weft::fault

int main(int count, char** words) { return weft::fault::main_of(count, words); }
