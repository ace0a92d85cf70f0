#include "scenarios/process_pool/process_apply.h"

#include <array>
#include <cstddef>
#include <string>

#include "primitives/process_pool/process_pool.h"
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

void run(Transcript& out, const Pace&) {
  // Made before the threads, as the document's main block does: its processes are copies of this
  // one, in which nobody holds anything yet.
  ipc::Pool pool(2);
  std::array<long, kThreads> last{};
  together(kThreads, [&](int thread) {
    long& mine = last.at(static_cast<std::size_t>(thread));
    for (int round = 0; round < kRounds; ++round) {
      mine = pool.apply(work, thread, round);
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

constinit const Scenario kProcessApply = {
    .row = "004-6",
    .target = "//scenarios/process_pool:process_apply",
    .shows = "Threads that share a pool of processes get each its own results.",
    .run = run,
    .judge = judge,
    .starts_processes = true,
};

}  // namespace weft::scenarios
