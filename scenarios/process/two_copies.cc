#include "scenarios/process/two_copies.h"

#include <string>

#include "primitives/process/process.h"
#include "scenarios/judging.h"
#include "scenarios/process/talk.h"

namespace weft::scenarios {
namespace {

constexpr int kSmall = 10;
constexpr int kLarge = 20;

Lines growing(char letter, int count) {
  Lines lines;
  for (int i = 1; i <= count; ++i) lines.emplace_back(static_cast<std::size_t>(i), letter);
  return lines;
}

void run(Transcript& out, const Pace& pace) {
  std::string a;
  Talk talk;
  const auto task = [&](char letter, int count, double beats) {
    for (int i = 0; i < count; ++i) {
      a += letter;
      talk.say(a);
      pace.pause(beats);
    }
  };
  ipc::Process first(task, 'o', kSmall, 1.0), second(task, 'O', kLarge, 0.6);
  first.start();
  second.start();
  out.say("(Both processes have started)");
  talk.listen(out);
  first.join();
  second.join();
  out.say("Both processes have finished");
  out.say("a: '" + a + "'");
}

std::string judge(const Lines& lines) {
  const std::string started = "(Both processes have started)";
  const Lines end = {"Both processes have finished", "a: ''"};
  const Lines first = growing('o', kSmall), second = growing('O', kLarge);
  return first_of({
      say_in_any_order(concatenated({{started}, first, second, end}), lines),
      in_order(concatenated({{started}, first, end}), lines),
      in_order(concatenated({{started}, second, end}), lines),
  });
}

}  // namespace

constinit const Scenario kTwoCopies = {
    .row = "002-2",
    .target = "//scenarios/process:two_copies",
    .shows = "Two processes append to copies of one string; the parent's stays empty.",
    .run = run,
    .judge = judge,
    .starts_processes = true,
};

}  // namespace weft::scenarios
