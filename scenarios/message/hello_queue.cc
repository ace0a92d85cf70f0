#include "scenarios/message/hello_queue.h"

#include <cstddef>
#include <string>
#include <vector>

#include "primitives/message/queue.h"
#include "primitives/process/process.h"
#include "scenarios/judging.h"
#include "scenarios/process/python_words.h"

namespace weft::scenarios {
namespace {

using Words = std::vector<std::string>;

constexpr std::size_t kNumbers = 50;
constexpr std::size_t kRing = 4096;

void run(Transcript& out, const Pace&) {
  ipc::Queue<Words> q(0, kRing);
  ipc::Process p([&] {
    q.put({"hello", "world"});
    for (std::size_t i = 0; i < kNumbers; ++i) q.put(Words(i, std::to_string(i)));
    q.put({std::string(3 * kRing, 'x')});
  });
  p.start();
  const Words first = q.get();
  out.say(first.size() == 2 ? first[0] + ", " + first[1] : "another list");
  for (std::size_t i = 0; i < kNumbers; ++i) {
    out.claim(q.get() == Words(i, std::to_string(i)), "an item came out of its turn");
  }
  out.claim(q.get() == Words{std::string(3 * kRing, 'x')}, "the long item is not whole");
  p.join();
  out.claim(q.empty(), "an item is left");
  out.say("exitcode: " + in_python(p.exitcode()));
}

std::string judge(const Lines& lines) {
  return say_exactly({"hello, world", "exitcode: 0"}, lines);
}

}  // namespace

constinit const Scenario kHelloQueue = {
    .row = "000-6",
    .target = "//scenarios/message:hello_queue",
    .shows = "A child puts a list into a queue, its parent gets it and then joins the child.",
    .run = run,
    .judge = judge,
    .starts_processes = true,
};

}  // namespace weft::scenarios
