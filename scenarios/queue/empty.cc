#include "scenarios/queue/empty.h"

#include <array>
#include <cstddef>
#include <string>

#include "primitives/queue/queue.h"
#include "scenarios/judging.h"
#include "scenarios/together.h"

namespace weft::scenarios {
namespace {

void say_empty(Transcript& out, const Queue<std::string>& q) {
  out.say(q.empty() ? "empty: True" : "empty: False");
}

void run(Transcript& out, const Pace&) {
  Queue<std::string> q;
  say_empty(out, q);
  q.put("Object");
  say_empty(out, q);

  // "if not empty: get" would let both pass the test and one wait for ever.
  std::array<bool, 2> got{};
  together(2, [&](int i) { got[static_cast<std::size_t>(i)] = q.try_get().has_value(); });
  out.say("consumers that got the item: " + std::to_string(int{got[0]} + int{got[1]}));
  say_empty(out, q);
}

std::string judge(const Lines& lines) {
  return say_exactly(
      {"empty: True", "empty: False", "consumers that got the item: 1", "empty: True"}, lines);
}

}  // namespace

constinit const Scenario kEmpty = {
    .row = "001-5d",
    .target = "//scenarios/queue:empty",
    .shows = "empty() tells what was; a consumer asks for the item itself.",
    .run = run,
    .judge = judge,
};

}  // namespace weft::scenarios
