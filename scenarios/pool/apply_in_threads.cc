#include "scenarios/pool/apply_in_threads.h"

#include <array>
#include <cstddef>
#include <string>

#include "primitives/pool/thread_pool.h"
#include "scenarios/judging.h"
#include "scenarios/together.h"

namespace weft::scenarios {
namespace {

constexpr int kThreads = 4;
constexpr int kRounds = 5;

long work(int thread, int round) {
  long result = thread;
  for (int i = 0; i < round; ++i) result = result * 10 + thread;
  return result;
}

void run(Transcript& out, const Pace& pace) {
  ThreadPool pool(2);
  std::array<long, kThreads> last{};
  together(kThreads, [&](int thread) {
    long& mine = last.at(static_cast<std::size_t>(thread));
    for (int round = 0; round < kRounds; ++round) {
      mine = pool.apply(
          [&pace](int t, int r) {
            pace.pause(0.2);
            return work(t, r);
          },
          thread, round);
      out.claim(mine == work(thread, round), "thread " + std::to_string(thread) + " got " +
                                                 std::to_string(mine) + ", another's result");
    }
  });
  for (const long result : last) out.say(std::to_string(result));
}

std::string judge(const Lines& lines) {
  return say_exactly({"0", "11111", "22222", "33333"}, lines);
}

}  // namespace

constinit const Scenario kApplyInThreads = {
    .row = "004-6",
    .target = "//scenarios/pool:apply_in_threads",
    .shows = "Threads that share a pool get each its own results.",
    .run = run,
    .judge = judge,
};

}  // namespace weft::scenarios
