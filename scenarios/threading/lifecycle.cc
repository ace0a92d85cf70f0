#include "scenarios/threading/lifecycle.h"

#include <chrono>

#include "primitives/base/errors.h"
#include "primitives/threading/event.h"
#include "primitives/threading/thread.h"
#include "scenarios/judging.h"
#include "scenarios/together.h"

namespace weft::scenarios {
namespace {

void say_alive(Transcript& out, const Thread& thread) {
  out.say(thread.is_alive() ? "is_alive: True" : "is_alive: False");
}

template <class F>
bool is_refused(F misuse) {
  try {
    misuse();
  } catch (const RuntimeError&) {
    return true;
  }
  return false;
}

void run(Transcript& out, const Pace& pace) {
  Event looked;
  Thread t(
      [&](int argument) {
        out.claim(argument == 7, "the function got another argument");
        out.claim(is_refused([] { Thread::current()->join(); }), "a thread may join itself");
        looked.wait();  // so that it is alive while the starter looks
        pace.pause(1);
      },
      7);

  say_alive(out, t);
  out.claim(is_refused([&] { t.join(); }), "a thread may be joined before its start");

  t.start();
  say_alive(out, t);
  out.claim(is_refused([&] { t.start(); }), "a thread may be started twice");
  out.claim(!t.join_for(std::chrono::milliseconds(0)), "join_for() says that a thread has ended");
  looked.set();

  together(3, [&](int) {
    t.join();
    out.claim(!t.is_alive(), "a thread lives on after join()");
  });
  say_alive(out, t);
}

std::string judge(const Lines& lines) {
  return say_exactly({"is_alive: False", "is_alive: True", "is_alive: False"}, lines);
}

}  // namespace

constinit const Scenario kLifecycle = {
    .row = "001-3",
    .target = "//scenarios/threading:lifecycle",
    .shows = "A thread is alive from start() until its function has ended.",
    .run = run,
    .judge = judge,
};

}  // namespace weft::scenarios
