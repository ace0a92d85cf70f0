// A base class starts its thread in its constructor: the thread may call run() while the object is
// still no more than a base.
#include <atomic>
#include <string>
#include <thread>

#include "primitives/annotate.h"
#include "scenarios/specimens/lifetime/lifetime.h"

namespace weft::scenarios::specimens::lifetime {
namespace {

// Starts at once, or when it is told to.
class Base {
 public:
  explicit Base(bool at_once) {
    if (at_once) start();
    annotate::point("before the derived part");
  }
  virtual ~Base() = default;

  void start() {
    thread_ = std::thread([this] { run(); });
  }
  void join() { thread_.join(); }
  // Not pure, so that the mistake shows as a wrong result and leaves the process sound.
  virtual void run() { base_ran = true; }

  std::atomic<bool> base_ran{false};

 private:
  std::thread thread_;
};

class Greeter : public Base {
 public:
  explicit Greeter(bool at_once) : Base(at_once) {}
  void run() override { greeted = true; }

  std::atomic<bool> greeted{false};
};

template <bool kAtOnce>
std::string greet() {
  Greeter greeter(kAtOnce);
  if (!kAtOnce) greeter.start();
  greeter.join();
  return greeter.base_ran.load() ? "the thread ran the base's run(), not the derived one" : "";
}

}  // namespace

constinit const Specimen kStartedInBaseConstructor{
    .row = "001-4",
    .name = "lifetime/started_in_base_constructor",
    .mistake = "a base class's constructor starts the thread that runs the derived part",
    .kind = kind::kAssertion,
    .kind_under_tsan = kind::kDataRace,
    .kind_under_explore = kind::kDataRace,
    .body = greet<true>,
    .mended = greet<false>,
};

}  // namespace weft::scenarios::specimens::lifetime
