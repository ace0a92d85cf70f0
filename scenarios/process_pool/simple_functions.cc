#include "scenarios/process_pool/simple_functions.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "primitives/base/errors.h"
#include "primitives/message/codec.h"
#include "primitives/process_pool/process_pool_executor.h"
#include "scenarios/judging.h"

namespace weft::scenarios {

// What only this process can have: as an open file, or a lock that is held.
struct Handle {
  int number;
};

}  // namespace weft::scenarios

template <>
struct weft::ipc::Encoding<weft::scenarios::Handle> {
  static constexpr std::string_view kName = "Handle 1";
  using Parts = int;
  static int to_parts(const weft::scenarios::Handle&) {
    throw ValueError("a handle cannot be sent");
  }
  static weft::scenarios::Handle from_parts(int number) { return {number}; }
};

namespace weft::scenarios {
namespace {

thread_local int calls = 0;

int square(int a) { return a * a; }
Handle open(int number) { return {number}; }
int count_calls(int) { return ++calls; }

void run(Transcript& out, const Pace&) {
  calls = 0;
  ipc::ProcessPoolExecutor pool(2);
  const auto before = pool.submit(square, 3);
  const auto handle = pool.submit(open, 4);
  const auto after = pool.submit(square, 5);
  out.say(std::to_string(before.result()));
  try {
    (void)handle.result();
  } catch (const ValueError& error) {
    out.say(error.what());
  }
  out.say(std::to_string(after.result()));

  int most = 0;
  for (const int count : pool.map(count_calls, std::vector<int>(10))) most = std::max(most, count);
  out.claim(most >= 5, "of ten calls in two processes, some process has five");
  out.say("calls counted here: " + std::to_string(calls));
}

std::string judge(const Lines& lines) {
  return say_exactly({"9", "a handle cannot be sent", "25", "calls counted here: 0"}, lines);
}

}  // namespace

constinit const Scenario kSimpleFunctions = {
    .row = "004-5b",
    .target = "//scenarios/process_pool:simple_functions",
    .shows = "Simple functions, what can be sent to and from them, and state that nobody shares.",
    .run = run,
    .judge = judge,
    .starts_processes = true,
};

}  // namespace weft::scenarios
