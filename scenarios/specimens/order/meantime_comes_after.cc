// A thread subclass is told to run(), not to start(): what should happen in the meantime happens
// after all is done.
#include "primitives/threading/event.h"
#include "primitives/threading/thread.h"
#include "scenarios/specimens/order/order.h"
#include "scenarios/transcript.h"

namespace weft::scenarios::specimens::order {
namespace {

constexpr int kGreetings = 20;

class Greeter : public Thread {
 public:
  explicit Greeter(Transcript& transcript) : transcript_(transcript) {}
  void run() override {
    for (int i = 0; i < kGreetings; ++i) {
      // Whoever is told to start waits before the last line until the other has spoken.
      if (i + 1 == kGreetings && Thread::current() == this) other_spoke.wait();
      transcript_.say("Hello, world!");
    }
  }
  Event other_spoke;

 private:
  Transcript& transcript_;
};

template <bool kStarts>
std::string greet() {
  Transcript transcript;
  Joining<Greeter> greeter(transcript);
  if (kStarts) {
    greeter.start();
  } else {
    greeter.run();
  }
  transcript.say("we can run other code on the meantime");
  greeter.other_spoke.set();
  if (kStarts) greeter.join();
  if (transcript.lines().back() == "Hello, world!") return "";
  return "the caller could go on only after the last greeting";
}

}  // namespace

constinit const Specimen kMeantimeComesAfter{
    .row = "001-4",
    .name = "order/meantime_comes_after",
    .mistake = "a custom thread's run() is called, so there is no meantime",
    .kind = kind::kAssertion,
    .body = greet<false>,
    .mended = greet<true>,
};

}  // namespace weft::scenarios::specimens::order
