#include "scenarios/threading/subclass.h"

#include <string>
#include <thread>

#include "primitives/base/errors.h"
#include "primitives/threading/thread.h"
#include "scenarios/judging.h"

namespace weft::scenarios {
namespace {

class Worker : public Thread {
 public:
  Worker(Transcript& out, int input) : out_(out), input_(input) {}

  void run() override {
    out_.claim(std::this_thread::get_id() != maker_, "run() ran in its starter's thread");
    try {
      start();
      out_.claim(false, "run() may start its own thread again");
    } catch (const RuntimeError&) {
    }
    out_.say("run() is called by start()");
    result_ = 2 * input_;
  }

  // Once it has been joined.
  int result() const { return result_; }

 private:
  Transcript& out_;
  const int input_;
  const std::thread::id maker_ = std::this_thread::get_id();
  int result_ = 0;  // written by run(), read after join()
};

void run(Transcript& out, const Pace&) {
  Joining<Worker> worker(out, 21);
  worker.start();
  worker.join();
  out.say("result: " + std::to_string(worker.result()));
}

std::string judge(const Lines& lines) {
  return say_exactly({"run() is called by start()", "result: 42"}, lines);
}

}  // namespace

constinit const Scenario kSubclass = {
    .row = "003-4",
    .target = "//scenarios/threading:subclass",
    .shows = "Derive from Thread and implement run(); start() calls it in another thread.",
    .run = run,
    .judge = judge,
};

}  // namespace weft::scenarios
