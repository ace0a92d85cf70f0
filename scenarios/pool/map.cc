#include "scenarios/pool/map.h"

#include <array>
#include <atomic>
#include <cstddef>
#include <stdexcept>
#include <string>
#include <vector>

#include "primitives/pool/thread_pool.h"
#include "scenarios/judging.h"
#include "scenarios/pool/ten_numbers.h"

namespace weft::scenarios {
namespace {

constexpr std::size_t kNumbers = 10;

void in_order(Transcript& out, ThreadPool& pool, std::size_t chunk) {
  std::array<std::atomic<int>, kNumbers> calls{};
  const auto doubled = pool.map(
      [&calls](int a) {
        // relaxed: only counts; map() orders the calls before what follows it.
        calls.at(static_cast<std::size_t>(a)).fetch_add(1, std::memory_order_relaxed);
        return adder(a);
      },
      ten_numbers(), chunk);
  const std::string where = " with chunks of " + std::to_string(chunk) + " and " +
                            std::to_string(pool.workers()) + " workers";
  out.claim(list_text(doubled) == "[0, 2, 4, 6, 8, 10, 12, 14, 16, 18]",
            list_text(doubled) + where);
  for (const auto& count : calls) {
    out.claim(count.load(std::memory_order_relaxed) == 1,  // relaxed: as above
              "a number was not worked on once" + where);
  }
}

void fails(Transcript& out, ThreadPool& pool) {
  std::atomic<int> ended{0};
  try {
    pool.map(
        [&ended](int a) {
          ++ended;
          if (a % 3 == 2) throw std::runtime_error("no " + std::to_string(a));
          return adder(a);
        },
        ten_numbers(), 1);
  } catch (const std::runtime_error& error) {
    out.say(error.what());
  }
  out.claim(ended == int{kNumbers}, "map() has thrown before all calls were done");
}

void run(Transcript& out, const Pace& pace) {
  ThreadPool pool1(4);
  out.say(list_text(pool1.map(
      [&pace](int a) {
        pace.pause(0.1);
        return adder(a);
      },
      ten_numbers())));
  out.say(list_text(pool1.map(adder, std::vector<int>())));
  fails(out, pool1);
  for (const std::size_t chunk : {1, 3, 4, 10, 11}) in_order(out, pool1, chunk);
  ThreadPool alone(1);
  in_order(out, alone, 4);
}

std::string judge(const Lines& lines) {
  return say_exactly({"[0, 2, 4, 6, 8, 10, 12, 14, 16, 18]", "[]", "no 2"}, lines);
}

}  // namespace

constinit const Scenario kMap = {
    .row = "000-8a",
    .target = "//scenarios/pool:map",
    .shows = "The results of a map stand in the order of its input.",
    .run = run,
    .judge = judge,
};

}  // namespace weft::scenarios
