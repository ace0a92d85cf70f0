#include "scenarios/locks/two_tasks.h"

#include <algorithm>
#include <mutex>
#include <string>
#include <vector>

#include "primitives/threading/lock.h"
#include "primitives/threading/thread.h"
#include "scenarios/judging.h"

namespace weft::scenarios {
namespace {

constexpr int kSmall = 10;
constexpr int kLarge = 20;
const char kStarted[] = "(Both threads have started)";
const char kFinished[] = "Both threads have finished";

void run(Transcript& out, const Pace& pace) {
  std::string a;
  // The document has none: there the interpreter's own lock makes the appending whole.
  Lock lock;
  const auto task = [&](char letter, int times, double beats) {
    for (int i = 0; i < times; ++i) {
      {
        std::scoped_lock hold(lock);
        a += letter;
        out.say(letter + a);  // the letter without a line's end, then the string
      }
      pace.pause(beats);
    }
  };
  Thread thread_1(task, 'o', kSmall, 1.0);
  Thread thread_2(task, 'O', kLarge, 0.6);
  thread_1.start();
  thread_2.start();
  out.say(kStarted);
  thread_1.join();
  thread_2.join();
  out.say("");
  out.say(kFinished);
  out.say(a);
}

// The lines of the tasks alone: each is a letter and the string that it has just made longer.
std::string judge_growth(const Lines& grown, const std::string& a) {
  for (std::size_t i = 0; i < grown.size(); ++i) {
    if (grown[i] != a[i] + a.substr(0, i + 1)) {
      return "\"" + grown[i] + "\" is not the letter and the string after " +
             std::to_string(i + 1) + " letters";
    }
  }
  return "";
}

std::string judge(const Lines& lines) {
  if (lines.empty()) return "nothing was said";
  const std::string& a = lines.back();
  if (std::ranges::count(a, 'o') != kSmall || std::ranges::count(a, 'O') != kLarge ||
      a.size() != kSmall + kLarge) {
    return "the string has not ten o and twenty O: " + a;
  }
  if (std::ranges::count(lines, kStarted) != 1) return "the start is not said once";

  Lines rest = lines;
  std::erase(rest, kStarted);
  Lines grown(rest.begin(),
              rest.begin() + std::min<std::ptrdiff_t>(kSmall + kLarge, std::ssize(rest)));
  const Lines end(rest.begin() + std::ssize(grown), rest.end());
  return first_of({judge_growth(grown, a), say_exactly({"", kFinished, a}, end),
                   in_order({kStarted, kFinished}, lines)});
}

}  // namespace

constinit const Scenario kTwoTasks = {
    .row = "002-1",
    .target = "//scenarios/locks:two_tasks",
    .shows = "Two threads append to one string, and no letter is lost.",
    .run = run,
    .judge = judge,
};

}  // namespace weft::scenarios
