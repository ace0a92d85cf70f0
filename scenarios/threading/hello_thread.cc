#include "scenarios/threading/hello_thread.h"

#include <string>
#include <thread>
#include <utility>

#include "primitives/threading/thread.h"
#include "scenarios/judging.h"

namespace weft::scenarios {
namespace {

constexpr int kTimes = 20;
const char kMessage[] = "Hello, world!";
const char kMeantime[] = "we can run other code on the meantime";
const char kDone[] = "done";

class MyThread : public Thread {
 public:
  MyThread(Transcript& out, std::string message) : out_(out), message_(std::move(message)) {}

  void run() override {
    out_.claim(std::this_thread::get_id() != maker_, "run() ran in its starter's thread");
    for (int i = 0; i < kTimes; ++i) out_.say(message_);
  }

 private:
  Transcript& out_;
  const std::string message_;
  const std::thread::id maker_ = std::this_thread::get_id();
};

void run(Transcript& out, const Pace&) {
  Joining<MyThread> m(out, kMessage);
  m.start();
  out.say(kMeantime);
  m.join();
  out.say(kDone);
}

std::string judge(const Lines& lines) {
  Lines expected(kTimes, kMessage);
  expected.insert(expected.end(), {kMeantime, kDone});
  return first_of({say_in_any_order(expected, lines),
                   !lines.empty() && lines.back() == kDone ? "" : "\"done\" is not the last line"});
}

}  // namespace

constinit const Scenario kHelloThread = {
    .row = "001-4",
    .target = "//scenarios/threading:hello_thread",
    .shows = "A class derived from Thread prints twenty times while its starter goes on.",
    .run = run,
    .judge = judge,
};

}  // namespace weft::scenarios
