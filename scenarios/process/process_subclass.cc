#include "scenarios/process/process_subclass.h"

#include <unistd.h>

#include <string>

#include "primitives/base/errors.h"
#include "primitives/process/process.h"
#include "scenarios/judging.h"
#include "scenarios/process/python_words.h"
#include "scenarios/process/talk.h"

namespace weft::scenarios {
namespace {

class Worker : public ipc::Process {
 public:
  Worker(const Talk& talk, int input) : talk_(talk), input_(input) {}

  void run() override {
    talk_.claim(::getpid() != maker_, "run() ran in its starter's process");
    try {
      start();
      talk_.claim(false, "run() may start its own process again");
    } catch (const RuntimeError&) {
    }
    result_ = 2 * input_;
    talk_.say("run() is called by start(), result: " + std::to_string(result_));
  }

  int result() const { return result_; }

 private:
  const Talk& talk_;
  const int input_;
  const pid_t maker_ = ::getpid();
  int result_ = 0;
};

void run(Transcript& out, const Pace&) {
  Talk talk;
  Worker worker(talk, 21);
  worker.start();
  talk.listen(out);
  worker.join();
  out.say("exitcode: " + in_python(worker.exitcode()));
  out.say("result here: " + std::to_string(worker.result()));
}

std::string judge(const Lines& lines) {
  return say_exactly({"run() is called by start(), result: 42", "exitcode: 0", "result here: 0"},
                     lines);
}

}  // namespace

constinit const Scenario kProcessSubclass = {
    .row = "003-4",
    .target = "//scenarios/process:process_subclass",
    .shows = "Derive from Process and implement run(); start() calls it in another process.",
    .run = run,
    .judge = judge,
    .starts_processes = true,
};

}  // namespace weft::scenarios
