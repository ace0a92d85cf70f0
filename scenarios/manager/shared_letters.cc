#include "scenarios/manager/shared_letters.h"

#include <algorithm>
#include <mutex>
#include <string>

#include "primitives/manager/manager.h"
#include "primitives/process/process.h"
#include "scenarios/judging.h"
#include "scenarios/process/talk.h"

namespace weft::scenarios {
namespace {

constexpr int kSmall = 10;
constexpr int kLarge = 20;
const char kStarted[] = "(Both processes have started)";
const char kFinished[] = "Both processes have finished";

void run(Transcript& out, const Pace& pace) {
  ipc::Manager manager;
  manager.start();
  const auto a = manager.value<std::string>();
  // The document has none, and expects thirty letters all the same: a.value += letter.
  const auto lock = manager.lock();
  Talk talk;
  const auto task = [&](char letter, int count, double beats) {
    for (int i = 0; i < count; ++i) {
      {
        const std::scoped_lock hold(lock);
        a.set(a.get() + letter);
        talk.say(a.get());
      }
      pace.pause(beats);
    }
  };
  ipc::Process first(task, 'o', kSmall, 1.0), second(task, 'O', kLarge, 0.6);
  first.start();
  second.start();
  out.say(kStarted);
  talk.listen(out);
  first.join();
  second.join();
  out.say(kFinished);
  out.say("a: '" + a.get() + "'");
  manager.shutdown();
  out.claim(ipc::active_children().empty(), "a process is left");
}

std::string judge(const Lines& lines) {
  if (lines.size() < 3) return "nothing was appended";
  const std::string a = lines[lines.size() - 3];  // before the two lines of the end
  if (std::ranges::count(a, 'o') != kSmall || std::ranges::count(a, 'O') != kLarge ||
      a.size() != kSmall + kLarge) {
    return "the string has not ten o and twenty O: " + a;
  }
  Lines growing;
  for (std::size_t length = 1; length <= a.size(); ++length) {
    growing.push_back(a.substr(0, length));
  }
  return say_exactly(concatenated({{kStarted}, growing, {kFinished, "a: '" + a + "'"}}), lines);
}

}  // namespace

constinit const Scenario kSharedLetters = {
    .row = "002-3",
    .target = "//scenarios/manager:shared_letters",
    .shows = "Two processes append to one string that a manager holds, and no letter is lost.",
    .run = run,
    .judge = judge,
    .starts_processes = true,
    .processes_have_threads = true,
};

}  // namespace weft::scenarios
